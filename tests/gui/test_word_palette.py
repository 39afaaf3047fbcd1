"""The list of words as a palette: searched, put in order, paint copied and swapped."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from app.words.list_order import KIND
from canvas.model import edits
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask

NAMES = ("lake", "sky", "moon", "tree", "house", "boat", "hill", "road", "barn", "bridge")


def scene_of(count: int) -> Scene:
    scene, at = Scene(prompt=" ".join(NAMES[:count]), size=(64, 64)), 0
    for index, name in enumerate(NAMES[:count]):
        scene, word_id = edits.add_word(scene, (at, at + len(name)))
        at += len(name) + 1
        values = np.zeros((64, 64), np.uint8)
        values[:, 6 * index : 6 * index + 20] = 255
        scene = scene.with_mask(word_id, TiledMask.from_array(values))
    return scene


def phrases(hands) -> list[str]:
    return [word.phrase for word in hands.window.session.scene.words]


def test_a_long_list_is_searched_and_a_short_one_has_no_field(make_window):
    hands = make_window(scene_of(10))
    panel, words = hands.window.words, hands.window.session.scene.words
    hands.window.view.set_selected_word(words[0].id)
    assert panel.search.isVisible()
    hands.type("BR", panel.search)
    seen = [word.phrase for word in words if not panel.chip(word.id).isHidden()]
    assert seen == ["lake", "bridge"], "what is found, and the chosen one"
    hands.key(Qt.Key.Key_Escape, widget=panel.search)
    assert panel.search.text() == "" and not any(panel.chip(word.id).isHidden() for word in words)
    hands.window.document.load(scene_of(8))
    assert panel.search.isHidden()
    hands.control(Qt.Key.Key_F, widget=hands.window.view)
    assert panel.search.isVisible() and panel.search.hasFocus(), "whoever asks for it has it"
    hands.type("boat", panel.search)
    hidden = [panel.chip(word.id).isHidden() for word in hands.window.session.scene.words]
    assert sum(hidden) >= 6
    hands.key(Qt.Key.Key_Escape, widget=panel.search)
    hands.key(Qt.Key.Key_Escape, widget=panel.search)
    assert panel.search.isHidden() and hands.window.view.hasFocus()
    hands.click(hands.window.prompt_bar.palette_button)
    assert hands.window.nouns.popup.isVisible()


def test_a_word_is_dropped_at_another_place_and_its_paint_lies_there(make_window):
    hands = make_window(scene_of(4))
    panel, words, view = hands.window.words, hands.window.session.scene.words, hands.window.view
    QApplication.processEvents()
    before = hands.window.view.grab().toImage()
    first, last = panel.chip(words[1].id), panel.chip(words[3].id)  # the chosen word, the first, lies on top anyway
    data = QMimeData()
    data.setData(KIND, words[1].id.encode())
    at = QPointF(first.mapTo(panel, first.rect().center()).x(), last.mapTo(panel, last.rect().center()).y() + 8)
    held = (Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(panel, QDragEnterEvent(at.toPoint(), *held))
    event = QDropEvent(at, *held)
    QApplication.sendEvent(panel, event)
    assert phrases(hands) == ["lake", "moon", "tree", "sky"]
    assert view.grab().toImage() != before
    hands.window.document.undo()
    assert phrases(hands)[1] == "sky"


@pytest.mark.parametrize(("key", "order"), [(Qt.Key.Key_Down, ["sky", "lake"]), (Qt.Key.Key_Up, ["lake", "sky"])])
def test_keys_put_the_chosen_word_up_and_down_the_list(make_window, key, order):
    hands = make_window(scene_of(2))
    hands.window.view.set_selected_word(hands.window.session.scene.words[0].id)
    hands.control(key, shift=True, widget=hands.window.view)
    assert phrases(hands) == order


def test_paint_is_copied_and_swapped_from_the_words_menu(make_window):
    hands = make_window(scene_of(2))
    window, scene = hands.window, hands.window.session.scene
    lake, sky = scene.words
    masks = dict(scene.masks)
    menu = window.words.chip(lake.id).menu()
    named = {action.text().replace("&", ""): action.menu() for action in menu.actions() if action.menu() is not None}
    named["Copy Paint to"].actions()[0].trigger()
    found = window.session.scene.masks
    assert found[lake.id] == masks[lake.id]
    assert np.array_equal(found[sky.id].to_array(), np.maximum(masks[lake.id].to_array(), masks[sky.id].to_array()))
    window.document.undo()
    named["Swap Paint With"].actions()[0].trigger()
    found = window.session.scene.masks
    assert found[lake.id] == masks[sky.id] and found[sky.id] == masks[lake.id]
    assert window.document.undo_label == "Swap paint with “sky”"
