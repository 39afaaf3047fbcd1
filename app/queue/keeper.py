"""Keeps the queue on disk while it changes, and brings back what waited when the program ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.jobs import JobQueue
from app.storage.background import Background
from app.storage.queue_files import QueueFiles
from canvas.model.scene import Scene

DELAY_MS = 500
_log = logging.getLogger(__name__)


class QueueKeeper(QObject):
    """Writes the scenes of the jobs that wait soon after the queue changed, on a thread of its own."""

    def __init__(self, jobs: JobQueue, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._files = jobs, QueueFiles(folder)
        self._background = Background("queue", self)
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self._write)
        jobs.changed.connect(self._timer.start)

    def take_back(self, then: Callable[[list[Scene]], object]) -> None:
        """Give `then` the scenes that waited when an earlier program ended."""
        self._background.run(self._files.take_back, then, _note)

    def close(self, timeout: float | None = None) -> bool:
        """Write what waits now, and leave it to the next program; False where that took too long."""
        self._timer.stop()
        self._write()
        self._background.run(self._files.close, lambda _none: None, _note)
        return self._background.close(timeout)

    def _write(self) -> None:
        waiting = {job.id: job.scene for job in self._jobs.asked if not job.submitted and not job.cancelling}
        self._background.run(lambda: self._try(waiting), lambda _none: None, _note)

    def _try(self, waiting: dict[str, Scene]) -> None:
        try:
            self._files.write(waiting)
        except OSError as error:  # the queue works all the same
            _log.warning("The queue cannot be kept on disk: %r", error)


def _note(error: Exception) -> None:
    _log.warning("The queue cannot be kept on disk: %s", error)
