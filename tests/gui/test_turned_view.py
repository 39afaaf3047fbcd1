"""The view turned and mirrored: what is painted lies under the pointer, and what changed is what is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest

from canvas.paint.brush import Brush
from canvas.view.turn import Turn
from tests.gui.canvas_hands import LEFT, CanvasHands


class TurnedHands(CanvasHands):
    """The same hands on a view that is turned: places are those of the picture still."""

    def at(self, x: float, y: float) -> QPointF:
        port = self.view.viewport
        return self.view.turn.map(self.view.width(), self.view.height()).map(QPointF(*port.to_view(x, y)))


@pytest.fixture
def hands(qtbot):
    hands = TurnedHands(qtbot)
    hands.view.set_selected_word(hands.lake)
    hands.view.brush = Brush(diameter=30, hardness=1.0)
    return hands


TURNS = [Turn(90), Turn(-35), Turn(0, True), Turn(120, True)]


@pytest.mark.parametrize("turn", TURNS)
def test_paint_lies_where_the_pointer_is(hands, turn):
    hands.view.set_turn(turn)
    hands.drag((150, 100), (180, 120), (250, 180))
    mask = hands.mask(hands.lake)
    for x, y in ((150, 100), (180, 120), (250, 180)):
        assert mask[y, x] == 255
    assert mask[180, 150] == 0 and mask[100, 250] == 0


@pytest.mark.parametrize("turn", TURNS)
def test_partial_updates_leave_what_a_whole_repaint_draws(hands, turn):
    hands.view.set_turn(turn)
    hands.drag((100, 100), (180, 120), (300, 180))
    hands.move(60, 60)
    hands.view.move_cursor(None)
    found = hands.screen().astype(int)
    hands.view.update()
    away = np.abs(found - hands.screen().astype(int)).max(axis=2)
    assert (away > 24).mean() < 0.001


def test_mirrored_the_picture_is_the_other_way_round_and_names_are_not(hands):
    picture = np.zeros((300, 400, 3), np.uint8)
    picture[:, :200] = (250, 20, 20)
    hands.view.set_picture(picture)
    before = hands.pixel(100, 250), hands.pixel(300, 250)
    left, right = (CanvasHands.at(hands, x, 250).toPoint() for x in (100, 300))
    hands.view.set_turn(Turn(0, True))
    screen = hands.screen()
    assert tuple(screen[left.y(), left.x()]) == before[1] and tuple(screen[right.y(), right.x()]) == before[0]


def test_space_and_shift_turn_the_view_by_hand_and_near_upright_it_is_upright(hands):
    view, middle = hands.view, QPointF(hands.view.width() / 2, hands.view.height() / 2)
    QTest.keyPress(view, Qt.Key.Key_Space)

    def mouse(kind, x, y):
        at = middle + QPointF(x, y)
        held = LEFT if kind != QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
        shift = Qt.KeyboardModifier.ShiftModifier
        QCoreApplication.sendEvent(view, QMouseEvent(kind, at, view.mapToGlobal(at), button, held, shift))

    mouse(QEvent.Type.MouseButtonPress, 100, 0)
    mouse(QEvent.Type.MouseMove, 71, 71)
    mouse(QEvent.Type.MouseMove, 0, 100)
    assert view.turn.angle == pytest.approx(90, abs=0.5)
    mouse(QEvent.Type.MouseMove, 100, 3)
    assert view.turn == Turn()
    mouse(QEvent.Type.MouseMove, 0, -100)
    mouse(QEvent.Type.MouseButtonRelease, 0, -100)
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert view.turn.angle == pytest.approx(-90, abs=0.5) and hands.mask(hands.lake).max() == 0


def test_keys_mirror_turn_and_set_upright(make_window):
    hands = make_window()
    view, actions = hands.window.view, hands.window.actions_table
    hands.key(Qt.Key.Key_M, widget=view)
    assert view.turn == Turn(0, True) and actions["view.mirror"].isChecked()
    hands.control(Qt.Key.Key_BracketRight, widget=view)
    assert view.turn == Turn(15, True) and "15°, mirrored" in hands.window.status.news
    hands.key(Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier, widget=view)
    assert view.turn.upright and not actions["view.mirror"].isChecked() and not actions["view.upright"].isEnabled()


def test_a_grid_is_drawn_and_taken_away(hands):
    hands.view.set_picture(np.full((300, 400, 3), 200, np.uint8))
    before = hands.screen()
    hands.view.set_grid(shown=True, step=64)
    changed = (hands.screen() != before).any(axis=2)
    at = hands.at(128, 100).toPoint()
    assert changed[at.y(), at.x() - 1 : at.x() + 2].any() and changed.mean() < 0.1
    hands.view.set_grid(shown=False)
    assert np.array_equal(hands.screen(), before)
