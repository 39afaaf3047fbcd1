"""Where a suggested name goes in the prompt, and with which article: whole words are replaced, never halves."""

from __future__ import annotations

from collections.abc import Sequence

from canvas.model.colors import NAMED
from canvas.model.words import Span, word_spans

ARTICLES = ("a", "an", "the")
_PLACES = (
    "and or of on in at by with under over above below behind near beside between beyond around across along among "
    "through from to"
)
_QUALITIES = "beautiful little old bright quiet wide pretty lovely small big tall dark"
_MATTERS = "grass sand snow wheat lavender water rain fog ice smoke fire mist"
_AWAITS = (*ARTICLES, *_PLACES.split())
_DESCRIBES = frozenset((*NAMED, *_QUALITIES.split()))
_MASSES = frozenset(_MATTERS.split())
_SINGLE = ("sun", "moon")  # there is one of each
MOST_BETWEEN = 2  # words between an article and its noun: "a big old cat"


def is_many(name: str) -> bool:
    """Whether an English name takes no “a”: a plural, or a mass such as sand."""
    last = name.split()[-1].casefold() if name.split() else ""
    return last in _MASSES or (last.endswith("s") and not last.endswith("ss"))


def article_of(name: str) -> str:
    """The article with its blank that a name takes where nothing is said of it yet; empty for a plural or a mass."""
    last = name.split()[-1].casefold() if name.split() else ""
    if last in _SINGLE:
        return "the "
    return "" if is_many(name) else f"{_indefinite(name)} "


def placed(text: str, marked: Span, name: str, unknown: Sequence[Span] = ()) -> tuple[Span, str]:
    """The span of `text` to replace, and by what, so that `name` is written where a painter would have it.

    Marked text (`marked`, empty where only the caret stands there) makes way in whole words; so does a word of
    `unknown` that the caret is at. At a gap where a word is missing the name goes there, else to the end of the prompt.
    """
    start, end = marked
    if start < end:
        for word in word_spans(text):
            if word[0] < end and word[1] > start:
                start, end = min(start, word[0]), max(end, word[1])
        return in_place(text, (start, end), name)
    at = next((span for span in unknown if span[0] <= start <= span[1]), None)
    if at is not None:
        return in_place(text, at, name)
    before, after = text[:start], text[start:]
    stem = before.rstrip()
    last = stem.split()[-1].casefold() if stem else ""
    if not after[:1].isalnum():
        blank = " " if stem and before == stem else ""
        if last in ARTICLES or last in _DESCRIBES:
            (first, end), written = in_place(text, (start, start), name)
            return (first, end), written if first < start else f"{blank}{written}"
        if not text.strip() or last in _AWAITS or stem.endswith(","):
            return (start, start), f"{blank}{article_of(name)}{name}"
    stripped = text.rstrip().rstrip(",.")
    return (len(stripped), len(text)), f"{', ' if stripped else ''}{article_of(name)}{name}"


def in_place(text: str, span: Span, name: str) -> tuple[Span, str]:
    """The span to replace and its text where `name` takes the place of `span`: the article before it comes to fit."""
    article = _article_before(text, span[0])
    if article is None:
        return span, name
    between = text[article[1] : span[0]]
    first = next(iter(between.split()), name)
    word = text[slice(*article)]
    if word.casefold() == "the":
        return span, name
    if is_many(name):
        return (article[0], span[1]), between.lstrip() + name
    fitting = _indefinite(first)
    fitting = fitting.capitalize() if word[:1].isupper() else fitting
    return (span, name) if fitting == word else ((article[0], span[1]), f"{fitting}{between}{name}")


def article_change(text: str, span: Span, name: str) -> tuple[Span, str] | None:
    """What becomes of the “a” before the word at `span` when `name` takes its place, as a span and its new text.

    With its blank it goes before a plural, and it fits the name: “an apartment” becomes “a house”.
    """
    article = _article_before(text, span[0])
    if article is None or text[slice(*article)].casefold() == "the":
        return None
    if not is_many(name):
        after = text[article[1] : span[0]].split()
        fitting = _indefinite(after[0] if after else name)
        fitting = fitting.capitalize() if text[article[0]].isupper() else fitting
        return None if fitting == text[slice(*article)] else (article, fitting)
    end = article[1]
    while end < len(text) and text[end].isspace():
        end += 1
    return (article[0], end), ""


def _indefinite(name: str) -> str:
    return "an" if name[:1].casefold() in "aeiou" and name[:1] else "a"


def _article_before(text: str, start: int) -> Span | None:
    """The article of the noun that begins at `start`, over at most two words between them and no sign."""
    words = [span for span in word_spans(text) if span[1] <= start]
    here = start
    for back, span in enumerate(reversed(words)):
        if text[span[1] : here].strip():
            return None
        word = text[slice(*span)].casefold()
        if word in ARTICLES:
            return span
        if word in _AWAITS or back >= MOST_BETWEEN:
            return None
        here = span[0]
    return None
