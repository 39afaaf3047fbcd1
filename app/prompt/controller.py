"""The prompt between its fields and the document: what is typed, what is painted, what the model has not learnt."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.language import number, tr
from app.prompt.prompt_bar import PromptBar
from app.prompt.span_painting import Tint
from app.session import Session
from app.vocabulary import unknown_spans
from canvas.model import edits
from canvas.model.document import Change
from canvas.model.errors import CanvasError
from canvas.model.prompt_marks import find_weights, take_weight
from canvas.model.retarget import Edit
from canvas.model.scene import acting_ids
from canvas.model.words import Span, word_at
from engine.facts import ModelFacts
from resources.limits import Strength, bounds

STEP = 0.05  # of strength, for Ctrl+Up and Ctrl+Down
REST_MS = 700  # a word that is being typed is not called unknown before one stops


class PromptController(QObject):
    """Every edit goes to the document, and the fields show what the document says."""

    failed = Signal(object)
    said = Signal(str)

    def __init__(self, session: Session, bar: PromptBar, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._document, self._bar = session, session.document, bar
        document = session.document
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._mark)
        bar.prompt.edited.connect(lambda text, edit: self._edit(lambda: self._type(text, edit)))
        bar.prompt.strength_asked.connect(lambda steps: self._edit(lambda: self._strengthen(steps)))
        bar.negative_edited.connect(lambda text: self._edit(lambda: document.set_negative(text)))
        bar.rewrite_asked.connect(self._rewrite)
        session.word_changed.connect(lambda _word: self._show_tints())
        session.facts_changed.connect(self._show_model)
        self._unsubscribe = document.subscribe(self._on_change)
        self._show_prompt()
        self._show_tints()
        self._show_model(session.facts)

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()
        self._rest.stop()

    def take_mark(self) -> Span | None:
        """The span of the phrase that is marked, None for none; the mark goes away."""
        span = self._bar.prompt.marked_span()
        if span is not None:
            self._bar.prompt.clear_mark()
        return span

    def type(self) -> None:
        """Take the keys, behind the chosen word where there is one."""
        scene, chosen, field = self._session.scene, self._session.word, self._bar.prompt
        span = scene.word(chosen or "").span if scene.has_word(chosen) else None
        field.place_cursor(span[1] if span is not None else len(scene.prompt))
        field.setFocus()

    def _edit(self, change: Callable[[], object]) -> None:
        try:
            change()
        except CanvasError as error:
            self.failed.emit(error)
            self._show_prompt()
            self._show_tints()

    def _type(self, text: str, edit: Edit | None) -> None:
        """Take the prompt as it is typed; a `(phrase:1.3)` that was just finished becomes the word's strength."""
        self._document.set_prompt(text, edit=edit)
        start, end = (0, 0) if edit is None else (edit.position, edit.position + edit.added)
        if ")" not in text[start:end]:
            return
        for weight in reversed([each for each in find_weights(text) if start < each.span[1] <= end]):
            scene, word_id = take_weight(self._session.scene, weight)
            word = scene.word(word_id)
            self._document.end_merge()
            self._document.apply(scene, f"Strength of “{word.phrase}”")
            self._bar.prompt.place_cursor(word.span[1] if word.span else len(scene.prompt))
            self.said.emit(
                tr(
                    "“{phrase}” has strength {strength}: it acts where the word is painted.",
                    phrase=word.phrase,
                    strength=number(word.strength),
                )
            )

    def _strengthen(self, steps: int) -> None:
        """Make the word at the cursor, the shortest where several are, stronger or weaker by 0.05 a step."""
        scene, place = self._session.scene, self._bar.prompt.place()
        near = [word for word in scene.words if word.span is not None and word.span[0] <= place <= word.span[1]]
        if near:
            word = min(near, key=lambda each: len(each.phrase))
        else:
            span = word_at(scene.prompt, place)
            if span is None:
                self.said.emit(tr("Put the cursor on a word to change its strength."))
                return
            word_id = self._document.add_word(span)
            word = self._session.scene.word(word_id)
        low, high = bounds(Strength)
        strength = round(min(max(word.strength + STEP * steps, low), high), 2)
        self._document.set_strength(word.id, strength)
        self.said.emit(tr("Strength of “{phrase}”: {strength}", phrase=word.phrase, strength=number(strength, ".2f")))

    def _rewrite(self, changes: list[tuple[Span, str]]) -> None:
        """Write other forms of words of the prompt, as one step; what is painted with them stays so."""
        scene = self._session.scene
        for span, text in reversed(changes):
            scene = edits.rewrite(scene, span, text)
        if changes:
            self._document.apply(scene, f"Write “{next(text for _span, text in changes if text)}”")

    # what is shown -----------------------------------------------------------------------------------------------
    def _on_change(self, change: Change) -> None:
        kinds = change.kinds
        if kinds & {"all", "prompt"}:
            self._show_prompt()
        if kinds & {"all", "prompt", "words", "masks", "size"}:
            self._show_tints()
        if kinds & {"all", "prompt"}:
            if self._bar.prompt.hasFocus():
                self._mark_but_typed()
            else:
                self._mark()

    def _show_model(self, facts: ModelFacts | None) -> None:
        self._bar.show_model(facts)
        self._mark()

    def _show_prompt(self) -> None:
        scene = self._session.scene
        self._bar.prompt.set_text(scene.prompt)
        if self._bar.negative.text() != scene.negative:
            self._bar.negative.setText(scene.negative)

    def _show_tints(self) -> None:
        chosen, acting = self._session.word, acting_ids(self._session.scene)
        self._bar.prompt.set_tints(
            tuple(
                Tint(word.span, word.color, word.id == chosen, word.visible, word.id in acting)
                for word in self._session.scene.words
                if word.span is not None
            )
        )

    def _mark(self) -> None:
        self._rest.stop()
        self._bar.show_unknown(unknown_spans(self._session.scene.prompt, self._session.facts))

    def _mark_but_typed(self) -> None:
        """Mark all but the word at the cursor; the line under the prompt waits, so that nothing jumps."""
        place = self._bar.prompt.place()
        spans = unknown_spans(self._session.scene.prompt, self._session.facts)
        self._bar.prompt.set_unknown(tuple(span for span in spans if not span[0] <= place <= span[1]))
        self._rest.start()
