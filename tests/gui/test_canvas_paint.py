"""Painting on the canvas: strokes, lines, picks, aborts and hints, by mouse and key events."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest

from canvas.paint.brush import Brush
from tests.gui.canvas_hands import LEFT, NONE, RIGHT, CanvasHands

HARD = Brush(diameter=20, hardness=1.0)


@pytest.fixture
def hands(qtbot) -> CanvasHands:
    hands = CanvasHands(qtbot)
    hands.view.brush = HARD
    hands.view.set_selected_word(hands.lake)
    return hands


def test_a_drag_paints_the_selected_word_where_it_went(hands: CanvasHands) -> None:
    hands.drag((100, 100), (150, 100), (200, 100))
    mask = hands.mask(hands.lake)
    assert mask[100, 100:201].min() == 255
    ys, xs = np.nonzero(mask > 127)
    assert (xs.min(), xs.max(), ys.min(), ys.max()) == (90, 209, 90, 109)
    assert not hands.mask(hands.hills).any()


def test_a_stroke_is_one_undo_step(hands: CanvasHands) -> None:
    steps_before = hands.document.scene
    hands.drag((100, 100), (150, 140), (200, 100))
    assert hands.mask(hands.lake).any()
    hands.document.undo()
    assert hands.document.scene is steps_before
    hands.document.redo()
    assert hands.mask(hands.lake)[100, 100] == 255


def test_paint_shows_on_the_screen_while_the_button_is_down(hands: CanvasHands) -> None:
    empty = hands.pixel(150, 100)
    hands.press(100, 100)
    hands.move(150, 100)
    assert hands.document.scene.masks[hands.lake].is_empty
    assert hands.pixel(130, 100) != empty
    hands.release(150, 100)
    assert hands.pixel(130, 100) != empty


def test_the_eraser_takes_paint_away(hands: CanvasHands) -> None:
    hands.drag((100, 100), (200, 100))
    hands.view.use_eraser()
    hands.drag((150, 80), (150, 120))
    mask = hands.mask(hands.lake)
    assert mask[100, 150] == 0
    assert mask[100, 110] == 255


def test_strokes_may_begin_and_end_beyond_the_edge(hands: CanvasHands) -> None:
    hands.drag((-30, 150), (20, 150))
    hands.drag((380, 150), (450, 150))
    mask = hands.mask(hands.lake)
    assert mask[150, 0] == 255
    assert mask[150, 399] == 255


def test_without_a_word_a_stroke_says_what_to_do_and_paints_nothing(hands: CanvasHands) -> None:
    hands.view.set_selected_word(None)
    before = hands.document.scene
    hands.drag((100, 100), (200, 100))
    assert hands.document.scene is before
    assert len(hands.messages) == 1
    assert "Click a word in the prompt" in hands.messages[0]


def test_a_hidden_word_is_not_painted_in_secret(hands: CanvasHands) -> None:
    hands.document.set_visible(hands.lake, False)
    hands.drag((100, 100), (200, 100))
    assert not hands.mask(hands.lake).any()
    assert "lake" in hands.messages[0]


def test_shift_click_draws_a_straight_line_from_the_last_place(hands: CanvasHands) -> None:
    hands.drag((50, 50), (60, 50))
    hands.drag((260, 250), modifier=Qt.KeyboardModifier.ShiftModifier)
    mask = hands.mask(hands.lake)
    for part in np.linspace(0, 1, 21):
        assert mask[round(50 + 200 * part), round(60 + 200 * part)] == 255
    assert mask[50, 250] == 0


def test_escape_in_mid_stroke_leaves_no_paint_and_no_undo_step(hands: CanvasHands) -> None:
    hands.drag((50, 50), (90, 50))
    before, label = hands.document.scene, hands.document.undo_label
    picture = hands.screen()
    hands.press(100, 150)
    hands.move(200, 150)
    assert hands.document.live is not None
    QTest.keyClick(hands.view, Qt.Key.Key_Escape)
    hands.move(250, 150)
    hands.release(250, 150)
    assert hands.document.live is None
    assert hands.document.scene is before
    assert hands.document.undo_label == label
    QTest.mouseMove(hands.view, hands.point(90, 50))
    QTest.mouseMove(hands.view, hands.point(90, 50))
    hands.move(90, 50)
    assert np.array_equal(hands.screen(), picture)


def test_escape_is_the_windows_again_when_no_stroke_runs(hands: CanvasHands) -> None:
    asked: list[str] = []
    shortcut = QShortcut(QKeySequence(Qt.Key.Key_Escape), hands.view)
    shortcut.activated.connect(lambda: asked.append("cancel"))
    hands.view.activateWindow()
    hands.press(100, 150)
    hands.move(200, 150)
    QTest.keyClick(hands.view, Qt.Key.Key_Escape)
    hands.release(200, 150)
    assert not hands.mask(hands.lake).any()
    assert asked == []
    QTest.keyClick(hands.view, Qt.Key.Key_Escape)
    assert asked == ["cancel"]


def test_an_undo_in_mid_stroke_ends_the_stroke(hands: CanvasHands) -> None:
    hands.drag((50, 50), (90, 50))
    hands.press(100, 150)
    hands.move(200, 150)
    hands.document.undo()
    hands.move(250, 150)
    hands.release(250, 150)
    assert not hands.mask(hands.lake).any()
    hands.drag((100, 150), (120, 150))
    assert hands.mask(hands.lake)[150, 110] == 255


def test_another_scene_in_mid_stroke_is_left_alone(hands: CanvasHands) -> None:
    hands.press(100, 150)
    hands.move(200, 150)
    scene = hands.document.scene
    hands.document.load(scene)
    hands.move(250, 150)
    hands.release(250, 150)
    assert hands.document.scene is scene


def test_a_second_button_does_not_disturb_a_stroke(hands: CanvasHands) -> None:
    hands.press(100, 100)
    hands.press(120, 100, RIGHT)
    hands.release(120, 100, RIGHT)
    hands.move(200, 100)
    hands.release(200, 100)
    assert hands.mask(hands.lake)[100, 190] == 255


@pytest.mark.parametrize("how", [(RIGHT, NONE), (LEFT, Qt.KeyboardModifier.AltModifier)])
def test_a_pick_selects_the_word_under_the_cursor(hands: CanvasHands, how) -> None:
    hands.drag((60, 150), (120, 150))
    hands.view.set_selected_word(hands.hills)
    hands.drag((300, 150), (360, 150))
    picked: list[str] = []
    hands.view.selected_word_changed.connect(picked.append)
    before = hands.document.scene
    hands.drag((65, 155), button=how[0], modifier=how[1])
    assert picked == [hands.lake]
    hands.drag((200, 250), button=how[0], modifier=how[1])
    assert picked == [hands.lake]
    assert hands.messages
    assert hands.document.scene is before


def test_picking_again_goes_to_the_word_below(hands: CanvasHands) -> None:
    hands.drag((100, 150), (300, 150))
    hands.view.set_selected_word(hands.hills)
    hands.drag((100, 150), (300, 150))
    seen = []
    for _ in range(3):
        hands.drag((110, 145), button=RIGHT)
        seen.append(hands.view.selected_word)
    assert seen == [hands.lake, hands.hills, hands.lake]


def test_a_click_on_a_name_picks_its_word(hands: CanvasHands) -> None:
    hands.view.brush = dataclasses.replace(HARD, diameter=6)
    hands.drag((200, 100), (201, 100))
    hands.view.set_selected_word(hands.hills)
    hands.drag((215, 83), button=RIGHT)  # on the pill, which stands above paint as small as that
    assert hands.view.selected_word == hands.lake


def test_a_word_that_is_dropped_is_no_longer_selected(hands: CanvasHands) -> None:
    gone: list[str] = []
    hands.view.selected_word_changed.connect(gone.append)
    hands.document.remove_word(hands.lake)
    assert hands.view.selected_word is None
    assert gone == [""]


def test_brush_sizes_go_by_a_factor_and_stay_within_limits(hands: CanvasHands) -> None:
    view, told = hands.view, []
    view.brush_changed.connect(lambda: told.append(view.brush.diameter))
    view.brush = dataclasses.replace(HARD, diameter=100)
    view.grow_brush()
    assert view.brush.diameter == 125
    for _ in range(40):
        view.shrink_brush()
    assert view.brush.diameter == 1
    sizes = []
    while view.brush.diameter < 1024:
        view.grow_brush()
        sizes.append(view.brush.diameter)
    assert sizes == sorted(set(sizes))
    view.grow_brush()
    assert view.brush.diameter == 1024
    assert told[0] == 100


def test_strokes_are_announced(hands: CanvasHands) -> None:
    told: list[str] = []
    hands.view.stroke_started.connect(lambda: told.append("started"))
    hands.view.stroke_finished.connect(lambda: told.append("finished"))
    hands.drag((100, 100), (200, 100))
    hands.press(100, 100)
    QTest.keyClick(hands.view, Qt.Key.Key_Escape)
    hands.release(100, 100)
    assert told == ["started", "finished"] * 2


@pytest.mark.parametrize("zoom_steps", [-3, 0, 2, 5])
def test_paint_lands_under_the_cursor_at_every_zoom(hands: CanvasHands, zoom_steps: int) -> None:
    for _ in range(abs(zoom_steps)):
        hands.view.zoom_in() if zoom_steps > 0 else hands.view.zoom_out()
    hands.view.brush = dataclasses.replace(HARD, diameter=1)
    middle = hands.view.rect().center()
    x, y = hands.view.viewport.to_picture(middle.x(), middle.y())
    QTest.mouseClick(hands.view, LEFT, NONE, middle)
    ys, xs = np.nonzero(hands.mask(hands.lake))
    assert (list(xs), list(ys)) == ([int(x)], [int(y)])
