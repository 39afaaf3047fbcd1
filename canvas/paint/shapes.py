"""Shapes as antialiased coverage: rectangle, ellipse, polygon (also what a lasso drew), and a straight gradient."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from canvas.model.tiled_mask import Rect, Size, clip
from canvas.paint.laying import Patch

Point = tuple[float, float]

_FINE = 16  # lines on which the outline is cut in each row of pixels; along each of them coverage is exact
_BAND = 256  # rows that are filled at once, so that what is added up for a large shape stays small


def polygon(points: Sequence[Point], size: Size) -> Patch | None:
    """The inside of a closed outline, by the even-odd rule; None where it covers nothing of the canvas.

    Args:
        points: corners in canvas pixels (floats), where pixel (i, j) covers [i, i+1) x [j, j+1).
        size: width and height of the canvas.
    """
    if len(points) < 3:
        return None
    rect = _bounds(points, size)
    if rect is None:
        return None

    x, y, w, h = rect
    out = np.empty((h, w), np.uint8)
    corners = np.asarray(points, np.float64) - (x, y)
    for top in range(0, h, _BAND):
        rows = min(_BAND, h - top)
        out[top : top + rows] = _inside(corners - (0, top), w, rows)
    return _patch(x, y, out) if out.any() else None


def rectangle(start: Point, end: Point, size: Size) -> Patch | None:
    """The upright rectangle between two corners; its edges cover pixels in part."""
    rect = _bounds((start, end), size)
    if rect is None:
        return None
    x, y, w, h = rect
    spans = []
    for low, first, last, count in (
        (x, *sorted((start[0], end[0])), w),
        (y, *sorted((start[1], end[1])), h),
    ):
        edges = np.arange(low, low + count, dtype=np.float64)
        spans.append((np.minimum(edges + 1, last) - np.maximum(edges, first)).clip(0, 1))
    return _patch(x, y, np.rint(255 * spans[1][:, None] * spans[0][None, :]).astype(np.uint8))


def ellipse(start: Point, end: Point, size: Size) -> Patch | None:
    """The ellipse that fills the upright rectangle between two corners."""
    radius_x, radius_y = abs(end[0] - start[0]) / 2, abs(end[1] - start[1]) / 2
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    # A chord's sagitta of a fiftieth of a pixel cannot be seen.
    count = max(16, math.ceil(math.pi / math.acos(1 - 0.02 / max(radius_x, radius_y, 0.5))))
    turns = np.linspace(0, 2 * math.pi, count, endpoint=False)
    outline = zip(middle[0] + radius_x * np.cos(turns), middle[1] + radius_y * np.sin(turns), strict=True)
    return polygon([(float(x), float(y)) for x, y in outline], size)


def gradient(start: Point, end: Point, size: Size) -> Patch | None:
    """Full before `start`, fading straight to nothing at `end`, over the whole canvas; None where both are one."""
    along = (end[0] - start[0], end[1] - start[1])
    length = along[0] ** 2 + along[1] ** 2
    if length < 1:
        return None
    xs = (np.arange(size[0], dtype=np.float32) + 0.5 - start[0]) * (along[0] / length)
    ys = (np.arange(size[1], dtype=np.float32) + 0.5 - start[1]) * (along[1] / length)
    values = (1 - (xs[None, :] + ys[:, None])).clip(0, 1)
    return _patch(0, 0, np.rint(values * 255).astype(np.uint8))


def radial(start: Point, end: Point, size: Size) -> Patch | None:
    """Full at `start`, fading to nothing all around at the distance of `end`; None where both are one."""
    radius = math.hypot(end[0] - start[0], end[1] - start[1])
    if radius < 1:
        return None
    rect = _bounds([(start[0] - radius, start[1] - radius), (start[0] + radius, start[1] + radius)], size)
    if rect is None:
        return None
    xs = np.arange(rect[2], dtype=np.float32) + np.float32(rect[0] + 0.5 - start[0])
    ys = np.arange(rect[3], dtype=np.float32) + np.float32(rect[1] + 0.5 - start[1])
    values = (1 - np.hypot(xs[None, :], ys[:, None]) / np.float32(radius)).clip(0, 1)
    return _patch(rect[0], rect[1], np.rint(values * 255).astype(np.uint8))


def _bounds(points: Sequence[Point], size: Size) -> Rect | None:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    if not all(map(math.isfinite, (*xs, *ys))):
        return None
    left, top = math.floor(min(xs)), math.floor(min(ys))
    return clip((left, top, math.ceil(max(xs)) - left, math.ceil(max(ys)) - top), size)


def _inside(corners: np.ndarray, width: int, rows: int) -> np.ndarray:
    """Coverage uint8 `[rows, width]` of the inside of an outline, float64 `[points, 2]`, by the even-odd rule.

    The outline is cut by the middles of `_FINE` lines in each row. From each crossing rightwards the inside begins or
    ends, in turn: what that adds to the pixel of the crossing and to the next one is summed up along the row, as
    rasterisers of fonts do it.
    """
    ends = np.roll(corners, -1, axis=0)
    x, y = corners.T
    slope = np.divide(ends[:, 0] - x, ends[:, 1] - y, out=np.zeros_like(x), where=ends[:, 1] != y)
    low, high = np.minimum(y, ends[:, 1]) * _FINE, np.maximum(y, ends[:, 1]) * _FINE
    # The lines whose middles, at whole numbers and a half, lie in [low, high).
    first, last = (np.ceil(side - 0.5).clip(0, rows * _FINE).astype(np.int64) for side in (low, high))
    counts = last - first
    edge = np.repeat(np.arange(len(x)), counts)
    line = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    at = (x[edge] + ((line + 0.5) / _FINE - y[edge]) * slope[edge]).clip(0, width)
    order = np.lexsort((at, line))
    line, at = line[order], at[order]
    # A closed outline crosses each line an even number of times, so turns stay in step from line to line.
    turn = np.where(np.arange(len(at)) % 2 == 0, 1.0, -1.0)
    column = np.floor(at).astype(np.int64)
    part = at - column
    cell = line // _FINE * (width + 2) + column
    size = rows * (width + 2)
    sums = np.bincount(cell, turn * (1 - part), size) + np.bincount(cell + 1, turn * part, size)
    covered = sums.astype(np.float32).reshape(rows, width + 2)
    np.cumsum(covered, axis=1, out=covered)
    covered *= 255 / _FINE
    np.rint(covered, out=covered)
    return covered[:, :width].clip(0, 255).astype(np.uint8)


def _patch(x: int, y: int, coverage: np.ndarray) -> Patch:
    coverage.setflags(write=False)
    return Patch(x, y, coverage)
