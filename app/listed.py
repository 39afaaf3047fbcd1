"""What the lists of LoRA files and of control pictures share: files are chosen and read, each change can be undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.preferences import Preferences, Purpose
from app.session import Session
from app.storage.background import Background
from app.widgets.card_list import choose_files
from canvas.model.document import Change
from canvas.model.errors import CanvasError
from canvas.model.scene import Scene
from engine.executor import Executor


class ListController(QObject):
    """A list between its cards and the document. What is listed, and how files are read, is said by those below it.

    Args:
        thread: what the thread that reads files is called. purpose: of the folder in which files are looked for.
        kinds: of changes of the document, after which the list is shown anew.
    """

    failed = Signal(object)

    def __init__(
        self,
        window: QWidget,
        session: Session,
        executor: Executor,
        preferences: Preferences,
        *,
        thread: str,
        purpose: Purpose,
        kinds: frozenset[str],
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._executor, self._preferences = window, session, executor, preferences
        self._document, self._purpose, self._kinds = session.document, purpose, kinds
        self._disk = Background(thread, self)
        self._unsubscribe = self._document.subscribe(self._on_change)

    @property
    def busy(self) -> bool:
        """Whether files are being read."""
        return self._disk.busy

    def close(self, timeout: float | None = None) -> bool:
        """Stop listening and reading; False where that took longer than `timeout` seconds."""
        self._unsubscribe()
        return self._disk.close(timeout)

    def add_files(self, paths: list[Path]) -> None:
        """Add files, once they were read."""
        raise NotImplementedError

    def _show(self) -> None:
        raise NotImplementedError

    def _open(self, title: str, *, kinds: str, suffixes: tuple[str, ...]) -> None:
        """Let files be opened and added; the next time the dialog begins in their folder."""

        def chosen(paths: list[Path]) -> None:
            self._preferences.remember_folder(self._purpose, paths[0].parent)
            self.add_files(paths)

        folder = self._preferences.folder_for(self._purpose)
        choose_files(self._window, title, kinds=kinds, suffixes=suffixes, folder=folder, then=chosen)

    def _apply(self, label: str, change: Callable[[Scene], Scene], *, merge: str | None = None) -> None:
        """Make a change one step of the document; where that cannot be, it is said, and the list shown as it is."""
        try:
            self._document.apply(change(self._document.scene), label, merge_key=merge)
        except CanvasError as error:
            self.failed.emit(error)
            self._show()

    def _on_change(self, change: Change) -> None:
        if change.kinds & self._kinds:
            self._show()
