"""Paint that touches the edge of a picture grows beyond it, where a canvas is made larger."""

from __future__ import annotations

import numpy as np

_NEAR = 64
"""Paint touches an edge that comes as near to it as this part of the picture's longer side: hands stop short."""


def continued(mask: np.ndarray, size: tuple[int, int], place: tuple[int, int], *, mirrored: bool) -> np.ndarray:
    """A word's paint on a larger canvas: uint8 `[height, width]`, 0..255; inside the old picture nothing is taken away.

    What fills an area (a sky, a lake) goes on to the canvas's border as it is at the edge. A thing with a shape of its
    own goes on as its mirror image, and no further than half of what the edge cuts through: half a ball becomes a whole
    one, and a long house hardly longer. Only paint that reaches an edge without a gap is mirrored, and corners beyond
    two edges stay without it.

    Args:
        mask: uint8 `[h, w]`, the paint in the old picture. size: (width, height) of the canvas. place: (left, top) of
            the old picture on it, 0 or more, with the whole of it on the canvas. mirrored: whether it is a thing.

    Raises:
        ValueError: the old picture does not lie on the canvas as a whole.
    """
    height, width = mask.shape
    left, top = place
    right, bottom = size[0] - left - width, size[1] - top - height
    if min(left, top, right, bottom) < 0:
        raise ValueError("the old picture lies beyond the canvas")
    near = max(1, max(mask.shape) // _NEAR)
    grown = mask.copy()
    for axis, (before, after) in enumerate(((top, bottom), (left, right))):
        grown = _reaching(grown, axis, near if before else 0, near if after else 0)
    if not mirrored:
        return np.pad(grown, ((top, bottom), (left, right)), mode="edge")
    canvas = np.zeros((size[1], size[0]), np.uint8)
    canvas[top : top + height, left : left + width] = grown
    rows, columns = slice(top, top + height), slice(left, left + width)
    for added, turned, view in (
        (left, grown.T, canvas[rows, :left].T[::-1]),
        (right, grown[:, ::-1].T, canvas[rows, left + width :].T),
        (top, grown, canvas[:top, columns][::-1]),
        (bottom, grown[::-1], canvas[top + height :, columns]),
    ):
        depth = min(added, len(turned))
        whole = np.minimum.accumulate(turned, axis=0)[:depth]  # without a gap from the edge on
        view[:depth] = np.where(np.arange(depth)[:, None] < _half_runs(turned[0]), whole, 0)
    return canvas


def _half_runs(edge: np.ndarray) -> np.ndarray:
    """For each pixel of a line half the length of the painted stretch that it lies in, int `[n]`; 0 where unpainted."""
    painted = np.concatenate(([False], edge > 0, [False])).astype(np.int8)
    steps = np.diff(painted)
    halves = np.zeros(len(edge), np.int64)
    for first, last in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True):
        halves[first:last] = (last - first + 1) // 2
    return halves


def _reaching(mask: np.ndarray, axis: int, before: int, after: int) -> np.ndarray:
    """The mask with its paint drawn out to those edges of an axis that it comes near to, within so many pixels."""
    lines = np.moveaxis(mask.copy(), axis, 0)
    for count, part in ((before, lines), (after, lines[::-1])):
        if count:  # each line of the band takes what lies further in
            band = part[: count + 1]
            band[:] = np.maximum.accumulate(band[::-1], axis=0)[::-1]
    return np.moveaxis(lines, 0, axis)
