"""Drawing of the view in screen space: background, frame, the flat picture and the hint."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette, QPixmap, QRegion, QTransform

from canvas.model.colour_layer import COLOURS
from canvas.model.scene import Scene
from canvas.view.rects import to_rect
from canvas.view.viewport import Viewport

SMOOTH_BELOW = 8.0  # zoom from which single pixels are shown as squares
FRAME_SPREAD = 5  # logical pixels of shadow around the picture


def is_dark(palette: QPalette) -> bool:
    """Whether the theme is a dark one."""
    return palette.color(QPalette.ColorRole.Window).lightness() < 128


def background(palette: QPalette) -> QColor:
    """The surround of the picture: the window's colour, a little deeper, so that the picture stands out."""
    window = palette.color(QPalette.ColorRole.Window)
    return window.darker(125) if is_dark(palette) else window.darker(112)


def draw_picture(painter: QPainter, rect: QRect, viewport: Viewport, image: QImage, level: int) -> None:
    """Draws the part of `image` (2**level times smaller than the picture) that shows in `rect` of the view."""
    x, y, w, h = viewport.picture_rect(to_rect(rect), margin=4 << level)
    if w == 0 or h == 0:
        return
    left, top = viewport.corner
    scale = viewport.scale * 2**level
    painter.save()
    painter.setClipRect(rect)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, viewport.zoom < SMOOTH_BELOW)
    painter.setTransform(QTransform(scale, 0, 0, scale, left, top), True)
    # A whole pixel of slack on each side keeps the samples at the edge of a part equal to those of the whole.
    x0, y0 = x >> level, y >> level
    part = QRect(x0, y0, ((x + w - 1) >> level) + 1 - x0, ((y + h - 1) >> level) + 1 - y0).intersected(image.rect())
    painter.drawImage(part.topLeft(), image, part)
    painter.restore()


def draw_surround(painter: QPainter, region: QRegion, viewport: Viewport, palette: QPalette) -> None:
    """What lies around the picture, where the region that is drawn reaches beyond it.

    From a picture of it, as each of many fills would have to find its way through the rects of the region.
    """
    outside = region - QRegion(picture_area(viewport))
    if outside.isEmpty():
        return
    painter.save()
    painter.setClipRegion(outside)
    painter.drawPixmap(0, 0, _surround(viewport, background(palette).rgb(), is_dark(palette)))
    painter.restore()


@lru_cache(maxsize=1)
def _surround(viewport: Viewport, color: int, dark: bool) -> QPixmap:
    """The whole view without the picture: a colour, and a soft shadow in filled strips where the picture will be."""
    dpr = viewport.dpr
    pixmap = QPixmap(math.ceil(viewport.view[0] * dpr), math.ceil(viewport.view[1] * dpr))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(QColor(color))
    left, top = viewport.corner
    right, bottom = viewport.to_view(*viewport.picture)
    darkest = 70 if dark else 40
    painter = QPainter(pixmap)
    for spread in range(1, FRAME_SPREAD + 1):
        shade = QColor(0, 0, 0, round(darkest * (1 - (spread - 1) / FRAME_SPREAD) ** 2))
        x0, y0, x1, y1 = left - spread, top - spread, right + spread, bottom + spread
        painter.fillRect(QRectF(x0, y0, x1 - x0, 1), shade)
        painter.fillRect(QRectF(x0, y1 - 1, x1 - x0, 1), shade)
        painter.fillRect(QRectF(x0, y0 + 1, 1, y1 - y0 - 2), shade)
        painter.fillRect(QRectF(x1 - 1, y0 + 1, 1, y1 - y0 - 2), shade)
    painter.end()
    return pixmap


def picture_frame(viewport: Viewport) -> QRect:
    """The whole pixels of the view that the picture touches: nothing of it shows outside."""
    return QRect(*viewport.view_rect((0, 0, *viewport.picture), margin=0))


def picture_area(viewport: Viewport) -> QRect:
    """The whole pixels of the view that the picture covers, the partly covered ones at its edge left out."""
    left, top = viewport.corner
    right, bottom = viewport.to_view(*viewport.picture)
    x, y = math.ceil(left), math.ceil(top)
    return QRect(x, y, math.floor(right) - x, math.floor(bottom) - y)


def hint(scene: Scene, selected: str | None, *, has_keys: bool = True) -> tuple[str, str]:
    """Title and text for a canvas with nothing on it: the next step. Keys are named where the canvas has them."""
    if selected == COLOURS:
        return (
            "Paint the colours for the picture to start from",
            "[ and ] change the brush size, E erases, Alt-click takes a colour." if has_keys else "Drag here.",
        )
    if selected is not None:
        title = scene.paintable(selected).title
        keys = "[ and ] change the brush size, E erases, Shift+Backspace fills, Space moves the canvas."
        return (
            f"Paint where “{title}” should {'be' if scene.has_word(selected) else 'act'}",
            keys if has_keys else "Drag here with the mouse or the pen.",
        )
    if scene.prompt.strip():
        return ("Click a word in the prompt", "Then paint here where it should be, and press Generate.")
    return ("Describe the picture at the top", "Then click a word of it and paint here where it should be.")


def draw_hint(painter: QPainter, viewport: Viewport, title: str, detail: str, font: QFont, *, dark: bool) -> None:
    """A friendly text in the middle of an empty picture."""
    left, top = viewport.corner
    width, height = viewport.picture[0] * viewport.scale, viewport.picture[1] * viewport.scale
    area = QRectF(left, top, width, height).intersected(QRectF(0, 0, *viewport.view)).adjusted(16, 16, -16, -16)
    if area.width() < 120 or area.height() < 60:
        return
    ink = QColor("#e8eaee") if dark else QColor("#2c2f36")
    painter.save()
    large = QFont(font)
    large.setPointSizeF(font.pointSizeF() * 1.5 if font.pointSizeF() > 0 else 15.0)
    large.setWeight(QFont.Weight.DemiBold)
    wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
    ink.setAlphaF(0.85)
    painter.setPen(ink)
    painter.setFont(large)
    upper = QRectF(area.left(), area.top(), area.width(), area.height() / 2 - 4)
    painter.drawText(upper, wrap | Qt.AlignmentFlag.AlignBottom, title)
    ink.setAlphaF(0.55)
    painter.setPen(ink)
    painter.setFont(font)
    lower = QRectF(area.left(), area.center().y() + 6, area.width(), area.height() / 2 - 6)
    painter.drawText(lower, wrap | Qt.AlignmentFlag.AlignTop, detail)
    painter.restore()
