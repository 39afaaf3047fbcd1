"""Drawing of the view in screen space: background, frame, the flat picture, the hint and the brush ring."""

from __future__ import annotations

import itertools
import math

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette, QPen, QRegion, QTransform

from canvas.scene import Scene
from canvas.viewport import Viewport

SMOOTH_BELOW = 8.0  # zoom from which single pixels are shown as squares
RING_ARCS = 48
FRAME_SPREAD = 7  # logical pixels of shadow around the picture
SMALLEST_RING = 3.0  # radius in logical pixels below which a cross says more than a ring


def is_dark(palette: QPalette) -> bool:
    """Whether the theme is a dark one."""
    return palette.color(QPalette.ColorRole.Window).lightness() < 128


def background(palette: QPalette) -> QColor:
    """The surround of the picture: the window's colour, a little deeper, so that the picture stands out."""
    window = palette.color(QPalette.ColorRole.Window)
    return window.darker(125) if is_dark(palette) else window.darker(112)


def draw_picture(painter: QPainter, rect: QRect, viewport: Viewport, image: QImage, level: int) -> None:
    """Draws the part of `image` (2**level times smaller than the picture) that shows in `rect` of the view."""
    x, y, w, h = viewport.picture_rect(rect.getRect(), margin=4 << level)
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


def draw_frame(painter: QPainter, viewport: Viewport, palette: QPalette) -> None:
    """A hairline and a soft shadow around the picture."""
    left, top = viewport.corner
    width, height = viewport.picture[0] * viewport.scale, viewport.picture[1] * viewport.scale
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    frame = QRectF(left, top, width, height)
    for spread in range(FRAME_SPREAD):
        alpha = round((70 if is_dark(palette) else 40) * (1 - spread / FRAME_SPREAD) ** 2)
        painter.setPen(QPen(QColor(0, 0, 0, alpha), 1.0))
        painter.drawRect(frame.adjusted(-1 - spread, -1 - spread, spread, spread))
    painter.restore()


def picture_area(viewport: Viewport) -> QRect:
    """The whole pixels of the view that the picture covers, the partly covered ones at its edge left out."""
    left, top = viewport.corner
    right, bottom = viewport.to_view(*viewport.picture)
    x, y = math.ceil(left), math.ceil(top)
    return QRect(x, y, math.floor(right) - x, math.floor(bottom) - y)


def hint(scene: Scene, selected: str | None) -> tuple[str, str]:
    """Title and text for a canvas with nothing on it: the next step."""
    if selected is not None:
        phrase = scene.word(selected).phrase
        return (
            f"Paint where “{phrase}” should be",
            "[ and ] change the brush size, E erases, hold Space to move the canvas.",
        )
    if scene.prompt.strip():
        return ("Click a word in the prompt", "Then paint here where it should be, and press Generate.")
    return ("Write what the picture should show", "Then click a word of it and paint here where it should be.")


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


def draw_ring(painter: QPainter, centre: QPointF, radius: float, hardness: float, *, erase: bool) -> None:
    """The brush's outline in black and white, so that it shows on anything, and its hard core as a fine inner ring."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if radius < SMALLEST_RING:
        for color, width in ((QColor(0, 0, 0, 150), 3.0), (QColor(255, 255, 255, 240), 1.0)):
            painter.setPen(QPen(color, width))
            for dx, dy in ((1, 0), (0, 1)):
                for side in (-1, 1):
                    painter.drawLine(
                        centre + QPointF(dx * side * 3, dy * side * 3), centre + QPointF(dx * side * 8, dy * side * 8)
                    )
        painter.restore()
        return
    white = QPen(QColor(255, 255, 255, 240), 1.25)
    if erase:
        white.setDashPattern([4.0, 3.0])
    for pen in (QPen(QColor(0, 0, 0, 150), 2.75), white):
        painter.setPen(pen)
        painter.drawEllipse(centre, radius, radius)
    core = radius * min(max(hardness, 0.0), 1.0)
    if SMALLEST_RING < core < radius - 2:
        for color, width in ((QColor(0, 0, 0, 60), 2.0), (QColor(255, 255, 255, 120), 1.0)):
            painter.setPen(QPen(color, width))
            painter.drawEllipse(centre, core, core)
    painter.restore()


def ring_region(centre: QPointF, radius: float, hardness: float) -> QRegion:
    """The pixels that `draw_ring` touches, as a chain of small rects: a box would repaint the inside too."""
    region = QRegion()
    if radius < SMALLEST_RING:
        return QRegion(QRectF(centre.x() - 11, centre.y() - 11, 22, 22).toAlignedRect())
    core = radius * min(max(hardness, 0.0), 1.0)
    for size in (radius, core) if SMALLEST_RING < core < radius - 2 else (radius,):
        arcs = max(4, min(RING_ARCS, int(size / 4)))
        points = [
            QPointF(centre.x() + size * math.cos(turn), centre.y() + size * math.sin(turn))
            for turn in (2 * math.pi * index / arcs for index in range(arcs + 1))
        ]
        # Between two points the circle bulges beyond their box by at most its sagitta.
        slack = size * (1 - math.cos(math.pi / arcs)) + 3
        for a, b in itertools.pairwise(points):
            box = QRectF(a, b).normalized().adjusted(-slack, -slack, slack, slack)
            region += box.toAlignedRect()
    return region
