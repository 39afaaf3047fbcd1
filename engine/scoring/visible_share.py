"""Scores a finished picture: how much of each word's paint really shows that word, according to the segmenter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from engine.protocol import PaintedWord
    from engine.scoring.segmenter import Segmenter


@lru_cache(maxsize=1)
def segmenter() -> Segmenter | None:
    """Return the segmenter that ships, loaded once; None where it is not installed."""
    from engine.scoring.segmenter import load

    try:
        return load()
    except FileNotFoundError:
        return None


def name_in(phrase: str, names: Sequence[str]) -> str | None:
    """Return the longest of `names` that occurs in a phrase, of equally long ones the last; None if none does."""
    words = re.escape(" ".join(phrase.split()).casefold())
    found = [name for name in names if re.search(rf"\b{re.escape(re.escape(name.casefold()))}\b", words)]
    return max(reversed(found), key=len) if found else None


def names_in(text: str, names: Sequence[str]) -> list[str]:
    """Return those of `names` that occur in a text, in one number or the other ("hills" for "hill"), in their order."""
    words = " ".join(text.split()).casefold()
    return [name for name in names if re.search(rf"\b{re.escape(name.casefold().removesuffix('s'))}s?\b", words)]


def seen(
    rgb: np.ndarray, prompt: str, words: Sequence[PaintedWord], *, known: Sequence[str]
) -> tuple[float | None, ...]:
    """Return for each word the share of its paint, 0..1, where the segmenter sees it (weighted by the mask).

    For a word of negative strength it is the share where the word is not seen. None for a word without paint or
    strength, or with a name that the segmenter does not know. The tuple is empty if no segmenter is installed, or if
    the model knows none of the segmenter's names.

    Args:
        rgb: uint8 `[H, W, 3]`, H and W multiples of 16. known: the names that the model was trained on.
    """
    judge = segmenter() if known and words else None
    if judge is None or not set(known) & set(judge.names):
        return ()
    labels = judge.predict(rgb[None])[0]
    return tuple(_share(labels, judge.names, prompt, word) for word in words)


def _share(labels: np.ndarray, names: Sequence[str], prompt: str, word: PaintedWord) -> float | None:
    name = name_in(prompt[slice(*word.span)], names)
    paint = word.mask.astype(np.float64)
    if name is None or not word.strength or not paint.any():
        return None
    share = float(paint[labels == names.index(name)].sum() / paint.sum())
    return share if word.strength > 0 else 1.0 - share
