"""What preferences do that have no action of their own: at the start, and at once whenever they change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.language import tr

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


def connect(window: MainWindow) -> None:
    """Apply them to a new window, and follow them."""
    _undo(window)
    _autosave(window)
    window.store.folder = _results(window)
    _deep(window)
    window.preferences.changed.connect(lambda name: _follow(window, name))


def _follow(window: MainWindow, name: str) -> None:
    if name == "undo_megabytes":
        _undo(window)
    elif name == "autosave_seconds":
        _autosave(window)
    elif name == "results":
        window.store.folder = _results(window)
        window.gallery.refresh()
    elif name == "deep_results":
        _deep(window)
    elif name == "language":
        window.status.say(tr("The language changes at the next start."))


def _undo(window: MainWindow) -> None:
    window.document.set_undo_limit(int(window.preferences.values.undo_megabytes) * 2**20)


def _autosave(window: MainWindow) -> None:
    window.autosave.set_delay(int(window.preferences.values.autosave_seconds) * 1000)


def _deep(window: MainWindow) -> None:
    window.generation.deep = window.preferences.values.deep_results


def _results(window: MainWindow) -> Path:
    own = window.preferences.values.results
    return Path(own) if own else window.preferences.folders.results
