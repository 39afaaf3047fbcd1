"""What waits in the queue, made on a farm: its pictures come into the results as those of this machine do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt, Signal

from app.generation.sinks import LiveSink, ResultsOnlySink
from app.jobs import Job, JobQueue, JobState
from engine.errors import EngineError
from engine.protocol import FINAL_EVENTS, Cancelled, Event, GenerateRequest


class Farming(QObject):
    """Takes waiting jobs to a farm, on a thread of its own; the executor of the window works on beside it.

    Args:
        take: gets every event, on that thread.
    """

    failed = Signal(object)  # EngineError: there is no farm; what it had waits in the queue again
    changed = Signal(bool)  # whether it works
    _over = Signal(object)

    def __init__(self, jobs: JobQueue, take: Callable[[Event], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._take = jobs, take
        self._taken: list[Job] = []
        self._left: set[str] = set()  # cancelled by the painter
        self._cancel = threading.Event()
        self._thread: threading.Thread | None = None
        self._over.connect(self._end, Qt.ConnectionType.QueuedConnection)

    @property
    def works(self) -> bool:
        """Whether it has jobs; it takes no more of them meanwhile."""
        return self._thread is not None

    @property
    def waiting(self) -> list[Job]:
        """The jobs that it would take: asked, and not begun."""
        return [job for job in self._jobs.asked if not job.submitted and not job.cancelling]

    def start(self, address: str) -> int:
        """Take what waits to the farm at an address of Ray's, held or not; returns how many jobs that are."""
        taken = [] if self.works else self.waiting
        if not taken:
            return 0
        for job in taken:
            job.submitted, job.held, job.elsewhere = True, False, self.cancel
            job.request = job.request.replace(previews=False)
            if isinstance(job.sink, LiveSink):  # several come at once, and the canvas shows one
                job.sink = ResultsOnlySink()
        self._taken, self._cancel = taken, threading.Event()
        self._left.clear()
        work = (address, [job.request for job in taken])
        self._thread = threading.Thread(target=self._work, args=work, name="farm", daemon=True)
        self._thread.start()
        self._jobs.changed.emit()
        self.changed.emit(True)
        return len(taken)

    def cancel(self, request_id: str) -> None:
        """End a job; a picture that a worker has begun is finished there, and dropped."""
        self._left.add(request_id)
        if all(job.state.is_end or job.id in self._left for job in self._taken):
            self._cancel.set()
        self._take(Cancelled(request_id=request_id))

    def close(self, timeout: float | None = None) -> bool:
        """Let the workers go; False where that took longer than `timeout` seconds."""
        self._cancel.set()
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _work(self, address: str, requests: list[GenerateRequest]) -> None:
        error: EngineError | None = None
        try:
            from engine import farm

            with farm.farm(address) as workers:
                for event in workers.run(self._wanted(requests), cancel=self._cancel):
                    if event.request_id not in self._left or not isinstance(event, FINAL_EVENTS):
                        self._take(event)
        except EngineError as found:
            error = found
        self._over.emit(error)

    def _wanted(self, requests: list[GenerateRequest]) -> Iterator[GenerateRequest]:
        return (request for request in requests if request.id not in self._left)

    def _end(self, error: EngineError | None) -> None:
        if self._thread is not None:
            self._thread.join()
        self._thread = None
        for job in self._taken:
            if error is not None and not job.state.is_end and not job.cancelling:
                job.submitted, job.elsewhere, job.state = False, None, JobState.QUEUED
        self._taken = []
        self._jobs.changed.emit()
        self.changed.emit(False)
        if error is not None:
            self._jobs.pause(True)  # what is to become of them is the painter's to say
            self.failed.emit(error)
