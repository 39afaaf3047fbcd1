"""The list of LoRA files in the settings: a card for each, a way to add some, and a place to drop them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.language import tr
from app.loras.lora_card import LoraCard
from app.loras.rows import LoraRow
from app.widgets.card_list import CardList, files_in
from app.widgets.helpers import named
from app.widgets.plain_text import plain_tip
from app.widgets.theme import ICON_SIZE, Theme
from canvas.model.words import Span
from resources.limits import MAX_LORAS

LORAS = (".safetensors",)


def lora_files(data: QMimeData) -> list[Path]:
    """The files in a drag that may be LoRAs: safetensors files."""
    return files_in(data, LORAS)


class LoraPanel(CardList):
    """The cards. Signals carry the place of an entry in the list, and what was asked."""

    add_asked = Signal()
    weight_changed = Signal(int, float)
    on_changed = Signal(int, bool)
    word_changed = Signal(int, object)
    trigger_asked = Signal(str)
    few_steps_asked = Signal(int)
    remove_asked = Signal(int)
    edit_ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(LORAS, parent)
        self._theme = theme
        self.cards: list[LoraCard] = []
        self.add = named(QPushButton(tr("Add LoRA…")), "addLora")
        self.add.setIconSize(ICON_SIZE)
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add.clicked.connect(self.add_asked)
        self.column.addWidget(self.add)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def show_rows(self, rows: Sequence[LoraRow], choices: Sequence[tuple[Span, str]]) -> None:
        """Show these files; cards stay where they are, so that a drag on one goes on."""
        self.fit(self.cards, len(rows), self._make)
        for card, each in zip(self.cards, rows, strict=True):
            card.show_row(each, choices)
        full = len(rows) >= MAX_LORAS
        self.add.setEnabled(not full)
        self.add.setToolTip(
            plain_tip(
                tr("A scene holds at most {max_loras} LoRA files: remove one first", max_loras=MAX_LORAS)
                if full
                else tr(
                    "A small file that teaches the model a style, a person or a thing. Drop one here, or choose one"
                )
            )
        )

    def _make(self, index: int) -> LoraCard:
        card = LoraCard(self._theme)
        card.weight_changed.connect(lambda value: self.weight_changed.emit(index, value))
        card.on_changed.connect(lambda on: self.on_changed.emit(index, on))
        card.word_changed.connect(lambda span: self.word_changed.emit(index, span))
        card.remove_asked.connect(lambda: self.remove_asked.emit(index))
        card.few_steps_asked.connect(lambda: self.few_steps_asked.emit(index))
        card.trigger_asked.connect(self.trigger_asked)
        card.edit_ended.connect(self.edit_ended)
        return card

    def _paint_icons(self) -> None:
        self.add.setIcon(self._theme.icon("ph.plus"))
