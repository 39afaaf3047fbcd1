"""Start-up in the right order: settings, theme, window on screen; only then the engine and torch."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_API", "pyside6")
# Qt shares every larger fill with threads of its own. On few cores a brush stroke then waits for a core that torch has.
if (os.cpu_count() or 1) <= 4:
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app import log, paths
from app.language import speak
from app.paths import APP_NAME
from app.preferences import Preferences
from app.process import SystemSignals, crashes, qt_messages, show_uncaught
from app.storage import leftovers
from app.widgets.theme import Theme
from app.window.endings import LastWord, leave
from app.window.main_window import MainWindow
from app.window.on_screen import fit_to_screen
from engine import Library, LocalExecutor
from engine.surroundings import own_process

# A Python-busy engine thread would else hold the interpreter for 5 ms at a time, and brush strokes with it.
SWITCH_INTERVAL = 0.0005

LAST_WORD = 20.0  # seconds for unsaved work where a library ends the process


def make_application() -> QApplication:
    """The application object with its names; the one that exists where there is one."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([APP_NAME])
    app.setApplicationName(APP_NAME)
    app.setApplicationDisplayName("")
    app.setDesktopFileName("wordbrush")
    return app


def make_window(app: QApplication) -> MainWindow:
    """Settings, theme and window; nothing is shown yet and torch is not imported."""
    own_process()
    settings = Preferences()
    speak(app, settings.values.language)
    paths.tell_engine()
    # Scenes come from anywhere: of all paths only those that the user opened are looked at, this run's too.
    library = Library(paths=lambda: settings.values.models)
    return MainWindow(settings, Theme(app, settings.values.theme), LocalExecutor(library=library))


def show_window(window: MainWindow, file: Path | None = None) -> None:
    """Put the window on screen; the engine starts once it is painted."""
    window.open_first(file)
    window.show()
    QTimer.singleShot(0, window, window.start_engine)
    QTimer.singleShot(0, window, window.offer_recovery)
    QTimer.singleShot(0, window, lambda: leftovers.sweep(window.preferences.folders))


def end_on_signals(app: QApplication, window: MainWindow) -> SystemSignals:
    """Told to end by the system, the program asks nothing: unsaved work is kept and offered at the next start."""

    def end(_number: int) -> None:
        window.shut_down(keep_unsaved=True)
        app.quit()

    signals = SystemSignals(app)
    signals.told_to_end.connect(end)
    return signals


def run(file: str | Path | None = None) -> int:
    """Run the program's window with a file, or without; returns the exit code."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    with qt_messages(), log.uncaught(), crashes():
        app = make_application()
        window = make_window(app)
        show_uncaught(window.banner.show_error, window.close)
        signals = end_on_signals(app, window)
        last_word = LastWord(lambda: window.autosave.save_now(LAST_WORD))
        for loaded in (window.generation.idle, window.generation.defaults):
            loaded.connect(lambda *_: last_word.renew())  # torch may have come meanwhile
        try:
            fit_to_screen(window)
            show_window(window, None if file is None else Path(file))
            code = app.exec()
            ended = window.shut_down()
        finally:
            last_word.close()
            signals.close()
            sys.excepthook = sys.__excepthook__
    if not ended:
        leave(code)
    return code
