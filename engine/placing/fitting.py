"""Round paint says where a thing is, and no more: it takes on the thing's outline. Stuff closes in around it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.attention.parts import picture_side, things_of
from engine.placing.mentions import mentions
from engine.placing.table import BACK, Stuff, Thing, table_of
from engine.placing.things import Box, box_at, box_of, outlined
from engine.protocol import PaintedWord

_ROUND = 0.8
"""The overlap (IoU) with an ellipse or a rectangle from which on paint says nothing of a shape."""

_BEYOND = 1.25
"""How many times longer than its paint a narrow thing is meant to be, at most."""

_LONGER = 2.5
"""How many times longer than the thing paint may be and still mean its place."""

_EXACT = 0.75
"""The fidelity of a word from which on its paint stays as it is."""

_PAINTED = 127


@dataclass(frozen=True, eq=False)
class _Meant:
    """A painted word with what it means, and how many; None where it means nothing that the table knows."""

    word: PaintedWord
    kind: Thing | Stuff | None
    count: int


def fit_words(
    folder: Path, prompt: str, words: Sequence[PaintedWord], *, size: tuple[int, int], cell: int
) -> tuple[PaintedWord, ...]:
    """The words, those of things with round paint by their outlines, on models with a table of places.

    A model that was taught things by their outlines fills a round patch to its edge. Each patch that is about an
    ellipse or a rectangle is given the outline of its thing, in the nearest size that the model knows it in; what it
    leaves goes to the stuff whose paint is nearest, and what it covers is taken from that. Paint of another shape, and
    of words whose own fidelity is high, stays as it is. Holes in the paint of all words and gaps in a sky's, which
    erased ones leave, go to the nearest stuff, too, unless other stuff of its kind (see `table.BANDS`) is mentioned and
    has no paint yet.

    Args:
        folder: the model's. size: (width, height) in pixels. cell: pixels of a cell of the latents, along a side.

    Raises:
        ModelIncomplete: the table cannot be read.
    """
    table = table_of(folder) if folder.is_dir() else None
    said = () if table is None else mentions(prompt, table.words, table.colours)
    if table is None or not said:
        return tuple(words)
    told = []
    for word in words:
        mention = next((one for one in said if one.meets(word.span)), None)
        told.append(
            _Meant(word, None, 1) if mention is None else _Meant(word, table.known[mention.name], mention.count)
        )
    stuff = [number for number, each in enumerate(told) if isinstance(each.kind, Stuff) and each.word.strength > 0]
    left, covered = np.zeros((2, *size[::-1]), bool)
    unpainted = [one for one in said if not any(one.meets(word.span) for word in words if word.mask.any())]
    to_come = {own.band for one in unpainted if isinstance(own := table.known[one.name], Stuff)}
    holes = _holes(told, size)
    masks = {}
    for number, each in enumerate(told):
        mask = _fitted(each, size, cell)
        if mask is not None:
            masks[number] = mask
            left |= each.word.mask > _PAINTED
            covered |= mask > 0
    if not masks and not holes.any():
        return tuple(words)
    nearest = _nearest([told[number].word.mask for number in stuff])
    for place, number in enumerate(stuff):
        each = told[number]
        free = left if isinstance(each.kind, Stuff) and each.kind.band in to_come else left | holes
        mask = np.where(free & (nearest == place), 255, each.word.mask)
        masks[number] = np.where(covered, 0, mask).astype(np.uint8)
    return tuple(
        replace(each.word, mask=masks[number], revision=None) if number in masks else each.word
        for number, each in enumerate(told)
    )


def _fitted(meant: _Meant, size: tuple[int, int], cell: int) -> np.ndarray | None:
    """The word's mask by outlines, None where its paint stays."""
    word, thing = meant.word, meant.kind
    loose = word.strength > 0 and (word.fidelity is None or word.fidelity < _EXACT)
    if not isinstance(thing, Thing) or not loose or not word.mask.any():
        return None
    pieces = things_of(word.mask, meant.count)
    masks = [outlined(thing, box, size) for box in _boxes(thing, pieces, size, cell)]
    return np.asarray(np.max(masks, 0)) if len(masks) == len(pieces) else None


def _boxes(thing: Thing, pieces: Sequence[np.ndarray], size: tuple[int, int], cell: int) -> Iterator[Box]:
    """Where the thing is in each piece; none for a piece that has a shape of its own."""
    rows, columns = thing.outline.shape
    aspect = columns / rows
    for piece in pieces:
        there = piece > _PAINTED
        if not there.any():
            continue
        left, top, right, bottom = box_of(there)
        high, wide = bottom - top, right - left
        if _roundness(there[top:bottom, left:right]) < _ROUND or not 1 / _LONGER < wide / high / aspect < _LONGER:
            continue
        # As large as the paint, in the sizes that there are.
        longer = min(math.sqrt(high * wide * max(aspect, 1 / aspect)), _BEYOND * max(high, wide))
        side = picture_side(longer / cell) * cell
        while side > min(size):
            side //= 2
        other = max(cell, round(side * min(aspect, 1 / aspect)))
        width, height = (side, other) if aspect > 1 else (other, side)
        yield box_at((left + right) // 2, (top + bottom + height) // 2, width, height, cell, size)


def _roundness(there: np.ndarray) -> float:
    """The overlap (IoU) of paint, bool `[h, w]` up to its edges, with the rectangle or the ellipse around it."""
    height, width = there.shape
    y, x = (np.mgrid[0:height, 0:width] + 0.5) / np.array([height, width])[:, None, None]
    ellipse = (x - 0.5) ** 2 + (y - 0.5) ** 2 <= 0.25
    return float(max(there.mean(), (there & ellipse).sum() / (there | ellipse).sum()))


def _holes(told: Sequence[_Meant], size: tuple[int, int]) -> np.ndarray:
    """What no word is painted on, within paint, or in a sky's with some of it on both sides: bool `[H, W]`."""
    from scipy import ndimage  # takes long to import

    painted, within = np.zeros((2, *size[::-1]), bool)
    for each in told:
        if each.word.strength > 0:
            there = each.word.mask > _PAINTED
            painted |= there
            if isinstance(each.kind, Stuff) and each.kind.band == BACK:
                from_left, from_right = (np.logical_or.accumulate(there[:, ::step], 1)[:, ::step] for step in (1, -1))
                within |= from_left & from_right
    return np.asarray((ndimage.binary_fill_holes(painted) | within) & ~painted)


def _nearest(masks: Sequence[np.ndarray]) -> np.ndarray | None:
    """Which of the masks, uint8 `[H, W]`, is painted nearest to each place: int `[H, W]`; None if none is anywhere."""
    from scipy import ndimage  # takes long to import

    painted = [mask > _PAINTED for mask in masks]
    if not np.any(painted):
        return None
    owner = np.full(painted[0].shape, -1)
    for number, there in enumerate(painted):
        owner[there] = number
    nearest = ndimage.distance_transform_edt(owner < 0, return_distances=False, return_indices=True)
    return np.asarray(owner[tuple(nearest)])
