"""The queue's list beside Generate: order, pause, cancel one or all, more at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.jobs import JobState
from canvas.model.scene import Scene, Settings


@pytest.fixture
def painter(make_window, tiny: Settings):
    return make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)


@pytest.fixture
def waiting(painter):
    """A generation that does not get on, and three that wait."""
    painter.executor.stall()
    painter.control(Qt.Key.Key_Return, widget=painter.window.view)
    painter.qtbot.waitUntil(lambda: painter.window.session.jobs.current.state is JobState.RUNNING)
    for _ in range(3):
        painter.control(Qt.Key.Key_Return, widget=painter.window.view)
    painter.window.queueing.open()
    yield painter
    painter.executor.go_on()


def seeds(painter) -> list[int]:
    return [job.request.picture.seed for job in painter.window.session.jobs.asked]


def test_the_button_counts_and_the_list_has_a_row_for_each(waiting):
    queue = waiting.window.queueing
    assert queue.button.text() == "4"
    first, *others = waiting.window.session.jobs.asked
    assert queue.popup.row(first).state.text() == "running"
    assert not queue.popup.row(first).up.isVisible() and queue.popup.row(others[0]).up.isVisible()
    assert [queue.popup.row(job).state.text() for job in others] == [f"seed {seed}" for seed in seeds(waiting)[1:]]


def test_one_that_waits_is_moved_and_the_executor_gets_them_in_that_order(waiting):
    jobs = waiting.window.session.jobs
    last = jobs.asked[-1]
    for _ in range(5):  # it stops behind the one that runs
        waiting.window.queueing.popup.row(last).up.click()
    order = seeds(waiting)
    assert jobs.asked[1] is last
    made = []
    waiting.window.generation.saved.connect(lambda result: made.append(result.path))
    waiting.executor.go_on()
    waiting.qtbot.waitUntil(lambda: not len(jobs), timeout=30_000)
    assert [request.picture.seed for request in waiting.executor.requests if not request.live] == order
    assert len(made) == 4


def test_one_that_waits_is_taken_away_at_once(waiting):
    jobs = waiting.window.session.jobs
    second = jobs.asked[1]
    waiting.window.queueing.popup.row(second).stop.click()
    assert second not in jobs.asked and second.state is JobState.CANCELLED and len(jobs.asked) == 3


def test_all_are_cancelled_together(waiting):
    jobs = waiting.window.session.jobs
    waiting.window.queueing.popup.stop.click()
    assert len(jobs.asked) == 1, "the executor ends the one that runs itself"
    waiting.executor.go_on()
    waiting.qtbot.waitUntil(lambda: not len(jobs))
    assert not waiting.window.generation.running and waiting.window.prompt_bar.generate.isVisible()


def test_a_paused_queue_finishes_the_one_that_runs_and_no_more(waiting):
    jobs, popup = waiting.window.session.jobs, waiting.window.queueing.popup
    popup.pause.click()
    waiting.executor.go_on()
    waiting.qtbot.waitUntil(lambda: len(jobs.asked) == 3)
    waiting.settle()
    assert all(job.state is JobState.QUEUED for job in jobs.asked) and waiting.window.queueing.button.text() == "paused"
    popup.pause.click()
    waiting.qtbot.waitUntil(lambda: not len(jobs), timeout=30_000)


def test_ten_more_have_seeds_of_their_own_and_the_scene_keeps_its(waiting):
    before = waiting.window.document.scene
    waiting.window.queueing.popup.ten.click()
    assert len(waiting.window.session.jobs.asked) == 14 and len(set(seeds(waiting))) == 14
    assert waiting.window.document.scene is before


def test_what_waits_survives_a_restart_and_waits_on_until_the_painter_says_so(waiting, make_window):
    order = seeds(waiting)[1:]
    waiting.window.shut_down()
    again = make_window(engine=True)
    again.qtbot.waitUntil(lambda: len(again.window.session.jobs.asked) == 3, timeout=10_000)
    assert seeds(again) == order and again.window.session.jobs.paused
    assert "still wait in the queue: 3" in again.window.banner.message
    assert not [request for request in again.executor.requests if not request.live]
    again.click(again.button("Make Them Now"))
    again.qtbot.waitUntil(lambda: not len(again.window.session.jobs), timeout=30_000)
    assert [request.picture.seed for request in again.executor.requests if not request.live] == order
