"""The top of the window: the prompt, what to avoid, Generate and Cancel, and how far it is."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.actions import Actions
from app.language import sentence, tr
from app.prompt.completion import Completion
from app.prompt.prompt_edit import LINES, PromptEdit
from app.prompt.suggestion import article_change
from app.prompt.vocabulary_hint import UnknownHint
from app.session import Session
from app.vocabulary import called, known_form, names_something, unknown_spans, unknown_words
from app.widgets.helpers import named, row, tool_button
from app.widgets.plain_line import PlainLine
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import ICON_SIZE, Theme
from engine.facts import ModelFacts

LIVE = "Live"  # how the news of live pictures begin


class PromptBar(QWidget):
    """Prompt and generation controls; what was typed goes out as signals, the window shows what the scene says."""

    negative_edited = Signal(str)
    paint_phrase = Signal(int, int)
    resume_asked = Signal()
    rewrite_asked = Signal(object)  # spans of the prompt, from the left, each with what shall be written there

    def __init__(self, session: Session, actions: Actions, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("promptBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._theme = session, theme
        self._run = actions["generate.run"]
        self.prompt = PromptEdit(self)
        self.completion = Completion(self.prompt, self._known)
        self._slot = QWidget()  # where the prompt lies; it grows over what is under it, and the bar never does
        self._slot.setFixedHeight(self.prompt.sizeHint().height())
        self._slot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._slot.installEventFilter(self)
        self.prompt.room_changed.connect(self._place_prompt)
        self.negative = named(PlainLine(), "negative")
        self.negative.setAccessibleName(tr("Negative prompt"))
        self.show_model(None)
        self.negative.textEdited.connect(self.negative_edited)
        self.unknown = UnknownHint(session, theme, self)
        self.unknown.name_chosen.connect(self._insert)
        self.unknown.form_chosen.connect(self._rewrite)
        self.paint_this = named(QPushButton(tr("Paint this  ↵"), self), "paintThis")
        self.paint_this.setCursor(Qt.CursorShape.PointingHandCursor)
        self.paint_this.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.paint_this.setToolTip(plain_tip(tr("{tip}, or Enter", tip=actions["word.paint"].toolTip())))
        self.paint_this.clicked.connect(actions["word.paint"].trigger)
        self.paint_this.hide()
        self.prompt.phrase_marked.connect(self._place_paint_button)
        self.prompt.paint_asked.connect(actions["word.paint"].trigger)
        self.prompt.verticalScrollBar().valueChanged.connect(lambda _value: self._follow_mark())
        self.prompt.viewport().installEventFilter(self)

        self.generate = self._button("primary", actions["generate.run"], tr("Generate"))
        self.cancel = self._button("cancel", actions["generate.cancel"], tr("Cancel"))
        self.live = tool_button(actions["generate.live"])
        self.live.setText(tr("Live"))
        actions["generate.live"].toggled.connect(self._live_turned)
        self._live = actions["generate.live"]
        self.live.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.resume = named(QPushButton(tr("Resume")), "resume")
        self.resume.setCursor(Qt.CursorShape.PointingHandCursor)
        self.resume.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.resume.setToolTip(tr("Make the pictures that wait in the queue"))
        self.resume.clicked.connect(lambda _checked=False: self.resume_asked.emit())
        self._resting = 0
        self._said = ""
        self.progress = QProgressBar(textVisible=False)
        self.status = named(PlainLabel(), "muted")
        self.status.setAccessibleName(tr("Progress"))
        self.status.setMinimumWidth(10)

        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self._slot)
        # Beside what to avoid, so that nothing below moves when the line comes and goes.
        self._second = QWidget()
        self.palette_button = named(tool_button(actions["word.palette"]), "openPalette")
        self.palette_button.setText(tr("Palette"))
        self.palette_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.palette_button.setFixedHeight(self.negative.sizeHint().height())
        second = row(self.palette_button, self.negative, self.unknown, stretch=(0, 1, 2))
        second.setContentsMargins(0, 0, 0, 0)
        self._second.setLayout(second)
        left.addWidget(self._second)
        self.buttons = buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.generate, 1)
        buttons.addWidget(self.cancel, 1)
        buttons.addWidget(self.live)
        right_box = QWidget()
        right_box.setFixedWidth(262)
        right = QVBoxLayout(right_box)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(6)
        right.addLayout(buttons)
        right.addStretch(1)
        right.addLayout(row(self.status, self.resume, stretch=(1, 0)))
        right.addWidget(self.progress)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(12, 8, 12, 10)
        whole.setSpacing(12)
        whole.addLayout(left, 1)
        whole.addWidget(right_box)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self.show_idle("")

    def show_model(self, facts: ModelFacts | None) -> None:
        """Grey what to avoid where the model does not read it, and say why; None is a model that nobody knows."""
        able = facts is None or facts.takes_negative
        self.negative.setEnabled(able)
        if able:
            self.negative.setPlaceholderText(tr("Avoid: what should not be in the picture"))
            self.negative.setToolTip(tr("Negative prompt: what should not be in the picture"))
        elif facts is not None:
            self.negative.setPlaceholderText(tr("This model takes no negative prompt"))
            why = tr(
                "{model} was trained without a negative prompt, so it has no effect.", model=sentence(called(facts))
            )
            self.negative.setToolTip(plain_tip(tr("{why} What you wrote is kept for a model that reads it.", why=why)))

    def set_slim(self, slim: bool) -> None:
        """One line for the prompt and Generate beside it, or all that the bar has."""
        self.prompt.set_lines(1 if slim else LINES)
        self._slot.setFixedHeight(self.prompt.sizeHint().height())
        self._second.setVisible(not slim)
        self.status.setVisible(not slim)

    def show_unknown(self, spans: tuple[tuple[int, int], ...]) -> None:
        """Mark the words that the model has not learnt, and say what it knows."""
        facts = self._session.facts
        names = html.escape(", ".join(facts.names)) if facts is not None else ""
        subject = html.escape(sentence(called(facts))) if facts is not None else ""
        tip = tr("{model} has not learnt “{word}”. It knows: {names}.", model=subject, word="{}", names=names)
        self.prompt.set_unknown(spans, f"<qt>{tip}</qt>")
        self.unknown.show_words(unknown_words(self.prompt.text(), facts))

    # progress ----------------------------------------------------------------------------------------------------
    def show_idle(self, text: str) -> None:
        """Nothing runs; `text` is what there is to say about the last run, by default how to start one."""
        self.generate.show()
        self.cancel.hide()
        self.progress.setRange(0, 1000)
        self.progress.setValue(0)
        self.progress.setVisible(False)
        if text.startswith(LIVE) and not self._live.isChecked():
            text = ""  # the last of them came when Live was off already
        self._said = text
        self._say_rest()

    def show_rest(self, waiting: int) -> None:
        """So many pictures wait for the queue to be resumed while nothing runs; 0 for none."""
        self._resting = waiting
        if not self.generate.isHidden():
            self._say_rest()

    def _say_rest(self) -> None:
        waits = tr("Paused · {count} waiting", count=self._resting) if self._resting else ""
        self.status.setText(waits or self._said or self._start_hint())
        self.resume.setVisible(bool(self._resting))

    def show_running(self, text: str, fraction: float | None) -> None:
        """A generation runs: `fraction` done, None where nobody can say."""
        self.generate.hide()
        self.resume.hide()
        self.cancel.show()
        self.progress.setVisible(True)
        if fraction is None:
            self.progress.setRange(0, 0)
        else:
            self.progress.setRange(0, 1000)
            self.progress.setValue(round(fraction * 1000))
        self.status.setText(text)

    def _live_turned(self, on: bool) -> None:
        if not on and self.status.text().startswith(LIVE):
            self.show_idle("")

    def _start_hint(self) -> str:
        keys = self._run.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        return tr("{keys} to generate", keys=keys) if keys else ""

    # inside ------------------------------------------------------------------------------------------------------
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and watched is self._slot:
            self._place_prompt()
        elif event.type() == QEvent.Type.Resize:
            self._follow_mark()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.unknown.card.isVisible():
            self.unknown.card.hide()
        else:
            super().keyPressEvent(event)

    def _place_prompt(self) -> None:
        """Lie in the slot; while somebody types a long text, over the rest of the bar too."""
        room = self._slot.geometry()
        height = max(room.height(), min(self.prompt.wanted_height(), self.height() - room.top() - 6))
        self.prompt.setGeometry(room.left(), room.top(), room.width(), height)
        self.prompt.raise_()
        if self.paint_this.isVisible():
            self.paint_this.raise_()

    def _known(self) -> tuple[str, ...]:
        """The words to complete: what the model can paint, then how that can be."""
        facts = self._session.facts
        if facts is None:
            return ()
        return (*facts.names, *facts.taught, *filter(names_something, facts.words))

    def _insert(self, name: str) -> None:
        self.prompt.insert_name(name)
        self.prompt.setFocus()

    def _rewrite(self, word: str) -> None:
        """Ask for what the model knows in a word's place, wherever the prompt has it."""
        text = self.prompt.text()
        facts = self._session.facts
        spans = [span for span in unknown_spans(text, facts) if text[slice(*span)].casefold() == word.casefold()]
        changes: list[tuple[tuple[int, int], str]] = []
        for span in spans:
            form = known_form(text[slice(*span)], facts) or word
            article = article_change(text, span, form)
            if article is not None:
                changes.append(article)
            changes.append((span, form))
        self.rewrite_asked.emit(changes)
        self.prompt.setFocus()

    def _follow_mark(self) -> None:
        self._place_paint_button(self.prompt.marked_span() is not None)

    def _place_paint_button(self, marked: bool) -> None:
        rect = self.prompt.mark_rect() if marked else None
        if rect is None:
            self.paint_this.hide()
            return
        self.paint_this.adjustSize()
        viewport = self.prompt.viewport()
        corner = viewport.mapTo(self, viewport.rect().topLeft())
        rect.translate(corner)
        # Under the end of the phrase, where the hand is; what it covers there is not what it is about.
        left = min(max(rect.right() - self.paint_this.width() / 2, corner.x()), self.width() - self.paint_this.width())
        top = rect.bottom() + 4
        if top + self.paint_this.height() > self.height():
            top = max(0.0, rect.top() - self.paint_this.height() - 4)
        self.paint_this.move(round(left), round(top))
        self.paint_this.show()
        self.paint_this.raise_()

    def _button(self, name: str, action: QAction, text: str) -> QPushButton:
        button = named(QPushButton(text), name)
        button.setIconSize(ICON_SIZE)
        button.setToolTip(plain_tip(action.toolTip()))
        button.setMinimumHeight(38)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(action.trigger)
        return button

    def _paint_icons(self) -> None:
        self.generate.setIcon(self._theme.icon("ph.sparkle", role="accent_text"))
        self.cancel.setIcon(self._theme.icon("ph.stop-fill"))
        self.prompt.unknown_colour = QColor(self._theme.colours.warning)
        self.paint_this.setIcon(self._theme.icon("ph.paint-brush", role="accent_text"))
