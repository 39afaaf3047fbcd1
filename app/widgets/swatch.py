"""A word's colour and pattern as a small rounded square, which can be clicked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from canvas.paint.patterns import IDLE, OWN, PUSHING, alpha_of
from canvas.view.qimage import from_rgb

SWATCH = 22


class Swatch(QWidget):
    """A rounded square in a word's colour, with the pattern that its paint has on the canvas."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None, *, clickable: bool = False) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not clickable)
        self._image = QImage()
        self._style: tuple[str, int, str] = ("#888888", 0, OWN)
        self.setFixedSize(SWATCH, SWATCH)

    def show_word(self, color: str, pattern: int, *, acting: bool = True, pushing: bool = False) -> None:
        """Take another word's colour and pattern: its own, that of paint that pushes, or that of paint without use."""
        style = (color, pattern, IDLE if not acting else PUSHING if pushing else OWN)
        if style == self._style and not self._image.isNull():
            return
        self._style = style
        self._image = swatch_image(*style)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        path = QPainterPath()
        path.addRoundedRect(box, 5, 5)
        painter.fillPath(path, QBrush(self._image))
        painter.setPen(QPen(QColor(self._style[0]).darker(130), 1))
        painter.drawPath(path)
        painter.end()


def swatch_image(color: str, pattern: int, kind: str = OWN) -> QImage:
    """The colour with its pattern on it in a darker shade, `SWATCH` pixels square; paint without use is grey."""
    alpha = alpha_of(kind, pattern)[:SWATCH, :SWATCH].astype(np.float32)
    low, high = float(alpha.min()), float(alpha.max())
    ink = ((alpha - low) / max(high - low, 1.0))[..., None]
    light, dark = (
        np.array([c.red(), c.green(), c.blue()], np.float32) for c in (QColor(color), QColor(color).darker(185))
    )
    if kind == IDLE:
        light = (light + np.float32(384)) / np.float32(4)
    return from_rgb(np.rint(light * (1 - ink) + dark * ink).astype(np.uint8))
