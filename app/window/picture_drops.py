"""Pictures dropped on a word's card: the word takes its look from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt
from PySide6.QtGui import QDropEvent

from app.language import tr
from resources.pictures import SUFFIXES

if TYPE_CHECKING:
    from app.window.main_window import MainWindow


class PictureDrops(QObject):
    """Watches the panel of words, which knows nothing of styles."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.words.setAcceptDrops(True)
        window.words.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QDropEvent):  # those of entering and moving are of its kind too
            return False
        path = picture_in(event.mimeData())
        if path is None:
            return False
        word = self._word_at(event.position().toPoint())
        event.setDropAction(Qt.DropAction.CopyAction)
        if event.type() != QEvent.Type.Drop:
            event.setAccepted(word is not None or event.type() == QEvent.Type.DragEnter)
            return True
        event.accept()
        if word is None:
            self._window.status.say(tr("Drop the picture on a painted word, which then takes its look."))
        else:
            self._window.finding.take_for_word(path, word)
        return True

    def _word_at(self, point: QPoint) -> str | None:
        """The painted word whose card is there."""
        panel, masks = self._window.words, self._window.session.scene.masks
        for word in self._window.session.scene.words:
            card = panel.chip(word.id)
            if card is not None and card.isVisible() and card.rect().contains(card.mapFrom(panel, point)):
                return word.id if not masks[word.id].is_empty else None
        return None


def picture_in(data: QMimeData) -> Path | None:
    """The picture file of a drag; None where there is none."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return next((path for path in files if path.suffix.lower() in SUFFIXES), None)
