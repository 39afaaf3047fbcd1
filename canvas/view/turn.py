"""A view that is turned and mirrored on the screen: the map between it and the upright view that all else draws in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QTransform

STEP = 15.0  # degrees of a key


@dataclass(frozen=True)
class Turn:
    """About the middle of the view, the picture as it lies there.

    Attributes:
        angle: degrees, clockwise, -180..180.
        mirrored: left to right on the screen.
    """

    angle: float = 0.0
    mirrored: bool = False

    @property
    def upright(self) -> bool:
        """Whether the view is as it always is."""
        return self.angle == 0 and not self.mirrored

    def by(self, degrees: float) -> Turn:
        """Turned further, clockwise on the screen."""
        return Turn((self.angle + degrees + 180) % 360 - 180, self.mirrored)

    def linear(self) -> QTransform:
        """The map of directions, from the upright view to the screen."""
        return QTransform().scale(-1, 1).rotate(-self.angle) if self.mirrored else QTransform().rotate(self.angle)

    def map(self, width: float, height: float) -> QTransform:
        """The map of places in a view of that size, from the upright view to the screen."""
        return _map(self, width, height)

    def to_upright(self, point: QPointF, width: float, height: float) -> QPointF:
        """Where a place of the screen lies in the upright view."""
        return QPointF(point) if self.upright else self.map(width, height).inverted()[0].map(point)

    def shown(self, rect: QRect, width: float, height: float) -> QRect:
        """The rect of the screen in which a rect of the upright view lies, with a pixel of room."""
        if self.upright:
            return rect
        return self.map(width, height).mapRect(QRectF(rect)).toAlignedRect().adjusted(-1, -1, 1, 1)

    def seen(self, rect: QRect, width: float, height: float) -> QRect:
        """The rect of the upright view that holds all of a rect of the screen."""
        if self.upright:
            return rect
        return self.map(width, height).inverted()[0].mapRect(QRectF(rect)).toAlignedRect().adjusted(-1, -1, 1, 1)


@lru_cache(maxsize=4)
def _map(turn: Turn, width: float, height: float) -> QTransform:
    middle = QTransform.fromTranslate(-width / 2, -height / 2) * turn.linear()
    return middle * QTransform.fromTranslate(width / 2, height / 2)
