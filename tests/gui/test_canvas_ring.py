"""The brush's ring: the region that is repainted for it holds all that is drawn, wherever the pointer stands."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from canvas.view.brush_cursor import BrushCursor, Ring
from canvas.view.qimage import to_rgb


def drawn(cursor: BrushCursor) -> np.ndarray:
    image = QImage(1000, 1000, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    painter = QPainter(image)
    cursor.draw(painter, QRect(0, 0, 1000, 1000))
    painter.end()
    return to_rgb(image)


@pytest.mark.parametrize("radius", [5.3, 60.4, 401.7])
@pytest.mark.parametrize("centre", [(500.0, 500.0), (500.5, 499.49), (499.51, 500.99)])
def test_the_ring_is_drawn_whole_within_its_region(
    qtbot, monkeypatch: pytest.MonkeyPatch, radius: float, centre: tuple[float, float]
) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    cursor = BrushCursor(widget)
    cursor.set_ring(Ring(radius, 0.6, False))
    cursor.move(QPointF(*centre))
    clipped = drawn(cursor)
    monkeypatch.setattr(Ring, "region", lambda ring, centre: QRegion(0, 0, 1000, 1000))
    assert np.array_equal(drawn(cursor), clipped)
    assert np.ptp(clipped) > 100
