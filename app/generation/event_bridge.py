"""Engine events become Qt signals on the window's thread: stale ones dropped, previews coalesced."""

from __future__ import annotations

import threading
from collections import deque

from PySide6.QtCore import QObject, Qt, Signal

from engine.protocol import Event, Failed, Loading, Preview


class EventBridge(QObject):
    """`post` may be called on any thread; `arrived` is emitted on the thread that this object lives on.

    Only events of the request that is expected come through, besides those of a warm-up (id "") that are Loading or
    Failed. Of several previews that wait, the newest is delivered.
    """

    arrived = Signal(object)
    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: deque[Event] = deque()
        self._woken = False
        self._expected = ""
        self._wake.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def expect(self, request_id: str) -> None:
        """From now on only this request's events are news; "" for none."""
        with self._lock:
            self._expected = request_id

    @property
    def expected(self) -> str:
        """The id of the request whose events are delivered."""
        return self._expected

    def post(self, event: Event) -> None:
        """Hand over an event, from any thread."""
        with self._lock:
            if isinstance(event, Preview) and self._waiting and isinstance(self._waiting[-1], Preview):
                self._waiting.pop()
            self._waiting.append(event)
            if self._woken:
                return
            self._woken = True
        self._wake.emit()

    def _deliver(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._woken = False
                    return
                event = self._waiting.popleft()
                if isinstance(event, Preview) and any(isinstance(later, Preview) for later in self._waiting):
                    continue
                if event.request_id:
                    news = event.request_id == self._expected
                else:
                    news = isinstance(event, (Loading, Failed))
            if news:
                self.arrived.emit(event)
