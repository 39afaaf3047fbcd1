"""The queue's list beside Generate: order, pause, cancel one or all, more at once."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.jobs import JobKind, JobState
from app.rework.refine_dialog import RefineDialog
from canvas.model.edits import set_settings
from canvas.model.loras import as_read
from canvas.model.scene import Scene, Settings
from canvas.model.tiled_mask import TiledMask


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
    assert all(job.state is JobState.QUEUED for job in jobs.asked)
    button = waiting.window.queueing.button
    assert button.text() == "3" and "paused" in button.accessibleName() and "paused" in button.toolTip()
    popup.pause.click()
    waiting.qtbot.waitUntil(lambda: not len(jobs), timeout=30_000)


def test_escape_closes_the_list_and_stops_nothing(waiting):
    popup = waiting.window.queueing.popup
    popup.one.setFocus()
    waiting.key(Qt.Key.Key_Escape, widget=popup.one)
    assert popup.isHidden() and len(waiting.window.session.jobs.asked) == 4
    assert not waiting.window.session.jobs.current.cancelling


def test_ten_more_have_seeds_of_their_own_and_the_scene_keeps_its(waiting):
    before = waiting.window.document.scene
    waiting.window.queueing.popup.ten.click()
    assert len(waiting.window.session.jobs.asked) == 14 and len(set(seeds(waiting))) == 14
    assert waiting.window.document.scene is before


def restarted(painter, make_window, count: int):
    """Another window after the painter's ended, with what it left."""
    painter.window.shut_down()
    again = make_window(engine=True)
    again.qtbot.waitUntil(lambda: len(again.window.session.jobs.asked) == count, timeout=10_000)
    return again


def test_what_was_not_made_survives_a_restart_and_waits_until_the_painter_says_so(waiting, make_window):
    order = seeds(waiting)
    again = restarted(waiting, make_window, 4)
    bar = again.window.prompt_bar
    assert seeds(again) == order and again.window.session.jobs.paused
    assert "still wait in the queue: 4" in again.window.banner.message
    assert not [request for request in again.executor.requests if not request.live]
    assert bar.status.text() == "Paused · 4 waiting" and bar.resume.isVisible()
    assert bar.generate.isVisible() and not bar.cancel.isVisible() and not bar.progress.isVisible()
    again.click(bar.resume)
    again.qtbot.waitUntil(lambda: not len(again.window.session.jobs), timeout=30_000)
    assert [request.picture.seed for request in again.executor.requests if not request.live] == order
    assert again.window.banner.isHidden() and not bar.resume.isVisible()


def test_a_new_picture_is_made_at_once_while_those_of_the_last_time_wait_on(waiting, make_window, tiny):
    again = restarted(waiting, make_window, 4)
    again.window.document.load(Scene(prompt="a boat", size=(64, 64), settings=tiny))
    again.generate()
    assert again.window.shown.scene.prompt == "a boat"
    assert again.window.session.jobs.resting == 4 and again.window.prompt_bar.resume.isVisible()
    again.window.queueing.popup.stop.click()
    assert not len(again.window.session.jobs) and not again.window.prompt_bar.resume.isVisible()


def rework(painter) -> dict[JobKind, object]:
    """One of each way to work on a picture, all waiting; what each begins from by its kind."""
    window = painter.window
    painter.generate()
    window.generation.pause(True)
    window.session.crop((80, 64), (0.0, 0.0))
    scene = window.document.scene
    selected = np.zeros((64, 80), np.uint8)
    selected[8:24, 8:24] = 200
    window.document.apply(scene.replace(selection=TiledMask.from_array(selected)), "Select")
    window.reworking.repaint()
    window.reworking.vary()
    window.reworking.refine()
    next(each for each in window.findChildren(RefineDialog) if each.isVisible()).accept()
    window.reworking.fill_new()
    return {job.kind: job.request for job in window.session.jobs.asked}


def test_each_kind_of_request_comes_back_as_what_it_was(painter, make_window, home):
    before = rework(painter)
    again = restarted(painter, make_window, 4)
    after = {job.kind: job.request for job in again.window.session.jobs.asked}
    assert list(after) == [JobKind.REPAINT, JobKind.VARY, JobKind.REFINE, JobKind.FILL]
    for kind, request in after.items():
        was = before[kind]
        assert (request.start.rgb == was.start.rgb).all(), kind
        assert request.start.mask is was.start.mask is None or (request.start.mask == was.start.mask).all(), kind
        assert (request.start.strength, request.start.context) == (was.start.strength, was.start.context), kind
        assert request.refine == was.refine and request.picture == was.picture, kind
    again.window.queueing.open()
    popup = again.window.queueing.popup
    rows = [popup.row(job).kind.text() for job in again.window.session.jobs.asked]
    assert rows == ["Repaint", "Vary", "Refine", "Fill"]
    assert popup.left.text() == "under a second left"  # 2 ms a step, as the last time
    kept = len(list((home / "results").glob("*.png")))
    again.click(again.button("Resume"))
    again.qtbot.waitUntil(lambda: not len(again.window.session.jobs), timeout=30_000)
    assert len(list((home / "results").glob("*.png"))) == kept + 4


def test_more_repeats_what_was_asked_for_last_with_other_seeds(painter):
    first = rework(painter)
    jobs, queue = painter.window.session.jobs, painter.window.queueing
    painter.window.generation.cancel_all()
    painter.window.reworking.repaint()
    queue.open()
    assert "repaint again" in queue.popup.ten.toolTip() and queue.popup.one.text() == "+1 picture"
    queue.popup.ten.click()
    assert len(jobs.asked) == 11 and len(set(seeds(painter))) == 11
    assert {job.kind for job in jobs.asked} == {JobKind.REPAINT}
    for job in jobs.asked:
        assert (job.request.start.mask == first[JobKind.REPAINT].start.mask).all()
    painter.window.generation.leave()  # another scene has nothing to repeat but its picture
    queue.popup.one.click()
    assert jobs.asked[-1].kind is JobKind.GENERATE and jobs.asked[-1].request.start is None


def test_pictures_of_one_request_choose_their_words_by_their_own_seeds(painter, tiny):
    window = painter.window
    settings = dataclasses.replace(tiny, seed=7, count=4)
    window.document.load(Scene(prompt="a {cat|dog} at a lake", size=(64, 64), settings=settings))
    window.generation.pause(True)
    painter.window.queueing.open()
    assert painter.window.queueing.popup.ten.text() == "+40 pictures"
    painter.control(Qt.Key.Key_Return, widget=window.view)
    asked = [(job.request.picture.seed, job.request.text.prompt) for job in window.session.jobs.asked]
    alone = {seed: as_read(set_settings(window.document.scene, seed=seed)).prompt for seed, _text in asked}
    assert dict(asked) == alone and list(alone) == [7, 8, 9, 10] and len(set(alone.values())) == 2
    window.generation.cancel_all()
    window.document.load(Scene(prompt="a cat # {or|not}", size=(64, 64), settings=settings))
    painter.control(Qt.Key.Key_Return, widget=window.view)
    (job,) = window.session.jobs.asked
    assert job.request.picture.count == 4
