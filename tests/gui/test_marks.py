"""Overlaps and gaps, and the paint as the model sees it, by their keys in the real window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.tools import marks_controller
from canvas.model import edits
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.view.qimage import to_rgb


@pytest.fixture
def hands(make_window):
    hands = make_window()
    scene, lake = edits.add_word(Scene(prompt="a lake under hills", size=(256, 256)), (2, 6))
    scene, hills = edits.add_word(scene, (13, 18))
    values = np.zeros((2, 256, 256), np.uint8)
    values[0, :, :128], values[1, :, 100:200] = 255, 255
    masks = {lake: TiledMask.from_array(values[0]), hills: TiledMask.from_array(values[1])}
    hands.window.session.document.load(scene.replace(masks=masks), saved=False)
    hands.window.view.setFocus()
    return hands


def look(hands) -> np.ndarray:
    hands.window.view.move_cursor(None)
    return to_rgb(hands.window.view.grab().toImage())


def test_a_key_hatches_overlaps_and_gaps_and_tells_the_share(hands, monkeypatch):
    before, label = look(hands), hands.window.status.coverage
    hands.key(Qt.Key.Key_W, widget=hands.window.view)
    assert (look(hands) != before).any() and not label.isHidden()
    assert "Overlaps" in label.text() and "no word" in label.text()
    told = label.text()
    hands.window.session.document.fill_word(hands.window.session.scene.words[0].id)
    hands.qtbot.waitUntil(lambda: label.text() != told)
    assert "no word 0.0%" in label.text() and told == "Overlaps 10.9% (Add) · no word 21.9%"
    added = look(hands)
    table = hands.window.actions_table
    table["word.overlap_top"].trigger()
    hands.qtbot.waitUntil(lambda: "(Top wins)" in label.text())
    assert (look(hands) != added).any(), "the lines say which rule holds"
    hands.window.session.document.undo()
    assert table["word.overlap_add"].isChecked()
    hands.key(Qt.Key.Key_W, widget=hands.window.view)
    assert label.isHidden()
    hands.key(Qt.Key.Key_W, widget=hands.window.view)
    rules, asked = hands.window.marking._rules, []
    monkeypatch.setattr(rules, "popup", asked.append)
    hands.click(label)
    assert asked and [action.isChecked() for action in rules.actions()] == [True, False, False]


def test_held_it_is_a_look(hands, monkeypatch):
    monkeypatch.setattr(marks_controller, "HELD_MS", 0)
    action = hands.window.actions_table["view.cells"]
    QTest.keyPress(hands.window.view, Qt.Key.Key_N)
    assert action.isChecked()
    QTest.keyRelease(hands.window.view, Qt.Key.Key_N)
    assert not action.isChecked()


def test_the_models_cells_are_squares_of_one_colour(hands):
    view, marking = hands.window.view, hands.window.marking
    hands.key(Qt.Key.Key_N, widget=view)
    assert "cells" in hands.window.status.news
    pixels, port = look(hands), view.viewport
    side = marking.cell * port.scale
    left, top = port.corner
    x, y = (round(corner + 2.5 * side) for corner in (left, top))
    reach = max(1, round(side / 4))
    square = pixels[y - reach : y + reach, x - reach : x + reach].reshape(-1, 3)
    assert len(np.unique(square, axis=0)) == 1
