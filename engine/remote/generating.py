"""Pictures from another machine without a window: the events of one request, as `engine.generate` yields them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from engine.protocol import FINAL_EVENTS, Event, GenerateRequest
from engine.remote.executor import RemoteExecutor


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

    def generate(self, request: GenerateRequest, *, cancel: threading.Event | None = None) -> Iterator[Event]:
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
