"""Strengths in the prompt, as users of other programs write and change them: `(word:1.3)`, Ctrl+Up, Ctrl+Down."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt


@pytest.fixture
def field(hands):
    hands.window.prompting.type()
    return hands.window.prompt_bar.prompt


def test_a_typed_strength_becomes_the_words(hands, field):
    hands.type(", (tall trees:1.3)", field)
    scene = hands.window.session.scene
    assert scene.prompt == "a lake under a red sky, a lake, tall trees" == field.text()
    assert [(word.phrase, word.strength) for word in scene.words] == [("tall trees", 1.3)]
    hands.type(" at night", field)
    assert field.text().endswith("tall trees at night"), "one types on behind it"
    assert hands.window.session.scene.words[0].span is not None


def test_control_up_and_down_change_the_strength_of_the_word_at_the_cursor(hands, field):
    field.place_cursor(4)
    for _ in range(3):
        hands.control(Qt.Key.Key_Up, widget=field)
    hands.control(Qt.Key.Key_Down, widget=field)
    scene = hands.window.session.scene
    assert [(word.phrase, word.strength) for word in scene.words] == [("lake", 1.1)]
    assert "1.10" in hands.window.status.news and field.text() == scene.prompt


def test_between_words_it_says_what_to_do(hands, field):
    hands.type(" ,  ,", field)
    hands.control(Qt.Key.Key_Up, widget=field)
    assert not hands.window.session.scene.words and "cursor" in hands.window.status.news
