"""The farm on a local Ray of two workers: same pictures, each once, whoever is killed, and nothing that hangs."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from engine import GenerateRequest
from engine.errors import FarmUnavailable, WorkerLost
from engine.farm import LocalFarm, farm, seat, starting
from engine.farm.cluster import RayFarm
from engine.protocol import FINAL_EVENTS, Cancelled, Event, Failed, Finished, ImageReady
from tests.fake_executor import picture
from tests.farm_workers import POISON, FakeWorker


@pytest.fixture(scope="module")
def ray_of_two():
    """One local cluster for all tests here."""
    cluster = starting.Cluster(starting.LOCAL, cores=2)
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def workers(ray_of_two):
    """A farm of two workers that need no torch, for all tests: whatever befell it, it works on."""
    with RayFarm(workers=2, worker=FakeWorker) as made:
        yield made


def _requests(number: int, *, steps: int = 4, first: int = 0, **changes) -> list[GenerateRequest]:
    asked = GenerateRequest.of(id="", prompt="a lake", model="tiny", width=64, height=64, steps=steps, previews=False)
    return [asked.replace(id=f"{n}", seed=n, **changes) for n in range(first, first + number)]


def _check(requests: list[GenerateRequest], events: list[Event]) -> None:
    """Each request has one final event, after its pictures, which are there once and are its own."""
    finals = Counter(event.request_id for event in events if isinstance(event, FINAL_EVENTS))
    assert finals == {request.id: 1 for request in requests}
    pictures = {(event.request_id, event.image): event.rgb for event in events if isinstance(event, ImageReady)}
    assert len(pictures) == sum(isinstance(event, ImageReady) for event in events)
    for request in requests:
        last = [event for event in events if event.request_id == request.id][-1]
        assert isinstance(last, FINAL_EVENTS)
        if isinstance(last, Finished):
            assert len(last.images) == request.picture.count
            for number, image in enumerate(last.images):
                wanted = picture(request, request.picture.seed + number)
                assert np.array_equal(image.rgb, wanted) and np.array_equal(pictures[request.id, number], wanted)


def test_every_request_comes_back_once_with_its_pictures_whoever_is_killed(workers):
    requests = [*_requests(16), *_requests(4, first=100, count=2)]
    chance, events, kills = random.Random(5), [], [7, 40]
    for event in workers.run(iter(requests), cancel=threading.Event()):
        events.append(event)
        if kills and len(events) >= kills[0]:
            kills.pop(0)
            os.kill(chance.choice(workers.processes()), signal.SIGKILL)
    assert not kills
    _check(requests, events)
    assert all(isinstance(event, Finished) for event in events if isinstance(event, FINAL_EVENTS))


def test_a_picture_that_kills_its_workers_fails_and_the_rest_goes_on(workers):
    requests = [*_requests(3), *_requests(1, first=9, prompt=POISON), *_requests(3, first=20)]
    events = list(workers.run(requests, cancel=threading.Event()))
    _check(requests, events)
    (lost,) = [event for event in events if isinstance(event, Failed)]
    assert lost.request_id == "9" and isinstance(lost.error, WorkerLost) and "3 workers" in lost.error.message


def test_what_fails_comes_back_as_its_own_error_and_costs_no_worker(workers):
    requests = [*_requests(1), *_requests(1, first=5, width=60), *_requests(1, first=7)]
    events = list(workers.run(requests, cancel=threading.Event()))
    _check(requests, events)
    (failed,) = [event for event in events if isinstance(event, Failed)]
    assert failed.request_id == "5" and type(failed.error).__name__ == "BadRequest" and failed.error.hint


def test_a_worker_that_does_not_answer_any_more_is_replaced(workers, monkeypatch):
    monkeypatch.setattr(seat, "SILENT_SECONDS", 1.5)
    requests, events, stopped = _requests(12), [], []
    for event in workers.run(requests, cancel=threading.Event()):
        events.append(event)
        if len(events) == 5:
            stopped = workers.processes()[:1]
            os.kill(stopped[0], signal.SIGSTOP)
    _check(requests, events)
    assert all(isinstance(event, Finished) for event in events if isinstance(event, FINAL_EVENTS))
    assert stopped[0] not in workers.processes()


def test_cancelled_work_ends_soon_each_request_with_one_end(workers):
    taken, cancel, events = [], threading.Event(), []

    def coming():
        for request in _requests(50, steps=100):
            taken.append(request)
            yield request

    for event in workers.run(coming(), cancel=cancel):
        events.append(event)
        if len(events) == 3:
            cancel.set()
            began = time.monotonic()
    assert time.monotonic() - began < 10
    assert len(taken) <= 6
    _check(taken, events)
    assert any(isinstance(event, Cancelled) for event in events)


def test_requests_are_taken_only_when_a_worker_needs_them(workers):
    taken, done = [], 0

    def coming():
        for request in _requests(8):
            taken.append(request)
            yield request

    for event in workers.run(coming(), cancel=threading.Event()):
        done += isinstance(event, FINAL_EVENTS)
        assert len(taken) <= done + 4  # two each: the one that runs, and the next
    assert done == 8


def test_without_ray_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(FarmUnavailable) as told:
        farm("auto")
    assert "wordbrush[ray]" in told.value.hint


def test_what_a_killed_program_left_is_cleared_away_and_what_is_in_use_stays(ray_of_two):
    gone, used = Path("/tmp/wordbrush-ray-999999999-x"), Path(ray_of_two._temporary)
    gone.mkdir()
    starting._sweep()
    assert not gone.exists() and used.is_dir() and f"-{os.getpid()}-" in used.name


def test_a_cluster_has_as_many_workers_as_it_has_room_for(ray_of_two):
    assert ray_of_two.room(workers=None, threads=None) == starting.Room(2, 1, 0, 1)
    assert ray_of_two.room(workers=9, threads=1).workers == 2
    assert ray_of_two.room(workers=1, threads=None) == starting.Room(1, 2, 0, 2)
    with pytest.raises(FarmUnavailable, match="2 cores"):
        ray_of_two.room(workers=None, threads=3)


def test_the_farm_of_one_speaks_as_the_others_do(monkeypatch):
    import engine.farm.local
    from tests.fake_executor import FakeExecutor

    monkeypatch.setattr(engine.farm.local, "LocalExecutor", lambda library: FakeExecutor())
    requests = [*_requests(5), *_requests(1, first=9, width=60)]
    with LocalFarm() as alone:
        events = list(alone.run(requests, cancel=threading.Event()))
        _check(requests, events)
        cancel, left = threading.Event(), []
        for event in alone.run(_requests(9, steps=9), cancel=cancel):
            left.append(event)
            cancel.set()
    assert sum(isinstance(event, FINAL_EVENTS) for event in left) == 2
