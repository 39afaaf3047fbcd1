"""The paint goes out of the way of a new picture, and comes back under the hand that reaches for it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from canvas.model.scene import Scene, Settings
from canvas.paint.brush import Brush
from tests.gui.canvas_hands import RIGHT, CanvasHands

RED = np.full((300, 400, 3), (200, 30, 30), np.uint8)
PLAIN = (200, 30, 30)


@pytest.fixture
def canvas(qtbot) -> CanvasHands:
    """A canvas with a picture and two painted words, whose paint rests."""
    hands = CanvasHands(qtbot)
    hands.view.brush = Brush(diameter=40)
    for word, y in ((hands.hills, 60), (hands.lake, 240)):
        hands.view.set_selected_word(word)
        hands.drag((60, y), (200, y))
    hands.view.set_picture(RED)
    hands.view.rest_overlays()
    assert hands.pixel(60, 240) == PLAIN and not hands.view.overlays_visible
    return hands


def use_eraser(hands: CanvasHands) -> None:
    hands.view.use_eraser()


def use_brush(hands: CanvasHands) -> None:
    hands.view.use_brush()


def choose(hands: CanvasHands) -> None:
    hands.view.set_selected_word(hands.lake)


def pick(hands: CanvasHands) -> None:
    hands.press(60, 65, RIGHT)
    hands.release(60, 65, RIGHT)
    assert hands.view.selected_word == hands.hills


def undo(hands: CanvasHands) -> None:
    hands.document.undo()
    hands.document.redo()


def tab(hands: CanvasHands) -> None:
    QTest.keyClick(hands.view, Qt.Key.Key_Tab)


def paint(hands: CanvasHands) -> None:
    hands.press(300, 150)
    assert hands.pixel(300, 150) != PLAIN
    hands.release(300, 150)


@pytest.mark.parametrize("reach", [use_brush, use_eraser, choose, pick, undo, tab, paint])
def test_paint_that_rests_comes_back_when_one_reaches_for_it_and_stays(canvas, reach) -> None:
    reach(canvas)
    assert canvas.view.overlays_visible and canvas.pixel(60, 240) != PLAIN


def test_looking_around_leaves_it_at_rest(canvas) -> None:
    canvas.wheel(100, 100, 1)
    canvas.drag((100, 100), (120, 120), button=Qt.MouseButton.MiddleButton)
    canvas.move(200, 200)
    assert not canvas.view.overlays_visible


def test_in_mid_stroke_it_does_not_rest(canvas) -> None:
    canvas.press(300, 150)
    canvas.view.rest_overlays()
    assert canvas.view.overlays_visible
    canvas.release(300, 150)


@pytest.mark.parametrize("end", ["release", "escape"])
def test_hidden_by_hand_it_comes_with_the_next_stroke_and_stays(canvas, end) -> None:
    for _ in range(2):
        tab(canvas)
    shown: list[bool] = []
    canvas.view.overlays_changed.connect(shown.append)
    canvas.press(300, 150)
    canvas.move(310, 150)
    assert canvas.pixel(305, 150) != PLAIN and canvas.pixel(60, 240) != PLAIN
    if end == "escape":
        QTest.keyClick(canvas.view, Qt.Key.Key_Escape)
    canvas.release(310, 150)
    assert canvas.view.overlays_visible and shown == [True]
    assert canvas.pixel(60, 240) != PLAIN and (canvas.pixel(305, 150) == PLAIN) == (end == "escape")


def test_what_is_not_seen_is_not_picked(canvas) -> None:
    for _ in range(2):
        tab(canvas)
    canvas.press(60, 65, RIGHT)
    canvas.release(60, 65, RIGHT)
    assert canvas.view.selected_word == canvas.lake and "hidden" in canvas.messages[-1]


# in the window --------------------------------------------------------------------------------------------------------


@pytest.fixture
def painter(make_window, tiny: Settings):
    """A window with an engine and a painted word, on a tiny model."""
    hands = make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)
    hands.click_word("lake")
    hands.stroke((16, 16), (40, 40))
    return hands


def footer(hands) -> str:
    return hands.window.status.hidden


def test_a_new_picture_is_seen_without_the_paint_and_a_stroke_brings_it_back(painter) -> None:
    view, action = painter.window.view, painter.window.actions_table["view.overlays"]
    painter.generate()
    assert not view.overlays_visible and not action.isChecked() and "press Tab on the canvas" in footer(painter)
    painter.stroke((20, 40), (40, 20))
    assert view.overlays_visible and action.isChecked() and not footer(painter)


def test_a_word_of_the_prompt_brings_it_back_even_the_one_that_was_chosen(painter) -> None:
    painter.generate()
    QApplication.sendEvent(painter.window.prompt_bar.prompt, QEvent(QEvent.Type.Leave))  # the pointer was away
    painter.click_word("lake")
    assert painter.window.view.overlays_visible


def test_the_key_of_the_brush_brings_it_back(painter) -> None:
    painter.generate()
    painter.key(Qt.Key.Key_B, widget=painter.window.view)
    assert painter.window.view.overlays_visible


def test_who_paints_on_while_a_picture_is_made_keeps_the_paint_in_sight(painter) -> None:
    generation = painter.window.generation
    with painter.qtbot.waitSignal(generation.ended, timeout=60_000):
        painter.control(Qt.Key.Key_Return, widget=painter.window.view)
        painter.stroke((20, 40), (40, 20))
    assert painter.window.view.overlays_visible


def test_live_pictures_are_seen_without_the_paint_which_each_stroke_brings_back(painter) -> None:
    view, generation = painter.window.view, painter.window.generation
    with painter.qtbot.waitSignal(generation.picture, timeout=60_000):
        painter.control(Qt.Key.Key_L, widget=view)
    painter.qtbot.waitUntil(lambda: not view.overlays_visible)
    with painter.qtbot.waitSignal(generation.picture, timeout=60_000):
        painter.stroke((20, 40), (40, 20))
        assert view.overlays_visible
    painter.qtbot.waitUntil(lambda: not view.overlays_visible, timeout=60_000)


def test_a_scene_without_paint_hides_nothing(painter) -> None:
    painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    painter.generate()
    assert painter.window.view.overlays_visible and not footer(painter)


def test_the_paint_can_be_kept_over_every_picture(painter, make_window) -> None:
    painter.window.actions_table["view.rest"].trigger()
    painter.generate()
    assert painter.window.view.overlays_visible
    painter.window.preferences.sync()
    assert not make_window().window.actions_table["view.rest"].isChecked()


def test_the_toggle_in_the_bar_brings_it_back(painter) -> None:
    painter.generate()
    button = painter.window.findChild(object, "button.view.overlays")
    painter.click(button, QPoint(8, 8))
    assert painter.window.view.overlays_visible


def test_the_paint_alone_is_seen_on_paper_and_fainter_at_will(canvas) -> None:
    canvas.view.set_overlays_visible(True)
    strong = canvas.pixel(60, 240)
    canvas.view.set_overlay_opacity(0.3)
    faint = canvas.pixel(60, 240)
    distance = [sum(abs(a - b) for a, b in zip(seen, PLAIN, strict=True)) for seen in (strong, faint)]
    assert 0 < distance[1] < distance[0] / 2
    canvas.view.set_overlay_opacity(1.0)
    canvas.view.set_paint_only(True)
    assert canvas.pixel(300, 150) != PLAIN and canvas.pixel(60, 240) != strong
    canvas.view.set_paint_only(False)
    assert canvas.pixel(300, 150) == PLAIN and canvas.pixel(60, 240) == strong


def test_tab_with_ctrl_leaves_the_canvas(painter) -> None:
    view = painter.window.view
    view.setFocus()
    painter.control(Qt.Key.Key_Tab, widget=view)
    assert not view.hasFocus() and view.overlays_visible
