"""News of the start that the banner tells one after another: lost work, what waits in the queue, closed folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.language import tr
from app.paths import can_keep
from app.window.banner import Buttons

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


def tell_folders(window: MainWindow) -> None:
    """Say in which folders nothing can be kept."""
    folders = window.preferences.folders
    closed = [folder for folder in (folders.config, folders.autosave, window.store.folder) if not can_keep(folder)]
    if closed:
        names = ", ".join(f"“{folder}”" for folder in closed)
        window.banner.show_message(
            tr("Nothing can be saved in {names}.", names=names),
            tr(
                "Make sure that you can write there, then start Wordbrush again. "
                "Until then save scenes (Ctrl+S) and export pictures (Ctrl+E) to another folder."
            ),
        )


def tell_queue(window: MainWindow, text: str, hint: str, buttons: Buttons) -> None:
    """Work that was lost is asked about first; the line beside Generate says meanwhile that pictures wait."""
    if window.banner.isHidden():
        window.banner.show_message(text, hint, buttons=buttons)
        return

    def next_one() -> None:
        window.banner.closed.disconnect(again)
        if window.session.jobs.resting and window.banner.isHidden():
            window.banner.show_message(text, hint, buttons=buttons)

    again = window.banner.closed.connect(next_one, Qt.ConnectionType.QueuedConnection)


def end_offer(window: MainWindow, offer: str) -> None:
    """What was offered is answered: its message goes, wherever it was answered."""
    if window.banner.message == offer:
        window.banner.dismiss()
    if window.banner.isHidden():
        tell_folders(window)
