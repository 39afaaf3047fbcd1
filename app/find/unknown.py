"""Takes the nearest pictures of the folder for painted words that the model does not know, if that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from app.find.taking import Taken, name_of, pictures_for, with_pictures
from app.language import tr
from app.preferences import Preferences
from app.session import Session
from canvas.model.document import Change
from canvas.model.errors import CanvasError
from engine.retrieval.finder import Finder

SETTLED_MS = 900
"""After the last change of prompt or paint."""


class WithIndex(Protocol):
    """Searches in an index that is up to date, see `FindController.with_index`."""

    def __call__(self, work: Callable[[Finder, Path], list[Taken]], then: Callable[[list[Taken]], object]) -> None: ...


class UnknownWords(QObject):
    """Each word has its picture once: where the painter takes the style away again, it stays away."""

    failed = Signal(object)
    said = Signal(str)

    def __init__(self, parent: QObject, session: Session, preferences: Preferences, with_index: WithIndex) -> None:
        super().__init__(parent)
        self._session, self._preferences, self._with_index = session, preferences, with_index
        self._had: set[tuple[str, str]] = set()
        self._closed = False
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._look)
        self._unsubscribe = session.document.subscribe(self._on_change)
        session.facts_changed.connect(lambda _facts: self._settled.start())

    def close(self) -> None:
        """Stop listening."""
        self._closed = True
        self._settled.stop()
        self._unsubscribe()

    def forget(self) -> None:
        """Words may have a picture again: the folder is another one, or it was just switched on."""
        self._had.clear()
        self._settled.start()

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "words", "prompt", "masks", "settings"}:
            self._settled.start()

    def _look(self) -> None:
        facts, scene = self._session.facts, self._session.scene
        if self._preferences.values.find_unknown and facts is not None and facts.names and not self._closed:
            self._with_index(lambda finder, folder: pictures_for(scene, facts, finder, folder), self._take)

    def _take(self, taken: list[Taken]) -> None:
        scene = self._session.scene
        model = scene.settings.model
        new = [
            each
            for each in taken
            if scene.has_word(each.word_id) and (model, each.word.casefold()) not in self._had
        ]  # fmt: skip
        if not new or self._closed:
            return
        self._had |= {(model, each.word.casefold()) for each in new}
        words = ", ".join(f"“{each.word}”" for each in new)
        try:
            self._session.document.apply(with_pictures(scene, new), f"Take pictures for {words}")
        except CanvasError as error:
            self.failed.emit(error)
            return
        names = ", ".join(f"“{name_of(each.path)}”" for each in new)
        self.said.emit(
            tr("Pictures taken as the look of {words}: {names}. Undo removes them.", words=words, names=names)
        )
