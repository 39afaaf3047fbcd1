"""A word's soft edge on the canvas: shown once a stroke is done, made beside the window, hard while one paints."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from canvas.model.scene import Scene
from canvas.view.qimage import to_rgb

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def painter(make_window):
    hands = make_window(Scene(prompt="a lake under a sky", size=(256, 256)))
    hands.click_word("lake")
    hands.window.session.set_brush(hands.window.view.brush.__class__(diameter=60, hardness=1.0))
    hands.stroke((60, 128), (200, 128))
    return hands


def inked(view) -> int:
    """How many rows of a column have any of the word's paint over them, as the view lays it."""
    shown = to_rgb(view._layers.image((0, 0, 256, 256))[0]).astype(int)
    return int((np.abs(shown - shown[4, 4]).sum(-1)[:, 128] > 24).sum())


def test_a_soft_edge_is_seen_when_the_stroke_is_done_and_goes_with_its_value(painter):
    window, view = painter.window, painter.window.view
    (word,) = window.document.scene.words
    hard = inked(view)
    window.document.set_of_word(word.id, "feather", 40.0)
    painter.qtbot.waitUntil(lambda: inked(view) > hard + 8, timeout=5000)
    QTest.mousePress(view, LEFT, NONE, painter.on_canvas(30, 30))
    QTest.mouseMove(view, painter.on_canvas(34, 30) + QPoint(2, 0))
    assert view.painting and inked(view) == hard, "the brush lays what it lays"
    QTest.mouseRelease(view, LEFT, NONE, painter.on_canvas(34, 30))
    painter.qtbot.waitUntil(lambda: inked(view) > hard + 8, timeout=5000)
    assert (window.document.scene.masks[word.id].to_array()[:, 128] > 0).sum() < 64, "the paint stays as it is"
    window.document.set_of_word(word.id, "feather", 0.0)
    painter.qtbot.waitUntil(lambda: inked(view) == hard, timeout=5000)
