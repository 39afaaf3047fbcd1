"""How shapes are drawn by hand: dragged from corner to corner, drawn around, or set corner by corner."""

from __future__ import annotations

import math
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from canvas.model.tiled_mask import Size
from canvas.paint import shapes
from canvas.paint.laying import Patch
from canvas.paint.shapes import Point
from canvas.view.tools.base import OneDrag, Sample

CLOSE = 8.0  # logical pixels about the first corner in which a click closes a polygon


class Drawn(Protocol):
    """A shape that is being drawn."""

    several: bool
    """Whether it takes several clicks."""

    def move(self, sample: Sample) -> None: ...
    def press(self, sample: Sample) -> bool:
        """Another corner; says whether the shape is closed by it."""
        ...

    def path(self) -> QPainterPath: ...
    def patch(self, size: Size) -> Patch | None: ...


class Box:
    """From corner to corner; Shift keeps it square, Ctrl draws it from its middle."""

    several = False

    def __init__(self, sample: Sample, *, round_: bool) -> None:
        self._round = round_
        self._from = sample.point
        self._corners = (sample.point, sample.point)

    def press(self, sample: Sample) -> bool:
        """A drag has one press."""
        return True

    def move(self, sample: Sample) -> None:
        """The other corner is here."""
        x, y = sample.x - self._from[0], sample.y - self._from[1]
        if sample.shift:
            side = max(abs(x), abs(y))
            x, y = math.copysign(side, x), math.copysign(side, y)
        begin = (self._from[0] - x, self._from[1] - y) if sample.control else self._from
        self._corners = (begin, (self._from[0] + x, self._from[1] + y))

    def path(self) -> QPainterPath:
        """Its line."""
        rect = QRectF(QPointF(*self._corners[0]), QPointF(*self._corners[1])).normalized()
        path = QPainterPath()
        if self._round:
            path.addEllipse(rect)
        else:
            path.addRect(rect)
        return path

    def patch(self, size: Size) -> Patch | None:
        """Its inside."""
        return (shapes.ellipse if self._round else shapes.rectangle)(*self._corners, size)


class Loop:
    """Drawn around by hand (a lasso), or corner by corner (a polygon)."""

    def __init__(self, sample: Sample, *, corners: bool) -> None:
        self.several = corners
        self._points: list[Point] = [sample.point]
        self._first = sample.view
        self._pointer = sample.point

    def move(self, sample: Sample) -> None:
        """The line goes on to here; of a polygon its last side does."""
        self._pointer = sample.point
        if not self.several and sample.point != self._points[-1]:
            self._points.append(sample.point)

    def press(self, sample: Sample) -> bool:
        """Another corner; one on the first closes the polygon."""
        away = sample.view - self._first
        if len(self._points) > 2 and math.hypot(away.x(), away.y()) <= CLOSE:
            return True
        if sample.point != self._points[-1]:
            self._points.append(sample.point)
        return False

    def path(self) -> QPainterPath:
        """Its line so far."""
        points = [*self._points, self._pointer] if self.several else self._points
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(*point) for point in points]))
        if not self.several:
            path.closeSubpath()
        return path

    def patch(self, size: Size) -> Patch | None:
        """Its inside."""
        return shapes.polygon(self._points, size)


def begin(kind: str, sample: Sample) -> Drawn:
    """Start to draw a "rectangle", "ellipse", "lasso" or "polygon"."""
    if kind in ("rectangle", "ellipse"):
        return Box(sample, round_=kind == "ellipse")
    return Loop(sample, corners=kind == "polygon")


class Drawing(OneDrag):
    """The gesture of drawing a shape: `done(patch)` gets its inside (None: none of it is on the canvas)."""

    def __init__(self, kind: str, sample: Sample, size: Size) -> None:
        self._shape = begin(kind, sample)
        self._size = size
        self._closed = False

    @property
    def goes_on(self) -> bool:  # type: ignore[override]
        """Until it is closed, where it takes several clicks."""
        return self._shape.several and not self._closed

    def press(self, sample: Sample) -> None:
        """Another corner."""
        self._closed = self._shape.press(sample)

    def move(self, sample: Sample) -> None:
        """The pointer draws on."""
        self._shape.move(sample)

    def outline(self) -> QPainterPath | None:
        """The shape so far."""
        return self._shape.path()

    def end(self) -> None:
        """It is drawn."""
        self.done(self._shape.patch(self._size))

    def done(self, patch: Patch | None) -> None:
        """What becomes of it."""
        raise NotImplementedError
