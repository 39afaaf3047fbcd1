"""The stabiliser: the pointer pulls the brush by a string, so that a trembling hand draws a calm line."""

from __future__ import annotations

import math

from canvas.paint.shapes import Point


class Pulled:
    """The brush stays where it is while the pointer is nearer than the string is long, and follows in its direction.

    Args:
        length: of the string; 0 is none. Any unit, that of the points.
    """

    def __init__(self, start: Point, length: float) -> None:
        self._at = self._pointer = start
        self._length = length

    @property
    def at(self) -> Point:
        """Where the brush is."""
        return self._at

    @property
    def pointer(self) -> Point:
        """Where the pointer was last."""
        return self._pointer

    def pull(self, to: Point) -> bool:
        """The pointer goes on; says whether the brush was moved by it."""
        self._pointer = to
        x, y = to[0] - self._at[0], to[1] - self._at[1]
        away = math.hypot(x, y)
        if away <= self._length or away == 0:
            return False
        share = 1 - self._length / away
        self._at = (self._at[0] + x * share, self._at[1] + y * share)
        return True
