"""Zen mode: nothing in the window but the picture and one line of the prompt, until F11 or Esc brings the rest back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDockWidget, QMenuBar, QWidget

from app.language import tr

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

TOLD_MS = 5000  # how the way back is told, before the picture is alone
CHECK_MS, CHECKS = 150, 5  # how often, and how many times, the window is looked at after the full screen
LARGE = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen
_STATE = 1  # of the layout that is put aside; it never leaves this process


class Zen(QObject):
    """Puts docks, bars and menus away and knows how they stood. The keys of all actions go on acting."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._action = window.actions_table["view.zen"]
        self._state = QByteArray()
        self._before, self._place = window.windowState(), window.geometry()
        self._hidden: list[QWidget] = []
        self._said = ""
        # A shortcut and no key event: whatever has the keys, Esc leaves. It rests while Esc has more urgent work.
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
        self._escape.setEnabled(False)
        self._escape.activated.connect(self.leave)
        window.generation.running_changed.connect(lambda _running: self._share_escape())
        self._action.toggled.connect(self._turn)

    @property
    def on(self) -> bool:
        """Whether the rest of the window is away."""
        return self._action.isChecked()

    def leave(self) -> None:
        """Bring everything back as it stood; nothing happens where it is there."""
        self._action.setChecked(False)

    def _turn(self, on: bool) -> None:
        window = self._window
        if on:
            self._before, self._place = window.windowState(), window.geometry()
            self._state = window.saveState(_STATE)
            menus = window.findChildren(QMenuBar)
            places = [window.brush_bar, window.tools, window.timeline, window.status, *menus]
            self._hidden = [place for place in places if not place.isHidden()]
            for place in (*self._hidden, *window.findChildren(QDockWidget)):
                place.hide()
            window.prompt_bar.set_slim(True)
            window.setWindowState(self._before | Qt.WindowState.WindowFullScreen)
            window.view.setFocus()
            keys = self._action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            self._said = tr(
                "{keys} brings the rest of the window back.", keys=" / ".join([*([keys] if keys else []), "Esc"])
            )
            window.banner.show_message(self._said)
            QTimer.singleShot(TOLD_MS, self, self._unsay)
        else:
            window.setWindowState(self._before)
            self._put_back(CHECKS)
            window.prompt_bar.set_slim(False)
            for place in self._hidden:
                place.show()
            window.restoreState(self._state, _STATE)
            self._unsay()
        self._share_escape()

    def _put_back(self, checks: int) -> None:
        """Give the window its place and size again: not every platform does, and a window manager ends the full
        screen when it comes to it, with a place of its own."""
        window = self._window
        if self.on or not checks or window.windowState() & LARGE:
            return
        if window.geometry() != self._place:
            window.setGeometry(self._place)
        QTimer.singleShot(CHECK_MS, self, lambda: self._put_back(checks - 1))

    def _unsay(self) -> None:
        if self._window.banner.message == self._said:
            self._window.banner.dismiss()

    def _share_escape(self) -> None:
        """While pictures are made Esc stops them, as ever."""
        self._escape.setEnabled(self.on and not self._window.generation.running)
