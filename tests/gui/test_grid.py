"""Grids in the window: one picture for each value, all in the results, and their contact sheet."""

from __future__ import annotations

import pytest

from app.rework.grid_dialog import SEEDS, STRENGTHS, WORDS, GridDialog
from canvas.files import png
from canvas.model.scene import Scene, Settings
from engine.errors import InternalError


@pytest.fixture
def painter(make_window, tiny: Settings):
    hands = make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)
    hands.click_word("lake")
    hands.stroke((16, 16), (40, 40))
    return hands


def ask(painter, over: str, text: str) -> GridDialog:
    painter.window.actions_table["generate.grid"].trigger()
    (dialog,) = [each for each in painter.window.findChildren(GridDialog) if each.isVisible()]
    dialog.choices[over].setChecked(True)
    dialog.fields[over].setText(text)
    return dialog


def results(home) -> list:
    return sorted((home / "results").glob("*.png"))


def test_a_grid_over_strengths_is_in_the_results_with_its_sheet(painter, home):
    dialog = ask(painter, STRENGTHS, "0, 1, 2")
    with painter.qtbot.waitSignal(painter.window.gridding.said, timeout=20_000) as said:
        dialog.accept()
    assert "3 pictures" in said.args[0]
    found = results(home)
    assert len(found) == 4 == painter.window.results.model.rowCount()
    kept = {path: png.read_all(path) for path in found}
    cells = {path: each for path, each in kept.items() if each.picture.shape == (64, 64, 3)}
    assert sorted(each.scene.words[0].strength for each in cells.values()) == [0, 1, 2]
    (sheet,) = kept.keys() - cells.keys()
    assert kept[sheet].scene.prompt == "a lake and sky" and painter.window.results.model.listed[0].path == sheet
    assert painter.window.document.scene.words[0].strength == 1  # the painter's own scene stays


def test_words_take_the_place_of_the_chosen_one_with_its_paint(painter):
    dialog = ask(painter, WORDS, "tall tower; hill")
    dialog.accept()
    texts = [request.text for request in painter.executor.requests if not request.live] + [
        job.request.text for job in painter.window.session.jobs if not job.submitted
    ]
    assert [text.prompt for text in texts] == ["a tall tower and sky", "a hill and sky"]
    assert [text.words[0].span for text in texts] == [(2, 12), (2, 6)]


def test_what_is_no_list_of_values_cannot_be_asked_for(painter):
    dialog = ask(painter, SEEDS, "four")
    ok = dialog.buttons.buttons()[0]
    typed = ((SEEDS, "0", 0), (SEEDS, "101", 0), (SEEDS, "9", 1), (STRENGTHS, "1, x", 0), (WORDS, " ,", 0))
    for over, text, fine in typed:
        dialog.choices[over].setChecked(True)
        dialog.fields[over].setText(text)
        assert ok.isEnabled() == bool(fine), (over, text)
    dialog.reject()
    painter.window.session.choose_word(None)
    dialog = ask(painter, SEEDS, "2")
    assert not dialog.choices[STRENGTHS].isEnabled() and not dialog.choices[WORDS].isEnabled()
    dialog.reject()


def test_where_one_fails_the_rest_is_not_tried_and_there_is_no_sheet(painter, home):
    painter.executor.failure = InternalError("It broke.", hint="Try again.")
    dialog = ask(painter, SEEDS, "4")
    with painter.qtbot.waitSignal(painter.window.generation.failed, timeout=20_000):
        dialog.accept()
    painter.qtbot.waitUntil(lambda: not len(painter.window.session.jobs))
    assert not results(home) and len([each for each in painter.executor.requests if not each.live]) <= 2
