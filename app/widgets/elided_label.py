"""A label that cuts a name with an ellipsis where it does not fit."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.plain_text import PlainLabel


class ElidedLabel(PlainLabel):
    """A name, cut with an ellipsis where it does not fit; struck through when its text is gone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self._faint = self._lost = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_name(self, name: str, *, lost: bool, faint: bool = False) -> None:
        """Show another name, struck through or in a paler ink."""
        self._whole, self._faint, self._lost = name, faint, lost
        self.setFont(self._own_font())
        self.setText(name)
        self.update()

    def _own_font(self) -> QFont:
        font = self.font()
        font.setStrikeOut(self._lost)
        font.setBold(True)
        return font

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._own_font())  # a new style sheet has taken it off the label
        role = QPalette.ColorRole.PlaceholderText if self._faint else QPalette.ColorRole.WindowText
        painter.setPen(self.palette().color(role))
        text = painter.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()
