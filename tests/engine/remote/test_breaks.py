"""Servers and clients are killed and connections cut at any moment: nothing hangs, is lost, or comes twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.protocol import FINAL_EVENTS, Cancelled, Failed, Finished, ImageReady, Started
from engine.remote.limits import Limits
from engine.remote.link import ConnectionLost
from tests.engine.remote.conftest import Heard, ask, until
from tests.engine.remote.cutting import Cable
from tests.fake_executor import FakeExecutor, picture

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def born() -> Iterator[Callable[..., tuple[int, int]]]:
    """Makes a process that may be killed; returns its id and its port."""
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.engine.remote.nursery"], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    alive: list[int] = []

    def make(what: str) -> tuple[int, int]:
        nursery.stdin.write(f"{what}\n")
        nursery.stdin.flush()
        process, port = map(int, nursery.stdout.readline().split())
        alive.append(process)
        return process, port

    yield make
    for process in alive:
        if psutil.pid_exists(process):
            os.kill(process, signal.SIGKILL)
    nursery.stdin.close()
    nursery.wait(10)
    nursery.stdout.close()


def check_whole(heard: Heard, requests) -> None:
    """Each request has one final event, and each of its pictures came once, and is what it should be."""
    finals = Counter(each.request_id for each in heard.events if isinstance(each, FINAL_EVENTS))
    assert finals == {each.id: 1 for each in requests}
    for request in requests:
        final, count = heard.final(request.id), request.picture.count
        assert isinstance(final, Finished), final
        came = [each for each in heard.events if isinstance(each, ImageReady) and each.request_id == request.id]
        assert [each.image for each in came] == [each.image for each in final.images] == list(range(count))
        for index, each in enumerate(came):
            assert each.seed == request.picture.seed + index
            assert np.array_equal(each.rgb, picture(request, each.seed))
        kinds = heard.of(request.id)
        assert kinds.index(type(final).__name__) == len(kinds) - 1, "nothing follows the end"


def kill_servers(connect, born, times: int, seed: int) -> None:
    rng = random.Random(seed)
    process, port = born("serve 0 0.01")
    client, heard = connect(port)
    requests = []
    for _ in range(times):
        for _ in range(2):
            requests.append(ask(f"{len(requests)}", seed=len(requests), count=rng.randint(1, 4), previews=False))
            client.submit(requests[-1])
        time.sleep(rng.uniform(0, 0.15))
        os.kill(process, signal.SIGKILL)
        process, port = born(f"serve {port} 0.01")
    for request in requests:
        heard.final(request.id, 60)
    check_whole(heard, requests)


def kill_clients(serve, connect, born, times: int, seed: int) -> None:
    rng, far = random.Random(seed), FakeExecutor()
    far.step_seconds = 0.02
    server, port = serve(far, limits=Limits(grace=0.1))
    for number in range(times):
        process, _ = born(f"paint {port}")
        time.sleep(rng.uniform(0, 0.1))
        os.kill(process, signal.SIGKILL)
        began = time.monotonic()
        until(lambda: not server._sessions and far._running is None and not far._queue, 3)
        assert time.monotonic() - began < 2, "the GPU is free again"
        if number == times - 1:
            client, heard = connect(port)
            client.submit(ask())
            check_whole(heard, [ask()] if heard.final("1") else [])


def cut_connections(serve, connect, times: int, seed: int) -> None:
    rng, far = random.Random(seed), FakeExecutor()
    far.step_seconds = 0.01
    _, port = serve(far)
    cable = Cable(port)
    client, heard = connect(cable.port)
    requests = []
    for _ in range(times):
        for _ in range(2):
            requests.append(ask(f"{len(requests)}", seed=len(requests), count=rng.randint(1, 3)))
            client.submit(requests[-1])
        time.sleep(rng.uniform(0, 0.12))
        cable.cut()
        time.sleep(rng.uniform(0, 0.05))
        cable.mend()
    for request in requests:
        heard.final(request.id, 60)
    check_whole(heard, requests)
    assert Counter(each.id.rpartition("/")[2] for each in far.requests) == {each.id: 1 for each in requests}
    cable.close()


@pytest.fixture
def patient(monkeypatch) -> None:
    """However often a server is killed before it has made a picture, that is not the picture's fault."""
    monkeypatch.setattr("engine.remote.executor.TRIES", 1000)


