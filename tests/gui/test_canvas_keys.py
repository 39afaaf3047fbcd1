"""Painting, selecting and picking by keys alone: the arrows move a cursor, Space or Enter presses, Esc gives up."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from canvas.paint.brush import Brush
from canvas.view.tools.pick_tool import PickTool
from canvas.view.tools.select_tool import SelectTool
from canvas.view.tools.shape_tool import ShapeTool
from canvas.view.turn import Turn
from tests.gui.canvas_hands import CanvasHands

RIGHT, LEFT, DOWN, UP = Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Up
SPACE, ENTER, ESC, SHIFT = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def hands(qtbot):
    hands = CanvasHands(qtbot)
    hands.view.set_selected_word(hands.lake)
    hands.view.set_brush(Brush(diameter=8, hardness=1.0))
    hands.said = []
    hands.view.message.connect(hands.said.append)
    return hands


def keys(hands, *which, held=Qt.KeyboardModifier.NoModifier) -> None:
    for each in which:
        QTest.keyClick(hands.view, each, held)
    hands.settle()


def painted(hands) -> tuple[int, ...]:
    found = np.argwhere(hands.mask(hands.lake) > 127)
    return (*map(int, found.min(axis=0)[::-1]), *map(int, found.max(axis=0)[::-1]))


def test_the_brush_is_set_down_moved_and_lifted_by_keys_in_one_step(hands, monkeypatch):
    heard = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: heard.append(event.message()))
    keys(hands, RIGHT)
    assert hands.view._input.keys.at == (200.5, 150.5), "an arrow shows the cursor in the middle"
    keys(hands, RIGHT, RIGHT, LEFT, DOWN)
    keys(hands, DOWN, held=SHIFT)
    assert hands.view._input.keys.at == (201.5, 161.5) and hands.said[-1] == heard[-1] == "201, 161"
    keys(hands, SPACE)
    keys(hands, RIGHT, RIGHT, held=SHIFT)
    assert hands.view.painting and hands.document.live is not None
    keys(hands, SPACE)
    assert not hands.view.painting and hands.document.undo_label == "Paint “lake”"
    assert painted(hands) == (197, 157, 225, 165) and heard[-1] == "Paint “lake”"
    keys(hands, LEFT)
    assert hands.said[-1] == "220, 161: lake"


def test_escape_gives_a_stroke_up_then_leaves_and_space_pans_again(hands):
    keys(hands, RIGHT, ENTER, RIGHT, ESC)
    assert not hands.view.painting and not hands.mask(hands.lake).any()
    assert hands.view._input.keys.at is not None
    keys(hands, ESC)
    assert hands.view._input.keys.at is None
    QTest.keyPress(hands.view, SPACE)
    assert hands.view._input.space
    QTest.keyRelease(hands.view, SPACE)
    keys(hands, RIGHT)
    QTest.mouseMove(hands.view, QPoint(30, 30))
    QTest.mouseMove(hands.view, QPoint(60, 40))
    hands.settle()
    assert hands.view._input.keys.at is None, "the pointer leads again"


def test_shapes_polygons_selections_and_picking_go_by_keys(hands):
    hands.view.set_tool(ShapeTool("polygon"))
    keys(hands, RIGHT, SPACE)
    keys(hands, *[RIGHT] * 4, held=SHIFT)
    keys(hands, SPACE)
    keys(hands, *[DOWN] * 4, held=SHIFT)
    keys(hands, SPACE, ENTER)
    assert hands.mask(hands.lake)[160, 230] == 255 and not hands.mask(hands.lake)[185, 205]
    hands.view.set_tool(SelectTool("rectangle"))
    keys(hands, SPACE)
    keys(hands, *[UP] * 3, *[LEFT] * 2, held=SHIFT)
    keys(hands, SPACE)
    assert hands.document.scene.selection.bounds() == (220, 160, 21, 31)
    hands.view.set_selected_word(None)
    hands.view.set_tool(PickTool())
    keys(hands, UP, SPACE)
    assert hands.view.selected_word == hands.lake


def test_arrows_point_as_the_screen_does_and_the_picture_follows_the_cursor(hands):
    hands.view.set_turn(Turn(0, mirrored=True))
    keys(hands, RIGHT, RIGHT)
    assert hands.view._input.keys.at == (199.5, 150.5)
    hands.view.set_turn(Turn(90))
    keys(hands, RIGHT)
    assert hands.view._input.keys.at == (199.5, 149.5)
    hands.view.set_turn(Turn())
    for _ in range(4):
        hands.view.zoom_in()
    keys(hands, *[RIGHT] * 60, held=SHIFT)
    x, y = hands.view.viewport.to_view(*hands.view._input.keys.at)
    assert hands.view._input.keys.at[0] == 399.5 and 0 <= x < hands.view.width() and 0 <= y < hands.view.height()
