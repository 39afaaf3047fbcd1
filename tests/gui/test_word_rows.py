"""The rows of the words: one line each, unfolded when chosen, with mute, solo, colour and paint that is given away."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from canvas.model.colors import PALETTE
from canvas.model.scene import Scene, acting_words
from canvas.view.qimage import to_rgb


@pytest.fixture
def painter(make_window):
    """A window with three painted words, of which the lake is chosen."""
    hands = make_window(Scene(prompt="a lake, a tree and a red house", size=(256, 256)))
    for word, y in (("tree", 40), ("red", 120), ("lake", 200)):
        hands.click_word(word)
        hands.stroke((40, y), (200, y))
    return hands


def row(hands, phrase: str):
    scene = hands.window.document.scene
    return hands.window.words.chip(next(word.id for word in scene.words if word.phrase == phrase))


def acting(hands) -> list[str]:
    return sorted(word.phrase for word in acting_words(hands.window.document.scene))


def pixels(hands, x: float, y: float) -> np.ndarray:
    """A patch of the canvas about a place of the picture."""
    at = hands.on_canvas(x, y)
    return to_rgb(hands.window.view.grab().toImage())[at.y() - 9 : at.y() + 9, at.x() - 9 : at.x() + 9].astype(int)


def test_rows_are_one_line_and_the_chosen_one_is_unfolded(painter):
    lake, tree = row(painter, "lake"), row(painter, "tree")
    assert lake.strength.isVisible() and not tree.strength.isVisible()
    painter.qtbot.waitUntil(lambda: tree.height() <= 36 < lake.height())
    painter.click(tree.name)
    painter.qtbot.waitUntil(lambda: tree.strength.isVisible() and not lake.strength.isVisible())
    painter.click(tree.fold)
    assert not tree.strength.isVisible()
    painter.click(lake.fold)
    assert lake.strength.isVisible() and painter.window.view.selected_word == tree.word_id


def test_hidden_paint_acts_muted_paint_does_not_and_each_looks_its_own_way(painter):
    lake = row(painter, "lake")
    painter.click(lake.eye)
    assert acting(painter) == ["lake", "red", "tree"] and lake.note.text() == ""
    painter.click(lake.eye)
    shown = pixels(painter, 60, 200)
    painter.click(lake.mute)
    assert acting(painter) == ["red", "tree"] and lake.note.text() == "muted"
    muted = pixels(painter, 60, 200)
    assert np.abs(shown - muted).mean() > 15, "paint that does not act looks so"
    painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    assert acting(painter) == ["lake", "red", "tree"] and lake.note.text() == ""


def test_solo_lets_one_word_act_and_says_so_on_the_others(painter):
    lake, tree = row(painter, "lake"), row(painter, "tree")
    painter.click(lake.solo)
    assert acting(painter) == ["lake"] and lake.note.text() == "solo" and tree.note.text() == "others solo"
    painter.click(lake.solo)
    assert acting(painter) == ["lake", "red", "tree"] and tree.note.text() == ""


def test_paint_is_given_to_another_word_from_the_menu(painter):
    lake = row(painter, "lake")
    covered = painter.coverage(lake.word_id)
    menu = lake.give_menu()
    assert [action.text() for action in menu.actions()] == ["tree", "red", "house"]
    menu.actions()[2].trigger()
    house = row(painter, "house")
    assert painter.coverage(house.word_id) == covered > 0 == painter.coverage(lake.word_id)
    assert painter.window.view.selected_word == house.word_id
    entries = [action.menu().title() for action in house.menu().actions() if isinstance(action.menu(), QMenu)]
    paint = ["&Give Paint to", "Co&py Paint to", "S&wap Paint With"]
    assert entries == ["&Colour and Pattern", *paint, "St&yle of Its Paint"]
    painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    assert painter.coverage(lake.word_id) == covered


def test_a_colour_is_chosen_and_kept_by_undo(painter):
    tree = row(painter, "tree")
    before = painter.window.document.scene.word(tree.word_id).color
    menu = tree._colors(tree)
    other = next(color for color in PALETTE if color != before)
    painter.click(menu.swatches[other])
    assert painter.window.document.scene.word(tree.word_id).color == other
    painter.control(Qt.Key.Key_Z, widget=painter.window.view)
    assert painter.window.document.scene.word(tree.word_id).color == before


def test_a_pattern_is_chosen_as_a_colour_is(painter):
    tree, document = row(painter, "tree"), painter.window.document
    before, seen = document.scene.word(tree.word_id).pattern, to_rgb(tree.swatch.grab().toImage()).astype(int)
    menu = tree._colors(tree)
    assert menu.patterns[before].isChecked() and menu.patterns[12].accessibleName() == "Pattern: large dots"
    painter.click(menu.patterns[12])
    assert document.scene.word(tree.word_id).pattern == 12
    assert np.abs(seen - to_rgb(tree.swatch.grab().toImage()).astype(int)).mean() > 3
    document.undo()
    assert document.scene.word(tree.word_id).pattern == before


def test_soft_edge_fidelity_and_overlaps_of_a_word_are_behind_a_button(painter):
    lake, document = row(painter, "lake"), painter.window.document
    assert lake.more.isHidden()
    painter.click(lake.more_button)
    assert lake.more.isVisible() and lake.more.overlap.itemText(0) == "Like all words (Add)"
    lake.more.feather.value_changed.emit(12.0)
    lake.more.fidelity.value_changed.emit(0.8)
    lake.more.overlap.setCurrentIndex(2)
    lake.more.overlap.activated.emit(2)
    word = document.scene.word(lake.word_id)
    assert (word.feather, word.fidelity, word.overlap) == (12.0, 0.8, "top")
    for _ in range(3):
        document.undo()
    word = document.scene.word(lake.word_id)
    assert (word.feather, word.fidelity, word.overlap) == (0.0, None, None) and lake.more.fidelity.value is None
    painter.window.actions_table["word.overlap_share"].trigger()
    assert document.scene.settings.overlap == "share" and lake.more.overlap.itemText(0) == "Like all words (Share)"


def test_a_word_named_red_is_painted_red(painter):
    red = int(painter.window.document.scene.word(row(painter, "red").word_id).color[1:3], 16)
    assert red > 200


def test_a_negative_strength_is_seen_on_the_canvas_and_on_the_row(painter):
    lake = row(painter, "lake")
    plain, swatch = pixels(painter, 60, 200), to_rgb(lake.swatch.grab().toImage()).astype(int)
    painter.window.document.set_strength(lake.word_id, -1.0)
    assert np.abs(plain - pixels(painter, 60, 200)).mean() > 15
    assert np.abs(swatch - to_rgb(lake.swatch.grab().toImage()).astype(int)).mean() > 5


def test_paint_of_a_word_that_left_the_prompt_is_told_on_the_canvas_and_removed_by_one_click(painter):
    lake = row(painter, "lake")
    before = pixels(painter, 60, 200)
    painter.mark("lake")
    painter.type("pond", painter.window.prompt_bar.prompt)
    assert np.abs(before - pixels(painter, 60, 200)).mean() > 15, "its paint is drawn as not acting"
    label = next(label for label in painter.window.view._labels._labels if label.word_id == lake.word_id)
    assert label.text.endswith("not in prompt") and not label.acts
    assert lake.note.text() == "not in prompt" and lake.use.isVisible() and lake.drop.isVisible()
    painter.click(lake.drop)
    assert not painter.window.document.scene.has_word(lake.word_id)


def test_a_label_stands_beside_paint_that_it_would_cover(make_window):
    hands = make_window(Scene(prompt="a lake and a tree", size=(256, 256)))
    hands.click_word("lake")
    hands.window.view.set_brush(hands.window.view.brush.__class__(diameter=8))
    hands.stroke((120, 120), (126, 120))
    view = hands.window.view
    hands.qtbot.waitUntil(lambda: bool(view._labels._labels))  # names follow when nothing else is to be done
    (label,) = view._labels._labels
    dab = hands.on_canvas(123, 120)
    assert not label.bounds.contains(dab.x(), dab.y())
    assert abs(label.bounds.center().y() - dab.y()) < 60
