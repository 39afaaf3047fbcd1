"""The canvas under a clock: pointer events that are posted, and the time to the end of the paint event they lead to."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPaintEvent

from canvas.view.canvas_view import CanvasView

PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Effort:
    """How much is measured: strokes of each diameter, moves of each stroke, seconds of watching a
    generation, strokes whose undo memory is counted (the JSON's key says 200)."""

    strokes: int = 6
    moves: int = 24
    seconds: float = 6.0
    undo_strokes: int = 200


class TimedView(CanvasView):
    """A canvas that notes when its last paint event ended."""

    painted_at = 0.0
    paints = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints, and looks at the clock."""
        super().paintEvent(event)
        self.painted_at = time.perf_counter()
        self.paints += 1


def post(view: CanvasView, kind: QEvent.Type, at: QPointF) -> None:
    """Sends a press, a move or a release of the mouse on its way."""
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, at, view.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.postEvent(view, event)


def timed(view: TimedView, act: Callable[[], None]) -> float:
    """Milliseconds from an act to the end of the paint event that it leads to."""
    painted = view.paints
    start = time.perf_counter()
    act()
    wait(lambda: view.paints > painted)
    taken = (view.painted_at - start) * 1000
    settle(view)
    return taken


def settle(view: TimedView) -> None:
    """Lets everything happen that was posted."""
    for _ in range(3):
        QCoreApplication.processEvents()


def wait(done: Callable[[], bool]) -> None:
    """Lets things happen until `done`. Raises RuntimeError where that takes two minutes."""
    until = time.perf_counter() + PATIENCE_SECONDS
    while not done():
        QCoreApplication.processEvents()
        if time.perf_counter() > until:
            raise RuntimeError("The canvas did not repaint.")
