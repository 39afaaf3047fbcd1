"""Picture and scene go through undo together; the strip, the seed and the texts say what is so now."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox

from app.results.list_model import ShownRole
from app.results.panel import ThumbnailDelegate
from canvas.model.scene import Scene, Settings
from engine.protocol import Cancelled


@pytest.fixture
def painter(make_window, tiny: Settings):
    """A window with an engine and a painted word, on a tiny model."""
    hands = make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)
    hands.click_word("lake")
    hands.stroke((16, 16), (40, 40))
    return hands


def framed(hands) -> list[int]:
    """The rows of the strip that are said to be on the canvas."""
    model = hands.window.results.model
    return [row for row in range(model.rowCount()) if model.data(model.index(row), ShownRole)]


def bring_back(hands, row: int) -> None:
    """Double-click a result."""
    results = hands.window.results
    square = ThumbnailDelegate.square(results.view.visualRect(results.model.index(row)))
    hands.double_click(results.view.viewport(), square.center())


def undo(hands) -> None:
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)


def redo(hands) -> None:
    hands.control(Qt.Key.Key_Z, shift=True, widget=hands.window.view)


def said(hands) -> str:
    return hands.window.statusBar().findChildren(QLabel)[0].text()


def new(hands) -> None:
    hands.window.document.mark_saved()
    hands.control(Qt.Key.Key_N, widget=hands.window.view)


def test_undo_of_a_result_brings_the_picture_before_back_too_and_redo_the_other(painter) -> None:
    window = painter.window
    painter.generate()
    first = window.shown.rgb
    painter.generate()
    second = window.shown.rgb
    assert not np.array_equal(first, second) and framed(painter) == [0]
    bring_back(painter, 1)
    assert np.array_equal(window.shown.rgb, first) and framed(painter) == [1]
    undo(painter)
    assert np.array_equal(window.shown.rgb, second) and framed(painter) == [0]
    assert window.shown.scene.settings.seed == window.document.scene.settings.seed
    redo(painter)
    assert np.array_equal(window.shown.rgb, first) and framed(painter) == [1]
    assert window.shown.scene.settings.seed == window.document.scene.settings.seed


def test_a_result_over_bare_paper_is_undone_to_paper(painter) -> None:
    painter.generate()
    new(painter)
    bring_back(painter, 0)
    assert painter.window.shown.rgb is not None
    undo(painter)
    assert painter.window.shown.rgb is None and painter.window.document.scene.prompt == ""
    assert not painter.window.view._layers.has_picture and framed(painter) == []


def test_a_result_stays_though_live_mode_is_on(painter) -> None:
    painter.generate()
    generation = painter.window.generation
    painter.stroke((10, 50), (50, 50))
    with painter.qtbot.waitSignal(generation.ended, timeout=60_000):
        painter.control(Qt.Key.Key_L, widget=painter.window.view)
    assert framed(painter) == []
    bring_back(painter, 0)
    painter.qtbot.wait(400)
    assert framed(painter) == [0] and not painter.window.shown.live


def test_after_undo_of_a_result_generate_draws_a_seed_again(painter) -> None:
    document = painter.window.document
    painter.generate()
    painter.generate()
    used = document.scene.settings.seed
    bring_back(painter, 1)
    undo(painter)
    painter.generate()
    assert document.scene.settings.seed != used


def test_the_frame_follows_the_canvas_and_not_the_mouse(painter) -> None:
    painter.generate()
    painter.generate()
    results = painter.window.results
    square = ThumbnailDelegate.square(results.view.visualRect(results.model.index(1)))
    painter.click(results.view.viewport(), ThumbnailDelegate.star_rect(square).center())
    assert framed(painter) == [0] and not results.view.selectedIndexes()
    new(painter)
    assert framed(painter) == []


def test_undo_of_a_stroke_leaves_the_seed_that_generate_drew(painter) -> None:
    document = painter.window.document
    painter.generate()
    painter.stroke((10, 50), (50, 50))
    painter.generate()
    assert document.scene.settings.seed == 0, "what the stroke changed is seen with the same seed"
    painter.generate()
    drawn = document.scene.settings.seed
    undo(painter)
    undo(painter)
    assert document.scene.settings.seed == drawn != 0
    redo(painter)
    assert document.scene.settings.seed == drawn


def test_redo_of_a_pick_chooses_the_word_again(painter) -> None:
    word = painter.click_word("sky")
    undo(painter)
    assert painter.window.view.selected_word is None
    redo(painter)
    assert painter.window.view.selected_word == word
    painter.stroke((10, 10), (20, 20))
    assert painter.coverage(word) > 0


def test_a_word_of_another_scene_is_not_chosen_for_its_id(painter) -> None:
    painter.click_word("sky")
    undo(painter)
    painter.window.document.load(Scene(prompt="a house"))
    painter.window.document.add_word((2, 7))
    assert painter.window.view.selected_word is None


def test_what_was_said_of_the_last_run_goes_with_the_next_change(painter) -> None:
    status = painter.window.prompt_bar.status
    painter.generate()
    assert "Done" in status.text()
    undo(painter)
    assert "Done" not in status.text()
    painter.generate()
    new(painter)
    assert "Done" not in status.text()


def test_a_hint_goes_once_it_is_followed(painter) -> None:
    painter.click_word("sky")
    assert "Paint where “sky”" in said(painter)
    painter.stroke((10, 10), (20, 20))
    assert said(painter) == ""


def test_a_hint_goes_with_undo(painter) -> None:
    painter.click_word("sky")
    undo(painter)
    assert said(painter) == ""


def test_a_picture_that_was_done_as_the_next_began_is_in_the_strip_at_once(painter) -> None:
    generation, model = painter.window.generation, painter.window.results.model
    deliver = generation._bridge.post
    writer = generation._writer
    held: list[object] = []
    writer._pass_on = held.append  # the events wait, as they do for a busy window
    painter.control(Qt.Key.Key_Return, widget=painter.window.view)
    painter.qtbot.waitUntil(lambda: bool(held) and type(held[-1]).__name__ == "Finished", timeout=60_000)
    writer._pass_on = deliver
    with painter.qtbot.waitSignal(generation.ended, timeout=60_000):
        painter.control(Qt.Key.Key_Return, widget=painter.window.view)
        for event in held:
            deliver(event)
    painter.qtbot.waitUntil(lambda: model.rowCount() == 2)  # a thread of its own writes them
    assert not isinstance(held[-1], Cancelled)


def test_a_picture_of_the_scene_before_comes_into_the_strip_and_not_on_the_new_canvas(painter) -> None:
    window = painter.window
    with painter.qtbot.waitSignal(window.generation.ended, timeout=60_000):
        painter.control(Qt.Key.Key_Return, widget=window.view)
        painter.control(Qt.Key.Key_N, widget=window.view)
        box = window.findChild(QMessageBox, "unsavedQuestion")
        painter.click(box.button(QMessageBox.StandardButton.Discard))
    assert window.shown.rgb is None and not window.view._layers.has_picture
    assert window.results.model.rowCount() == 1


def test_taking_a_result_again_is_no_second_step(painter) -> None:
    painter.generate()
    painter.generate()
    before = painter.window.document.scene
    for _ in range(3):
        bring_back(painter, 1)
        painter.qtbot.wait(20)
    undo(painter)
    assert painter.window.document.scene == before
