"""A list of cards that files are dropped on, such as those of LoRA files and of control pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

Card = TypeVar("Card", bound=QWidget)


class CardList(QWidget):
    """The cards from the top down, and below them what a subclass adds to `column`.

    Args:
        suffixes: of the files that can be dropped, in lower case with their dot.

    Signals:
        files_dropped: list of Path.
    """

    files_dropped = Signal(list)

    def __init__(self, suffixes: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._suffixes = suffixes
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(6)

    def fit(self, cards: list[Card], count: int, make: Callable[[int], Card]) -> None:
        """Let there be `count` cards; those that stay keep their place, so that a drag on one goes on."""
        while len(cards) > count:
            card = cards.pop()
            self.column.removeWidget(card)
            card.hide()
            card.deleteLater()
        while len(cards) < count:
            cards.append(make(len(cards)))
            self.column.insertWidget(len(cards) - 1, cards[-1])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_in(event.mimeData(), self._suffixes):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.files_dropped.emit(files_in(event.mimeData(), self._suffixes))


def files_in(data: QMimeData, suffixes: tuple[str, ...]) -> list[Path]:
    """The files in a drag whose names end in one of the suffixes, in any letter case."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in suffixes]


def choose_files(
    window: QWidget,
    title: str,
    *,
    kinds: str,
    suffixes: tuple[str, ...],
    folder: Path,
    then: Callable[[list[Path]], object],
) -> None:
    """Let files be opened; `then` gets those that were chosen, at least one.

    Args:
        kinds: what they are called in the dialog. folder: where it begins.
    """
    dialog = QFileDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setDirectory(str(folder))
    dialog.setNameFilter(f"{kinds} ({' '.join(f'*{ending} *{ending.upper()}' for ending in suffixes)})")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.filesSelected.connect(lambda names: then([Path(name) for name in names]))
    dialog.open()
