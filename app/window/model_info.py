"""The model that the scene names: what its files say goes to the settings, and what it has not learnt to the prompt."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.prompt.prompt_bar import PromptBar
from app.settings.panel import SettingsPanel
from app.vocabulary import facts_of, unknown_spans
from canvas.model.document import Change, Document
from engine.facts import ModelFacts

REST_MS = 700  # a word that is being typed is not called unknown before one stops


class ModelFactsReader(QObject):
    """Follows the document; nothing here changes it. `read` tells what the files of another model say."""

    read = Signal(object)  # ModelFacts, or None where they cannot be read

    def __init__(self, document: Document, bar: PromptBar, panel: SettingsPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._bar, self._panel = document, bar, panel
        self._model: str | None = None
        self._facts: ModelFacts | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._mark)
        self._unsubscribe = document.subscribe(self._on_change)
        self._read()

    @property
    def facts(self) -> ModelFacts | None:
        """What the files of the scene's model say; None where they cannot be read."""
        return self._facts

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()
        self._rest.stop()

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "settings"}:
            self._read()
        if change.kinds & {"all", "prompt"}:
            if self._bar.prompt.hasFocus():
                self._mark_but_typed()
            else:
                self._mark()

    def _read(self) -> None:
        model = self._document.scene.settings.model
        if model != self._model:
            self._model, self._facts = model, facts_of(model)
            self._panel.show_model(model, self._facts)
            self.read.emit(self._facts)
            self._mark()

    def _mark(self) -> None:
        self._rest.stop()
        self._bar.show_unknown(unknown_spans(self._document.scene.prompt, self._facts), self._facts)

    def _mark_but_typed(self) -> None:
        """Mark all but the word at the cursor; the line under the prompt waits, so that nothing jumps."""
        place = self._bar.prompt.place()
        spans = unknown_spans(self._document.scene.prompt, self._facts)
        self._bar.prompt.set_unknown(tuple(span for span in spans if not span[0] <= place <= span[1]))
        self._rest.start()
