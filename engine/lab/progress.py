"""Progress reports and cancellation for long lab and benchmark runs."""

from __future__ import annotations

import threading
from collections.abc import Callable

from engine.errors import EngineError

Progress = Callable[[str, float], None]
"""`progress(text, fraction)`: a message, and the share of the run that is done, 0..1."""


class RunCancelled(EngineError):
    """A lab or benchmark run was stopped before its end."""

    def __init__(self) -> None:
        super().__init__("The run was stopped.", hint="Start it again: a lab reuses the pictures it has made.")


class Clock:
    """Adds up finished work, reports it, and stops the run on request.

    Args:
        total: the work of the whole run, in any unit.
        progress: called at every `tick`; None for no reports.
        cancel: when it is set, the run stops at the next `tick`.
    """

    def __init__(self, total: float, progress: Progress | None, cancel: threading.Event | None) -> None:
        self.cancel = cancel or threading.Event()
        self._total, self._done, self._progress = total, 0.0, progress

    def tick(self, text: str, work: float) -> None:
        """Report that `work` more is done, with a message.

        Raises:
            RunCancelled: `cancel` is set.
        """
        if self.cancel.is_set():
            raise RunCancelled
        self._done += work
        if self._progress is not None:
            self._progress(text, min(1.0, self._done / self._total))
