"""Rects between Qt and the canvas' tuples."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

from canvas.view.viewport import Rect


def to_rect(rect: QRect) -> Rect:
    """`(x, y, width, height)` of a QRect."""
    return (rect.x(), rect.y(), rect.width(), rect.height())


def rects_of(region: QRegion) -> list[QRect]:
    """The disjoint rects of a region (which iterates, though Qt's type stubs do not say so)."""
    return list(cast(Iterable[QRect], region))
