"""Grids in the window: one picture for each value, all in the results, and their contact sheet."""

from __future__ import annotations

import pytest

from app.rework.grid_axes import SEEDS, STRENGTHS, WORDS, Way
from app.rework.grid_dialog import GridDialog
from canvas.files import contact_sheet, png
from canvas.model.scene import Scene, Settings
from engine.errors import InternalError


@pytest.fixture
def painter(make_window, tiny: Settings):
    hands = make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)
    hands.click_word("lake")
    hands.stroke((16, 16), (40, 40))
    return hands


def way(painter, over: str) -> Way:
    return Way(over, painter.window.document.scene.words[0].id if over in (STRENGTHS, WORDS) else "")


def ask(painter, over: str, text: str, rows: tuple[str, str] | None = None) -> GridDialog:
    painter.window.actions_table["generate.grid"].trigger()
    (dialog,) = [each for each in painter.window.findChildren(GridDialog) if each.isVisible()]
    for choice, asked in ((dialog.columns, (over, text)), (dialog.rows, rows)):
        if asked is not None:
            choice.choose(way(painter, asked[0]))
            choice.field.setText(asked[1])
    return dialog


def results(home) -> list:
    return sorted((home / "results").glob("*.png"))


@pytest.fixture
def drawn(monkeypatch) -> list[dict]:
    """What each sheet was drawn with."""
    calls: list[dict] = []
    draw = contact_sheet.draw

    def note(cells, **how):
        calls.append({"cells": [(label, rgb is not None) for label, rgb in cells], **how})
        return draw(cells, **how)

    monkeypatch.setattr(contact_sheet, "draw", note)
    return calls


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


def test_words_by_strengths_make_rows_and_columns_labelled_on_both_sides(painter, drawn):
    painter.window.generation.pause(True)
    dialog = ask(painter, STRENGTHS, "0.5, 2", rows=(WORDS, "tall tower; hill"))
    assert "2 × 2 = 4 pictures" in dialog.why.text()
    dialog.accept()
    jobs = painter.window.session.jobs.asked
    texts = [(job.request.text.prompt, job.request.text.words[0].strength) for job in jobs]
    tower, hill = "a tall tower and sky", "a hill and sky"
    assert texts == [(tower, 0.5), (tower, 2.0), (hill, 0.5), (hill, 2.0)]
    assert [job.request.text.words[0].span for job in jobs[1:3]] == [(2, 12), (2, 6)]
    row = painter.window.queueing.popup.row(jobs[0])
    assert (row.kind.text(), row.name.text()) == ("Grid", "tall tower · strength 0.5")
    painter.window.queueing.popup.row(jobs[1]).stop.click()  # the rest is made
    told = []
    painter.window.generation.progress.connect(lambda text, fraction: told.append((text, fraction)))
    with painter.qtbot.waitSignal(painter.window.gridding.said, timeout=20_000):
        painter.window.generation.pause(False)
    (call,) = drawn
    assert call["across"] == ("strength 0.5", "strength 2") and call["down"] == ("tall tower", "hill")
    assert [there for _label, there in call["cells"]] == [True, False, True, True]
    steps = [(text, fraction) for text, fraction in told if "Step" in text]
    assert [text.partition(" · ")[0] for text, _f in steps][::3] == [f"Grid {n} of 4" for n in (2, 3, 4)]
    assert [round(fraction, 2) for _text, fraction in steps][2::3] == [0.5, 0.75, 1.0]


def test_a_sheet_is_made_after_a_restart_with_what_was_there_before(painter, make_window, home, drawn):
    painter.executor.step_seconds = 0.02
    dialog = ask(painter, SEEDS, "7, 8, 9", rows=(STRENGTHS, "0, 1"))
    saved = []
    painter.window.generation.saved.connect(saved.append)
    dialog.accept()
    painter.qtbot.waitUntil(lambda: len(saved) >= 2, timeout=20_000)
    painter.executor.stall()
    painter.qtbot.wait(300)
    painter.executor.go_on()
    painter.window.shut_down()
    before = len(results(home))
    assert 2 <= before < 6 and not drawn
    again = make_window(engine=True)
    again.qtbot.waitUntil(lambda: bool(len(again.window.session.jobs)), timeout=10_000)
    assert len(again.window.session.jobs) >= 6 - before
    with again.qtbot.waitSignal(again.window.gridding.said, timeout=20_000) as said:
        again.click(again.button("Resume"))
    assert "6 pictures" in said.args[0] and painter.window is not again.window
    (call,) = drawn
    assert call["across"] == ("seed 7", "seed 8", "seed 9") and call["down"] == ("lake 0", "lake 1")
    assert all(there for _label, there in call["cells"])


def test_the_last_grid_is_repeated_with_other_seeds(painter):
    painter.window.generation.pause(True)
    ask(painter, SEEDS, "3").accept()
    popup = painter.window.queueing.popup
    painter.window.queueing.open()
    assert (popup.one.text(), popup.ten.text()) == ("+3 pictures", "+30 pictures")  # and not one and ten
    popup.one.click()
    seeds = [job.request.picture.seed for job in painter.window.session.jobs.asked]
    assert len(seeds) == 6 == len(set(seeds)) and seeds[0] == painter.window.document.scene.settings.seed


def test_what_is_no_list_of_values_cannot_be_asked_for(painter):
    dialog = ask(painter, SEEDS, "four")
    typed = (
        (SEEDS, "0", 0), (SEEDS, "101", 0), (SEEDS, "9", 1), (STRENGTHS, "1, x", 0), (WORDS, " ,", 0),
        ("steps", "4, 8", 1),
    )  # fmt: skip
    for over, text, fine in typed:
        dialog.columns.choose(way(painter, over))
        dialog.columns.field.setText(text)
        assert dialog.ok.isEnabled() == bool(fine), (over, text)
    for over, text, fine in ((("steps"), "9", 0), (SEEDS, "50", 1), (SEEDS, "51", 0)):
        dialog.rows.choose(way(painter, over))
        dialog.rows.field.setText(text)
        assert dialog.ok.isEnabled() == bool(fine), (over, text)
    dialog.reject()


def test_where_one_fails_the_rest_is_not_tried_and_there_is_no_sheet(painter, home):
    painter.executor.failure = InternalError("It broke.", hint="Try again.")
    dialog = ask(painter, SEEDS, "4")
    with painter.qtbot.waitSignal(painter.window.generation.failed, timeout=20_000):
        dialog.accept()
    painter.qtbot.waitUntil(lambda: not len(painter.window.session.jobs))
    assert not results(home) and len([each for each in painter.executor.requests if not each.live]) <= 2
