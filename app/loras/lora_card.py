"""A LoRA file's card: on or off, its weight, the word that it is for, and its own words to click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.language import number, tr
from app.loras.rows import GONE, WHOLE, LoraRow
from app.widgets.elided_label import ElidedLabel
from app.widgets.helpers import Choice, named, row, small_button
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.switch import Switch
from app.widgets.theme import Theme
from app.widgets.value_slider import ValueSlider
from canvas.model.words import Span
from resources.limits import SAMPLERS, AdapterWeight, bounds

BUTTON = 22
_COLUMNS, _MOST = 2, 8
_WIDEST = 104  # pixels of a trigger word


class LoraCard(QFrame):
    """One file. What is asked goes out as signals; what is shown comes from `show_row`."""

    weight_changed = Signal(float)
    on_changed = Signal(bool)
    word_changed = Signal(object)  # the span of the word that it is for, None for the whole picture
    trigger_asked = Signal(str)
    few_steps_asked = Signal()
    remove_asked = Signal()
    edit_ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self._theme = theme
        self._shown: tuple[tuple[str, bool], ...] | None = None
        self.triggers: list[QPushButton] = []  # a button for each of its own words
        self.switch = Switch("")
        self.switch.clicked.connect(self.on_changed)
        self.name = ElidedLabel()
        self.remove = small_button(tr("Remove this LoRA"))
        self.remove.setFixedSize(BUTTON, BUTTON)
        self.remove.clicked.connect(self.remove_asked)
        low, high = bounds(AdapterWeight)
        self.weight = ValueSlider(tr("Weight"), low=low, high=high, default=1.0, step=0.05, decimals=2)
        self.weight.explain(tr("How strongly it changes the model: 1 is what it was trained for, 0 nothing"))
        self.weight.value_changed.connect(lambda value: self.weight_changed.emit(1.0 if value is None else value))
        self.weight.released.connect(self.edit_ended)
        self.word = Choice()
        self.word.setAccessibleName(tr("Only for the word"))
        self.word.setMinimumContentsLength(6)
        self.word.setToolTip(tr("The word in whose paint alone it acts"))
        self.word.activated.connect(lambda _index: self.word_changed.emit(self.word.currentData()))
        self.tagged = named(PlainLabel(tr("Used in the prompt"), wordWrap=True), "muted")
        self.note = named(PlainLabel(wordWrap=True), "cannotNote")
        self.hurried = named(PlainLabel(tr("It lets the model work in few steps:"), wordWrap=True), "muted")
        self.few_steps = QPushButton()
        self.few_steps.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.few_steps.clicked.connect(lambda _checked=False: self.few_steps_asked.emit())
        self.own = named(PlainLabel(tr("Its words:")), "muted")
        self._buttons = QWidget()
        self._grid = QGridLayout(self._buttons)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 6, 7, 7)
        column.setSpacing(5)
        title = QHBoxLayout()
        title.setSpacing(4)
        title.addWidget(self.switch)
        title.addWidget(self.name, 1)
        title.addWidget(self.remove)
        column.addLayout(title)
        column.addWidget(self.weight)
        column.addLayout(row(named(PlainLabel(tr("Only for")), "muted"), self.word, stretch=(0, 1)))
        for widget in (self.hurried, self.few_steps, self.own, self._buttons, self.tagged, self.note):
            column.addWidget(widget)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def show_row(self, row: LoraRow, choices: Sequence[tuple[Span, str]]) -> None:
        """Show the file as it is now; `choices` are the words that it can be for. Nothing is announced."""
        self.setAccessibleName(tr("LoRA {name}", name=row.name))
        self.switch.setAccessibleName(tr("Use {name}", name=row.name))
        self.switch.setToolTip(plain_tip(tr("Switch it off") if row.on else tr("Switch it on")))
        self.switch.setChecked(row.on)
        self.name.show_name(row.name, lost=False, faint=not row.on)
        self.setToolTip(plain_tip(row.tip))
        self.weight.setAccessibleName(tr("Weight of {name}", name=row.name))
        self.weight.set_value(row.weight)
        self.weight.setEnabled(row.on)
        self.word.setEnabled(row.on)
        self.tagged.setVisible(row.tagged)
        self.note.setText(row.note)
        self.note.setVisible(bool(row.note))
        self._show_few_steps(row)
        self._show_words(row.word, choices)
        self._show_triggers(row.triggers)

    def _show_few_steps(self, row: LoraRow) -> None:
        for widget in (self.hurried, self.few_steps):
            widget.setVisible(row.few_steps is not None)
        if few := row.few_steps:
            sampler = SAMPLERS[few.sampler]
            self.few_steps.setText(tr("Use {steps} steps, {sampler}", steps=few.steps, sampler=sampler))
            tip = tr("Sets the steps to {steps} and the sampler to {sampler}", steps=few.steps, sampler=sampler)
            if few.guidance is not None:
                tip += tr(", and the guidance to {guidance}", guidance=number(few.guidance))
            self.few_steps.setToolTip(plain_tip(tip))

    def _show_words(self, chosen: Span | None, choices: Sequence[tuple[Span, str]]) -> None:
        wanted: list[tuple[Span | None, str]] = [(None, tr(WHOLE)), *choices]
        if chosen is not None and chosen not in dict(choices):
            wanted.append((chosen, tr(GONE)))
        shown = [(self.word.itemData(place), self.word.itemText(place)) for place in range(self.word.count())]
        if [(None if span is None else tuple(span), text) for span, text in shown] != wanted:
            self.word.clear()
            for span, text in wanted:
                self.word.addItem(text, span)
        self.word.setCurrentIndex([span for span, _text in wanted].index(chosen))

    def _show_triggers(self, triggers: tuple[tuple[str, bool], ...]) -> None:
        if triggers == self._shown:
            return
        self._shown = triggers
        for button in self.triggers:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.triggers = []
        for place, (text, there) in enumerate(triggers[:_MOST]):
            button = named(QPushButton(), "triggerWord")
            button.setText(
                button.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _WIDEST).replace("&", "&&")
            )
            button.setAccessibleName(tr("Write {value}", value=text))
            button.setToolTip(
                plain_tip(
                    tr("“{value}” is in the prompt", value=text)
                    if there
                    else tr("Write “{value}” into the prompt", value=text)
                )
            )
            button.setEnabled(not there)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, text=text: self.trigger_asked.emit(text))
            self._grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
            self.triggers.append(button)
        for widget in (self.own, self._buttons):
            widget.setVisible(bool(triggers))

    def _paint_icons(self) -> None:
        self.remove.setIcon(self._theme.icon("ph.x", role="muted"))
