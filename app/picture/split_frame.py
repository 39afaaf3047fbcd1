"""Two pictures at one place: a handle that uncovers one over the other, or how much they differ."""

from __future__ import annotations

from enum import Enum

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from app.language import number, tr
from canvas.files.image_io import thumbnail
from canvas.view.qimage import from_rgb

STEP = 0.02
GAIN = 4  # how much a difference is lit up: small ones are what one looks for
KNOB = 11
MOST = 1600  # pixels a side


class Way(Enum):
    """How two pictures are compared."""

    BESIDE = "beside"
    SLIDER = "slider"
    DIFFERENCE = "difference"


def difference(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, float]:
    """Where two pictures differ: uint8 RGB `[h, w, 3]`, black where they are the same, and the mean difference, 0..1.

    Large ones are compared as they are seen, scaled down; the second comes to the size of the first.
    """
    from PIL import Image

    first = thumbnail(first, MOST)
    if first.shape != second.shape:
        scaled = Image.fromarray(second).resize(first.shape[1::-1], Image.Resampling.LANCZOS)
        second = np.asarray(scaled)
    apart = np.abs(first.astype(np.int16) - second)
    return np.minimum(apart * GAIN, 255).astype(np.uint8), float(apart.mean()) / 255


class SplitFrame(QWidget):
    """Shows two pictures in one frame; `share` is how much of the first is seen, from the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = (QImage(), QImage())
        self._apart = QImage()
        self._names = ("", "")
        self._note = ""
        self.way = Way.SLIDER
        self.share = 0.5
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Two pictures, one over the other"))

    def show_pair(self, first: np.ndarray, second: np.ndarray, names: tuple[str, str], way: Way) -> None:
        """Show two pictures, uint8 RGB `[h, w, 3]`."""
        self._images, self._names, self.way = (from_rgb(first), from_rgb(second)), names, way
        self._note = ""
        if way is Way.DIFFERENCE:
            apart, mean = difference(first, second)
            self._apart = from_rgb(apart)
            self._note = tr("Black is the same; on average they differ by {share} %", share=number(mean * 100, ".1f"))
        self.update()

    @property
    def note(self) -> str:
        """What is said under the difference."""
        return self._note

    def set_share(self, share: float) -> None:
        """Move the handle, 0..1 from the left."""
        self.share = min(max(share, 0.0), 1.0)
        self.update()

    def box(self) -> QRectF:
        """Where the pictures are."""
        room = self.rect().adjusted(1, 1, -1, -30)
        fitted = self._images[0].size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        box = QRectF(QPointF(), QSizeF(fitted))
        box.moveCenter(QRectF(room).center())
        return box

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    def paintEvent(self, _event: QPaintEvent) -> None:
        box, role = self.box(), QPalette.ColorRole
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.way is Way.DIFFERENCE:
            painter.drawImage(box, self._apart)
        else:
            painter.drawImage(box, self._images[1])
            at = box.left() + box.width() * self.share
            painter.setClipRect(QRectF(box.topLeft(), QPointF(at, box.bottom())))
            painter.drawImage(box, self._images[0])
            painter.setClipping(False)
            self._paint_handle(painter, at, box)
        painter.setPen(self.palette().color(role.PlaceholderText))
        below = QRectF(box.left(), box.bottom() + 4, box.width(), 24)
        if self.way is Way.DIFFERENCE:
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._note)
        else:
            half = int(box.width() / 2) - 8
            metrics = painter.fontMetrics()
            for name, side in zip(self._names, (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight), strict=True):
                shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, half)
                painter.drawText(below, side | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

    def _paint_handle(self, painter: QPainter, at: float, box: QRectF) -> None:
        for colour, width in ((QColor(0, 0, 0, 120), 4.0), (QColor(255, 255, 255), 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(at, box.top()), QPointF(at, box.bottom()))
        painter.setBrush(QColor(255, 255, 255) if not self.hasFocus() else self.palette().accent())
        painter.setPen(QPen(QColor(0, 0, 0, 120), 1.5))
        painter.drawEllipse(QPointF(at, box.center().y()), KNOB, KNOB)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        slides = self.way is Way.SLIDER
        self.setCursor(Qt.CursorShape.SplitHCursor if slides else Qt.CursorShape.ArrowCursor)
        box = self.box()
        if slides and event.buttons() & Qt.MouseButton.LeftButton and box.width() > 0:
            self.set_share((event.position().x() - box.left()) / box.width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {
            Qt.Key.Key_Left: self.share - STEP,
            Qt.Key.Key_Right: self.share + STEP,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: 1.0,
        }
        share = keys.get(Qt.Key(event.key()))
        if share is not None and self.way is Way.SLIDER:
            self.set_share(share)
        else:
            super().keyPressEvent(event)
