"""The field that finds words in a long list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from app.language import tr
from app.widgets.card_column import CardColumn
from app.words.word_card import WordCard

FEW = 8  # words up to which one sees them all


class WordSearch(QLineEdit):
    """Shows the cards whose word has the typed text in it, and the chosen one; hidden while there are few words and
    nobody asked for it."""

    left = Signal()  # it was hidden again

    def __init__(self, cards: CardColumn[WordCard]) -> None:
        super().__init__()
        self._cards = cards
        self._titles: list[str] = []
        self._shown: list[WordCard] = []
        self._chosen: str | None = None
        self._asked = False
        self.setObjectName("wordSearch")
        self.setPlaceholderText(tr("Find a word"))
        self.setAccessibleName(tr("Find a word in the list"))
        self.setClearButtonEnabled(True)
        self.textChanged.connect(lambda _text: self._filter())
        self.hide()

    def look(self, titles: Sequence[str], cards: Sequence[WordCard], chosen: str | None) -> None:
        """Other words, or another one is chosen."""
        self._titles, self._shown, self._chosen = list(titles), list(cards), chosen
        self.setVisible(self._needed)
        self._filter()

    @property
    def _needed(self) -> bool:
        return len(self._titles) > FEW or self._asked

    def ask(self) -> None:
        """Show it, also for few words, and take the keys; Esc in the empty field hides it again."""
        self._asked = True
        self.show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def _filter(self) -> None:
        wanted = self.text().strip().casefold() if self._needed else ""
        for title, card in zip(self._titles, self._shown, strict=True):
            card.setVisible(wanted in title.casefold() or card.word_id == self._chosen)
        self._cards.make_room()

    def event(self, event: QEvent) -> bool:
        """Esc empties it, and hides it where it was asked for; it is nobody else's then."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and (self.text() or self._asked):
            if event.type() == QEvent.Type.KeyPress:
                self._leave()
            event.accept()
            return True
        return super().event(event)

    def _leave(self) -> None:
        if self.text():
            self.clear()
            return
        self._asked = False
        if not self._needed:
            self.hide()
            self.left.emit()
