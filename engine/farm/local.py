"""The farm of one: this machine's own executor, one request after another."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable
from types import TracebackType
from typing import Self

from engine.local_executor import LocalExecutor
from engine.models.library import Library
from engine.protocol import FINAL_EVENTS, Event, GenerateRequest

AHEAD = 2
"""Requests that a worker has: the one that it runs, and the next, so that it never waits for it."""
_LOOK_SECONDS = 0.1


class LocalFarm:
    """See `engine.farm.Farm`; everything happens in this process.

    Args:
        library: the models that requests can use.
    """

    workers = 1

    def __init__(self, *, library: Library | None = None) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._executor = LocalExecutor(library=library)
        self._executor.start(self._events.put)

    def run(self, requests: Iterable[GenerateRequest], *, cancel: threading.Event) -> Generator[Event]:
        """See `Farm.run`."""
        coming = iter(requests)
        waiting: set[str] = set()
        more, cancelled = True, False
        while True:
            if cancel.is_set() and not cancelled:
                more, cancelled = False, True
                self._executor.cancel()
            while more and len(waiting) < AHEAD:
                request = next(coming, None)
                if request is None:
                    more = False
                    break
                waiting.add(request.id)
                self._executor.submit(request)
            if not waiting:
                return
            try:
                event = self._events.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                continue
            if event.request_id in waiting:
                if isinstance(event, FINAL_EVENTS):
                    waiting.discard(event.request_id)
                yield event

    def close(self) -> None:
        """Stop what runs, and wait for it."""
        self._executor.close(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
