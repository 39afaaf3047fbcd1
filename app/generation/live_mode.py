"""Live mode: quick pictures that follow the painting, one at a time, always of the newest scene."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

SETTLE_MS = 60  # changes closer together than this become one request


class LiveMode(QObject):
    """Asks for a live picture after each change while it is on.

    A running live picture is not torn down by the next change: it is short, and a painter who never stops would
    otherwise never see one. The newest scene follows as soon as it is done.
    """

    def __init__(self, ask: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._on = False
        self._running = False
        self._stale = False
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._go)

    @property
    def on(self) -> bool:
        """Whether live mode is on."""
        return self._on

    def set_on(self, on: bool) -> None:
        """Switch; switching on asks at once."""
        if on == self._on:
            return
        self._on = on
        self._stale = False
        if on:
            self.changed()
        else:
            self._settle.stop()

    def changed(self) -> None:
        """The scene, or the stroke in it, is another one now."""
        if not self._on:
            return
        if self._running:
            self._stale = True
        elif not self._settle.isActive():
            self._settle.start()

    def started(self) -> None:
        """A request of any kind runs."""
        self._running = True
        self._stale = False
        self._settle.stop()

    def ended(self) -> None:
        """It has come to its end; what changed meanwhile is next."""
        self._running = False
        if self._on and self._stale:
            self._stale = False
            self._settle.start()

    def _go(self) -> None:
        if self._on and not self._running:
            self._ask()
