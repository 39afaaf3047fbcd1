"""Which words of a prompt a model has not learnt, where it has learnt only a few, and how that is said."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from canvas.model.words import Span, word_spans
from engine.facts import STARTER, ModelFacts

_PART = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[^\W_]+|[\W_]+")
# They name nothing that could be painted, so that a model without them misses nothing.
_SMALL_WORDS = (
    "a an the and or of in on at by to from for with without under over above below behind before near beside between "
    "beyond around across along among through into onto up down off is are it its this that these those some there "
    "left right top bottom front back middle next"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_CUT_AT = 4  # words that one sentence names

ENCODER_NAMES = {"clip": "CLIP", "t5": "T5"}
"""What the window calls the text encoders."""


def unknown_spans(prompt: str, facts: ModelFacts | None) -> tuple[Span, ...]:
    """Spans of the words that the model has not learnt; none for a model that declares no names."""
    if facts is None or not facts.names:
        return ()
    known = _known(facts)
    return tuple(span for span in word_spans(prompt) if _is_unknown(prompt[slice(*span)], known))


def unknown_words(prompt: str, facts: ModelFacts | None) -> list[str]:
    """The words that the model has not learnt, each once, in the order of the prompt."""
    found: dict[str, str] = {}
    for span in unknown_spans(prompt, facts):
        found.setdefault(prompt[slice(*span)].casefold(), prompt[slice(*span)])
    return list(found.values())


def says_unknown(words: Sequence[str], facts: ModelFacts, *, quotes: str = "“”") -> str:
    """ "The starter does not know “cat” and “hill” (but “hills”)." ; long lists are cut."""
    items = []
    for word in words:
        known = known_form(word, facts)
        said, other = (f"{quotes[0]}{each}{quotes[1]}" for each in (word, known))
        items.append(said if known is None else f"{said} (but {other})")
    return unknown_sentence(items, facts)


def unknown_sentence(items: Sequence[str], facts: ModelFacts, *, most: int = _CUT_AT) -> str:
    """What `says_unknown` says of words that are in their quotes already; it names `most` of them, or fewer."""
    named = list(items)
    if len(items) > most:
        named = [*items[: most - 1], f"{len(items) - most + 1} more words" if most > 1 else f"{len(items)} words"]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"{called(facts)} does not know {listed}."


def known_form(word: str, facts: ModelFacts | None) -> str | None:
    """What the model knows for a word of the prompt that it does not; None where that is nothing.

    That is the word in the number that it has learnt, “hills” for “hill”, else the name with the nearest meaning,
    “house” for “cottage”. A model that has learnt only a few names has read each in one number, and takes the other for
    a word like any.
    """
    if facts is None or not facts.names:
        return None
    near = facts.near.get(word.casefold())
    return _in_other_number(word, facts) or (near and _in_case_of(word, near))


def _in_other_number(word: str, facts: ModelFacts) -> str | None:
    things = dict.fromkeys(part for text in (*facts.names, *facts.words) for part in _parts(text))
    known = _known(facts)
    form, changed = "", False
    for piece in _PIECE.findall(word):
        if _PART.fullmatch(piece) and piece.casefold() not in known:
            other = next((thing for thing in things if are_one_and_many(piece.casefold(), thing)), None)
            if other is None:
                return None
            piece, changed = _in_case_of(piece, other), True
        form += piece
    return form if changed else None


def are_one_and_many(first: str, second: str) -> bool:
    """Whether one of two small-letter English words is a plural of the other, by the rules of spelling."""
    return second in _plurals(first) or first in _plurals(second)


def names_something(word: str) -> bool:
    """Whether a word of the prompt is more than an article or a preposition."""
    return not _SMALL.issuperset(_parts(word) or [word])


def called(facts: ModelFacts, *, within: bool = False) -> str:
    """A model as the subject of a sentence, or `within` one."""
    if facts.name == STARTER:
        return "the starter" if within else "The starter"
    return f"{'the' if within else 'The'} model {facts.name}"


def nearest_first(facts: ModelFacts, words: Sequence[str]) -> list[str]:
    """The model's names, those first that mean or look most like one of `words` (“mountain” and “mountains”)."""
    near: list[str] = []
    for word in map(str.casefold, words):
        meant = [facts.near[word]] if word in facts.near else []
        near += meant or difflib.get_close_matches(word, facts.names, n=1, cutoff=0.75)
    return list(dict.fromkeys([*near, *facts.names]))


def _parts(text: str) -> list[str]:
    return _PART.findall(text.casefold())


def _known(facts: ModelFacts) -> set[str]:
    return {part for text in (*facts.names, *facts.words, *facts.taught) for part in _parts(text)} | _SMALL


def _plurals(word: str) -> set[str]:
    if len(word) < 3:
        return set()
    if word.endswith("fe"):
        return {f"{word[:-2]}ves", f"{word}s"}
    if word.endswith("f"):
        return {f"{word[:-1]}ves", f"{word}s"}
    if word.endswith("y") and word[-2] not in "aeiou":
        return {f"{word[:-1]}ies"}
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return {f"{word}es"}
    return {f"{word}s", f"{word}es"} if word.endswith("o") else {f"{word}s"}


def _in_case_of(word: str, other: str) -> str:
    """`other` in capitals as `word` is."""
    if word.isupper() and len(word) > 1:
        return other.upper()
    return other.capitalize() if word[:1].isupper() else other


def _is_unknown(word: str, known: set[str]) -> bool:
    parts = _parts(word)
    return not parts or not known.issuperset(parts)
