"""Live mode: quick pictures that follow the painting, one at a time, always of the newest scene."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

SETTLE_MS = 30  # changes closer together than this become one request
COUNTED = 5  # pictures whose mean is the pace


class LiveState(Enum):
    """What live mode does."""

    OFF = "off"
    RESTING = "resting"  # the picture is the one of the scene
    WORKING = "working"
    PAUSED = "paused"  # on a battery


class LiveMode(QObject):
    """Asks for a live picture after each change while it is on.

    A running live picture is not torn down by the next change: it is short, and a painter who never stops would
    otherwise never see one. The newest scene follows as soon as it is done.
    """

    state_changed = Signal(object)  # LiveState; also after each picture, as the pace is another one then

    def __init__(
        self, ask: Callable[[], None], parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._ask, self._clock = ask, clock
        self._on = self._paused = self._running = self._live_runs = self._stale = False
        self._began = 0.0
        self._seconds: deque[float] = deque(maxlen=COUNTED)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._go)

    @property
    def on(self) -> bool:
        """Whether live mode is on; it may be paused."""
        return self._on

    @property
    def state(self) -> LiveState:
        """What it does now."""
        if not self._on:
            return LiveState.OFF
        if self._paused:
            return LiveState.PAUSED
        busy = self._live_runs or self._stale or self._settle.isActive()
        return LiveState.WORKING if busy else LiveState.RESTING

    @property
    def seconds(self) -> float | None:
        """How long the last pictures took, on average; None before the first."""
        return sum(self._seconds) / len(self._seconds) if self._seconds else None

    def set_on(self, on: bool) -> None:
        """Switch; switching on asks at once."""
        if on == self._on:
            return
        self._on = on
        self._stale = False
        if on:
            self._seconds.clear()
            self.changed()
        else:
            self._settle.stop()
        self._tell()

    def pause(self, paused: bool) -> None:
        """Ask for nothing for now, or go on with what changed meanwhile."""
        if paused == self._paused:
            return
        self._paused = paused
        if paused:
            self._stale = False
            self._settle.stop()
        else:
            self.changed()
        self._tell()

    def changed(self) -> None:
        """The scene, or the stroke in it, is another one now."""
        if not self._on or self._paused:
            return
        if self._running:
            self._stale = True
        elif not self._settle.isActive():
            self._settle.start()
            self._tell()

    def started(self, *, live: bool = True) -> None:
        """A request of any kind runs; `live` is whether it makes one of these pictures."""
        self._running, self._live_runs = True, live
        self._stale = False
        self._settle.stop()
        self._began = self._clock()
        self._tell()

    def loaded(self) -> None:
        """The live picture begins: what was loaded first is no part of its time."""
        self._began = self._clock()

    def made(self) -> None:
        """The live picture that was asked for last is here."""
        self._seconds.append(self._clock() - self._began)
        self._tell()

    def ended(self) -> None:
        """It has come to its end; what changed meanwhile is next, at once."""
        self._running = self._live_runs = False
        if self._on and self._stale:
            QTimer.singleShot(0, self, self._go)
        self._tell()

    def _go(self) -> None:
        if self._on and not self._paused and not self._running:
            self._stale = False
            self._ask()
        self._tell()

    def _tell(self) -> None:
        self.state_changed.emit(self.state)
