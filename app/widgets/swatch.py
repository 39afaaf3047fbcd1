"""A word's colour and pattern as a small rounded square."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from canvas.paint.patterns import pattern_alpha
from canvas.view.qimage import from_rgb

SWATCH = 22


class Swatch(QWidget):
    """A rounded square in a word's colour, with the pattern that its paint has on the canvas."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._style: tuple[str, int] = ("#888888", 0)
        self.setFixedSize(SWATCH, SWATCH)

    def show_word(self, color: str, pattern: int) -> None:
        """Take another word's colour and pattern."""
        if (color, pattern) == self._style and not self._image.isNull():
            return
        self._style = (color, pattern)
        self._image = swatch_image(color, pattern)
        self.update()

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


def swatch_image(color: str, pattern: int) -> QImage:
    """The colour with its pattern on it in a darker shade, `SWATCH` pixels square."""
    alpha = pattern_alpha(pattern)[:SWATCH, :SWATCH].astype(np.float32)
    low, high = float(alpha.min()), float(alpha.max())
    ink = ((alpha - low) / max(high - low, 1.0))[..., None]
    light, dark = (
        np.array([c.red(), c.green(), c.blue()], np.float32) for c in (QColor(color), QColor(color).darker(185))
    )
    return from_rgb(np.rint(light * (1 - ink) + dark * ink).astype(np.uint8))
