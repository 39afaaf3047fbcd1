"""What is asked of another machine beside its requests: measuring a model, and seeking words in a picture."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.errors import EngineError
from engine.protocol import loads
from engine.remote import messages
from engine.remote.link import Link
from engine.remote.messages import Answer, Progress, Work

LOOK = 0.1
"""Seconds between two looks at whether somebody wants it to stop."""


@dataclass(eq=False)
class Task:
    """One piece of work: who is told how far it is, and once what it came to; `cancel` is set by who wants no more."""

    progress: Callable[[str, float], None]
    done: Callable[[Any], None]
    cancel: threading.Event
    told: bool = False


class FarWork:
    """The work that goes on there. All methods belong to the link's thread.

    Args:
        unreachable: returns the error that says why there is no connection.
    """

    def __init__(self, link: Link, unreachable: Callable[[], EngineError]) -> None:
        self._link, self._unreachable = link, unreachable
        self._tasks: dict[int, Task] = {}

    def begin(self, task: Task, make: Callable[[int], Work]) -> None:
        """Have something done there."""
        if not self._link.is_open:
            task.done(self._unreachable())
            return
        try:
            number = self._link.order(make)
        except EngineError as error:
            task.done(error)
            return
        self._tasks[number] = task
        if len(self._tasks) == 1:
            self._look()

    def progress(self, news: Progress) -> None:
        """Pass on how far it is."""
        task = self._tasks.get(news.order)
        if task is not None:
            task.progress(news.what, news.fraction)

    def answered(self, answer: Answer) -> None:
        """Pass on what it came to."""
        task = self._tasks.pop(answer.order, None)
        if task is None:
            return
        if answer.error:
            task.done(messages.read_error(answer.error))
        else:
            task.done(loads(answer.packed) if answer.packed else answer.data or {})

    def stop(self) -> None:
        """Stop all of it."""
        for task in self._tasks.values():
            task.cancel.set()

    def fail(self, error: EngineError) -> None:
        """Nothing comes of it any more."""
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.done(error)

    def _look(self) -> None:
        """Pass on a wish to stop, which is an event of this machine."""
        for number, task in self._tasks.items():
            if task.cancel.is_set() and not task.told:
                task.told = True
                self._link.order(lambda order, work=number: messages.Stop(order, work))  # type: ignore[misc]
        if self._tasks:
            self._link.call_later(LOOK, self._look)
