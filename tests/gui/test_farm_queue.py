"""The queue on the farm: what waits is made there, what is cancelled is not, and without a farm it waits again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from app.jobs import JobState
from canvas.model.scene import Scene, Settings
from engine import farm as farms
from engine.errors import FarmUnavailable
from engine.farm.local import LocalFarm
from tests.fake_executor import FakeExecutor


@pytest.fixture
def queued(make_window, tiny: Settings):
    """One picture that does not get on, and three behind it."""
    painter = make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)
    painter.executor.stall()
    for _ in range(4):
        painter.control(Qt.Key.Key_Return, widget=painter.window.view)
    painter.qtbot.waitUntil(lambda: painter.window.session.jobs.current.state is JobState.RUNNING)
    yield painter
    painter.executor.go_on()


@pytest.fixture
def asked(monkeypatch):
    """Addresses that the window opened a farm at; the farm is one of this process, without torch."""
    found = []

    def open_farm(address):
        found.append(address)
        return LocalFarm()

    monkeypatch.setattr("engine.farm.local.LocalExecutor", lambda library: FakeExecutor())
    monkeypatch.setattr(farms, "farm", open_farm)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: (" 10.0.0.5:6379 ", True))
    return found


def _results(home) -> int:
    return len(list((home / "results").glob("*.png")))


def test_what_waits_is_made_on_the_farm_while_the_window_makes_its_own(queued, asked, home):
    jobs, popup = queued.window.session.jobs, queued.window.queueing.popup
    queued.window.queueing.open()
    first, *waiting = jobs.asked
    assert popup.farm.isEnabled()
    queued.click(popup.farm)
    assert not popup.farm.isEnabled()
    queued.qtbot.waitUntil(lambda: jobs.asked == [first], timeout=20_000)
    assert asked == ["10.0.0.5:6379"]
    assert [job.state for job in waiting] == [JobState.FINISHED] * 3 and _results(home) == 3
    assert first.state is JobState.RUNNING
    queued.executor.go_on()
    queued.qtbot.waitUntil(lambda: not jobs.asked, timeout=20_000)
    assert _results(home) == 4 and len(queued.executor.requests) == 1
    queued.qtbot.waitUntil(lambda: not queued.window.generation.farming.works)


def test_what_is_cancelled_is_not_made(queued, asked, home, monkeypatch):
    worker = FakeExecutor()
    worker.stall()
    monkeypatch.setattr("engine.farm.local.LocalExecutor", lambda library: worker)
    jobs, generation = queued.window.session.jobs, queued.window.generation
    waiting = jobs.asked[1:]
    generation.farming.start("local")
    for job in waiting:
        generation.cancel_job(job)
    queued.qtbot.waitUntil(lambda: not generation.farming.works, timeout=20_000)
    queued.qtbot.waitUntil(lambda: all(job.state is JobState.CANCELLED for job in waiting))
    assert len(jobs.asked) == 1


def test_without_a_farm_it_is_said_and_everything_waits_as_before(queued, monkeypatch):
    def none(_address):
        raise FarmUnavailable("The farm needs Ray, which is not installed.", hint="Install it.")

    monkeypatch.setattr(farms, "farm", none)
    jobs, told = queued.window.session.jobs, []
    before = jobs.asked
    queued.window.generation.failed.connect(told.append)
    queued.window.generation.farming.start("auto")
    queued.qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert jobs.asked == before and [job.submitted for job in before] == [True, False, False, False]
    assert jobs.paused and isinstance(told[0], FarmUnavailable)
