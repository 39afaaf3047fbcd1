"""Moods between their card and the document: chosen, made from starred results on a thread, kept, shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from app.language import sentence, tr
from app.session import Session
from app.storage.background import Background
from app.storage.results import Result
from app.styles.mood_card import MoodCard
from canvas.model import edits
from canvas.model.document import Change
from canvas.model.errors import CanvasError
from engine.executor import Executor
from engine.taste.mood import USUAL


class MoodController(QObject):
    """Every edit goes to the document. `results` lists all results, the newest first."""

    failed = Signal(object)
    said = Signal(str)
    _progressed = Signal(str, float)

    def __init__(
        self,
        window: QWidget,
        session: Session,
        executor: Executor,
        *,
        card: MoodCard,
        results: Callable[[], Sequence[Result]],
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._executor = window, session, executor
        self._document, self._card, self._results = session.document, card, results
        self._names: tuple[str, ...] = ()
        self._work = Background("moods", self)
        self._cancel = threading.Event()
        card.mood_changed.connect(self.choose)
        card.weight_changed.connect(self._set_weight)
        card.edit_ended.connect(self._document.end_merge)
        card.make_asked.connect(self.ask_name)
        card.cancel_asked.connect(lambda: self._cancel.set())
        self._progressed.connect(lambda text, _done: card.show_news(sentence(text)) if self.busy else None)
        self._unsubscribe = session.document.subscribe(self._on_change)
        self._show()

    @property
    def busy(self) -> bool:
        """Whether moods are made or listed."""
        return self._work.busy

    def close(self, timeout: float | None = None) -> bool:
        """Stop making and listening; False where that took longer than `timeout` seconds."""
        self._unsubscribe()
        self._cancel.set()
        return self._work.close(timeout)

    def list_moods(self) -> None:
        """Read on the thread which moods there are."""
        catalogue = self._executor.catalogue()
        if catalogue is not None:
            self._work.run(catalogue.moods, self._take_names, self.failed.emit)

    def choose(self, name: str | None) -> None:
        """Take a mood; None takes it away."""
        label = f"Take the mood “{name}”" if name else "Remove the mood"
        self._apply(label, mood=name)

    def ask_name(self) -> None:
        """Make a mood from the results that have a star, under a name that the user is asked for."""
        if not any(result.starred for result in self._results()):
            self.said.emit(tr("Give some results a star first: point at one and click its star."))
            return
        name, sure = QInputDialog.getText(
            self._window, tr("Mood from Starred Pictures"), tr("Name:"), QLineEdit.EchoMode.Normal, tr("My taste")
        )
        if sure and name.strip():
            self.make(name.strip())

    def make(self, name: str) -> None:
        """Make a mood of that name, on the thread, and take it: one step of undo."""
        catalogue, results = self._executor.catalogue(), self._results()
        if catalogue is None:
            self.said.emit(tr("Moods cannot be made with this executor."))
            return
        liked = [result.path for result in results if result.starred]
        usual = [result.path for result in results if not result.starred][:USUAL]
        self._cancel = cancel = threading.Event()
        model = self._session.scene.settings.model
        self._card.show_news(tr("Loading the image encoder"))

        def work() -> tuple[str, tuple[str, ...]] | None:
            path = catalogue.make_mood(name, liked, usual, model=model, progress=self._progressed.emit, cancel=cancel)
            return None if path is None else (path.stem, catalogue.moods())

        self._work.run(work, lambda made: self._made(made, len(liked)), self._fail)

    def _made(self, made: tuple[str, tuple[str, ...]] | None, count: int) -> None:
        self._card.show_news(None)
        if made is None:
            self.said.emit(tr("No mood was made."))
            return
        name, self._names = made
        self._apply(f"Take the mood “{name}”", mood=name, mood_weight=1.0)
        self._show()
        self.said.emit(tr("The mood “{name}” was made from {count} pictures.", name=name, count=count))

    def _fail(self, error: object) -> None:
        self._card.show_news(None)
        self.failed.emit(error)

    def _set_weight(self, value: float) -> None:
        self._apply("Strength of the mood", merge="mood weight", mood_weight=value)

    def _apply(self, label: str, *, merge: str | None = None, **changes: object) -> None:
        try:
            scene = edits.set_settings(self._document.scene, **changes)
            self._document.apply(scene, label, merge_key=merge)
        except CanvasError as error:
            self.failed.emit(error)
            self._show()

    def _take_names(self, known: tuple[str, ...]) -> None:
        self._names = known
        self._show()

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "settings"}:
            self._show()

    def _show(self) -> None:
        settings = self._document.scene.settings
        self._card.show_mood(settings.mood, settings.mood_weight, self._names)
