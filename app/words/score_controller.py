"""Scores between the picture that is shown and the words: what was measured, and one click that boosts weak words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel

from app.actions import Actions
from app.image_info.displayed_image import PAPER, DisplayedImage
from app.image_info.scores import Reading, read
from app.widgets.plain_text import plain_tip
from app.words.boost import FACTOR, MOST, Plan, plan, strengthened
from app.words.panel import WordsPanel
from app.words.score_widgets import summary
from canvas.model import edits
from canvas.model.document import Change, Document

TIP = f"Make weak words {FACTOR:g} times stronger, at most {MOST:.2f}, and generate again with the same seed"


class ScoreController(QObject):
    """Shows what the scores say of the picture, and makes weak words stronger."""

    said = Signal(str)

    def __init__(
        self,
        document: Document,
        actions: Actions,
        *,
        words: WordsPanel,
        label: QLabel,
        generate: Callable[[int], None],
        parent: QObject,
    ) -> None:
        """`label` has the whole picture's score; `generate` makes the scene's picture with a seed."""
        super().__init__(parent)
        self._document, self._words, self._label, self._generate = document, words, label, generate
        self._action = actions["word.strengthen"]
        self._action.triggered.connect(self.strengthen)
        words.whole.boost.clicked.connect(self._action.trigger)
        self._shown: DisplayedImage = PAPER
        self.reading = Reading()
        self._unsubscribe = document.subscribe(self._on_change)
        self._refresh()

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    def show_picture(self, shown: DisplayedImage) -> None:
        """Another picture is on the canvas."""
        self._shown = shown
        self._refresh()

    @property
    def plan(self) -> Plan:
        """What “Boost weak words” would do now."""
        return plan(self._document.scene, self.reading)

    def strengthen(self) -> None:
        """Raise the strengths of weak words, as one step, and generate with the seed of the picture shown."""
        todo = self.plan
        if not todo.raises:
            self.said.emit(todo.text)
            return
        made_by = self._shown.scene
        assert made_by is not None  # or nothing would have been measured
        scene = strengthened(self._document.scene, {each.word_id: each.after for each in todo.raises})
        scene = edits.set_settings(scene, seed=made_by.settings.seed)
        self._document.apply(scene, "Boost weak words")
        self._generate(made_by.settings.seed)
        self.said.emit(f"Stronger: {todo.text}")

    def _on_change(self, change: Change) -> None:
        if change.kinds - {"live", "state"}:
            self._refresh()

    def _refresh(self) -> None:
        self.reading = read(self._shown.findings.scores, self._shown.scene, self._document.scene)
        self._words.show_reading(self.reading)
        keys = self._action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self._words.whole.boost.setToolTip(plain_tip(f"{TIP}{f'  ({keys})' if keys else ''}\n{self.plan.text}"))
        text = summary(self.reading)
        self._label.setText(text)
        self._label.setVisible(bool(text))
