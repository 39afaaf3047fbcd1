"""A server on loopback with a stand-in of the engine behind it, clients of it, and requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from engine.protocol import FINAL_EVENTS, Event, GenerateRequest, PaintedWord
from engine.remote.address import Address
from engine.remote.executor import RemoteExecutor
from engine.remote.server import Server
from tests.fake_executor import FakeExecutor


class Heard:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._news = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._news:
            self.events.append(event)
            self._news.notify_all()

    def wait(self, found: Callable[[Event], bool], timeout: float = 10.0) -> Event:
        """The first event of that kind, now or later."""
        with self._news:
            assert self._news.wait_for(lambda: any(map(found, self.events)), timeout), [
                type(each).__name__ for each in self.events
            ]
            return next(filter(found, self.events))

    def final(self, request_id: str, timeout: float = 10.0) -> Event:
        """The final event of a request."""
        return self.wait(lambda event: event.request_id == request_id and isinstance(event, FINAL_EVENTS), timeout)

    def of(self, request_id: str) -> list[str]:
        """The kinds of a request's events so far."""
        return [type(each).__name__ for each in self.events if each.request_id == request_id]


def ask(name: str = "1", **fields) -> GenerateRequest:
    """A request with a painted word for the stand-in."""
    mask = np.zeros((64, 64), np.uint8)
    mask[20:40] = 200
    given = {"model": "tiny", "width": 64, "height": 64, "steps": 3, "words": (PaintedWord(span=(2, 6), mask=mask),)}
    return GenerateRequest.of(id=name, prompt="a lake", **given | fields)


def until(there: Callable[[], object], timeout: float = 10.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + timeout
    while not there():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[Server, int]]]:
    """Starts servers; each with a stand-in of the engine, unless it is given another."""
    made: list[Server] = []

    def start(executor=None, **settings) -> tuple[Server, int]:
        made.append(Server(executor or FakeExecutor(), **settings))
        return made[-1], made[-1].start()

    yield start
    for each in made:
        each.close()


@pytest.fixture
def connect() -> Iterator[Callable[..., tuple[RemoteExecutor, Heard]]]:
    """Starts clients of a port of this machine."""
    made: list[RemoteExecutor] = []

    def start(port: int, *, ready: bool = True, secure: bool = False, **settings) -> tuple[RemoteExecutor, Heard]:
        heard, client = Heard(), RemoteExecutor(Address("127.0.0.1", port, secure), **settings)
        made.append(client)
        client.start(heard)
        if ready:
            until(lambda: client.machine.library)
        return client, heard

    yield start
    for each in made:
        assert each.close(), "the thread goes on"
