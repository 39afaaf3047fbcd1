"""The brush's outline at the cursor: a ring for its size, a finer one for its hard core."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

SMALLEST = 3.0  # radius in logical pixels below which a cross says more than a ring
LARGEST_SPRITE = 800.0  # radius in logical pixels from which a picture of the ring would be too much memory
ARCS = 48
EDGE = 3  # logical pixels that the pen reaches beyond the circle


@dataclass(frozen=True)
class Ring:
    """How the brush looks on the screen: radius in logical pixels, hardness 0..1, dashed for the eraser."""

    radius: float
    hardness: float
    erase: bool

    @property
    def circles(self) -> tuple[float, ...]:
        """Radii of the rings that are drawn: the brush's, and its core's where it is not the same."""
        core = self.radius * self.hardness
        return (self.radius, core) if SMALLEST < core < self.radius - 2 else (self.radius,)

    def region(self, centre: QPointF) -> QRegion:
        """The pixels that it touches, as a chain of small rects: a box would have the inside repainted too."""
        if self.radius < SMALLEST:
            return QRegion(QRectF(centre.x() - 11, centre.y() - 11, 22, 22).toAlignedRect())
        return _chain(self.circles).translated(round(centre.x()), round(centre.y()))


@lru_cache(maxsize=8)
def _chain(circles: tuple[float, ...]) -> QRegion:
    """Small rects along circles about the origin, with room for a centre that is up to half a pixel from there."""
    region = QRegion()
    for radius in circles:
        arcs = max(4, min(ARCS, int(radius / 4)))
        points = [
            QPointF(radius * math.cos(turn), radius * math.sin(turn))
            for turn in (2 * math.pi * index / arcs for index in range(arcs + 1))
        ]
        # Between two points the circle bulges beyond their box by at most its sagitta.
        slack = radius * (1 - math.cos(math.pi / arcs)) + EDGE + 1.5
        for a, b in itertools.pairwise(points):
            region += QRectF(a, b).normalized().adjusted(-slack, -slack, slack, slack).toAlignedRect()
    return region


class BrushCursor:
    """The ring at the pointer of a widget, which takes the place of an arrow; drawn from a picture of it.

    Stroking a large circle costs milliseconds, blending a picture of it does not.
    """

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._ring = Ring(1.0, 1.0, False)
        self._key: tuple[Ring, float] | None = None
        self._sprite = QPixmap()
        self.at: QPointF | None = None
        self.shape = Qt.CursorShape.BlankCursor

    def move(self, at: QPointF | None) -> None:
        """The pointer is at a place of the widget (logical pixels), or away."""
        if at != self.at:
            self._update()
            self.at = QPointF(at) if at is not None else None
            self._update()

    def set_ring(self, ring: Ring) -> None:
        """Another brush or zoom."""
        if ring != self._ring:
            self._update()
            self._ring = ring
            self._update()

    def set_shape(self, shape: Qt.CursorShape) -> None:
        """Another cursor; the blank one stands for the ring."""
        if shape != self.shape:
            self._update()
            self.shape = shape
            self._widget.setCursor(shape)
            self._update()

    def _update(self) -> None:
        if self.at is not None and self.shape == Qt.CursorShape.BlankCursor:
            self._widget.update(self._ring.region(self.at))

    def draw(self, painter: QPainter, clip: QRect) -> None:
        """Draws the ring in whole physical pixels; only `clip` is to be drawn."""
        ring, centre = self._ring, self.at
        if centre is None or self.shape != Qt.CursorShape.BlankCursor:
            return
        if ring.radius < SMALLEST:
            _draw_cross(painter, centre)
        elif ring.radius > LARGEST_SPRITE:
            _draw_ring(painter, centre, ring)
        else:
            dpr = painter.device().devicePixelRatioF()
            half = math.ceil(ring.radius) + EDGE
            if self._key != (ring, dpr):
                self._key = (ring, dpr)
                self._sprite = _sprite(ring, half, dpr)
            left, top = (round((v - half) * dpr) / dpr for v in (centre.x(), centre.y()))
            part = QRectF(left, top, 2 * half, 2 * half).intersected(QRectF(clip))
            source = QRectF(
                (part.left() - left) * dpr, (part.top() - top) * dpr, part.width() * dpr, part.height() * dpr
            )
            painter.save()
            painter.setClipRegion(ring.region(centre))  # the sprite is clear nearly everywhere
            painter.drawPixmap(part, self._sprite, source)
            painter.restore()


def _sprite(ring: Ring, half: int, dpr: float) -> QPixmap:
    side = math.ceil(2 * half * dpr)
    sprite = QPixmap(side, side)
    sprite.setDevicePixelRatio(dpr)
    sprite.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sprite)
    _draw_ring(painter, QPointF(half, half), ring)
    painter.end()
    return sprite


def _draw_ring(painter: QPainter, centre: QPointF, ring: Ring) -> None:
    """Light on a dark rim, so that it shows on anything."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    light = QPen(QColor(255, 255, 255, 240), 1.25)
    if ring.erase:
        light.setDashPattern([4.0, 3.0])
    pens = [
        (QPen(QColor(0, 0, 0, 150), 2.75), light),
        (QPen(QColor(0, 0, 0, 60), 2.0), QPen(QColor(255, 255, 255, 120))),
    ]
    for radius, pair in zip(ring.circles, pens, strict=False):
        for pen in pair:
            painter.setPen(pen)
            painter.drawEllipse(centre, radius, radius)


def _draw_cross(painter: QPainter, centre: QPointF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in (QPen(QColor(0, 0, 0, 150), 3.0), QPen(QColor(255, 255, 255, 240), 1.0)):
        painter.setPen(pen)
        for away in (QPointF(1, 0), QPointF(0, 1), QPointF(-1, 0), QPointF(0, -1)):
            painter.drawLine(centre + away * 3, centre + away * 8)
