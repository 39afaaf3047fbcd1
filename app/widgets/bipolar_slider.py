"""A slider between two ends that have names, such as manner and meaning; its number stands in the middle."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.widgets.value_slider import PADDING, ValueSlider


class EndsSlider(ValueSlider):
    """From -1, the first end, to 1, the second; 0 is neither."""

    def __init__(self, label: str, first: str, second: str, parent: QWidget | None = None) -> None:
        super().__init__(label, low=-1.0, high=1.0, default=0.0, step=0.05, decimals=2, parent=parent)
        self.first, self.second = first, second

    def number_rect(self) -> QRectF:
        """Where the number stands, with a little room around it."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 10.0
        return QRectF((self.width() - width) / 2, 4, width, self.height() - 8)

    def paint_texts(self, painter: QPainter) -> None:
        """The names of the ends, and the number where there is something to tell."""
        inner = self.rect().adjusted(PADDING, 0, -PADDING, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.ink())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | middle, self.first)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | middle, self.second)
        if self.value or self.hovered:
            self.paint_number(painter, Qt.AlignmentFlag.AlignHCenter)
