"""The palette of nouns, and the words that are offered while one types."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication

from app.prompt.completion import completions
from app.prompt.noun_pictures import SIDE, picture_of
from app.prompt.nouns import remembered, span_in, with_noun
from canvas.model import edits
from canvas.model.scene import Scene, Settings


def opened(hands):
    hands.window.view.setFocus()
    hands.key(Qt.Key.Key_A, widget=hands.window.view)
    popup = hands.window.nouns.popup
    assert popup.isVisible() and popup.search.hasFocus()
    return popup


def chosen(hands) -> str:
    return hands.window.session.scene.word(hands.window.session.word).phrase


def item(popup, noun: str):
    return next(each for each in popup._items() if each.text() == noun)


def test_a_noun_joins_the_prompt_in_one_step_and_is_on_the_brush(make_window):
    hands = make_window(Scene(prompt="a red sky"))
    popup = opened(hands)
    titles = [popup.list.item(row).text() for row in range(popup.list.count())]
    assert titles[0] == "Animals" and titles.index("house") < titles.index("Landscape") < titles.index("lake")
    hands.type("sailing", popup.search)
    assert popup.nouns() == ["sailing boat"]
    hands.key(Qt.Key.Key_Return, widget=popup.search)
    document = hands.window.document
    assert document.scene.prompt == "a red sky, a sailing boat" and chosen(hands) == "sailing boat"
    assert not popup.isVisible() and hands.window.view.hasFocus()
    hands.stroke((40, 40), (80, 60))
    assert hands.coverage(hands.window.session.word) > 0
    document.undo(), document.undo()
    assert document.scene.prompt == "a red sky" and not document.scene.words


def test_a_noun_that_the_prompt_has_is_picked_with_what_it_is_painted_with(make_window):
    scene, word = edits.add_word(Scene(prompt="a red house by a lake"), (2, 11))
    hands = make_window(scene)
    popup = opened(hands)
    rect = popup.list.visualItemRect(item(popup, "house"))
    hands.click(popup.list.viewport(), rect.center())
    assert hands.window.session.word == word and hands.window.document.scene.prompt == scene.prompt
    popup = opened(hands)
    hands.type("lake", popup.search)
    hands.key(Qt.Key.Key_Down, widget=popup.search)
    assert popup.list.hasFocus()
    hands.key(Qt.Key.Key_Return, widget=popup.list)
    assert chosen(hands) == "lake" and len(hands.window.document.scene.words) == 2


def test_each_noun_gets_its_picture_without_torch_and_what_is_not_found_is_said(make_window):
    hands = make_window(Scene(prompt=""))
    had_torch = "torch" in sys.modules
    popup = opened(hands)
    hands.qtbot.waitUntil(lambda: len(popup._pictures) == len(popup.nouns()), timeout=15_000)
    assert ("torch" in sys.modules) == had_torch
    hands.type("zeppelin", popup.search)
    assert popup.nouns() == [] and "zeppelin" in popup.empty.text() and popup.empty.isVisible()
    hands.key(Qt.Key.Key_Return, widget=popup.search)
    assert popup.isVisible() and hands.window.document.scene.prompt == ""
    popup.search.clear()
    hands.type("Puppy", popup.search)
    assert popup.nouns() == ["Puppy"], "no name, but a word that the model has learnt"
    hands.key(Qt.Key.Key_Escape, widget=popup.search)
    assert not popup.isVisible() and hands.window.view.hasFocus()
    assert picture_of("zeppelin") is None and picture_of("tree").shape == (SIDE, SIDE, 3)
    assert np.ptp(picture_of("lake")[..., :3]) > 20


def test_where_nothing_is_painted_some_nouns_are_offered_and_a_click_paints_with_one(make_window, tiny: Settings):
    hands = make_window(Scene(prompt=""))
    offered = hands.window.words.offered
    hands.qtbot.waitUntil(lambda: len(offered.buttons) == 12, timeout=15_000)
    assert list(offered.buttons)[:3] == ["cat", "house", "apple"]
    hands.qtbot.waitUntil(offered.buttons["apple"].isVisible)
    hands.click(offered.buttons["apple"])
    assert hands.window.document.scene.prompt == "an apple" and chosen(hands) == "apple" and not offered.isVisible()
    hands.window.document.load(Scene(prompt="", settings=tiny))
    assert offered.isVisible() and not offered.buttons, "a model that understands any words offers none"


def test_the_search_begins_with_what_is_likest_and_takes_other_words_that_are_known(make_window):
    popup = opened(hands := make_window(Scene(prompt="")))
    hands.type("sun", popup.search)
    assert {"sunglasses", "sunset"} < set(popup.nouns()) and popup.list.currentItem().text() == "sun"
    popup.search.clear()
    hands.type("SKY", popup.search)
    assert popup.list.currentItem().text() == "blue sky"
    popup.search.clear()
    hands.type("Red", popup.search)
    assert popup.nouns() == ["Red"], "no name, but a word that the model has learnt"


def test_a_noun_is_dragged_onto_the_canvas(make_window):
    hands = make_window(Scene(prompt="a lake"))
    popup = opened(hands)
    data = popup.list.mimeData([item(popup, "canoe")])
    action, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(hands.on_canvas(9, 9), action, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(hands.window, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(400, 400), action, data, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(hands.window, drop)
    assert (
        hands.window.document.scene.prompt == "a lake, a canoe" and chosen(hands) == "canoe" and not popup.isVisible()
    )


def test_a_model_that_understands_any_words_offers_those_of_the_scene_and_of_before(make_window, tiny: Settings):
    hands = make_window(Scene(prompt="", settings=tiny))
    popup = opened(hands)
    assert popup.nouns() == [] and "any words" in popup.empty.text()
    hands.type("Sea  horse", popup.search)
    hands.key(Qt.Key.Key_Return, widget=popup.search)
    assert hands.window.document.scene.prompt == "a Sea horse" and chosen(hands) == "Sea horse"
    assert hands.window.preferences.values.recent_words == ("Sea horse",)
    hands.window.document.load(Scene(prompt="an owl on the moon", settings=tiny))
    assert opened(hands).nouns() == ["owl", "moon", "Sea horse"]


@pytest.mark.parametrize(
    ("prompt", "noun", "after"),
    [("", "sun", "the sun"), ("a lake.", "hills", "a lake, hills"), ("a big", "tree", "a big tree"),
     ("a lake # for mother", "tree", "a lake # for mother\na tree")],
)  # fmt: skip
def test_a_noun_is_written_with_its_article_and_never_into_a_note(prompt, noun, after):
    scene, span = with_noun(Scene(prompt=prompt), noun)
    assert scene.prompt == after and scene.prompt[slice(*span)] == noun == scene.words[0].phrase
    assert span_in(scene, noun.upper()) == span


def test_words_are_remembered_once_the_last_first():
    assert remembered(("owl",), "fox") == ("fox", "owl") and remembered(("owl",), "Owl") == ("owl",)
    assert remembered((), "x" * 41) == () and len(remembered(tuple(map(str, range(24))), "new")) == 24


@pytest.mark.parametrize(
    ("before", "begun", "first"),
    [("a lig", "lig", "lighthouse"), ("a blue s", "blue s", "blue sky"), ("the Su", "Su", "sunset"), ("a l", "", None),
     ("a sunset", "", None), ("a sun", "sun", "sunset"), ("a lake, ", "", None)],
)  # fmt: skip
def test_the_longest_beginning_of_a_name_is_completed(before, begun, first):
    found = completions(before, ("sunset", "sun", "lighthouse", "blue sky", "blue"))
    assert found[0] == begun and (found[1][:1] == [first] or not first)


def key(hands, key: Qt.Key) -> None:
    hands.key(key, widget=hands.window.prompt_bar.prompt)


def test_a_word_is_completed_by_tab_or_enter_and_enter_is_the_prompts_where_none_is_begun(make_window):
    hands = make_window(Scene(prompt=""))
    prompt, offered = hands.window.prompt_bar.prompt, hands.window.prompt_bar.completion
    prompt.setFocus()
    hands.type("a Ligh", prompt)
    assert offered.isVisible() and offered.currentItem().text() == "lightning"
    key(hands, Qt.Key.Key_Tab)
    assert prompt.text() == "a Lightning" == hands.window.document.scene.prompt and not offered.isVisible()
    assert prompt.hasFocus()
    key(hands, Qt.Key.Key_Return)
    hands.type("moo", prompt)
    assert [offered.item(row).text() for row in range(offered.count())] == ["moose", "moon", "moons"]
    key(hands, Qt.Key.Key_Down)
    key(hands, Qt.Key.Key_Return)
    assert prompt.text() == "a Lightning\nmoon"
    hands.type(", sun", prompt)
    assert offered.isVisible() and offered.currentItem() is None
    key(hands, Qt.Key.Key_Return)
    assert prompt.text() == "a Lightning\nmoon, sun\n" and not offered.isVisible()


def test_escape_closes_the_offer_and_nothing_else(make_window):
    hands = make_window(Scene(prompt=""))
    prompt, offered = hands.window.prompt_bar.prompt, hands.window.prompt_bar.completion
    prompt.setFocus()
    hands.type("mou", prompt)
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    asked.ignore()
    QApplication.sendEvent(prompt, asked)
    assert asked.isAccepted(), "it stops no picture"
    key(hands, Qt.Key.Key_Escape)
    assert not offered.isVisible() and prompt.hasFocus() and prompt.text() == "mou"
    hands.type("n", prompt)
    assert offered.isVisible()
    hands.window.view.setFocus()
    assert not offered.isVisible()
