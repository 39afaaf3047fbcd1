"""How a phrase is found in a prompt: by whole words and whole characters, as a reader sees them.

The canvas and the engine both number occurrences (PHRASE#N), so both ask here. A character is a grapheme cluster: a
letter with its accents, an emoji with its variation selector, skin tone and joined parts, the two letters of a flag.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import regex

Span = tuple[int, int]
"""Half-open code-point offsets [start, end)."""

# Scripts written without spaces: each character bounds a word. In Korean, a particle may follow any syllable.
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}ー々〆]")
_HANGUL = regex.compile(r"\p{Hangul}")
_CLUSTER = regex.compile(r"\X")
_WORD = regex.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# What cannot be seen and says nothing: soft hyphens, zero-width characters, marks of direction, variation selectors.
_UNSEEN = regex.compile(
    r"[\u00ad\u034f\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_UNSEEN_JOINERS = "\u00ad\u200c\u200d\u2060\ufeff"
_LONGEST_HINT = 200


@lru_cache(maxsize=4096)
def _joins(character: str) -> bool:
    """Whether a character belongs to the word beside it."""
    if _UNSPACED.match(character):
        return False
    return (
        character.isalnum()
        or character == "_"
        or character in _UNSEEN_JOINERS
        or unicodedata.category(character).startswith("M")
    )


@lru_cache(maxsize=32)
def _clusters(text: str) -> list[int]:
    """For each code point, where its grapheme cluster begins."""
    starts: list[int] = []
    for match in _CLUSTER.finditer(text):
        starts += [match.start()] * (match.end() - match.start())
    return starts


def is_character_boundary(text: str, index: int) -> bool:
    """Whether a character as a reader sees it may begin or end before the code point at `index`."""
    if not 0 < index < len(text):
        return True
    if text.isascii():
        return text[index - 1 : index + 1] != "\r\n"
    return _clusters(text)[index] == index


def is_boundary(text: str, index: int) -> bool:
    """Whether a word may begin or end before the code point at `index`."""
    if not is_character_boundary(text, index):
        return False
    if not 0 < index < len(text):
        return True
    # What stands before is judged by its first code point: a heart with a variation selector is no letter.
    before = text[index - 1] if text.isascii() else text[_clusters(text)[index - 1]]
    return not (_joins(before) and _joins(text[index]))


def _may_end(text: str, index: int) -> bool:
    """Whether a phrase may end before the code point at `index`: as a word does, or before a Korean particle."""
    if is_boundary(text, index):
        return True
    return is_character_boundary(text, index) and all(_HANGUL.match(each) for each in text[index - 1 : index + 1])


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """A character without case and with its accents taken apart; nothing for what cannot be seen."""
    if _UNSEEN.match(character):
        return ""
    return " " if character.isspace() else unicodedata.normalize("NFD", character.casefold())


def _fold(text: str) -> tuple[str, list[int]]:
    """The text folded, each run of white space as one space, and for each of its characters the index in `text`."""
    folded: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        parts = _folded(character)
        if parts == " " and folded and folded[-1] == " ":
            continue
        folded.extend(parts)
        origins.extend([index] * len(parts))
    return "".join(folded), origins


_folded_prompt = lru_cache(maxsize=8)(_fold)


def folded(text: str) -> str:
    """A text as phrases are compared: without case, accents apart, each run of white space as one space."""
    return _fold(text)[0].strip()


def find_spans(prompt: str, phrase: str) -> Iterator[Span]:
    """The spans of all whole-word occurrences of `phrase`, from the left; they may overlap.

    Case does not matter, nor how an accented letter is encoded, nor how long a run of white space is, nor characters
    that cannot be seen. In scripts written without spaces every character may begin or end a word; in Korean a phrase
    may be followed by a particle.
    """
    wanted = folded(phrase)
    if not wanted:
        return
    text, origins = _folded_prompt(prompt)
    at = text.find(wanted)
    while at >= 0:
        last = at + len(wanted)
        start, end = origins[at], origins[last - 1] + 1
        # A match may begin or end inside a character that folds to several ("ss" in "ß"): that is not a match.
        whole = (at == 0 or origins[at - 1] != start) and (last == len(text) or origins[last] >= end)
        while end < len(prompt) and not is_character_boundary(prompt, end) and not _folded(prompt[end]):
            end += 1  # a variation selector behind an emoji belongs to it
        if whole and is_boundary(prompt, start) and _may_end(prompt, end):
            yield start, end
        at = text.find(wanted, at + 1)


@lru_cache(maxsize=2048)
def occurrences(prompt: str, phrase: str) -> tuple[Span, ...]:
    """All of `find_spans(prompt, phrase)`, remembered for the prompts that were asked about last."""
    return tuple(find_spans(prompt, phrase))


def near_matches(prompt: str, phrase: str, count: int = 3) -> list[str]:
    """Texts of the prompt that are much like `phrase` and are not it: what was probably meant, best first.

    Each is written as it stands in the prompt (`red_house`, `red, house`), and is found by `find_spans`.
    """
    wanted = " ".join(_WORD.findall(_fold(phrase)[0]))
    if not wanted or len(phrase) > _LONGEST_HINT:
        return []
    places = [match.span() for match in _WORD.finditer(prompt)]
    length = len(wanted.split())
    texts: dict[str, str] = {}
    for first, last in zip(places, places[length - 1 :], strict=False):
        text = " ".join(prompt[first[0] : last[1]].split())
        key = " ".join(_WORD.findall(_fold(text)[0]))
        if len(text) <= _LONGEST_HINT:
            texts.setdefault(key, text)
    asked = folded(phrase)
    near = [texts[key] for key in difflib.get_close_matches(wanted, texts, n=count + 1, cutoff=0.6)]
    return [text for text in near if folded(text) != asked and any(find_spans(prompt, text))][:count]
