"""The straight line: drag from one end to the other, and the brush draws it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath

from canvas.paint.stroke import Stroke
from canvas.view.tools.base import OneDrag, Sample, Surface, target

TURN = math.pi / 12  # with Shift a line lies at a multiple of 15 degrees


class Line(OneDrag):
    """A line that is being drawn."""

    def __init__(self, stroke: Stroke, sample: Sample) -> None:
        self._stroke, self._from, self._to = stroke, sample.point, sample.point

    def move(self, sample: Sample) -> None:
        """Its end is here."""
        x, y = sample.x - self._from[0], sample.y - self._from[1]
        if sample.shift:
            turn, length = round(math.atan2(y, x) / TURN) * TURN, math.hypot(x, y)
            x, y = length * math.cos(turn), length * math.sin(turn)
        self._to = (self._from[0] + x, self._from[1] + y)

    def outline(self) -> QPainterPath | None:
        """The line so far."""
        path = QPainterPath(QPointF(*self._from))
        path.lineTo(QPointF(*self._to))
        return path

    def end(self) -> None:
        """The brush draws it at full pressure: one undo step."""
        self._stroke.begin(*self._from)
        self._stroke.extend(*self._to)
        self._stroke.commit()


class LineTool:
    """Draws straight lines with the brush, or takes them away with the eraser."""

    name = "line"
    snaps = True
    cursor = Qt.CursorShape.CrossCursor
    hint = "Drag from one end of the line to the other. Shift keeps it at multiples of 15 degrees."

    def begin(self, surface: Surface, sample: Sample) -> Line | None:
        """Starts a line, or says why there is none."""
        found = target(surface)
        if found is None:
            return None
        return Line(Stroke(found[0], found[1].id, surface.brush), sample)
