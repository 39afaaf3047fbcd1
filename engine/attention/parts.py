"""Where the parts of a thing lie in its area: for picture tokens, each of which is painted at its own part."""

from __future__ import annotations

import numpy as np

from resources.picture_tokens import COUNT, SIDE

EDGE = 0.1
"""The share of a cell from which it counts as a thing's."""

_LEAST = 0.02
"""The share of a cell's side that a part must reach into."""

_AROUND = np.ones((3, 3), bool)


def part_areas(area: np.ndarray) -> np.ndarray:
    """The area of one thing `[h, w]`, 0..1, by the parts of the square around its middle: float32 `[16, h, w]`.

    A cell that several parts reach into is counted with each. Where hardly anything is covered, all parts are
    everywhere.
    """
    covered = area > EDGE
    spans = [np.flatnonzero(covered.any(axis)) for axis in (1, 0)]
    if not len(spans[0]):
        return np.repeat(area[None], COUNT, 0)
    side = max(int(span[-1] - span[0]) + 1 for span in spans)
    inside = []
    for span, cells in zip(spans, area.shape, strict=True):
        starts = (span[0] + span[-1] + 1 - side) / 2 + np.arange(SIDE)[:, None] * side / SIDE
        at = np.arange(cells)
        inside.append(np.minimum(at + 1, starts + side / SIDE) - np.maximum(at, starts) > _LEAST)
    squares = inside[0][:, None, :, None] & inside[1][None, :, None, :]
    return np.asarray(area * squares.reshape(COUNT, *area.shape), np.float32)


def painted_parts(paint: np.ndarray) -> np.ndarray:
    """Paint `[h, w]`, 0..1, by parts: float32 `[16, h, w]`; each connected piece of it is a thing of its own."""
    from scipy import ndimage  # takes long to import

    pieces, count = ndimage.label(paint > EDGE, _AROUND)
    if not count:
        return part_areas(paint)
    return np.stack([part_areas(paint * (pieces == number)) for number in range(1, count + 1)]).sum(0)
