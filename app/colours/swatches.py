"""Small squares of colour: the two that are painted with, and those that were used last."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.language import tr
from app.widgets.plain_text import plain_tip

SIDE = 18
GAP = 4
PAIR = 24
BASIC = (
    "#000000", "#ffffff", "#7f7f7f", "#c0392b", "#e67e22", "#f1c40f",
    "#27ae60", "#16a085", "#2980b9", "#8e44ad", "#d98880", "#6e4b2a",
)  # fmt: skip
"""What is offered before any colour was used."""
MOST_RECENT = 12


def remembered(recent: Sequence[str], colour: str) -> tuple[str, ...]:
    """The colours that were used last, with this one first and none twice."""
    return (colour, *(each for each in recent if each != colour))[:MOST_RECENT]


class ColourPair(QWidget):
    """The colour that is painted with, over the one behind it. A click on it asks for another, one behind swaps them.

    Signals: `asked`, for another colour; `swapped`.
    """

    asked = Signal()
    swapped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._front, self._back = "#000000", "#ffffff"
        self.setFixedSize(PAIR, PAIR)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_colours(self, front: str, back: str) -> None:
        """Show the two."""
        if (front, back) != (self._front, self._back):
            self._front, self._back = front, back
            self.update()
        tip = tr("Painting with {front}; behind it is {back}. Click to choose another.", front=front, back=back)
        self.setToolTip(plain_tip(tip))
        self.setAccessibleName(tip)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self.rect().contains(event.position().toPoint()):
            return
        at = event.position()
        (self.asked if max(at.x(), at.y()) < PAIR * 0.7 else self.swapped).emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().windowText().color(), 1))
        side = PAIR * 0.66
        for colour, corner in ((self._back, PAIR - side - 1), (self._front, 1.0)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(corner, corner, side, side), 3, 3)
        painter.end()


class Swatches(QWidget):
    """Rows of colours; `picked` says which was clicked."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours: tuple[str, ...] = BASIC
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(plain_tip(tr("Recent colours")))
        self.setAccessibleName(tr("Recent colours"))

    def sizeHint(self) -> QSize:
        """Two rows."""
        return QSize(6 * (SIDE + GAP), 2 * SIDE + GAP)

    def show_recent(self, recent: Sequence[str]) -> None:
        """Show the colours that were used last, and basic ones where there are few."""
        found = tuple(recent[:MOST_RECENT])
        self.colours = (*found, *(each for each in BASIC if each not in found))[:MOST_RECENT]
        self.update()

    def rect_of(self, index: int) -> QRectF:
        """Where one of the colours is."""
        step = max(SIDE + 1.0, min(SIDE + GAP * 3.0, self.width() / 6))
        return QRectF(index % 6 * step + 0.5, index // 6 * (SIDE + GAP) + 0.5, SIDE - 1, SIDE - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for index, colour in enumerate(self.colours):
            if self.rect_of(index).contains(event.position()):
                self.picked.emit(colour)
                return

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().mid().color(), 1))
        for index, colour in enumerate(self.colours):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(self.rect_of(index), 3, 3)
        painter.end()
