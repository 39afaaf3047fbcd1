"""The tools from the window: buttons, keys and menus put them in the hand; the rows say who keeps its area."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

from app.tools.tool_controller import MAKERS


@pytest.mark.parametrize("name", MAKERS)
def test_each_tool_is_taken_by_its_action_and_shown(hands, name):
    action = hands.window.actions_table[f"tool.{name}"]
    action.trigger()
    assert hands.window.view.tool.name == name and action.isChecked()
    checked = [each for each in MAKERS if hands.window.actions_table[f"tool.{each}"].isChecked()]
    assert checked == [name] and not hands.window.actions_table["brush.paint"].isChecked()


def test_keys_take_tools_while_the_canvas_has_them(hands):
    view = hands.window.view
    view.setFocus()
    for key, name in ((Qt.Key.Key_R, "rectangle"), (Qt.Key.Key_V, "move"), (Qt.Key.Key_B, "brush")):
        QTest.keyClick(view, key)
        assert view.tool.name == name


def test_the_eraser_works_with_a_shape_and_ends_with_the_next_tool(hands):
    table, view = hands.window.actions_table, hands.window.view
    table["tool.ellipse"].trigger()
    table["brush.erase"].trigger()
    assert view.tool.name == "ellipse" and view.brush.erase
    assert table["tool.ellipse"].isChecked() and table["brush.erase"].isChecked()
    table["brush.erase"].trigger()
    assert not view.brush.erase
    table["brush.erase"].trigger()
    table["tool.lasso"].trigger()
    assert not view.brush.erase and not table["brush.erase"].isChecked()


def test_the_group_button_shows_the_shape_used_last(hands):
    button = hands.window.tools.findChild(object, "button.shapes")
    hands.window.actions_table["tool.polygon"].trigger()
    assert button.defaultAction() is hands.window.actions_table["tool.polygon"]


def test_the_menu_select_works_on_the_selection(hands, monkeypatch):
    window, document = hands.window, hands.window.document
    document.load(document.scene.replace(prompt="a house and the sky", words=(), masks={}))
    word = document.add_word((2, 7))
    window.session.choose_word(word)
    table = window.actions_table
    assert not table["select.invert"].isEnabled()
    table["select.word"].trigger()
    assert document.scene.selection is None, "there is no paint yet"
    document.fill_word(word)
    table["select.word"].trigger()
    assert document.scene.selection is not None and table["select.grow"].isEnabled()
    table["select.invert"].trigger()
    assert document.scene.selection is None, "nothing is left"
    document.undo()
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_args: (20, True))
    table["select.shrink"].trigger()
    assert document.scene.selection is not None and document.undo_label == "Shrink selection"
    table["select.none"].trigger()
    assert document.scene.selection is None


def test_a_word_is_locked_and_shares_its_area_from_its_row(hands):
    window, document = hands.window, hands.window.document
    document.load(document.scene.replace(prompt="a house and the sky", words=(), masks={}))
    word = document.add_word((2, 7))
    card = window.words.chip(word)
    card.lock.click()
    assert document.scene.word(word).locked and "locked" in card.note.text()
    card.lock.click()
    card.own.click()
    assert document.scene.word(word).exclusive is False
    card.own.click()
    assert document.scene.word(word).exclusive is True
