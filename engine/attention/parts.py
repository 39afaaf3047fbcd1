"""Where the parts of a thing lie in its area: for picture tokens, each of which is painted at its own part."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from resources.picture_tokens import COUNT, SIDE

EDGE = 0.03
"""The share of a cell from which it counts as a thing's: tips are narrow."""

_LEAST = 0.02
"""The share of a cell's side that a part must reach into."""

_NUDGE = 0.5
"""How far, in cells, a side whose cells are covered less counts as nearer: it decides only between two places."""

_AROUND = np.ones((3, 3), bool)

_FAINT = 25
"""Paint so faint, of 255, does not connect pieces, which a soft brush leaves around them."""

_MOST = 16
"""The most pieces that are told apart."""


def picture_side(length: float) -> int:
    """The side in cells of the picture that suits an area so long, in cells: 3, 6, 12, 24 and so on.

    A model learns pictures in few sizes, of which each cell has whole parts, or each part whole cells.
    """
    return max(SIDE // 2, round(SIDE * 2.0 ** round(math.log2(length / SIDE))))


def grid_step(side: int) -> int:
    """Pictures of a side in cells begin at multiples of so many: those of a denoiser's coarser level where these are
    parts."""
    return max(1, side // SIDE)


def part_areas(area: np.ndarray, square: Sequence[float] | None = None) -> np.ndarray:
    """The area of one thing `[h, w]`, 0..1, by the parts of the square around it: float32 `[36, h, w]`.

    A cell that several parts reach into is counted with each. Where hardly anything is covered, all parts are
    everywhere.

    Args:
        square: its first row, first column and side in cells; by default the one of `picture_side` in the middle of
            the area.
    """
    square = _square_around(area) if square is None else square
    if square is None:
        return np.repeat(area[None], COUNT, 0)
    *corner, side = square
    inside = []
    for start, cells in zip(corner, area.shape, strict=True):
        starts = start + np.arange(SIDE)[:, None] * side / SIDE
        at = np.arange(cells)
        inside.append(np.minimum(at + 1, starts + side / SIDE) - np.maximum(at, starts) > _LEAST)
    squares = inside[0][:, None, :, None] & inside[1][None, :, None, :]
    return np.asarray(area * squares.reshape(COUNT, *area.shape), np.float32)


def _square_around(area: np.ndarray) -> tuple[float, float, float] | None:
    covered = area > EDGE
    spans = [np.flatnonzero(covered.any(axis)) for axis in (1, 0)]
    if not len(spans[0]):
        return None
    side = picture_side(max(int(span[-1] - span[0]) + 1 for span in spans))
    step = grid_step(side)
    # Between two places, the one on the side of whose last cell more is covered.
    ends = [(area.max(axis)[span[0]], area.max(axis)[span[-1]]) for axis, span in zip((1, 0), spans, strict=True)]
    top, left = (
        step * round(float(span[0] + span[-1] + 1 - side + _NUDGE * (last - first)) / 2 / step)
        for span, (first, last) in zip(spans, ends, strict=True)
    )
    return top, left, side


def pieces_of(mask: np.ndarray) -> list[np.ndarray]:
    """The connected pieces of paint, uint8 `[H, W]` each; of very many the smallest are together in the last."""
    from scipy import ndimage  # takes long to import

    numbers, count = ndimage.label(mask > _FAINT, _AROUND)
    if count < 2:
        return [mask]
    largest = 1 + np.argsort(-np.bincount(numbers.ravel())[1:], kind="stable")
    groups = [[number] for number in largest[: _MOST - 1]] + [largest[_MOST - 1 :]]
    return [mask * np.isin(numbers, group) for group in groups if len(group)]


def things_of(mask: np.ndarray, count: int | None = None) -> list[np.ndarray]:
    """The pieces of paint, uint8 `[H, W]` each; where fewer are painted than things are meant, the largest are cut.

    A piece is cut across its longer side into parts of equal paint, so that three balloons painted with one stroke are
    three in a row.

    Args:
        count: how many things the word means; None where that is not known.
    """
    pieces = pieces_of(mask)
    shares = [1] * len(pieces)
    weights = [float(piece.sum()) for piece in pieces]
    for _ in range(min(count or 0, _MOST) - len(pieces)):
        largest = max(range(len(pieces)), key=lambda at: weights[at] / shares[at])
        shares[largest] += 1
    return [part for piece, share in zip(pieces, shares, strict=True) for part in _cut(piece, share)]


def _cut(piece: np.ndarray, count: int) -> list[np.ndarray]:
    if count == 1:
        return [piece]
    sums = [piece.sum(axis, dtype=np.int64) for axis in (1, 0)]
    lengths = [int(np.ptp(np.flatnonzero(each))) if each.any() else 0 for each in sums]
    axis = int(lengths[1] >= lengths[0])
    along = sums[axis].cumsum() - sums[axis] / 2
    parts = (along * count // max(sums[axis].sum(), 1)).astype(int)
    parts = parts[:, None] if axis == 0 else parts[None, :]
    return [np.where(parts == number, piece, 0).astype(piece.dtype) for number in range(count)]


def painted_parts(pieces: Sequence[np.ndarray]) -> np.ndarray:
    """Paint by parts, float32 `[36, h, w]`; each of its pieces `[h, w]`, 0..1, is a thing of its own."""
    clear = [piece for piece in pieces if piece.max() > EDGE] or pieces
    return np.clip(np.sum([part_areas(piece) for piece in clear], 0), 0, 1)
