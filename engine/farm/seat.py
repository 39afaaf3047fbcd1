"""A place for a worker of the cluster: the actor that has it now, and the requests that were given to it."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Any

from engine.protocol import (
    FINAL_EVENTS,
    Event,
    Finished,
    GenerateRequest,
    ImageReady,
    Started,
    Step,
    loads,
)

NEWS_SECONDS = 1.0
"""How long a worker waits for news; so long may a cancellation take to arrive."""
SILENT_SECONDS = 120.0
"""A worker that was heard before and does not answer for so long, not even that there is no news, is cut off."""


@dataclass(eq=False)
class Task:
    """A request on its way: how many workers it has cost, what it said last, and its pictures so far by number."""

    request: GenerateRequest
    deaths: int = 0
    started: Started | None = None
    done: float = 0.0
    images: dict[int, ImageReady] = field(default_factory=dict)

    def hear(self, event: Event) -> Event | None:
        """Take note of an event of its own; None for one that was told before, by a worker that ended."""
        if isinstance(event, Started):
            self.started = event
        elif isinstance(event, Step):
            self.done = (event.image + event.index / event.total) / self.request.picture.count
        elif isinstance(event, ImageReady):
            if event.image in self.images:
                return None
            self.images[event.image] = event
        elif isinstance(event, Finished):
            return replace(event, images=self._in_order())
        return event

    def finished(self) -> Finished | None:
        """The end of a request whose worker was lost after its last picture; None while a picture is still to come."""
        if self.started is None or len(self.images) < self.request.picture.count:
            return None
        return Finished(
            request_id=self.request.id,
            images=self._in_order(),
            seconds=0.0,
            step_ms=0.0,
            model=self.started.model,
            device=self.started.device,
        )

    def _in_order(self) -> tuple[ImageReady, ...]:
        return tuple(self.images[number] for number in sorted(self.images))


class Seat:
    """One worker after another: a new actor takes the place of one that was lost, and loads the model again.

    Args:
        ray: the module.
    """

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self.tasks: deque[Task] = deque()
        self._new: list[Task] = []
        self._actor: Any = None
        self.answer: Any = None
        """What the worker will say next, as Ray awaits it; None where it was not asked."""
        self._asked = 0.0
        self.process: int | None = None
        """The number of its worker's process; None before it was heard."""

    @property
    def heard(self) -> bool:
        """Whether its worker has said anything yet."""
        return self.process is not None

    @property
    def hungry(self) -> bool:
        """Whether it should be given a request: it has none, or is over half through its last one."""
        return not self.tasks or (len(self.tasks) == 1 and self.tasks[0].done >= 0.5)

    def give(self, task: Task) -> None:
        """One more request, after those that it has."""
        self.tasks.append(task)
        self._new.append(task)

    def ask(self, make: Any, *, cancel: bool) -> None:
        """Send what is new and ask for news, unless an answer is awaited; `make()` is a new actor."""
        if self.answer is not None or not self.tasks:
            return
        if self._actor is None:
            self._actor = make()
        requests, self._new = [task.request for task in self._new], []
        self.answer = self._actor.exchange.remote(requests, cancel, NEWS_SECONDS)
        self._asked = time.monotonic()

    def read(self) -> list[Event]:
        """The news that arrived. Raises ray.exceptions.RayError where the worker is no more."""
        answer, self.answer = self.answer, None
        found: list[Event | bytes]
        self.process, found = self._ray.get(answer)
        told = []
        for each in found:
            event: Any = loads(each) if isinstance(each, bytes) else each
            task = next((task for task in self.tasks if task.request.id == event.request_id), None)
            if task is None:
                continue
            if isinstance(event, FINAL_EVENTS):
                self.tasks.remove(task)
            if (fresh := task.hear(event)) is not None:
                told.append(fresh)
        return told

    @property
    def silent(self) -> bool:
        """Whether its worker does not answer any more, though nobody said that it ended."""
        return self.heard and self.answer is not None and time.monotonic() - self._asked > SILENT_SECONDS

    def leave(self) -> list[Task]:
        """Let the worker go, whatever it does; returns the requests that it had, the one that it ran first."""
        if self._actor is not None:
            with contextlib.suppress(Exception):  # it is gone already, or the cluster is
                self._ray.kill(self._actor, no_restart=True)
        left = list(self.tasks)
        self.tasks.clear()
        self._new, self._actor, self.answer, self.process = [], None, None, None
        return left
