"""Scores a finished picture: whether each word's paint shows that word, according to the recogniser that ships."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

import resources

if TYPE_CHECKING:
    from engine.protocol import PaintedWord
    from engine.scoring.recogniser import Recogniser

SURE = 0.6
"""The probability from which on the recogniser is sure of what an area shows; below it nothing is said."""

FILE = "recogniser.safetensors"

_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1)
def recogniser() -> Recogniser | None:
    """Return the recogniser that ships, loaded once; None where it is not installed."""
    from engine.scoring.recogniser import load

    try:
        return load(resources.path(FILE), resources.path("starter") / "vae")
    except FileNotFoundError:
        return None


def name_in(phrase: str, names: Sequence[str], other_words: Mapping[str, str] | None = None) -> str | None:
    """Return the name that a phrase means: the longest of `names` and `other_words` that occurs in it, of equally long
    ones the last; None if none does."""
    found = _mentions(phrase, names, other_words)
    return max(reversed(found), key=lambda mention: len(" ".join(mention[0])))[1] if found else None


def names_in(text: str, names: Sequence[str], other_words: Mapping[str, str] | None = None) -> list[str]:
    """Return those of `names` that occur in a text, themselves or as one of `other_words`, in their order.

    They may be in one number or the other ("hills" for "hill").
    """
    found = {name for _, name in _mentions(text, names, other_words, any_number=True)}
    return [name for name in names if name in found]


def _mentions(
    text: str, names: Sequence[str], other_words: Mapping[str, str] | None, *, any_number: bool = False
) -> list[tuple[tuple[str, ...], str]]:
    """What of the names and other words occurs in a text: its words, and the name that it means."""
    meant = {_words(said, any_number): name for said, name in (other_words or {}).items()}
    meant |= {_words(name, any_number): name for name in names}
    words, longest = _words(text, any_number), max(map(len, meant), default=0)
    starts = ((start, length) for start in range(len(words)) for length in range(1, longest + 1))
    parts = (words[start : start + length] for start, length in starts if start + length <= len(words))
    return [(part, meant[part]) for part in parts if part in meant]


def _words(text: str, any_number: bool) -> tuple[str, ...]:
    words = _WORD.findall(text.casefold())
    return tuple(word.removesuffix("s") or word for word in words) if any_number else tuple(words)


def seen(
    rgb: np.ndarray, prompt: str, words: Sequence[PaintedWord], *, known: Sequence[str]
) -> tuple[float | None, ...]:
    """Return for each word how probable it is that its paint shows it, 0..1, as the recogniser sees the picture.

    For a word of negative strength it is how probable it is that the paint does not show it. None where the recogniser
    is not sure of anything (`SURE`), for a word without paint or strength, and for one with a name that it does not
    know. The tuple is empty if no recogniser is installed, or if the model knows none of its names.

    Args:
        rgb: uint8 `[H, W, 3]`. known: the names that the model was trained on.
    """
    judge = recogniser() if known and words else None
    if judge is None or not set(known) & set(judge.names):
        return ()
    names = [name_in(prompt[slice(*word.span)], judge.names, judge.other_words) for word in words]
    chances = judge.chances(rgb, np.stack([word.mask for word in words]), names)
    return tuple(_chance(row, judge, name, word) for row, name, word in zip(chances, names, words, strict=True))


def _chance(chances: np.ndarray, judge: Recogniser, name: str | None, word: PaintedWord) -> float | None:
    if name is None or not word.strength or not word.mask.any() or chances.max() < SURE:
        return None
    chance = float(chances[judge.names.index(name)])
    return chance if word.strength > 0 else 1.0 - chance
