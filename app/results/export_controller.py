"""Exporting many results: asks how, writes them on a thread of its own, says how far it is, and can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.language import tr
from app.preferences import Preferences
from app.preferences.values import Purpose
from app.results.export_dialog import ExportDialog
from app.results.panel import ResultsPanel
from app.storage.background import Background
from app.storage.exporting import Export, export
from app.storage.results import Result


class ExportController(QObject):
    """While it writes, the button of the panel stops it."""

    failed = Signal(object)
    said = Signal(str)
    _done = Signal(int)

    def __init__(self, window: QWidget, preferences: Preferences, panel: ResultsPanel) -> None:
        super().__init__(window)
        self._window, self._preferences, self._panel = window, preferences, panel
        self._worker = Background("exports", self)
        self._cancel: threading.Event | None = None
        self._count = 0
        self._done.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        panel.search.export_asked.connect(self.ask)

    def close(self, timeout: float | None = None) -> bool:
        """Stop before the next picture; False where the thread took longer than `timeout` seconds."""
        if self._cancel is not None:
            self._cancel.set()
        return self._worker.close(timeout)

    def ask(self) -> None:
        """Ask how, or stop what runs."""
        if self._cancel is not None:
            self._cancel.set()
            return
        dialog = ExportDialog(
            self._panel.model.listed,
            self._preferences.folder_for(Purpose.EXPORT),
            metadata=self._preferences.values.export_metadata,
            parent=self._window,
        )
        dialog.asked.connect(self.write)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, results: Sequence[Result], how: Export) -> None:
        """Write results to a folder."""
        self._preferences.remember_folder(Purpose.EXPORT, how.folder)
        cancel = self._cancel = threading.Event()
        self._count = len(results)
        self._panel.search.show_exporting(True)

        def ended() -> None:
            self._cancel = None
            self._panel.search.show_exporting(False)

        def written(outcome: tuple[list[Path], list[Result]]) -> None:
            ended()
            files, lost = outcome
            text = tr("Exported {count} pictures to {path}", count=len(files), path=str(how.folder))
            if lost:
                text += ". " + tr("{count} could not be read any more.", count=len(lost))
            self.said.emit(text)

        def failed(error: Exception) -> None:
            ended()
            self.failed.emit(error)

        self._worker.run(lambda: export(results, how, cancel=cancel, tell=self._done.emit), written, failed)

    def _tell(self, done: int) -> None:
        if self._cancel is not None:
            self.said.emit(tr("Exporting: {number} of {count}", number=done, count=self._count))
