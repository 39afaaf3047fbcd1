"""A switch: a small pill that is on or off, with its name beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

PILL_WIDTH, PILL_HEIGHT, GAP = 26.0, 14.0, 8


class Switch(QAbstractButton):
    """On or off; a click or Space turns it. `clicked` tells what a person did, `toggled` every change."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._hover = False

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(round(PILL_WIDTH) + GAP + text + 4, max(24, self.fontMetrics().height() + 6))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(PILL_WIDTH) + GAP, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, role = self.palette(), QPalette.ColorRole
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pill = QRectF(1, (self.height() - PILL_HEIGHT) / 2, PILL_WIDTH, PILL_HEIGHT)
        fill = QColor(palette.color(role.Accent if self.isChecked() else role.Mid))
        knob = QColor(palette.color(role.HighlightedText if self.isChecked() else role.PlaceholderText))
        if not self.isEnabled():
            fill.setAlpha(90)
            knob.setAlpha(140)
        edge = palette.color(role.PlaceholderText) if self._hover and self.isEnabled() else fill
        if self.hasFocus():
            edge = palette.color(role.Text)
        painter.setPen(edge)
        painter.setBrush(fill)
        painter.drawRoundedRect(pill, PILL_HEIGHT / 2, PILL_HEIGHT / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(knob)
        reach = PILL_HEIGHT / 2
        centre = QPointF(pill.right() - reach if self.isChecked() else pill.left() + reach, pill.center().y())
        painter.drawEllipse(centre, reach - 3, reach - 3)
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(palette.color(group, role.WindowText))
        text = QRectF(self.rect()).adjusted(PILL_WIDTH + GAP, 0, 0, 0)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(text.width()))
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self.update()
        super().leaveEvent(event)
