"""What a symmetrical brush shows on the canvas: its axes, and grips at the picture's edge by which they are moved."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QLineF, QPointF

from canvas.paint.brush import Brush
from canvas.view.tools.base import OneDrag, Sample, Surface
from canvas.view.viewport import Viewport

GRIP = 7.0  # logical pixels of a grip's radius
BESIDE = 12.0  # from the picture's edge to the middle of a grip, where there is room
SNAP = 6.0  # logical pixels from the middle of the canvas within which an axis snaps to it


def lines(brush: Brush, size: tuple[int, int]) -> list[QLineF]:
    """The axes of a brush on a canvas, in picture coordinates."""
    width, height = size
    x, y = brush.axis[0] * width, brush.axis[1] * height
    found = []
    if brush.mirror_x and brush.turns % 2:  # else it lies on two of the rays below
        found.append(QLineF(x, 0, x, height))
    if brush.mirror_y and brush.turns % 4:
        found.append(QLineF(0, y, width, y))
    far = math.hypot(width, height)
    for turn in range(brush.turns if brush.turns > 1 else 0):
        angle = 2 * math.pi * turn / brush.turns - math.pi / 2
        end = _clipped(QPointF(x, y), QPointF(x + far * math.cos(angle), y + far * math.sin(angle)), size)
        found.append(QLineF(QPointF(x, y), end))
    return found


def _clipped(start: QPointF, end: QPointF, size: tuple[int, int]) -> QPointF:
    """Where a line from a place of the canvas leaves it."""
    share = 1.0
    for begin, finish, most in ((start.x(), end.x(), size[0]), (start.y(), end.y(), size[1])):
        if finish > most:
            share = min(share, (most - begin) / (finish - begin))
        elif finish < 0:
            share = min(share, begin / (begin - finish))
    return start + (end - start) * share


def grips(brush: Brush, viewport: Viewport) -> dict[int, QPointF]:
    """Where in the view the grips are: 0 moves the axis across, 1 down."""
    width, height = viewport.picture
    x, y = viewport.to_view(brush.axis[0] * width, brush.axis[1] * height)
    left, top = viewport.corner
    found = {}
    if brush.mirror_x or brush.turns > 1:
        found[0] = QPointF(x, max(top - BESIDE, GRIP + 2))
    if brush.mirror_y or brush.turns > 1:
        found[1] = QPointF(max(left - BESIDE, GRIP + 2), y)
    return found


class MoveAxis(OneDrag):
    """Drags an axis across the canvas, or down; in the middle it snaps."""

    def __init__(self, surface: Surface, sample: Sample, which: int) -> None:
        self._surface, self._which, self._before = surface, which, surface.brush.axis

    def move(self, sample: Sample) -> None:
        """It follows the pointer."""
        viewport = self._surface.viewport
        side = viewport.picture[self._which]
        place = min(max(sample.point[self._which] / side, 0.0), 1.0)
        if abs(place - 0.5) * side * viewport.scale < SNAP:
            place = 0.5
        axis = list(self._surface.brush.axis)
        axis[self._which] = place
        self._place((axis[0], axis[1]))

    def abort(self) -> None:
        """As it was."""
        self._place(self._before)

    def _place(self, axis: tuple[float, float]) -> None:
        self._surface.set_brush(replace(self._surface.brush, axis=axis))


def grip_at(surface: Surface, sample: Sample) -> MoveAxis | None:
    """The axis whose grip lies under the pointer, taken."""
    for which, place in grips(surface.brush, surface.viewport).items():
        away = sample.view - place
        if math.hypot(away.x(), away.y()) <= GRIP + 3:
            return MoveAxis(surface, sample, which)
    return None
