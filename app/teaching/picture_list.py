"""The pictures that a word is taught from: dropped or chosen, shown small, and taken away again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.language import tr
from app.widgets.helpers import named
from app.widgets.plain_text import plain_tip
from resources import pictures

SIDE = 84


class PictureList(QListWidget):
    """`dropped` brings files and folders; `changed` says that some were taken away."""

    dropped = Signal(list)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "lessonPictures")
        self.setAccessibleName(tr("Pictures of the word"))
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setMovement(QListWidget.Movement.Static)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setSpacing(4)
        self.setMinimumHeight(2 * SIDE + 40)
        self.setAcceptDrops(True)

    @property
    def files(self) -> tuple[Path, ...]:
        """The pictures, in their order."""
        return tuple(self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count()))

    def add(self, found: Sequence[tuple[Path, Image.Image]]) -> None:
        """Show more pictures; those that are here already are not shown twice."""
        known = set(self.files)
        for path, small in found:
            if path in known:
                continue
            known.add(path)
            rgba = small.convert("RGBA")
            image = QImage(rgba.tobytes(), rgba.width, rgba.height, 4 * rgba.width, QImage.Format.Format_RGBA8888)
            item = QListWidgetItem(QIcon(QPixmap.fromImage(image)), "")
            item.setData(Qt.ItemDataRole.UserRole, path)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, path.name)
            item.setToolTip(plain_tip(path.name))
            self.addItem(item)

    def remove_chosen(self) -> None:
        """Take the chosen pictures away from the list; their files stay."""
        for item in self.selectedItems():
            self.takeItem(self.row(item))
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.selectedItems():
            self.remove_chosen()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if files := _files(event.mimeData()):
            event.acceptProposedAction()
            self.dropped.emit(files)


def _files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def thumbnails(files: Sequence[Path]) -> tuple[list[tuple[Path, Image.Image]], list[tuple[str, str]]]:
    """Read pictures small; returns them, and of those that cannot be read what is wrong and what to do."""
    found, faults = [], []
    for file in files:
        try:
            small = pictures.decode(pictures.open_picture(file), side=2 * SIDE).convert("RGB")
        except pictures.PictureError as error:
            faults.append(error.explain(file.name))
            continue
        side = min(small.size)
        left, top = (small.width - side) // 2, (small.height - side) // 2
        found.append((file, small.resize((SIDE, SIDE), Image.Resampling.BOX, (left, top, left + side, top + side))))
    return found, faults
