"""Smoothing, mirrors, sizes by dragging, saved brushes and the pen's curve, in the real window and by real input."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

from app.preferences import Preset
from app.preferences.values import Values, from_json, to_json
from app.tools.pressure_dialog import PressureDialog
from canvas.paint.brush import Brush
from tests.gui.canvas_hands import CanvasHands


@pytest.fixture
def canvas(qtbot):
    canvas = CanvasHands(qtbot)
    canvas.view.set_selected_word(canvas.lake)
    return canvas


def test_smoothing_calms_a_trembling_line_which_ends_where_the_pointer_is(canvas):
    places = [(50 + 3 * step, 150 + 6 * (-1) ** step) for step in range(80)]
    found = []
    for smoothing in (0.0, 0.5):
        canvas.view.brush = Brush(diameter=6, hardness=1.0, smoothing=smoothing)
        canvas.drag(*places)
        painted = np.argwhere(canvas.mask(canvas.lake)[:, 100:200] > 127)[:, 0]
        found.append(np.ptp(painted))
        assert canvas.mask(canvas.lake)[places[-1][1], places[-1][0]] == 255
        canvas.document.undo()
    assert found[1] < found[0] / 1.5


def test_mirrored_strokes_and_their_line(canvas):
    before = canvas.screen()
    canvas.view.brush = Brush(diameter=20, hardness=1.0, mirror_x=True)
    changed = np.argwhere((canvas.screen() != before).any(axis=2))
    line = changed[changed[:, 0] > changed[:, 0].min() + 20]  # below its grip
    assert len(line) > 100 and np.ptp(line[:, 1]) <= 3, "a line down the middle"
    canvas.drag((50, 100), (80, 100))
    mask = canvas.mask(canvas.lake)
    assert mask[100, 60] == 255 and mask[100, 339] == 255


def test_dragging_with_control_sizes_the_brush_and_paints_nothing(canvas):
    canvas.view.brush = Brush(diameter=40)
    canvas.press(100, 100, modifier=Qt.KeyboardModifier.ControlModifier)
    canvas.move(110, 100)
    canvas.release(130, 100, modifier=Qt.KeyboardModifier.ControlModifier)
    assert canvas.view.brush.diameter == 100 and canvas.mask(canvas.lake).max() == 0
    canvas.press(100, 100, modifier=Qt.KeyboardModifier.ControlModifier)
    canvas.move(150, 100)
    QTest.keyClick(canvas.view, Qt.Key.Key_Escape)
    assert canvas.view.brush.diameter == 100


def test_brushes_are_saved_chosen_by_keys_and_removed(make_window, monkeypatch):
    hands = make_window()
    window = hands.window
    window.session.set_brush(Brush(diameter=100, hardness=0.2, flow=0.5, gap=1.5, pressure_opacity=True))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_more: ("Mist & fog", True))
    window.actions_table["brush.save"].trigger()
    window.brushes.save("Ink")
    window.session.set_brush(Brush(diameter=7, mirror_x=True))
    hands.key(Qt.Key.Key_1, widget=window.view)
    brush = window.session.brush
    assert (brush.diameter, brush.hardness, brush.flow, brush.pressure_opacity) == (100, 0.2, 0.5, True)
    assert brush.gap == 1.5 and window.brush_bar.gap.value == 150
    window.brush_bar.gap.value_changed.emit(None)
    assert window.session.brush.gap == 0 and window.brush_bar.gap.value is None
    assert brush.mirror_x, "that is how one works, not which brush"
    menu = window.brush_bar.brushes
    assert [action.text() for action in menu.menu.actions() if isinstance(action.data(), int)] == ["Mist && fog", "Ink"]
    assert not window.actions_table["brush.3"].isEnabled()
    menu.removed.emit(0)
    assert [each.name for each in window.preferences.values.brushes] == ["Ink"]
    window.shut_down()
    again = make_window().window
    assert [each.name for each in again.preferences.values.brushes] == ["Ink"]
    assert again.session.brush.flow == 0.5 and again.session.brush.mirror_x


def test_brushes_in_a_file_are_checked_one_by_one():
    values = Values(brushes=(Preset("Ink", diameter=3.0, pressure_size=False),))
    assert from_json(to_json(values)) == (values, [])
    odd = from_json({"brushes": [{"name": "Big", "diameter": 9999, "unknown": 1}]})[0].brushes
    assert odd == (Preset("Big", diameter=1024.0),)
    assert from_json({"brushes": [{"name": 3}]}) == (Values(), ["brushes"])
    assert from_json({"brushes": [{"name": "A", "flow": "much"}]})[1] == ["brushes"]


def test_the_pens_curve_is_tried_on_a_pad_and_cancel_takes_it_back(qtbot, make_window):
    window = make_window().window
    window.actions_table["brush.curve"].trigger()
    dialog = window.findChild(PressureDialog)
    qtbot.waitExposed(dialog)
    QTest.mousePress(dialog.pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 50))
    QTest.mouseMove(dialog.pad, QPoint(100, 50))
    assert dialog.curve.pressure == 1.0 and len(dialog.pad.lines[-1]) >= 1
    QTest.mouseRelease(dialog.pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(100, 50))
    assert dialog.curve.pressure is None
    dialog.show_values(0.5, 0.2)
    assert (window.session.brush.pressure_gamma, window.session.brush.pressure_floor) == (0.5, 0.2)
    dialog.reject()
    assert (window.session.brush.pressure_gamma, window.session.brush.pressure_floor) == (1.0, 0.0)
