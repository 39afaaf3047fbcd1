"""The executor's events become a Qt signal on the window's thread, in order, previews coalesced."""

from __future__ import annotations

import threading
from collections import deque

from PySide6.QtCore import QObject, Qt, Signal

from engine.protocol import Event, Preview


class EventBridge(QObject):
    """`post` may be called on any thread; `arrived` is emitted on the thread that this object lives on.

    Of several previews of one request that wait, the newest is delivered. After `close` nothing is.
    """

    arrived = Signal(object)
    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: deque[Event] = deque()
        self._woken = self._closed = False
        self._wake.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def post(self, event: Event) -> None:
        """Hand over an event, from any thread."""
        with self._lock:
            if self._closed:
                return
            if isinstance(event, Preview) and self._waiting and _is_older(self._waiting[-1], event):
                self._waiting.pop()
            self._waiting.append(event)
            if self._woken:
                return
            self._woken = True
        self._wake.emit()

    def close(self) -> None:
        """Nothing is news any more."""
        with self._lock:
            self._closed = True
            self._waiting.clear()

    def _deliver(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._woken = False
                    return
                event = self._waiting.popleft()
                if isinstance(event, Preview) and any(_is_older(event, later) for later in self._waiting):
                    continue
            self.arrived.emit(event)


def _is_older(event: Event, later: Event) -> bool:
    """Whether one preview makes another needless."""
    return isinstance(event, Preview) and isinstance(later, Preview) and event.request_id == later.request_id
