"""Jobs in a queue: Generate adds to it while one runs, Cancel ends the one that runs, each picture finds its place."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt

from app.generation.sinks import ResultsOnlySink
from app.jobs import JobState
from app.storage.opened import Opened
from canvas.model.scene import Scene, Settings
from engine.errors import InternalError


@pytest.fixture
def painter(make_window, tiny: Settings):
    return make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)


def press_generate(painter) -> None:
    painter.control(Qt.Key.Key_Return, widget=painter.window.view)


def results(home) -> int:
    return len(list((home / "results").glob("*.png")))


def status(painter) -> str:
    return painter.window.prompt_bar.status.text()


@pytest.fixture
def stalled(painter):
    """A generation that does not get on, and another behind it."""
    painter.executor.stall()
    press_generate(painter)
    painter.qtbot.waitUntil(lambda: painter.window.session.jobs.current.state is JobState.RUNNING)
    press_generate(painter)
    yield painter
    painter.executor.go_on()


def test_generate_while_one_runs_makes_one_more_picture_with_another_seed(stalled, home):
    jobs = stalled.window.session.jobs
    first, second = jobs.asked
    assert (first.state, second.state) == (JobState.RUNNING, JobState.QUEUED)
    assert first.request.picture.seed != second.request.picture.seed
    stalled.executor.go_on()
    stalled.qtbot.waitUntil(lambda: not len(jobs), timeout=30_000)
    assert results(home) == 2 and (first.state, second.state) == (JobState.FINISHED, JobState.FINISHED)
    assert stalled.window.shown.scene.settings.seed == second.request.picture.seed
    assert "Done" in status(stalled) and stalled.window.prompt_bar.generate.isVisible()


def test_the_progress_says_how_many_wait(stalled):
    stalled.executor.step_seconds = 0.05
    stalled.executor.go_on()
    stalled.qtbot.waitUntil(lambda: "Step" in status(stalled) and status(stalled).endswith("1 more waiting"))
    stalled.qtbot.waitUntil(lambda: "Step" in status(stalled) and "waiting" not in status(stalled))
    stalled.qtbot.waitUntil(lambda: not stalled.window.generation.running)


@pytest.mark.usefixtures("anywhere")
def test_cancel_ends_the_one_that_runs_and_the_next_one_follows(stalled, home):
    jobs = stalled.window.session.jobs
    first, second = jobs.asked
    stalled.key(Qt.Key.Key_Escape, widget=stalled.window.view)
    stalled.qtbot.waitUntil(lambda: first.state is JobState.CANCELLED)
    assert jobs.asked == [second] and stalled.window.prompt_bar.cancel.isVisible()
    stalled.key(Qt.Key.Key_Escape, widget=stalled.window.view)
    stalled.qtbot.waitUntil(lambda: second.state is JobState.CANCELLED)
    assert status(stalled) == "Cancelled" and results(home) == 0


def test_one_that_fails_is_told_and_the_next_one_runs(painter, home):
    painter.executor.failure = InternalError("It broke.", hint="Try again.")
    with painter.qtbot.waitSignal(painter.window.generation.failed):
        press_generate(painter)
    painter.executor.failure = None
    painter.generate()
    assert results(home) == 1


def test_a_scene_that_was_left_gets_its_pictures_into_the_results_only(stalled, home):
    jobs, before = list(stalled.window.session.jobs), stalled.window.shown
    stalled.window.session.open(Opened(Scene("a house", size=(64, 64))), None)
    assert all(isinstance(job.sink, ResultsOnlySink) for job in jobs)
    stalled.executor.go_on()
    stalled.qtbot.waitUntil(lambda: not len(stalled.window.session.jobs), timeout=30_000)
    assert results(home) == 2 and stalled.window.shown is before


def test_pictures_are_written_on_a_thread_of_their_own_and_none_is_lost_at_the_end(painter, home, monkeypatch):
    threads, keeper, held = set(), painter.window.generation.keeper, threading.Event()
    keep = keeper.keep

    def slow(picture):
        threads.add(threading.current_thread().name)
        held.wait(10)
        return keep(picture)

    monkeypatch.setattr(keeper, "keep", slow)
    press_generate(painter)
    painter.qtbot.waitUntil(lambda: bool(threads), timeout=30_000)
    assert painter.window.shown.rgb is None, "no picture is shown that is not on disk"
    threading.Timer(0.3, held.set).start()
    painter.window.document.mark_saved()
    painter.window.close()
    assert results(home) == 1 and "engine" not in threads
