"""Pictures from another machine without a window: the events of one request, as `engine.generate` yields them."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Generator

from engine.protocol import FINAL_EVENTS, Event, GenerateRequest
from engine.remote.executor import RemoteExecutor
from engine.remote.far_library import ANSWER
from engine.remote.link import ConnectionLost

CONNECT = 5.0
"""Seconds in which a machine that should be there is tried again."""


class Remote:
    """A machine for calls that wait, in a `with` block.

    Args:
        executor: not started yet.
    """

    def __init__(self, executor: RemoteExecutor) -> None:
        self.executor = executor
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def __enter__(self) -> Remote:
        self.executor.start(self._events.put)
        return self

    def __exit__(self, *_: object) -> None:
        self.executor.close()

    def wait(self, seconds: float = CONNECT) -> None:
        """Wait until the machine is there and its models are known. Raises EngineError where it is not reached."""
        end = time.monotonic() + seconds
        while not self.executor.machine.library:
            machine = self.executor.machine
            if machine.error is not None and (machine.phase == "refused" or time.monotonic() > end):
                raise machine.error
            if time.monotonic() > end + ANSWER:
                raise ConnectionLost("The other machine does not answer.", hint="Look at what it says there.")
            time.sleep(0.02)

    def generate(
        self, request: GenerateRequest, *, cancel: threading.Event | None = None
    ) -> Generator[Event, None, None]:
        """Yield a request's events, the last of them final; setting `cancel` stops it before its next step."""
        self.executor.submit(request)
        told, ended = False, False
        try:
            while not ended:
                if cancel is not None and cancel.is_set() and not told:
                    told = True
                    self.executor.cancel(request.id)
                try:
                    event = self._events.get(timeout=0.1)
                except queue.Empty:
                    continue
                if event.request_id == request.id:
                    ended = isinstance(event, FINAL_EVENTS)
                    yield event
        finally:
            if not ended:
                self.executor.cancel(request.id)
