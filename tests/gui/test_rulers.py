"""Rulers: what they say lies where the picture has it, however the view is zoomed, moved and turned."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from canvas.model.scene import Scene
from canvas.view.rulers import SIDE, step_of
from canvas.view.turn import Turn
from tests.gui.canvas_hands import LEFT, CanvasHands


@pytest.mark.parametrize(("scale", "step"), [(1.0, 100), (2.0, 50), (0.05, 2000), (32.0, 2), (64.0, 1), (100.0, 1)])
def test_numbers_stand_apart_at_every_zoom(scale, step):
    assert step_of(scale) == step


@pytest.fixture
def hands(qtbot):
    hands = CanvasHands(qtbot)
    hands.view.rulers.set_on(True)
    return hands


@pytest.mark.parametrize("turn", [Turn(), Turn(0, True), Turn(90), Turn(-90, True), Turn(180)])
def test_numbers_stand_where_the_picture_has_them(hands, turn):
    view = hands.view
    view.zoom_by(1.7, QPointF(200, 150))
    view.pan_by(13, -21)
    view.set_turn(turn)
    across = turn.angle % 180 == 0
    for ruler, level in ((view.rulers.top, True), (view.rulers.left, False)):
        assert ruler.isVisible() and len(ruler.numbers()) >= 2
        for value, place in ruler.numbers():
            at = view.viewport.to_view(*((value, 0) if across == level else (0, value)))
            seen = ruler.mapFromParent(turn.map(view.width(), view.height()).map(QPointF(*at)).toPoint())
            assert abs((seen.x() if level else seen.y()) - place) <= 0.51


def test_they_hide_where_the_view_leans_and_take_no_paint(hands):
    view = hands.view
    view.set_turn(Turn(15))
    assert not view.rulers.top.isVisible()
    view.set_turn(Turn())
    assert view.rulers.top.isVisible() and view.rulers.top.width() == view.width()
    view.resize(500, 400)
    hands.settle()
    assert view.rulers.top.width() == 500 and view.rulers.left.height() == 400 - SIDE
    view.set_selected_word(hands.lake)
    QTest.mouseClick(view.rulers.top, LEFT, pos=QPoint(250, 9))
    assert hands.document.scene.masks[hands.lake].is_empty


def test_a_key_shows_them(make_window):
    hands = make_window(Scene(prompt="a lake"))
    rulers = hands.window.view.rulers
    assert not rulers.top.isVisible()
    hands.key(Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier, hands.window.view)
    assert rulers.top.isVisible() and rulers.left.isVisible()
    hands.key(Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier, hands.window.view)
    assert not rulers.top.isVisible()
