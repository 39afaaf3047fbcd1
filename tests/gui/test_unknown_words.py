"""Words that the model has not learnt: marked in the prompt, named in a quiet line, and others offered instead."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolTip

from app.widgets.theme import DARK, LIGHT
from canvas.model.scene import Scene, Settings
from tests.fake_executor import FakeExecutor

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


NAMES = (
    "blue sky", "sunset", "night sky", "aurora", "mountains", "hills", "forest", "grass", "snow", "lake", "sun", "moon",
    "rainbow", "house", "castle", "tree", "boat", "lighthouse", "tent", "church", "mushroom", "sheep", "city", "sand",
    "flowers", "rocks", "wheat", "lavender", "cloud", "balloon", "kite", "windmill", "palm",
)  # fmt: skip
WORDS = ("red", "blue", "a", "an", "the", "big", "of", "by", "under", "near", "in", "on", "two", "picture")


@pytest.fixture
def make_window(make_window):
    """Windows with the starter as if it had learnt only a few names, each in one number."""
    starter = FakeExecutor().facts("starter")
    few = replace(starter, names=NAMES, words=WORDS, groups=(), near={"apartment": "house"})
    return partial(make_window, executor=FakeExecutor(few))


@pytest.fixture
def cat(make_window):
    return make_window(Scene(prompt="a cat in a red house under the moon, a cat"))


def hint(hands):
    return hands.window.prompt_bar.unknown


def plain(hands, label: QLabel | None = None) -> str:
    """The text of the line, or of the card, without its links."""
    page = QTextDocument()
    page.setHtml((label or hint(hands).text).text())
    return page.toPlainText().replace("\xa0", " ")


def dots(hands, phrase: str, colour: str) -> int:
    """How many pixels under a word have the colour of the marks."""
    field = hands.window.prompt_bar.prompt.viewport()
    rect = hands.word_rect(phrase)
    image = field.grab().toImage()
    wanted = QColor(colour).rgb()
    return sum(
        image.pixel(x, y) == wanted
        for x in range(int(rect.left()), int(rect.right()))
        for y in range(int(rect.bottom()) - 2, int(rect.bottom()) + 3)
    )


def follow(hands, text: str, label: QLabel | None = None) -> None:
    """Click a link of the line or of the card: the first place that Qt finds a pointing hand over `text`."""
    label = label or hint(hands).text
    seen: list[str] = []
    label.linkHovered.connect(seen.append)
    names = {name: str(index) for index, name in enumerate(hint(hands)._names)}
    target = names | {"Show all": "all", "Show fewer": "all"}
    target |= {f"use {word}": f"form:{index}" for index, word in enumerate(hint(hands)._words)}
    for y in range(4, label.height(), 6):
        for x in range(2, label.width(), 8):
            QTest.mouseMove(label, QPoint(x, y))
            if seen and seen[-1] == target[text]:
                hands.click(label, QPoint(x, y))
                return
    raise AssertionError(f"no link {text}")


@pytest.mark.parametrize(("theme", "colours"), [("dark", DARK), ("light", LIGHT)])
def test_only_the_unknown_word_is_marked_in_the_themes_warning_colour(cat, theme, colours):
    cat.window.preferences.change(theme=theme)
    cat.qtbot.waitUntil(lambda: dots(cat, "cat", colours.warning) > 4)
    for known in ("red", "house", "under", "moon"):
        assert dots(cat, known, colours.warning) == 0


def test_its_tooltip_says_what_the_model_knows(cat):
    field = cat.window.prompt_bar.prompt.viewport()

    def rest_over(phrase: str) -> None:
        at = cat.word_rect(phrase).center().toPoint()
        QApplication.sendEvent(field, QHelpEvent(QEvent.Type.ToolTip, at, field.mapToGlobal(at)))

    rest_over("cat")
    assert "The starter has not learnt “cat”. It knows: blue sky, sunset" in QToolTip.text()
    rest_over("house")
    cat.qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_quiet_line_names_each_word_once_and_some_of_what_can_be_painted(cat):
    assert hint(cat).isVisible()
    assert plain(cat).startswith("The starter does not know “cat”. It paints: blue sky, sunset")
    assert plain(cat).endswith(f"Show all {len(hint(cat)._names)}") and hint(cat).height() < 40
    assert not cat.window.banner.isVisible()


def test_all_names_are_on_a_card_and_a_click_on_one_writes_it(cat):
    line, card = hint(cat), hint(cat).card
    cat.qtbot.waitUntil(lambda: line.text.width() > 300)
    follow(cat, "Show all")
    assert card.isVisible() and "lighthouse" in plain(cat, card.text) and plain(cat).endswith("Show fewer")
    assert card.mapTo(cat.window, QPoint()).y() > line.mapTo(cat.window, QPoint()).y()
    assert cat.window.rect().contains(card.geometry()) and card.text.height() >= card.text.heightForWidth(card.width())
    prompt = cat.window.prompt_bar.prompt
    prompt.place_cursor(18)  # in a word that the model knows
    follow(cat, "sunset", card.text)
    assert prompt.text() == cat.window.document.scene.prompt == "a cat in a red house under the moon, a cat, a sunset"
    assert prompt.hasFocus() and card.isVisible(), "more names can be picked"
    cat.control(Qt.Key.Key_Z, widget=cat.window.view)
    assert prompt.text() == "a cat in a red house under the moon, a cat"


@pytest.mark.parametrize("way", ["fewer", "escape", "escape in the prompt", "canvas", "close", "known"])
def test_the_card_closes_in_every_way_one_would_try(cat, way):
    card = hint(cat).card
    cat.qtbot.waitUntil(lambda: hint(cat).text.width() > 300)
    follow(cat, "Show all")
    assert card.isVisible() and card.text.hasFocus()
    if way == "fewer":
        follow(cat, "Show fewer")
    elif way == "escape":
        cat.key(Qt.Key.Key_Escape, widget=card.text)
    elif way == "escape in the prompt":
        cat.key(Qt.Key.Key_Escape, widget=cat.window.prompt_bar.prompt)
    elif way == "canvas":
        cat.window.view.setFocus()
    elif way == "close":
        cat.click(hint(cat).close_button)
    else:
        cat.window.document.set_prompt("a lake")
    assert not card.isVisible()
    assert way in ("close", "known") or plain(cat).endswith(f"Show all {len(hint(cat)._names)}")


def test_nothing_below_moves_when_the_line_comes_and_goes(make_window):
    hands = make_window(Scene(prompt="a lake"))
    document, view, negative = hands.window.document, hands.window.view, hands.window.prompt_bar.negative
    hands.qtbot.wait(20)

    def places() -> tuple:
        hands.qtbot.wait(20)
        return view.geometry(), view.mapTo(hands.window, QPoint()), negative.y(), negative.height()

    before = places()
    document.set_prompt("a cat by a lake")
    assert hint(hands).isVisible() and places() == before
    hands.qtbot.waitUntil(lambda: hint(hands).text.width() > 300)
    follow(hands, "Show all")
    assert hint(hands).card.isVisible() and places() == before
    document.set_prompt("a lake")
    assert not hint(hands).isVisible() and places() == before


@pytest.mark.parametrize("width", [1000, 1200, 1400])
def test_the_line_says_what_it_has_room_for(make_window, width):
    hands = make_window(Scene(prompt="a cat, a dog, a cow, a frog, a fish and a bird"), size=(width, 800))
    text = hint(hands).text
    hands.qtbot.wait(20)
    assert text.fontMetrics().horizontalAdvance(plain(hands)) <= text.width()
    assert plain(hands).startswith("The starter does not know ") and "words" in plain(hands)
    assert plain(hands).endswith(f"Show all {len(hint(hands)._names)}")


# --- the other number ---------------------------------------------------------------------------------------------


@pytest.fixture
def hill(make_window):
    """A prompt with “hill”, where the model knows “hills”; the first of two is painted."""
    hands = make_window(Scene(prompt="a cat on a hill, a red house, a Hill"))
    hands.window.document.fill_word(hands.click_word("hill"))
    hands.window.document.fill_word(hands.click_word("house"))
    hands.window.view.setFocus()
    hands.qtbot.waitUntil(lambda: hint(hands).text.width() > 300)
    return hands


def test_a_word_in_the_other_number_is_offered_in_the_one_that_the_model_knows(hill):
    assert plain(hill).startswith("The starter does not know “hill” (use “hills”) and “cat”.")
    before = hill.window.document.scene
    follow(hill, "use hill")
    scene = hill.window.document.scene
    assert scene.prompt == hill.window.prompt_bar.prompt.text() == "a cat on hills, a red house, Hills"
    assert [(word.phrase, scene.prompt[slice(*word.span)]) for word in scene.words] == [("hills", "hills"),
                                                                                       ("house", "house")]  # fmt: skip
    assert scene.masks == before.masks and hill.window.prompt_bar.prompt.hasFocus()
    assert plain(hill).startswith("The starter does not know “cat”.")
    hill.control(Qt.Key.Key_Z, widget=hill.window.view)
    assert hill.window.document.scene == before


def test_the_line_goes_when_all_words_are_in_the_number_that_is_known(make_window):
    hands = make_window(Scene(prompt="two tents"))
    hands.window.document.set_prompt("tents")
    hands.qtbot.waitUntil(lambda: hint(hands).text.width() > 300)
    follow(hands, "use tents")
    assert hands.window.document.scene.prompt == "tent" and not hint(hands).isVisible()


def test_the_links_are_reached_by_keys(cat):
    label = hint(cat).text
    label.setFocus(Qt.FocusReason.TabFocusReason)
    assert label.hasFocus()
    cat.key(Qt.Key.Key_Tab, widget=label)
    cat.key(Qt.Key.Key_Return, widget=label)
    assert any(name in cat.window.document.scene.prompt for name in ("blue sky", "sunset"))


def test_a_marked_word_is_replaced_by_the_name_that_is_clicked(cat):
    cat.mark("cat")
    cat.qtbot.waitUntil(lambda: hint(cat).text.width() > 300)
    follow(cat, "blue sky")
    assert cat.window.document.scene.prompt == "a blue sky in a red house under the moon, a cat"


def test_the_line_goes_with_the_last_unknown_word_and_waits_while_one_types(hands):
    line, prompt = hint(hands), hands.window.prompt_bar.prompt
    assert line.isVisible() is False
    hands.key(Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier, widget=prompt)
    prompt.setFocus()
    hands.type(", a castl", prompt)
    assert not line.isVisible() and prompt._unknown == ()
    hands.qtbot.waitUntil(line.isVisible, timeout=5000)
    assert "castl”" in plain(hands) and plain(hands).index("castle") < plain(hands).index("blue sky")
    hands.type("e", prompt)
    assert prompt._unknown == ()
    hands.qtbot.waitUntil(lambda: not line.isVisible(), timeout=5000)


def test_it_can_be_closed_and_stays_closed(cat):
    cat.click(hint(cat).close_button)
    assert not hint(cat).isVisible()
    cat.window.document.set_prompt("a dog and a cat")
    assert not hint(cat).isVisible() and len(cat.window.prompt_bar.prompt._unknown) == 2


def test_a_model_that_knows_a_language_marks_nothing(make_window, tiny: Settings):
    hands = make_window(Scene(prompt="a cat", settings=tiny))
    assert not hint(hands).isVisible() and hands.window.prompt_bar.prompt._unknown == ()
    assert "It paints" not in hands.window.settings_panel.model.toolTip()
    hands.window.document.set_settings(model="starter")
    assert hint(hands).isVisible()
    assert "It paints: blue sky, sunset" in hands.window.settings_panel.model.toolTip()


@pytest.mark.parametrize(
    ("text", "place", "name", "written"),
    [
        ("", 0, "lake", "a lake"),
        ("a red ", 6, "lake", "a red lake"),
        ("a house", 7, "lake", "a house, a lake"),
        ("a house,", 8, "lake", "a house, a lake"),
        ("a house, ", 9, "sun", "a house, the sun"),
        ("a house", 2, "hills", "a house, hills"),
        ("a house", 4, "lake", "a house, a lake"),
        ("a tree and", 10, "castle", "a tree and a castle"),
        ("a gra on a wall", 4, "sunset", "a sunset on a wall"),
        ("a lake on a cat", 13, "hills", "a lake on hills"),
        ("a big cat by a lake", 7, "mountains", "big mountains by a lake"),
        ("a cat", 5, "aurora", "an aurora"),
        ("A dog", 4, "aurora", "An aurora"),
        ("under the cat.", 11, "moon", "under the moon."),
    ],
)
def test_a_suggested_name_is_written_for_whole_words_and_with_its_article(make_window, text, place, name, written):
    hands = make_window(Scene(prompt=text))
    prompt = hands.window.prompt_bar.prompt
    prompt.place_cursor(place)
    prompt.insert_name(name)
    assert hands.window.document.scene.prompt == written


def test_a_word_is_offered_as_the_name_with_the_nearest_meaning(make_window):
    hands = make_window(Scene(prompt="An apartment near a lake"))
    hands.window.view.setFocus()
    hands.qtbot.waitUntil(lambda: hint(hands).text.width() > 300)
    assert plain(hands).startswith("The starter does not know “apartment” (use “house”).")
    assert hint(hands)._names[0] == "house"
    follow(hands, "use apartment")
    assert hands.window.document.scene.prompt == "A house near a lake"
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)
    assert hands.window.document.scene.prompt == "An apartment near a lake"
