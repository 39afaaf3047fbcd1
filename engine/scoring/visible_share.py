"""The verdict: how much of each word's paint shows the word, as the segmenter sees the finished picture."""

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
def _segmenter() -> Segmenter | None:
    from engine.scoring.segmenter import load

    try:
        return load()
    except FileNotFoundError:
        return None


def name_in(phrase: str, names: Sequence[str]) -> str | None:
    """Return which name a phrase means: the longest one in it, the last of equals; None where there is none."""
    words = re.escape(" ".join(phrase.split()).casefold())
    found = [name for name in names if re.search(rf"\b{re.escape(re.escape(name.casefold()))}\b", words)]
    return max(reversed(found), key=len) if found else None


def seen(
    rgb: np.ndarray, prompt: str, words: Sequence[PaintedWord], *, known: Sequence[str]
) -> tuple[float | None, ...]:
    """Return for each word the share of its paint, 0..1, in which it is seen; for a word that is pushed out, not seen.

    None where a word has no paint or no strength, or means nothing that both model and segmenter know. Empty where
    there is no segmenter, or where the model is none of those that learnt the segmenter's names.

    Args:
        rgb: uint8 `[H, W, 3]`, multiples of 16. known: the names that the model has learnt.
    """
    judge = _segmenter() if known and words else None
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
