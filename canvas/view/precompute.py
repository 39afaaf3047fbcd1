"""What the view makes ready while nothing else is to be done, so that the next stroke is cheap."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from canvas.paint.brush import Brush, prepare_dabs

_DONE = object()
_IDLE_SECONDS = 0.004  # of preparing at a time, so that a press of the pen does not wait for it


class Preparing:
    """One dab of the brush after the other, then what lies under the word that it paints, a few milliseconds at a time.

    `prepare_layers` is given the seconds that it may take, and says whether there is more to do.
    """

    def __init__(self, owner: QObject, brush: Brush, prepare_layers: Callable[[float], bool]) -> None:
        self._dabs = prepare_dabs(brush)
        self._prepare_layers = prepare_layers
        self._timer = QTimer(owner)
        self._timer.timeout.connect(self._step)

    def set_brush(self, brush: Brush) -> None:
        """Another brush: its dabs are wanted."""
        self._dabs = prepare_dabs(brush)
        self.go_on()

    def pause(self) -> None:
        """A stroke begins: what it needs is to be made now, and what lies under it may change with each move."""
        self._timer.stop()

    def go_on(self) -> None:
        """There may be something to make ready."""
        self._timer.start()

    def _step(self) -> None:
        until = time.perf_counter() + _IDLE_SECONDS
        while next(self._dabs, _DONE) is not _DONE:
            if time.perf_counter() > until:
                return
        if not self._prepare_layers(max(until - time.perf_counter(), 0.0)):
            self._timer.stop()
