"""A part of a mask moved, scaled, turned and mirrored: one map from what it was, however often the map is changed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from canvas.model.tiled_mask import Rect, Size, area_reduce, clip
from canvas.paint.laying import Patch
from canvas.paint.shapes import Point


@dataclass(frozen=True)
class Box:
    """Where a rectangle of the canvas comes to lie.

    Attributes:
        rect: what it was: x, y, width and height in whole pixels.
        centre: where its middle is now, in canvas pixels.
        scale: across and down, in its own axes; negative is mirrored, never 0.
        angle: in radians, clockwise on the screen.
    """

    rect: Rect
    centre: Point
    scale: tuple[float, float] = (1.0, 1.0)
    angle: float = 0.0

    @classmethod
    def of(cls, rect: Rect) -> Box:
        """A rectangle where it is."""
        x, y, w, h = rect
        return cls(rect, (x + w / 2, y + h / 2))

    def place(self, x: float, y: float) -> Point:
        """Where a point of the box is on the canvas; -1 is its left or upper edge, 1 the right or lower one."""
        across, down = x * self.scale[0] * self.rect[2] / 2, y * self.scale[1] * self.rect[3] / 2
        turned = turn((across, down), self.angle)
        return self.centre[0] + turned[0], self.centre[1] + turned[1]

    def within(self, point: Point) -> Point:
        """The point of the box that lies at a place of the canvas: the inverse of `place`."""
        x, y = turn((point[0] - self.centre[0], point[1] - self.centre[1]), -self.angle)
        return x * 2 / (self.scale[0] * self.rect[2]), y * 2 / (self.scale[1] * self.rect[3])


def turn(vector: Point, angle: float) -> Point:
    """A vector turned by an angle in radians, clockwise on the screen."""
    cos, sin = math.cos(angle), math.sin(angle)
    return vector[0] * cos - vector[1] * sin, vector[0] * sin + vector[1] * cos


class Transform:
    """Maps one piece of coverage; it keeps the piece, so that no map blurs what another has blurred.

    Args:
        coverage: uint8 `[h, w]`, what lies in the `rect` of the boxes.
    """

    def __init__(self, coverage: np.ndarray) -> None:
        self._coverage = coverage
        self._reduced: tuple[Size, Image.Image] | None = None
        self._coarse: tuple[int, Transform] | None = None

    def coarse(self, step: int) -> Transform:
        """The same for a look while it is dragged: of a piece with so many times fewer pixels on each side."""
        if step == 1:
            return self
        if self._coarse is None or self._coarse[0] != step:
            height, width = self._coverage.shape
            values = area_reduce(self._coverage, (max(1, width // step), max(1, height // step)))
            self._coarse = (step, Transform(np.rint(values * 255).astype(np.uint8)))
        return self._coarse[1]

    def __call__(self, box: Box, size: Size, *, step: int = 1) -> Patch | None:
        """The piece where the box puts it, on a canvas of that size; None where nothing of it lies there.

        Linear between pixels where it grows or turns; where it shrinks, the mean over the area of each new pixel.
        With a `step` the new pixels are squares of so many.
        """
        corners = [box.place(x, y) for x in (-1, 1) for y in (-1, 1)]
        rim = math.ceil(max(1.0, *(abs(each) for each in box.scale)))
        left, top = (math.floor(min(corner[axis] for corner in corners)) - rim for axis in (0, 1))
        right, bottom = (math.ceil(max(corner[axis] for corner in corners)) + rim for axis in (0, 1))
        area = clip((left, top, right - left, bottom - top), size)
        if area is None:
            return None
        (columns, rows), source = self._reduced_to(box, step)
        cos, sin = math.cos(box.angle), math.sin(box.angle)
        across, down = columns / (box.rect[2] * box.scale[0]), rows / (box.rect[3] * box.scale[1])
        x, y = area[0] - box.centre[0], area[1] - box.centre[1]
        coefficients = (
            cos * across * step,
            sin * across * step,
            (cos * x + sin * y) * across + columns / 2 + 1,  # 1 for the empty rim
            -sin * down * step,
            cos * down * step,
            (cos * y - sin * x) * down + rows / 2 + 1,
        )
        cells = (-(-area[2] // step), -(-area[3] // step))
        turned = np.asarray(source.transform(cells, Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR))
        coverage = np.rint(turned).clip(0, 255).astype(np.uint8)
        if step > 1:
            coverage = coverage.repeat(step, axis=0).repeat(step, axis=1)[: area[3], : area[2]]
        return Patch(area[0], area[1], coverage)

    def _reduced_to(self, box: Box, step: int) -> tuple[Size, Image.Image]:
        """The piece as float32 with an empty rim of one pixel, as small as the box makes it, and its size."""
        height, width = self._coverage.shape
        size = tuple(
            max(1, min(have, round(length * abs(factor) / step)))
            for have, length, factor in zip((width, height), box.rect[2:], box.scale, strict=True)
        )
        if self._reduced is None or self._reduced[0] != size:
            if size == (width, height):
                values = self._coverage.astype(np.float32)
            else:
                values = area_reduce(self._coverage, (size[0], size[1])) * np.float32(255)
            self._reduced = ((size[0], size[1]), Image.fromarray(np.pad(values, 1)))
        return self._reduced
