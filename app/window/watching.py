"""Small watchers of the window: who tells something once, and what lies over the canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


class Once(QObject):
    """Tells something once, at the first moment at which there is a reason to."""

    def __init__(self, window: MainWindow, tell: Callable[[MainWindow], bool]) -> None:
        super().__init__(window)
        self._window, self._tell, self._told = window, tell, False

    def look(self) -> None:
        """Whether it is time."""
        self._told = self._told or self._tell(self._window)


class Cover(QObject):
    """Tells when what lies over the canvas comes or goes."""

    def __init__(self, cover: QObject, changed: Callable[[], None]) -> None:
        super().__init__(cover)
        self._changed = changed

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._changed()
        return super().eventFilter(watched, event)
