"""A word's colour and pattern as a small rounded square, which can be clicked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from canvas.model.tiled_mask import TILE
from canvas.paint.patterns import IDLE, OWN, PUSHING, alpha_of
from canvas.view.qimage import from_rgb

SWATCH = 22
DARK = 90.0  # of 255: colours of less brightness have light marks


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
        edge = QColor(self._style[0])
        painter.setPen(QPen(edge.darker(130) if mark_on(edge).lightness() < edge.lightness() else edge.lighter(150), 1))
        painter.drawPath(path)
        painter.end()


def mark_on(color: QColor) -> QColor:
    """The shade in which a pattern shows on a colour: darker, or lighter where that is dark itself."""
    if 0.2126 * color.red() + 0.7152 * color.green() + 0.0722 * color.blue() >= DARK:
        return color.darker(185)
    return QColor(*((value + 255) // 2 for value in (color.red(), color.green(), color.blue())))


def swatch_image(color: str, pattern: int, kind: str = OWN) -> QImage:
    """The colour with its pattern on it in a darker shade, or in a lighter one where the colour itself is dark,
    `SWATCH` pixels square; paint without use is grey."""
    begin = TILE // 2 - SWATCH // 2  # so that a mark of the larger patterns lies in the middle
    alpha = alpha_of(kind, pattern)[begin : begin + SWATCH, begin : begin + SWATCH].astype(np.float32)
    low, high = float(alpha.min()), float(alpha.max())
    ink = ((alpha - low) / max(high - low, 1.0))[..., None]
    shade = mark_on(QColor(color))
    light, dark = (np.array([c.red(), c.green(), c.blue()], np.float32) for c in (QColor(color), shade))
    if kind == IDLE:
        light = (light + np.float32(384)) / np.float32(4)
    return from_rgb(np.rint(light * (1 - ink) + dark * ink).astype(np.uint8))
