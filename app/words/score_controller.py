"""Scores between the picture that is shown and the words: what was measured, and one click that boosts weak words."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel

from app.actions import Actions
from app.image_info.scores import Reading, read
from app.language import number, tr
from app.session import Session
from app.widgets.plain_text import plain_tip
from app.words.boost import FACTOR, MOST, Plan, plan, strengthened
from app.words.panel import WordsPanel
from app.words.score_widgets import summary
from canvas.model import edits
from canvas.model.document import Change

TIP = "Make weak words {times} times stronger, at most {most}, and generate again with the same seed"


class ScoreController(QObject):
    """Shows what the scores say of the picture, and makes weak words stronger."""

    said = Signal(str)
    generate_asked = Signal()  # the scene has the seed that is wanted

    def __init__(
        self, session: Session, actions: Actions, *, words: WordsPanel, label: QLabel, parent: QObject
    ) -> None:
        """`label` has the whole picture's score."""
        super().__init__(parent)
        self._session, self._document, self._words, self._label = session, session.document, words, label
        self._action = actions["word.strengthen"]
        self._action.triggered.connect(self.strengthen)
        words.whole.boost.clicked.connect(self._action.trigger)
        self.reading = Reading()
        session.picture_changed.connect(lambda _image: self._refresh())
        self._unsubscribe = session.document.subscribe(self._on_change)
        self._refresh()

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

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
        made_by = self._session.displayed.scene
        assert made_by is not None  # or nothing would have been measured
        scene = strengthened(self._document.scene, {each.word_id: each.after for each in todo.raises})
        scene = edits.set_settings(scene, seed=made_by.settings.seed)
        self._document.apply(scene, "Boost weak words")
        self._session.seed_used = None
        self.generate_asked.emit()
        self.said.emit(tr("Stronger: {value}", value=todo.text))

    def _on_change(self, change: Change) -> None:
        if change.kinds - {"live", "state"}:
            self._refresh()

    def _refresh(self) -> None:
        image = self._session.displayed
        self.reading = read(image.findings.scores, image.scene, self._document.scene)
        self._words.show_reading(self.reading)
        keys = self._action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        tip = tr(TIP, times=number(FACTOR), most=number(MOST, ".2f"))
        self._words.whole.boost.setToolTip(plain_tip(f"{tip}{f'  ({keys})' if keys else ''}\n{self.plan.text}"))
        text = summary(self.reading)
        self._label.setText(text)
        self._label.setVisible(bool(text))
