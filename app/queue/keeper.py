"""Keeps the queue on disk while it changes, and brings back what was not made when the program ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.generation.step_count import StepTimes
from app.jobs import Job, JobQueue
from app.storage.background import Background
from app.storage.queue_entry import Sheet, Waiting
from app.storage.queue_files import Found, QueueFiles
from engine.errors import BadMessage

DELAY_MS = 200
_log = logging.getLogger(__name__)


class QueueKeeper(QObject):
    """Writes the jobs that have not ended soon after the queue changed, on a thread of its own.

    The one that runs is among them: a program that is killed has not made its picture.
    """

    def __init__(self, jobs: JobQueue, times: StepTimes, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._times, self._files = jobs, times, QueueFiles(folder)
        self._brought = False  # whether what was taken back is among the jobs by now
        self._background = Background("queue", self)
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self._write)
        jobs.changed.connect(self._timer.start)

    def take_back(self, then: Callable[[Found], object]) -> None:
        """Give `then`, which adds them to the queue, the requests that waited when earlier programs ended."""

        def found(what: Found) -> None:
            then(what)
            self._brought = True
            self._timer.start()

        self._background.run(self._files.take_back, found, _note)

    def close(self, timeout: float | None = None) -> bool:
        """Write what waits now, and leave it to the next program; False where that took too long."""
        self._timer.stop()
        self._write()
        self._background.run(self._files.close, lambda _none: None, _note)
        return self._background.close(timeout)

    def _write(self) -> None:
        waiting: dict[str, Waiting] = {}
        sheets: dict[str, Sheet] = {}
        for job in self._jobs.asked:
            if not job.cancelling:
                sheet, place = job.sink.cell or (None, 0)
                waiting[job.id] = self._entry(job, sheet, place)
                if sheet is not None:
                    sheets[sheet.id] = sheet
        brought = self._brought
        self._background.run(lambda: self._try(waiting, sheets, brought), lambda _none: None, _note)

    def _entry(self, job: Job, sheet: Sheet | None, place: int) -> Waiting:
        name = "" if sheet is None else sheet.id
        return Waiting(job.scene, job.kind.value, job.begun, name, place, self._times.of(job.request))

    def _try(self, waiting: dict[str, Waiting], sheets: dict[str, Sheet], brought: bool) -> None:
        try:
            self._files.write(waiting, sheets)
            if brought:
                self._files.let_go()
        except (OSError, BadMessage) as error:  # the queue works all the same
            _log.warning("The queue cannot be kept on disk: %r", error)


def _note(error: Exception) -> None:
    _log.warning("The queue cannot be kept on disk: %s", error)
