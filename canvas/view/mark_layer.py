"""Marks over the canvas: hatches where words overlap and where none is painted, or the paint as the model sees it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from canvas.paint.cells import Coverage
from canvas.view import qimage
from canvas.view.drawing import picture_frame
from canvas.view.viewport import Viewport

STRIPE = 8  # logical pixels from one line of a hatch to the next
THICK = 2
SHADE, BARE = np.uint32(0xC0000000), np.uint32(0xD0F5F5F5)
OVERLAP = np.array([0xFFFF4A4A, 0xFFFFC23D, 0xFF5AC8FF], np.uint32)
"""Lines where words overlap, by the rule that holds there, in the order of `resources.limits.OVERLAPS`."""
VEIL = QColor(20, 22, 26, 205)  # over the picture where the paint is shown as the model sees it
LEAST_CELL = 6.0  # logical pixels of a cell from which its borders are drawn


class MarkLayer:
    """Draws one of both, or nothing; made for each part of the view that is drawn, so it is sharp at every zoom."""

    def __init__(self) -> None:
        self._coverage: Coverage | None = None
        self._cells: np.ndarray | None = None
        self._image: QImage | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self._coverage is None and self._cells is None

    def set_coverage(self, coverage: Coverage | None) -> None:
        """Hatch overlaps and bare places, or no longer."""
        self._coverage = coverage

    def set_cells(self, pixels: np.ndarray | None) -> None:
        """Show cells of premultiplied ARGB uint32 `[h, w]` that fill the canvas, or no longer."""
        self._cells = None if pixels is None else np.ascontiguousarray(pixels)
        self._image = None if self._cells is None else qimage.wrap_argb(self._cells, self._cells.shape[::-1])

    def draw(self, painter: QPainter, rect: QRect, viewport: Viewport) -> None:
        """Draw what shows in `rect` of the view."""
        part = rect.intersected(picture_frame(viewport))
        if part.isEmpty() or self.empty:
            return
        if self._image is not None:
            self._draw_cells(painter, part, viewport)
        if self._coverage is not None:
            pixels = _hatched(self._coverage, part, viewport)
            size = (pixels.shape[1], pixels.shape[0])
            painter.drawImage(QRectF(part), qimage.wrap_argb(pixels, size), QRectF(0, 0, *size))

    def _draw_cells(self, painter: QPainter, part: QRect, viewport: Viewport) -> None:
        assert self._image is not None
        left, top = viewport.corner
        width, height = viewport.picture[0] * viewport.scale, viewport.picture[1] * viewport.scale
        painter.save()
        painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(left, top, width, height), VEIL)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(QRectF(left, top, width, height), self._image)
        across, down = width / self._image.width(), height / self._image.height()
        if min(across, down) >= LEAST_CELL:
            line = QPen(QColor(255, 255, 255, 46), 1)
            line.setCosmetic(True)
            painter.setPen(line)
            for index in range(self._image.width() + 1):
                painter.drawLine(
                    round(left + index * across), round(top), round(left + index * across), round(top + height)
                )
            for index in range(self._image.height() + 1):
                painter.drawLine(round(left), round(top + index * down), round(left + width), round(top + index * down))
        painter.restore()


def _hatched(coverage: Coverage, part: QRect, viewport: Viewport) -> np.ndarray:
    """Premultiplied ARGB uint32 of a part of the view in physical pixels: lines down where it is bare, and up where
    words overlap and add, level where the top one wins, crossed where they share."""
    counts, dpr = coverage.counts, viewport.dpr
    xs, ys = (
        start + (np.arange(max(1, round(length * dpr))) + 0.5) / dpr
        for start, length in ((part.x(), part.width()), (part.y(), part.height()))
    )
    left, top = viewport.corner
    rows, columns = counts.shape
    width, height = viewport.picture[0] * viewport.scale, viewport.picture[1] * viewport.scale
    column = ((xs - left) * (columns / width)).astype(int).clip(0, columns - 1)
    row = ((ys - top) * (rows / height)).astype(int).clip(0, rows - 1)
    found = counts[np.ix_(row, column)]
    x, y = np.floor(xs).astype(int)[None, :], np.floor(ys).astype(int)[:, None]
    up, down = (x + y) % STRIPE, (x - y) % STRIPE
    pixels = np.zeros(found.shape, np.uint32)
    several, none = found > 1, found == 0
    rule = coverage.rules[np.ix_(row, column)]
    level = np.broadcast_to(y % STRIPE, rule.shape)
    lines = np.choose(rule, (up, level, np.minimum(up, down)))
    pixels[several & (lines < 2 * THICK)] = SHADE
    inked = several & (lines < THICK)
    pixels[inked] = OVERLAP[rule[inked]]
    pixels[none & (down < 2)] = SHADE
    pixels[none & (down < 1)] = BARE
    inside = ((xs >= left) & (xs < left + width))[None, :] & ((ys >= top) & (ys < top + height))[:, None]
    return np.where(inside, pixels, np.uint32(0))
