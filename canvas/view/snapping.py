"""Snapping: places near a guide, a line of the grid, or an edge or the middle of the canvas are taken to lie on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from canvas.model.guides import Guides
from canvas.model.tiled_mask import Size
from canvas.paint.shapes import Point

REACH = 8.0  # logical pixels within which a place snaps


@dataclass(frozen=True)
class Lines:
    """What is snapped to on a canvas of a size; `grid` is the side of its squares in pixels, 0 for none."""

    size: Size
    guides: Guides = ()
    grid: int = 0

    def place(self, point: Point, reach: float) -> Point:
        """The place itself, or on the nearest line within `reach` pixels of the canvas, across and down apart."""
        x, y = (value + self._away([value], axis, reach) for axis, value in enumerate(point))
        return x, y

    def shift(self, low: Point, high: Point, reach: float) -> tuple[float, float]:
        """How far a box is moved for its edges or its middle to lie on lines that are within reach; 0 for none."""
        x, y = (
            self._away((low[axis], (low[axis] + high[axis]) / 2, high[axis]), axis, reach) for axis in (0, 1)
        )  # fmt: skip
        return x, y

    def _away(self, values: Iterable[float], axis: int, reach: float) -> float:
        """The smallest of the ways from values to lines, where it is within reach; else 0."""
        ways = [line - value for value in values for line in self._near(value, axis)]
        nearest = min(ways, key=abs, default=0.0)
        return nearest if abs(nearest) <= reach else 0.0

    def _near(self, value: float, axis: int) -> list[float]:
        long = self.size[axis]
        lines = [0.0, long / 2, float(long)]
        lines += [float(guide.at) for guide in self.guides if guide.upright == (axis == 0)]
        if self.grid and 0 <= value <= long:
            lines.append(float(round(value / self.grid) * self.grid))
        return lines
