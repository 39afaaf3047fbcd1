"""Finished pictures are written on a thread of their own, and no event overtakes another: what comes later waits."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.jobs import Job
from app.storage.worker import Worker
from engine.protocol import Event, ImageReady


class OrderedWriter:
    """Hands events on in the order in which they came, a picture's only after it was written.

    The executor goes on meanwhile: compressing a picture costs it no time.

    Args:
        write: puts a picture of a job on disk; called on the writer's thread.
        pass_on: takes each event, on the executor's thread or the writer's.
    """

    def __init__(self, write: Callable[[ImageReady, Job], None], pass_on: Callable[[Event], None]) -> None:
        self._write, self._pass_on = write, pass_on
        self._lock = threading.Lock()
        self._behind = 0  # events that were given to the thread and not passed on yet
        self._worker = Worker("results")

    def take(self, event: Event, job: Job | None) -> None:
        """One more event; a picture that is to be kept comes with its `job`."""
        with self._lock:
            waits = self._behind > 0 or job is not None
            if waits:
                self._behind += 1
                try:
                    self._worker.submit(self._work, event, job)
                    return
                except (
                    RuntimeError
                ):  # closed: the executor did not end in time, and its last picture counts all the same
                    self._behind -= 1
        if waits and job is not None and isinstance(event, ImageReady):
            self._write(event, job)
        self._pass_on(event)

    def close(self, last: Callable[[], object], timeout: float | None = None) -> bool:
        """Write what waits, do a `last` piece of work and end the thread; False where it took more than `timeout` s."""
        self._worker.submit(last)
        return self._worker.close(timeout)

    def _work(self, event: Event, job: Job | None) -> None:
        try:
            if job is not None and isinstance(event, ImageReady):
                self._write(event, job)
        finally:
            with self._lock:
                self._behind -= 1
                self._pass_on(event)
