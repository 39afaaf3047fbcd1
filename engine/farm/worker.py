"""A worker of the farm, in a process of its own: an executor that is asked for its news again and again."""

from __future__ import annotations

import dataclasses
import os
import queue
import time
from collections.abc import Sequence
from pathlib import Path

from engine.executor import Executor
from engine.protocol import FINAL_EVENTS, Event, Failed, Finished, GenerateRequest, ImageReady, dumps
from engine.surroundings import own_process

GATHER_SECONDS = 0.25
"""For how long small news are gathered before they travel: a step of a small model takes a few milliseconds."""


class Worker:
    """Runs requests in order on the model that stays loaded.

    Args:
        threads: of torch on the CPU; None leaves it alone.
        models: the folder of the user's models where the farm was started; used where this machine has it too.
    """

    def __init__(self, threads: int | None, models: str | None) -> None:
        own_process()
        if models is not None and Path(models).is_dir():
            os.environ.setdefault("WORDBRUSH_MODELS", models)
        if threads is not None:
            import torch

            torch.set_num_threads(threads)
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._executor = self.executor()
        self._executor.start(self._events.put)

    def executor(self) -> Executor:
        """What runs the requests."""
        from engine.local_executor import LocalExecutor

        return LocalExecutor()

    def exchange(
        self, requests: Sequence[GenerateRequest], cancel: bool, seconds: float
    ) -> tuple[int, list[Event | bytes]]:
        """Take requests; return the number of this process, and the news: at once where a picture is ready or a request
        has ended, else after a moment, and empty where there was none for that many `seconds`.

        Errors travel as bytes of the protocol, all else as it is; `Finished` leaves out the pictures that came before.
        """
        for request in requests:
            self._executor.submit(request)
        if cancel:
            self._executor.cancel()
        news: list[Event | bytes] = []
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                event = self._events.get(timeout=left)
            except queue.Empty:
                break
            if not news:
                until = min(until, time.monotonic() + GATHER_SECONDS)
            news.append(_light(event))
            if isinstance(event, (ImageReady, *FINAL_EVENTS)):
                break
        return os.getpid(), news


def _light(event: Event) -> Event | bytes:
    if isinstance(event, Failed):
        return dumps(event)
    return dataclasses.replace(event, images=()) if isinstance(event, Finished) else event
