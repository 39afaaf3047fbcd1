"""A word is found in the picture on the canvas, or in what lies under the words: painted, selected or cut out."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.image_info.displayed_image import DisplayedImage
from canvas.model import edits
from canvas.model.scene import Scene
from engine.describing import drawn
from engine.errors import UnsupportedModel
from engine.protocol import Description, Told

PROMPT = "a lake under a red sky"


@pytest.fixture
def painter(make_window):
    """A window with a picture, and nothing painted."""
    hands = make_window(Scene(prompt=PROMPT))
    scene = hands.window.document.scene
    rgb = np.full((scene.size[1], scene.size[0], 3), 128, np.uint8)
    hands.window.generation.picture.emit(DisplayedImage(rgb, scene))
    return hands


def find(hands, phrase: str, use: str):
    """Ask in the dialog, as a hand does."""
    window = hands.window
    window.actions_table["word.seek" if use == "paint" else "select.seek"].trigger()
    dialog = window.seeking.dialog
    dialog.word.setEditText(phrase)
    dialog.use.setCurrentIndex(dialog.use.findData(use))
    dialog.go.click()
    return dialog


def left_half(mask: np.ndarray) -> bool:
    width = mask.shape[1] // 2
    return bool((mask[:, :width] == 255).all() and not mask[:, width:].any())


def test_a_word_is_painted_selected_and_cut_out_each_as_one_step(painter):
    window, document = painter.window, painter.window.document
    executor = painter.executor
    find(painter, "red sky", "paint")
    assert window.seeking.dialog is None, "it is done"
    search = executor.searches[-1]
    assert search.prompt == PROMPT and search.words == ((15, 22),) and search.beside == ((2, 6),)
    (word,) = document.scene.words
    assert word.phrase == "red sky" and left_half(document.scene.masks[word.id].to_array())
    assert window.session.word == word.id and document.undo_label == "Paint “red sky” where the picture has it"
    document.undo()
    assert not document.scene.words
    find(painter, "tent", "paint")
    assert document.scene.prompt == f"{PROMPT}, tent" and document.scene.words[0].phrase == "tent"
    document.undo()
    assert document.scene.prompt == PROMPT and not document.scene.words
    find(painter, "lake", "select")
    assert left_half(document.scene.selection.to_array())
    document.undo()
    assert document.scene.selection is None
    find(painter, "lake", "cut")
    (layer,) = document.scene.pictures
    assert layer.name == "lake" and left_half(layer.pixels.to_array()[..., 3])


def test_without_a_picture_the_layers_are_looked_in(make_window):
    hands = make_window(Scene(prompt="a lake"))
    window = hands.window
    window.actions_table["word.seek"].trigger()
    assert window.seeking.dialog is None and "no picture to look in" in window.status.news
    dropped = np.zeros((64, 64, 3), np.uint8)
    window.layering.begin_from(dropped, "dropped")
    find(hands, "lake", "paint")
    assert not hands.executor.searches[-1].rgb.any(), "the picture that was dropped"
    assert window.document.scene.words[0].phrase == "lake"


def test_a_search_is_stopped_and_a_failure_said_where_it_was_asked(painter):
    window = painter.window
    executor = painter.executor
    executor.holds_searches = True
    dialog = find(painter, "lake", "paint")
    assert dialog.bar.isVisibleTo(dialog) and not dialog.go.isEnabled()
    dialog.reject()
    assert not window.document.scene.words and window.seeking.dialog is None
    executor.holds_searches = False
    executor.failure = UnsupportedModel("It does not show where its words are.", hint="Choose another model.")
    dialog = find(painter, "lake", "paint")
    assert dialog.note.text() == "It does not show where its words are. Choose another model."
    assert dialog.go.isEnabled() and not window.document.dirty
    dialog.reject()


@pytest.fixture
def described(monkeypatch):
    """What the recogniser would see: a lake on the left and a house on the right."""
    left, right = np.zeros((2, 64, 64), np.uint8)
    left[:, :32], right[:, 32:] = 255, 255
    found = Description("lake, house", (Told("lake", (0, 4), 0.5, left), Told("house", (6, 11), 0.5, right)))
    monkeypatch.setattr(drawn, "describe", lambda rgb, known: found)
    monkeypatch.setattr(drawn, "missing", lambda rgb, phrases, known: tuple("lake" in each for each in phrases))


def test_a_picture_becomes_the_prompt_with_its_words_painted(painter, described, qtbot):
    document = painter.window.document
    painter.window.actions_table["word.describe"].trigger()
    qtbot.waitUntil(lambda: document.scene.prompt == "lake, house")
    assert document.undo_label == "Describe the picture"
    assert [word.phrase for word in document.scene.words] == ["lake", "house"]
    lake = document.scene.masks[document.scene.words[0].id].to_array()
    assert left_half(np.where(lake > 127, 255, 0))
    document.undo()
    assert document.scene.prompt == PROMPT and not document.scene.words


def test_what_is_missing_is_named_and_repainted_where_it_should_be(painter, described, qtbot, monkeypatch):
    window = painter.window
    find(painter, "lake", "paint")
    repainted = []
    monkeypatch.setattr(window.reworking, "repaint", lambda: repainted.append(window.document.scene.selection))
    told = []
    window.describing.missing_told.connect(lambda *news: told.append(news))
    window.actions_table["generate.missing"].trigger()
    qtbot.waitUntil(lambda: bool(told))
    assert told[0][0] == "Asked for and not seen: “lake”"
    buttons = dict(told[0][2])
    assert list(buttons) == ["Boost", "Repaint where it should be"]
    buttons["Repaint where it should be"]()
    assert left_half(repainted[0].to_array()) and window.document.undo_label == "Select what is missing"


def test_a_model_that_sees_is_asked_itself(painter, described):
    window, executor = painter.window, painter.executor
    executor.known["tiny"] = dataclasses.replace(executor.known["tiny"], sees=True)
    window.document.apply(edits.set_settings(window.document.scene, model="tiny"), "Choose a model")
    said, told, failed = [], [], []
    window.describing.said.connect(said.append)
    window.describing.missing_told.connect(lambda *news: told.append(news))
    window.describing.failed.connect(failed.append)
    assert window.describing.can_describe(window.session.facts)
    executor.answer = drawn.describe(None, known=())
    window.actions_table["word.describe"].trigger()
    assert executor.questions[-1].phrases is None and executor.questions[-1].model == "tiny"
    assert window.document.scene.prompt == "lake, house" and len(window.document.scene.words) == 2
    assert any("50 %" in text for text in said), "how far it is"
    window.document.undo()
    executor.answer = Description("a quiet lake", ())
    window.describing.describe(np.zeros((32, 64, 3), np.uint8))
    assert window.document.scene.prompt == "a quiet lake" and not window.document.scene.words, "a caption alone"
    window.document.undo()
    executor.answer = Description("", (), (True, False))
    window.actions_table["generate.missing"].trigger()
    assert executor.questions[-1].phrases == ("lake", "red sky") and told[-1][0] == "Asked for and not seen: “lake”"
    executor.failure = UnsupportedModel("Its files lack the vision part.", hint="Install them.")
    window.actions_table["word.describe"].trigger()
    assert failed == [executor.failure] and window.document.scene.prompt == PROMPT
    executor.failure = None
    executor.known["blind"] = dataclasses.replace(executor.known["tiny"], sees=False)
    window.document.apply(edits.set_settings(window.document.scene, model="blind"), "Choose a model")
    window.actions_table["word.describe"].trigger()
    assert "cannot say what a picture shows" in said[-1]
