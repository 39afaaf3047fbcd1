"""Keeps what is pressed and typed while the file that the window begins with is read, and lets it in afterwards.

The window is on screen before its first scene is read, which on a busy machine takes half a second. A press in between
would fall on the empty scene, which the file's replaces: the stroke, or the first letters, would be lost.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QInputEvent, QWindow
from PySide6.QtWidgets import QWidget

_HELD = frozenset(
    (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease,
     QEvent.Type.MouseButtonDblClick, QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease,
     QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd, QEvent.Type.Wheel,
     QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
)  # fmt: skip

LONGEST = 3000  # ms: a disk that takes longer must not make the window look dead


class HeldInput(QObject):
    """Holds the input of a window that is on screen from `hold` to `let_in`, which comes after `LONGEST` at the latest.

    Shortcuts act at once, as Qt finds them before the window.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._window: QWindow | None = None
        self._events: list[QInputEvent] = []

    @property
    def on(self) -> bool:
        """Whether input is held."""
        return self._window is not None

    def hold(self) -> None:
        """Hold what comes to the window from here on."""
        if self._window is None:
            self._window = self._widget.windowHandle()
            self._window.installEventFilter(self)
            QTimer.singleShot(LONGEST, self, self.let_in)

    def let_in(self) -> None:
        """Let in what was held, in its order, and hold nothing any more."""
        window, self._window = self._window, None
        if window is None:
            return
        window.removeEventFilter(self)
        events, self._events = self._events, []
        for event in events:
            QCoreApplication.sendEvent(window, event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _HELD or not isinstance(event, QInputEvent):
            return False
        self._events.append(event.clone())
        return True
