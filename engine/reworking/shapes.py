"""What fills a shape exactly: which words of a prompt belong to what is made anew within a mask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.protocol import PaintedWord
from resources.noun_phrases import phrases_of

if TYPE_CHECKING:
    from engine.text.conditioning import Conditioning

Span = tuple[int, int]
_MOST = 0.5
"""Of a word's paint: what has at least that share of it within the mask belongs to the shape."""


def words_within(words: Sequence[PaintedWord], mask: np.ndarray) -> list[PaintedWord]:
    """The painted words most of whose paint lies within a mask; both uint8 `[height, width]`."""
    found = []
    for word in words:
        whole = float(word.mask.sum(dtype=np.int64)) if word.strength > 0 else 0.0
        if whole and float(word.mask[mask > 0].sum(dtype=np.int64)) >= _MOST * whole:
            found.append(word)
    return found


def spans_within(prompt: str, words: Sequence[PaintedWord], mask: np.ndarray) -> list[Span]:
    """The spans of what belongs to the shape: each word within it with its noun phrase, but without other painted words
    that the phrase may hold."""
    inner = [word.span for word in words_within(words, mask)]
    others = [word.span for word in words if word.span not in inner and word.mask.any()]
    found = []
    for span in inner:
        whole = next((each for each in phrases_of(prompt, [span]) if each[0] <= span[0] and span[1] <= each[1]), span)
        apart = any(other[0] < whole[1] and whole[0] < other[1] for other in others)
        found.append(span if apart else whole)
    return found


def token_sides(context: Conditioning, spans: Sequence[Span]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The positions of a prompt's tokens that lie in one of these spans, and those of all its other words."""
    inside: list[int] = []
    outside: list[int] = []
    for first, text in context.texts:
        for index, place in enumerate(text.offsets):
            if place and place[1] > place[0]:
                within = any(span[0] < place[1] and place[0] < span[1] for span in spans)
                (inside if within else outside).append(first + index)
    return tuple(inside), tuple(outside)
