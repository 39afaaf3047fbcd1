"""Painting with words in the window: picking, painting, chips, prompt edits, undo."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest

from canvas.model.scene import Scene

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def test_a_clicked_word_becomes_a_chip_and_is_chosen(hands):
    word = hands.click_word("lake")
    assert hands.window.document.scene.word(word).span == (2, 6)
    chip = hands.window.words.chip(word)
    hands.qtbot.waitUntil(chip.isVisible)
    assert chip.property("selected") == "true" and chip.name.text() == "lake"


def test_two_equal_words_are_two_chips_with_their_number(hands):
    first, second = hands.click_word("lake"), hands.click_word("lake", 2)
    assert first != second
    assert hands.window.words.chip(second).name.text() == "lake #2"
    assert hands.window.document.scene.word(second).span == (26, 30)


def test_clicking_a_painted_word_again_chooses_it_and_adds_nothing(hands):
    first = hands.click_word("lake")
    hands.click_word("sky")
    assert hands.click_word("lake") == first
    assert len(hands.window.document.scene.words) == 2


def test_a_click_between_the_words_or_beside_the_text_picks_nothing(hands):
    field = hands.window.prompt_bar.prompt.viewport()
    hands.click(field, QPoint(field.width() - 5, field.height() - 5))
    assert not hands.window.document.scene.words


def test_a_marked_phrase_is_painted_by_the_button(hands):
    hands.mark("red sky")
    assert hands.window.prompt_bar.paint_this.isVisible()
    hands.click(hands.window.prompt_bar.paint_this)
    assert [word.phrase for word in hands.window.document.scene.words] == ["red sky"]
    assert not hands.window.prompt_bar.paint_this.isVisible()


def test_a_marked_phrase_is_painted_by_the_shortcut(hands):
    hands.mark("red sky")
    hands.control(Qt.Key.Key_P)
    assert [word.phrase for word in hands.window.document.scene.words] == ["red sky"]


def test_the_button_stands_under_the_phrase_that_is_marked(make_window):
    hands = make_window(Scene(prompt="a lake, a lake, a lake, a red sky over a lake"))
    bar = hands.window.prompt_bar
    hands.mark("red sky")
    rect = hands.word_rect("red sky")
    phrase = QRectF(rect).translated(bar.prompt.viewport().mapTo(bar, QPoint(0, 0)))
    button = QRectF(bar.paint_this.geometry())
    assert not button.intersects(phrase) and 0 <= button.top() - phrase.bottom() < 12
    assert abs(button.center().x() - phrase.right()) < 60 and bar.rect().contains(bar.paint_this.geometry())


def test_enter_paints_what_is_marked_by_keys_and_is_a_new_line_else(hands):
    prompt = hands.window.prompt_bar.prompt
    prompt.setFocus()
    prompt.place_cursor(15)
    for _ in "red sky":
        hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, widget=prompt)
    hands.key(Qt.Key.Key_Return, widget=prompt)
    assert [word.phrase for word in hands.window.document.scene.words] == ["red sky"]
    assert "\n" not in prompt.text() and hands.window.view.hasFocus()
    hands.key(Qt.Key.Key_Return, widget=prompt)
    assert "\n" in prompt.text()


def test_the_menu_of_the_prompt_paints_what_is_marked_or_under_the_pointer(hands):
    prompt = hands.window.prompt_bar.prompt
    for phrase, mark in (("red sky", True), ("under", False)):
        if mark:
            hands.mark(phrase)
        # Offscreen a menu cannot take the keyboard and so cannot open.
        menu = prompt.menu_at(hands.word_rect(phrase).center().toPoint())
        entry = menu.actions()[0]
        assert entry.text() == f"Paint “{phrase}”"
        entry.trigger()
    assert [word.phrase for word in hands.window.document.scene.words] == ["red sky", "under"]
    nowhere = prompt.menu_at(QPoint(prompt.viewport().width() - 3, prompt.viewport().height() - 3))
    assert not nowhere.actions()[0].text().startswith("Paint")


def test_words_after_an_emoji_are_hit_exactly(make_window):
    hands = make_window(Scene(prompt="🏔🏔 a lake, 🌲 tree"))
    word = hands.click_word("tree")
    assert hands.window.document.scene.word(word).phrase == "tree"


def test_a_stroke_paints_the_chosen_word_and_no_other(hands):
    sky, lake = hands.click_word("sky"), hands.click_word("lake")
    hands.stroke((60, 60), (120, 120), (400, 120))
    assert hands.coverage(lake) > 0.05 and hands.coverage(sky) == 0


def test_without_a_word_a_stroke_says_what_to_do_first(hands):
    hands.stroke((60, 60), (120, 120))
    assert "word" in hands.window.status.news
    assert not hands.window.document.can_undo


def test_the_eraser_takes_paint_away(hands):
    word = hands.click_word("lake")
    hands.stroke((60, 60), (120, 120))
    before = hands.coverage(word)
    hands.key(Qt.Key.Key_E, widget=hands.window.view)
    hands.stroke((60, 60), (120, 120))
    assert hands.coverage(word) < before / 4


def test_undo_and_redo_of_a_stroke_by_keys(hands):
    word = hands.click_word("lake")
    hands.stroke((60, 60), (120, 120))
    painted = hands.coverage(word)
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert hands.coverage(word) == 0
    hands.control(Qt.Key.Key_Z, shift=True, widget=hands.window.view)
    assert hands.coverage(word) == painted


def test_undo_inside_the_prompt_field_undoes_the_document(hands):
    field = hands.window.prompt_bar.prompt
    hands.click(field.viewport(), QPoint(field.viewport().width() - 5, 12))
    hands.type("!")
    assert hands.window.document.scene.prompt.endswith("!")
    hands.control(Qt.Key.Key_Z, widget=field)
    assert hands.window.document.scene.prompt == "a lake under a red sky, a lake" == field.text()


def test_strength_is_dragged_and_a_double_click_resets_it(hands):
    word = hands.click_word("lake")
    slider = hands.window.words.chip(word).strength
    middle = slider.rect().center()
    hands.drag(slider, middle, QPoint(10, middle.y()), QPoint(0, middle.y()))
    assert hands.window.document.scene.word(word).strength == -2.0
    QTest.mouseDClick(slider, LEFT, NONE, QPoint(30, middle.y()))
    assert hands.window.document.scene.word(word).strength == 1.0


def test_strength_can_be_typed(hands):
    word = hands.click_word("lake")
    slider = hands.window.words.chip(word).strength
    QTest.mouseClick(slider, Qt.MouseButton.RightButton, NONE, slider.rect().center())
    editor = slider.focusProxy() or slider.findChildren(type(hands.window.prompt_bar.negative).__mro__[1])[-1]
    editor.selectAll()
    hands.type("-0.5", editor)
    hands.key(Qt.Key.Key_Return, widget=editor)
    assert hands.window.document.scene.word(word).strength == -0.5


def test_a_drag_of_the_strength_is_one_undo_step(hands):
    word = hands.click_word("lake")
    slider = hands.window.words.chip(word).strength
    y = slider.rect().center().y()
    hands.drag(slider, QPoint(60, y), QPoint(80, y), QPoint(120, y), QPoint(30, y))
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert hands.window.document.scene.word(word).strength == 1.0


def test_the_eye_hides_a_words_paint(hands):
    word = hands.click_word("lake")
    hands.click(hands.window.words.chip(word).eye)
    assert not hands.window.document.scene.word(word).visible


def test_fill_and_clear_from_the_bar_and_the_chip(hands):
    word = hands.click_word("lake")
    hands.click(hands.window.tools.findChild(object, "button.word.fill"))
    assert hands.coverage(word) == 1.0
    hands.click(hands.window.words.chip(word).wipe)
    assert hands.coverage(word) == 0.0


def test_drop_removes_word_and_chip(hands):
    word = hands.click_word("lake")
    hands.click(hands.window.words.chip(word).drop)
    assert not hands.window.document.scene.words and hands.window.words.chip(word) is None


def test_a_word_whose_text_is_gone_is_struck_through_and_keeps_its_paint_until_dropped(hands):
    word = hands.click_word("sky")
    hands.stroke((60, 60), (120, 120))
    painted = hands.coverage(word)
    hands.mark("sky")
    hands.key(Qt.Key.Key_Delete, widget=hands.window.prompt_bar.prompt)
    chip = hands.window.words.chip(word)
    assert hands.window.document.scene.word(word).span is None
    assert chip.name.font().strikeOut() and chip.note.text() == "not in prompt"
    assert hands.coverage(word) == painted
    hands.click(chip.drop)
    assert not hands.window.document.scene.words


def test_typing_before_a_word_keeps_its_paint_on_it(hands):
    word = hands.click_word("lake", 2)
    hands.stroke((60, 60), (120, 120))
    field = hands.window.prompt_bar.prompt
    hands.click(field.viewport(), QPoint(7, 12))
    hands.key(Qt.Key.Key_Home, widget=field)
    hands.type("big lake, ", field)
    moved = hands.window.document.scene.word(word)
    assert moved.span == (36, 40) and hands.coverage(word) > 0


def test_brush_keys_change_the_brush_but_not_while_typing(hands):
    view = hands.window.view
    before = view.brush.diameter
    hands.key(Qt.Key.Key_BracketRight, widget=view)
    assert view.brush.diameter > before
    hands.key(Qt.Key.Key_E, widget=view)
    assert view.brush.erase
    hands.key(Qt.Key.Key_B, widget=view)
    assert not view.brush.erase
    field = hands.window.prompt_bar.prompt
    field.setFocus()
    hands.type("e[", field)
    assert not view.brush.erase and "e[" in hands.window.document.scene.prompt


def test_the_bar_sets_and_shows_the_brush(hands):
    bar, view = hands.window.brush_bar, hands.window.view
    hands.click(bar.hardness, QPoint(bar.hardness.width() // 2, 10))
    assert abs(view.brush.hardness - 0.5) < 0.03
    hands.key(Qt.Key.Key_BracketLeft, widget=view)
    assert bar.diameter.value == round(view.brush.diameter)


def test_tab_hides_the_paint_on_the_canvas(hands):
    view = hands.window.view
    view.setFocus()
    hands.key(Qt.Key.Key_Tab, widget=view)
    assert not view.overlays_visible
    hands.key(Qt.Key.Key_Tab, widget=view)
    assert view.overlays_visible


def test_keys_that_take_words_off_the_prompt_leave_the_paint_alone(hands):
    word = hands.click_word("lake")
    hands.stroke((60, 60), (120, 120))
    before = hands.coverage(word)
    prompt = hands.window.prompt_bar.prompt
    prompt.setFocus()
    for key, modifier in (
        (Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Backspace, Qt.KeyboardModifier.ShiftModifier),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
    ):
        hands.key(key, modifier, widget=prompt)
    assert hands.coverage(word) == before
    hands.window.view.setFocus()
    hands.key(Qt.Key.Key_Delete, widget=hands.window.view)
    assert hands.coverage(word) == 0


def test_the_words_are_walked_by_keys(hands):
    first, second = hands.click_word("lake"), hands.click_word("sky")
    hands.control(Qt.Key.Key_Down, widget=hands.window.view)
    assert hands.window.view.selected_word == first
    hands.control(Qt.Key.Key_Up, widget=hands.window.view)
    assert hands.window.view.selected_word == second


def test_the_negative_prompt_is_part_of_the_scene_and_undone_with_it(hands):
    field = hands.window.prompt_bar.negative
    hands.click(field)
    hands.type("fog", field)
    assert hands.window.document.scene.negative == "fog"
    hands.control(Qt.Key.Key_Z, widget=field)
    assert hands.window.document.scene.negative == "" == field.text()


def test_the_brush_is_remembered(make_window):
    first = make_window()
    for _ in range(5):
        first.key(Qt.Key.Key_BracketRight, widget=first.window.view)
    size = first.window.view.brush.diameter
    first.window.close()
    assert make_window().window.view.brush.diameter == size