def test_a_server_that_is_killed_loses_nothing_and_makes_nothing_twice(connect, born, patient):
    kill_servers(connect, born, 8, 1)


def test_a_client_that_is_killed_frees_the_gpu(serve, connect, born):
    kill_clients(serve, connect, born, 6, 2)


def test_a_connection_that_is_cut_comes_back_and_the_running_picture_with_it(serve, connect):
    cut_connections(serve, connect, 6, 3)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_many_kills_and_cuts(serve, connect, born, patient, seed):
    kill_servers(connect, born, 20, 100 + seed)
    kill_clients(serve, connect, born, 15, 200 + seed)
    cut_connections(serve, connect, 15, 300 + seed)


def test_without_a_server_what_was_asked_for_fails_after_a_while_and_cancel_is_heard_at_once(serve, connect):
    server, port = serve()
    client, heard = connect(port, patience=0.4)
    server.close()
    until(lambda: client.machine.phase == "lost")
    client.submit(ask("1"))
    client.submit(ask("2"))
    client.submit(ask("3", live=True))
    client.submit(ask("4", live=True))
    client.cancel("2")
    assert isinstance(heard.final("2", 0.3), Cancelled) and isinstance(heard.final("3", 0.3), Cancelled)
    for name in ("1", "4"):
        final = heard.final(name)
        assert isinstance(final, Failed) and isinstance(final.error, ConnectionLost)
    client.submit(ask("5"))
    assert isinstance(heard.final("5", 0.3), Failed), "nobody waits as long again"
    assert client.machine.error is not None and "tried again" in client.machine.error.hint


def test_what_was_asked_for_before_there_was_a_server_is_done_once_there_is(serve, connect):
    server, port = serve()
    server.close()
    client, heard = connect(port, ready=False)
    client.submit(ask("1"))
    client.warm_up("tiny", "cpu")
    until(lambda: client.machine.phase == "lost")
    serve(port=port)
    assert isinstance(heard.final("1"), Finished)
    heard.wait(lambda event: event.request_id == "")


def test_a_picture_over_which_the_server_ends_again_and_again_is_given_up(born, connect):
    process, port = born("serve 0 5")
    client, heard = connect(port)
    client.submit(ask())
    for number in range(1, 4):
        until(lambda number=number: heard.of("1").count("Started") == number)
        os.kill(process, signal.SIGKILL)
        process, port = born(f"serve {port} 5")
    final = heard.final("1")
    assert isinstance(final, Failed) and "several times" in final.error.message
    assert any(isinstance(each, Started) for each in heard.events)


def test_a_client_that_does_not_take_its_news_is_dropped_before_they_fill_the_memory(serve, connect):
    far = FakeExecutor()
    far.step_seconds = 0.1
    server, port = serve(far, limits=Limits(kept_bytes=700_000, grace=30))
    cable = Cable(port)
    client, heard = connect(cable.port)
    requests = [ask(str(number), width=256, height=256, steps=1, count=2, words=()) for number in range(3)]
    for request in requests:
        client.submit(request)
    heard.wait(lambda event: isinstance(event, Started))
    (first,) = server._sessions
    cable.cut()
    until(lambda: first not in server._sessions)
    cable.mend()
    for request in requests:
        heard.final(request.id)
    check_whole(heard, requests)
    cable.close()


def test_memory_does_not_grow_over_a_thousand_requests(serve, connect):
    far = FakeExecutor()
    server, port = serve(far)
    client, heard = connect(port)
    process, levels = psutil.Process(), []
    for number in range(1000):
        client.submit(ask(f"{number}", width=96, height=96, steps=1, words=(), previews=False))
        if number % 50 == 49:
            assert isinstance(heard.final(f"{number}"), Finished)
            far.requests.clear()
            heard.events.clear()
            levels.append(process.memory_info().rss)
    assert levels[-1] - levels[3] < 8 * 2**20, "800 pictures of 27 kB are 21 MiB"
    (session,) = server._sessions.values()
    until(lambda: not len(session.outbox))
    assert not session._requests and not client._running and not client._link._unheard
