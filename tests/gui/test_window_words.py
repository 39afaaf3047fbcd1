"""What else the window offers for a word and the pen: when its paint acts, its text when that is gone, pressure."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from canvas.model.scene import Scene, Settings
from engine import LocalExecutor
from tests.gui.canvas_hands import PEN

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
FULL = (0.0, 1.0)


# --- when a word acts ---------------------------------------------------------------------------------------------


@pytest.fixture
def acts(hands):
    """The sliders of the word “lake”, opened by its clock."""
    chip = hands.window.words.chip(hands.click_word("lake"))
    hands.qtbot.waitUntil(chip.isVisible)
    assert not chip.window_row.isVisible()
    hands.click(chip.when)
    assert chip.window_row.isVisible()
    hands.qtbot.waitUntil(lambda: chip.window_row.start.width() > 40 and chip.window_row.end.x() > 40)
    return chip.window_row


def window_of(hands) -> tuple[float, float]:
    return hands.window.document.scene.words[0].window


def type_into(hands, slider, text: str) -> None:
    QTest.mouseClick(slider, Qt.MouseButton.RightButton, NONE, slider.rect().center())
    slider._editor.selectAll()
    hands.type(text, slider._editor)
    hands.key(Qt.Key.Key_Return, widget=slider._editor)


def test_start_and_end_are_typed_and_undone(hands, acts):
    type_into(hands, acts.start, "20")
    type_into(hands, acts.end, "60")
    assert window_of(hands) == (0.2, 0.6)
    assert "20% to 60%" in hands.window.words.chip(hands.window.view.selected_word).when.toolTip()
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert window_of(hands) == (0.2, 1.0) and acts.end.value == 100
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert window_of(hands) == FULL
    hands.control(Qt.Key.Key_Z, shift=True, widget=hands.window.view)
    assert window_of(hands) == (0.2, 1.0)


def test_a_drag_is_one_undo_step_and_a_double_click_resets(hands, acts):
    y = acts.end.rect().center().y()
    right = acts.end.width()
    hands.drag(acts.end, QPoint(right - 5, y), QPoint(right // 2, y), QPoint(right // 4, y), QPoint(right // 2, y))
    assert window_of(hands) == (0.0, 0.5)
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert window_of(hands) == FULL
    hands.control(Qt.Key.Key_Z, shift=True, widget=hands.window.view)
    QTest.mouseDClick(acts.end, LEFT, NONE, QPoint(10, y))
    assert window_of(hands) == FULL


def test_an_end_before_the_start_takes_it_along(hands, acts):
    type_into(hands, acts.start, "50")
    type_into(hands, acts.end, "30")
    assert window_of(hands) == (0.3, 0.3) and acts.start.value == 30
    type_into(hands, acts.start, "80")
    assert window_of(hands) == (0.8, 0.8)
    assert not hands.window.banner.isVisible()


def test_the_clock_closes_what_it_opened(hands, acts):
    hands.click(hands.window.words.chip(hands.window.view.selected_word).when)
    assert not acts.isVisible()


def test_paint_that_never_acts_changes_no_picture(make_window, real_tiny: Settings):
    hands = make_window(
        Scene(prompt="a lake and sky", size=(64, 64), settings=real_tiny), engine=True, executor=LocalExecutor()
    )
    hands.control(Qt.Key.Key_Return, widget=hands.window.view)
    hands.qtbot.waitUntil(lambda: hands.window.shown.rgb is not None, timeout=60_000)
    hands.click(hands.window.settings_panel.findChild(object, "button.generate.lock"))
    plain = hands.window.shown.rgb
    chip = hands.window.words.chip(hands.click_word("lake"))
    hands.stroke((16, 16), (40, 40))
    hands.click(chip.when)
    type_into(hands, chip.window_row.end, "0")
    hands.generate()
    assert np.array_equal(hands.window.shown.rgb, plain)
    type_into(hands, chip.window_row.end, "100")
    hands.generate()
    assert not np.array_equal(hands.window.shown.rgb, plain)


# --- a word whose text is gone ------------------------------------------------------------------------------------


@pytest.fixture
def lost(hands):
    """The chip of the painted “sky”, whose text was cut out of the prompt by hand."""
    word = hands.click_word("sky")
    hands.stroke((60, 60), (120, 120))
    hands.mark("sky")
    hands.type("moon", hands.window.prompt_bar.prompt)
    assert hands.window.document.scene.word(word).span is None
    return hands.window.words.chip(word)


def test_a_word_that_stands_offers_no_attaching(hands):
    chip = hands.window.words.chip(hands.click_word("sky"))
    hands.qtbot.waitUntil(chip.isVisible)
    assert not chip.attach.isVisible() and chip.strength.isVisible() and chip.when.isVisible()


def test_a_lost_word_is_attached_to_what_is_marked_with_all_its_paint(hands, lost):
    assert lost.attach.isVisible() and not lost.strength.isVisible() and not lost.when.isVisible()
    assert not lost.attach.isEnabled() and "First select" in lost.attach.toolTip()
    painted = hands.coverage(lost.word_id)
    hands.mark("moon")
    assert lost.attach.isEnabled()
    hands.click(lost.attach)
    word = hands.window.document.scene.word(lost.word_id)
    assert word.phrase == "moon" and hands.window.prompt_bar.prompt.text()[slice(*word.span)] == "moon"
    assert hands.coverage(lost.word_id) == painted > 0
    assert not lost.attach.isVisible() and lost.strength.isVisible() and lost.name.text() == "moon"
    assert hands.window.view.selected_word == lost.word_id
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert hands.window.document.scene.word(lost.word_id).span is None and lost.attach.isVisible()


def test_a_lost_word_is_not_attached_to_text_with_paint_of_its_own(hands, lost):
    hands.click_word("lake")
    hands.stroke((60, 60), (120, 120))
    before = hands.window.document.scene
    hands.mark("lake")
    hands.click(lost.attach)
    banner = hands.window.banner
    assert banner.isVisible() and banner.message == "“lake” already has paint." and banner.hint
    assert hands.window.document.scene is before
    hands.mark("moon")
    hands.click(lost.attach)
    assert not banner.isVisible() and hands.window.document.scene.word(lost.word_id).phrase == "moon"


def test_a_lost_word_is_attached_to_a_word_marked_by_a_double_click(hands, lost):
    prompt = hands.window.prompt_bar.prompt
    hands.double_click(prompt.viewport(), hands.word_rect("moon").center().toPoint())
    assert prompt.textCursor().selectedText() == "moon" and lost.attach.isEnabled()
    hands.click(lost.attach)
    scene = hands.window.document.scene
    assert not hands.window.banner.isVisible() and scene.word(lost.word_id).phrase == "moon"
    assert [word.phrase for word in scene.words] == ["moon"]


def test_a_lost_word_is_given_to_what_was_typed_in_its_place_by_one_click(hands, lost):
    painted = hands.coverage(lost.word_id)
    assert lost.use.isVisible() and lost.use.text() == "Use for “moon”"
    hands.click(lost.use)
    word = hands.window.document.scene.word(lost.word_id)
    assert (word.phrase, word.span) == ("moon", (19, 23)) and hands.coverage(lost.word_id) == painted > 0
    assert not lost.use.isVisible() and hands.window.view.selected_word == lost.word_id
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert hands.window.document.scene.word(lost.word_id).span is None and lost.use.isVisible()


def test_the_offer_follows_what_is_typed(hands, lost):
    prompt = hands.window.prompt_bar.prompt
    for _ in "moon":
        hands.key(Qt.Key.Key_Backspace, widget=prompt)
    assert not lost.use.isVisible()
    hands.type("old castle", prompt)
    assert lost.use.isVisible() and lost.use.text() == "Use for “old castle”"
    hands.click(lost.use)
    assert hands.window.document.scene.word(lost.word_id).phrase == "old castle"


def test_text_with_paint_of_its_own_is_not_offered(hands, lost):
    hands.click_word("moon")
    assert not lost.use.isVisible() and lost.attach.isVisible()


def test_a_word_of_another_scene_is_not_taken_for_one_of_this(hands, lost):
    scene = hands.window.document.scene.replace(prompt="a lake under a red owl, a lake")
    hands.window.document.load(scene)
    chip = hands.window.words.chip(lost.word_id)
    assert chip.name.text() == "sky" and not chip.use.isVisible()


def test_a_lost_word_can_still_be_dropped(hands, lost):
    hands.click(lost.drop)
    assert not hands.window.document.scene.has_word(lost.word_id)


def test_gone_words_are_removed_together_and_undone_together(hands, lost):
    button, document = hands.window.words.drop_gone, hands.window.document
    assert not button.isVisible(), "one is dropped by its own cross"
    kept = hands.click_word("moon")
    hands.stroke((20, 20), (60, 60))
    red = hands.click_word("red")
    hands.mark("red")
    hands.type("wide", hands.window.prompt_bar.prompt)
    assert document.scene.word(red).span is None and button.isVisible()
    assert hands.window.words.rect().contains(button.mapTo(hands.window.words, button.rect().bottomRight()))
    before = document.scene
    hands.click(button)
    assert [word.id for word in document.scene.words] == [kept] and set(document.scene.masks) == {kept}
    assert not button.isVisible() and not hands.window.actions_table["word.drop_gone"].isEnabled()
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert document.scene == before and button.isVisible()


# --- the pen ------------------------------------------------------------------------------------------------------

PRESS, MOVE, RELEASE = QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease


def pen_stroke(hands, pressure: float) -> np.ndarray:
    """A level stroke of the pen over the canvas; the mask of the chosen word after it, and then it is undone."""
    view = hands.window.view
    for kind, x in ((PRESS, 80), (MOVE, 120), (MOVE, 160), (RELEASE, 160)):
        at = QPointF(hands.on_canvas(x, 128))
        button = Qt.MouseButton.NoButton if kind == MOVE else LEFT
        held = Qt.MouseButton.NoButton if kind == RELEASE else LEFT
        event = QTabletEvent(kind, PEN, at, view.mapToGlobal(at), pressure, 0.0, 0.0, 0.0, 0.0, 0.0, NONE, button, held)
        QCoreApplication.sendEvent(view, event)
    hands.qtbot.wait(1)
    mask = hands.window.document.scene.masks[view.selected_word].to_array()
    hands.control(Qt.Key.Key_Z, widget=view)
    return mask


def width(mask: np.ndarray) -> int:
    return int((mask[:, 120] > 0).sum())


def test_pressure_is_switched_in_the_brush_bar(hands):
    hands.click_word("lake")
    bar, table = hands.window.brush_bar, hands.window.actions_table
    button = bar.findChild(object, "button.brush.pressure_size")
    assert button.isChecked() and button.isVisible()
    wide, narrow = pen_stroke(hands, 1.0), pen_stroke(hands, 0.3)
    assert width(narrow) < width(wide) / 2
    hands.click(button, QPoint(10, button.height() // 2))
    assert not button.isChecked()
    assert np.array_equal(pen_stroke(hands, 0.3), wide)
    (opacity,) = [action for action in button.menu().actions() if "pacity" in action.text().replace("&", "")]
    opacity.trigger()  # offscreen, a menu cannot take the keyboard and so cannot open
    assert opacity is table["brush.pressure_opacity"] and opacity.isChecked()
    light = pen_stroke(hands, 0.3)
    assert width(light) >= width(wide) - 2 and light.max() < 160


def test_how_pressure_acts_is_remembered(make_window):
    first = make_window(Scene(prompt="a lake"))
    button = first.window.brush_bar.findChild(object, "button.brush.pressure_size")
    first.click(button, QPoint(10, button.height() // 2))
    first.window.actions_table["brush.pressure_opacity"].trigger()
    first.window.close()
    again = make_window(Scene(prompt="a lake"))
    brush = again.window.view.brush
    assert not brush.pressure_size and brush.pressure_opacity
    assert not again.window.brush_bar.findChild(object, "button.brush.pressure_size").isChecked()
    assert again.window.actions_table["brush.pressure_opacity"].isChecked()


def test_a_click_on_a_word_gives_the_keys_to_the_brush(hands):
    view, prompt = hands.window.view, hands.window.prompt_bar.prompt
    text, diameter = prompt.text(), view.brush.diameter
    word = hands.click_word("lake")
    assert view.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_BracketRight)
    assert view.brush.diameter > diameter
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_E)
    assert view.brush.erase
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_B)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backspace, Qt.KeyboardModifier.ShiftModifier)
    assert hands.coverage(word) == 1
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    assert hands.coverage(word) == 0 and prompt.text() == text


@pytest.mark.parametrize("way", ["second click", "double click", "F2"])
def test_the_prompt_is_typed_in_after_a_second_click_a_double_click_or_f2(hands, way):
    prompt = hands.window.prompt_bar.prompt
    place = hands.word_rect("lake").center().toPoint()
    if way == "double click":
        hands.double_click(prompt.viewport(), place)
    else:
        hands.click_word("lake")
        assert not prompt.hasFocus()
        if way == "F2":
            hands.key(Qt.Key.Key_F2)
        else:
            hands.click(prompt.viewport(), place)
    assert prompt.hasFocus()
    hands.type("xyz")
    assert "xyz" in hands.window.document.scene.prompt
    hands.key(Qt.Key.Key_Escape)
    assert hands.window.view.hasFocus()


def test_who_comes_back_to_the_prompt_picks_the_word_again(hands):
    hands.click_word("lake")
    hands.stroke((60, 60), (90, 90))
    hands.click_word("lake")
    assert hands.window.view.hasFocus()


def test_a_click_on_a_word_that_names_nothing_only_places_the_caret(make_window):
    hands = make_window(Scene(prompt="a lake and a tree on the hills"))
    prompt = hands.window.prompt_bar.prompt
    for word, number in (("a", 1), ("and", 1), ("on", 1), ("the", 1)):
        rect = hands.word_rect(word, number)
        hands.click(prompt.viewport(), rect.center().toPoint())
        assert prompt.hasFocus()
    assert not hands.window.document.scene.words


def test_brush_and_eraser_stay_lit_however_often_they_are_pressed(hands):
    bar, view = hands.window.tools, hands.window.view
    brush, eraser = (bar.findChild(QToolButton, f"button.brush.{name}") for name in ("paint", "erase"))
    for key, button in ((Qt.Key.Key_E, eraser), (Qt.Key.Key_B, brush)):
        for _ in range(2):
            hands.key(key, widget=view)
            assert [tool for tool in (brush, eraser) if tool.isChecked()] == [button]
            assert view.brush.erase == (button is eraser)
        hands.click(button)
        assert button.isChecked()


def test_fill_leaves_other_words_their_paint_and_with_shift_takes_all(hands):
    sky = hands.click_word("sky")
    hands.stroke((60, 60), (120, 120))
    painted = hands.coverage(sky)
    lake = hands.click_word("lake")
    fill = hands.window.findChild(QToolButton, "button.word.fill")
    assert "no other word" in fill.toolTip() and "Shift" in fill.toolTip()
    hands.click(fill)
    assert hands.coverage(lake) == pytest.approx(1 - painted, abs=0.002) and hands.coverage(sky) == painted
    QTest.mouseClick(fill, LEFT, Qt.KeyboardModifier.ShiftModifier, fill.rect().center())
    assert hands.coverage(lake) == 1 and hands.coverage(sky) == painted


def test_undo_in_the_prompts_menu_is_the_windows(hands):
    prompt = hands.window.prompt_bar.prompt
    hands.click_word("lake")
    undo = hands.window.actions_table["edit.undo"]
    menu = prompt.menu_at(QPoint(2, 2))
    assert undo in menu.actions() and undo.isEnabled()
    assert not [action for action in menu.actions() if action.objectName() in ("edit-undo", "edit-redo")]
    undo.trigger()
    assert not hands.window.document.scene.words


def test_the_chip_of_a_word_just_picked_is_in_sight(make_window):
    hands = make_window(Scene(prompt="a castle, hills, a lake, a balloon, a sunset, a moon and a tree"))
    for word in ("castle", "hills", "lake", "balloon", "sunset", "moon", "tree"):
        hands.click_word(word)
        hands.qtbot.wait(20)
        chip = hands.window.words.chip(hands.window.view.selected_word)
        assert chip.visibleRegion().boundingRect().height() == chip.height()
