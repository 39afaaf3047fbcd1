"""Words are dragged to another place of their list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from app.widgets.card_column import CardColumn
from app.words.word_card import WordCard

KIND = "application/x-wordbrush-word"


class ListOrder(QObject):
    """`moved` tells a word's id and that of the word before which it was dropped, "" for the end of the list."""

    moved = Signal(str, str)

    def __init__(self, owner: QWidget, cards: CardColumn[WordCard]) -> None:
        super().__init__(owner)
        self._owner, self._cards = owner, cards
        owner.setAcceptDrops(True)
        owner.installEventFilter(self)

    def drag(self, word_id: str) -> None:
        """Begin to drag a word's card."""
        card = self._cards.cards[word_id]
        drag, data = QDrag(card), QMimeData()
        data.setData(KIND, word_id.encode())
        drag.setMimeData(data)
        drag.setPixmap(card.grab())
        drag.exec(Qt.DropAction.MoveAction)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take words that are dragged over the list, and nothing else."""
        if isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent) and event.mimeData().hasFormat(KIND):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
                word_id = bytes(event.mimeData().data(KIND).data()).decode("utf-8", "replace")
                if word_id in self._cards.cards:
                    self.moved.emit(word_id, self._place(event.position().y(), word_id))
            return True
        return super().eventFilter(watched, event)

    def _place(self, y: float, word_id: str) -> str:
        """The nearest of the other words below a height in the panel."""
        heights = [
            (card.mapTo(self._owner, card.rect().center()).y(), other)
            for other, card in self._cards.cards.items()
            if other != word_id and card.isVisible()
        ]
        return min((found for found in heights if found[0] >= y), default=(0, ""))[1]
