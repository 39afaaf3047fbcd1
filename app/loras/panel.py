"""The list of LoRA files in the settings: a card for each, a way to add some, and a place to drop them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.loras.lora_card import LoraCard
from app.loras.rows import LoraRow
from app.widgets.helpers import named
from app.widgets.plain_text import plain_tip
from app.widgets.theme import ICON_SIZE, Theme
from canvas.model.words import Span
from resources.limits import MAX_LORAS


def lora_files(data: QMimeData) -> list[Path]:
    """The files in a drag that may be LoRAs: safetensors files."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == ".safetensors"]


class LoraPanel(QWidget):
    """The cards. Signals carry the place of an entry in the list, and what was asked."""

    add_asked = Signal()
    files_dropped = Signal(list)  # of Path
    weight_changed = Signal(int, float)
    on_changed = Signal(int, bool)
    word_changed = Signal(int, object)
    trigger_asked = Signal(str)
    remove_asked = Signal(int)
    edit_ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._theme = theme
        self.cards: list[LoraCard] = []
        self.add = named(QPushButton("Add LoRA…"), "addLora")
        self.add.setIconSize(ICON_SIZE)
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add.clicked.connect(self.add_asked)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self.add)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def show_rows(self, rows: Sequence[LoraRow], choices: Sequence[tuple[Span, str]]) -> None:
        """Show these files; cards stay where they are, so that a drag on one goes on."""
        while len(self.cards) > len(rows):
            card = self.cards.pop()
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        while len(self.cards) < len(rows):
            card = self._make(len(self.cards))
            self.cards.append(card)
            self._column.insertWidget(len(self.cards) - 1, card)
        for card, each in zip(self.cards, rows, strict=True):
            card.show_row(each, choices)
        full = len(rows) >= MAX_LORAS
        self.add.setEnabled(not full)
        self.add.setToolTip(
            plain_tip(
                f"A scene holds at most {MAX_LORAS} LoRA files: remove one first"
                if full
                else "A small file that teaches the model a style, a person or a thing. Drop one here, or choose one"
            )
        )

    def _make(self, index: int) -> LoraCard:
        card = LoraCard(self._theme)
        card.weight_changed.connect(lambda value: self.weight_changed.emit(index, value))
        card.on_changed.connect(lambda on: self.on_changed.emit(index, on))
        card.word_changed.connect(lambda span: self.word_changed.emit(index, span))
        card.remove_asked.connect(lambda: self.remove_asked.emit(index))
        card.trigger_asked.connect(self.trigger_asked)
        card.edit_ended.connect(self.edit_ended)
        return card

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if lora_files(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.files_dropped.emit(lora_files(event.mimeData()))

    def _paint_icons(self) -> None:
        self.add.setIcon(self._theme.icon("ph.plus"))
