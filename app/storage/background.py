"""Work that would hold up the window, one piece after another on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from app.storage.worker import Worker
from canvas.model.errors import CanvasError
from engine.errors import EngineError

Outcome = TypeVar("Outcome")


class Background(QObject):
    """Runs pieces of work in order; each result arrives on the thread that this object lives on."""

    busy_changed = Signal(bool)
    _done = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = Worker(name)
        self._pieces = 0
        self._closed = False
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether there is work whose outcome was not delivered yet."""
        return self._pieces > 0

    def run(
        self,
        work: Callable[[], Outcome],
        then: Callable[[Outcome], object],
        failed: Callable[[CanvasError | EngineError], object],
    ) -> None:
        """Do `work` on the thread; then `then` takes its result, or `failed` its error.

        Any other exception, which is a defect, is raised where the outcome is delivered. After `close` nothing is done:
        a timer or a signal that comes late must not end a program that ends anyway with an error.
        """
        if self._closed:
            return
        self._pieces += 1
        if self._pieces == 1:
            self.busy_changed.emit(True)

        def piece() -> None:
            try:
                outcome = work()
            except Exception as error:
                caught = error
                self._done.emit(lambda: _tell(caught, failed))
            else:
                self._done.emit(lambda: then(outcome))

        self._worker.submit(piece)

    def close(self, timeout: float | None = None) -> bool:
        """Finish the work, and end the thread; False where that took longer than `timeout` seconds."""
        self._closed = True
        return self._worker.close(timeout)

    def _deliver(self, tell: Callable[[], object]) -> None:
        self._pieces -= 1
        try:
            tell()
        finally:
            if not self._pieces:
                self.busy_changed.emit(False)


def _tell(error: Exception, failed: Callable[[CanvasError | EngineError], object]) -> None:
    if not isinstance(error, (CanvasError, EngineError)):
        raise error
    failed(error)
