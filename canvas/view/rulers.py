"""Rulers along the top and the left of the canvas: pixels of the picture, as the view shows them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from canvas.model.guides import Guides
from canvas.view.guide_hand import GuideHand

if TYPE_CHECKING:
    from canvas.view.zoom_view import ZoomView

SIDE = 20  # logical pixels across
ROOM = 64.0  # logical pixels that two numbers stand apart at least
PARTS = 5  # of the way from one number to the next, each with a tick


def step_of(scale: float) -> int:
    """Pixels of the picture from one number to the next: 1, 2 or 5 times a power of ten, for `ROOM` on the screen.

    Args:
        scale: logical pixels of the screen for each pixel of the picture.
    """
    least = max(ROOM / scale, 1.0)
    ten = 10 ** math.floor(math.log10(least))
    return next(ten * times for times in (1, 2, 5, 10) if ten * times >= least)


class Rulers(QObject):
    """Both rulers of a view. Where it is turned by other than right angles they would measure nothing, and are gone."""

    def __init__(self, view: ZoomView, hand: GuideHand) -> None:
        super().__init__(view)
        self._view = view
        self._on = False
        self.top, self.left = Ruler(view, hand, level=True), Ruler(view, hand, level=False)

    def mark(self, guides: Guides) -> None:
        """Mark where guides cross."""
        for ruler in (self.top, self.left):
            ruler.mark(guides)

    def set_on(self, on: bool) -> None:
        """Show them, or no longer."""
        self._on = on
        self.follow()

    def follow(self) -> None:
        """The view was moved, zoomed, turned, or is of another size."""
        shown = self._on and self._view.turn.angle % 90 == 0
        self.top.setGeometry(0, 0, self._view.width(), SIDE)
        self.left.setGeometry(0, SIDE, SIDE, max(0, self._view.height() - SIDE))
        for ruler in (self.top, self.left):
            ruler.setVisible(shown)
            ruler.update()

    def point(self, at: QPointF | None) -> None:
        """Mark where the pointer is, a place of the upright view; None where it is elsewhere."""
        if self.top.isVisible():
            for ruler in (self.top, self.left):
                ruler.point(at)


class Ruler(QWidget):
    """One of them, level along the top or upright along the left side."""

    def __init__(self, view: ZoomView, hand: GuideHand, *, level: bool) -> None:
        super().__init__(view)
        self.hide()
        self._view, self._hand, self._level = view, hand, level
        self._guides: Guides = ()
        self._at: QPointF | None = None
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def point(self, at: QPointF | None) -> None:
        """Mark a place of the upright view."""
        self._at = at
        self.update()

    def mark(self, guides: Guides) -> None:
        """Mark where guides cross."""
        self._guides = guides
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of a guide's mark, or begins to pull a new guide out."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._hand.press(self._over(event), across=self._across)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The guide follows."""
        self._hand.move(self._over(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It stays where it is let go; on a ruler or beside the picture it is gone."""
        if event.button() == Qt.MouseButton.LeftButton and self._hand.busy:
            place = self.mapToParent(event.position())
            on_ruler = any(each.geometry().contains(place.toPoint()) for each in self._view.findChildren(Ruler))
            self._hand.release(QPointF(-1e6, -1e6) if on_ruler else self._over(event))

    def _over(self, event: QMouseEvent) -> QPointF:
        """Where the pointer is in the upright view."""
        return self._view.upright(self.mapToParent(event.position()))

    def numbers(self) -> list[tuple[int, float]]:
        """What stands on it now: pixels of the picture, and where along the ruler, in logical pixels."""
        port, side = self._view.viewport, 0 if self._across else 1
        step, long = step_of(port.scale), port.picture[side]
        ends = sorted((self._value(0.0), self._value(self._length)))
        first, last = max(0, math.ceil(ends[0] / step)), min(long, math.floor(ends[1])) // step
        return [(each * step, self._place(each * step)) for each in range(first, last + 1)]

    @property
    def _across(self) -> bool:
        """Whether it measures the picture's width: in an upright view the ruler at the top does."""
        return self._level == (self._view.turn.angle % 180 == 0)

    @property
    def _length(self) -> float:
        return float(self.width() if self._level else self.height())

    def _place(self, value: float) -> float:
        view = self._view
        at = QPointF(*view.viewport.to_view(*((value, 0.0) if self._across else (0.0, value))))
        seen = view.turn.map(view.width(), view.height()).map(at)
        return seen.x() - self.x() if self._level else seen.y() - self.y()

    def _value(self, place: float) -> float:
        """What lies at a place along the ruler; the map is straight, so that two places tell all."""
        start, end = self._place(0.0), self._place(1.0)
        return (place - start) / (end - start)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = self.palette()
        painter.fillRect(event.rect(), colours.window())
        text = QColor(colours.windowText().color())
        font = painter.font()
        font.setPixelSize(10)
        painter.setFont(font)
        if not self._level:  # the same drawing, from the bottom up
            painter.translate(0, self.height())
            painter.rotate(-90)
        port = self._view.viewport
        step = step_of(port.scale)
        numbers = self.numbers()
        between = self._place(step) - self._place(0)
        faint = QColor(text)
        faint.setAlpha(110)
        painter.setPen(faint)
        long = port.picture[0 if self._across else 1]
        ticks = []
        for value, at in numbers:
            for part in range(PARTS):
                if value + step * part / PARTS <= long:
                    x = self._drawn(at + between * part / PARTS)
                    ticks.append(QLineF(x, 6 if part == 0 else SIDE - 6, x, SIDE))
        ends = [self._drawn(self._place(end)) for end in (0, long)]
        painter.drawLines([*ticks, *(QLineF(x, 0, x, SIDE) for x in ends)])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 170, 220))
        for guide in self._guides:
            if guide.upright == self._across:
                x = self._drawn(self._place(guide.at))
                painter.drawPolygon([QPointF(x - 4, SIDE - 7), QPointF(x + 4, SIDE - 7), QPointF(x, SIDE)])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(text)
        for value, at in numbers:
            painter.drawText(QRectF(self._drawn(at) + 3, 1, ROOM, SIDE - 6), Qt.AlignmentFlag.AlignLeft, str(value))
        if self._at is not None:
            view = self._view
            seen = view.turn.map(view.width(), view.height()).map(self._at)
            x = self._drawn(seen.x() - self.x() if self._level else seen.y() - self.y())
            painter.fillRect(QRectF(x, 0, 1, SIDE), colours.highlight())
        painter.end()

    def _drawn(self, place: float) -> float:
        """A place along the ruler as x of the drawing, on a pixel."""
        return math.floor(place if self._level else self.height() - place) + 0.5
