"""The row of results: a list view that scrolls sideways, hears clicks and keys, and from which pictures are dragged."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QImage, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QListView, QWidget

from app.results.list_model import THUMBNAIL, ResultRole
from app.storage.results import Result

SMOOTH = Qt.TransformationMode.SmoothTransformation


def dragged(result: Result) -> QMimeData:
    """What a result carries when it is dragged out of the strip: its file."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(result.path))])
    return data


class Strip(QListView):
    """A list view of one row that scrolls sideways, by the wheel too; its pictures can be dragged out."""

    left_clicked = Signal(QModelIndex, QPoint)
    double_clicked = Signal(QModelIndex, QPoint)  # after the one click that it begins with
    looked = Signal(QModelIndex)  # by keys, as the two below
    taken = Signal(QModelIndex)
    left = Signal()
    menu_asked = Signal(QModelIndex, QPoint)

    def __init__(self, parent: QWidget | None = None, objectName: str = "") -> None:
        super().__init__(parent)
        self.setObjectName(objectName)
        self._pressed: QPoint | None = None
        self._twice = False
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        # The frame says what is on the canvas; a click on a star or a bin must not move it.
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setFrameShape(QListView.Shape.NoFrame)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pressed = self._pressed
        if pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
        elif (event.position().toPoint() - pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self._drag(self.indexAt(pressed))

    def _drag(self, index: QModelIndex) -> None:
        result: Result | None = index.data(ResultRole)
        if result is None:
            return
        drag = QDrag(self)
        drag.setMimeData(dragged(result))
        image: QImage | None = index.data(Qt.ItemDataRole.DecorationRole)
        if image is not None and not image.isNull():
            drag.setPixmap(QPixmap.fromImage(image.scaledToHeight(THUMBNAIL * 2 // 3, SMOOTH)))
        drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        twice, self._twice = self._twice, False
        self._pressed = None
        super().mouseReleaseEvent(event)
        position = event.position().toPoint()
        index = self.indexAt(position)
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton and not twice:
            self.left_clicked.emit(index, position)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton:
            self._twice = True  # its release is no click of its own
            if index.isValid():
                self.double_clicked.emit(index, event.position().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and before.isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit(before)
        elif plain and before.isValid() and event.key() == Qt.Key.Key_Space:
            self.looked.emit(before)
        elif plain and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            if self.currentIndex() != before and self.currentIndex().isValid():
                self.looked.emit(self.currentIndex())

    def contextMenuEvent(self, event: Any) -> None:
        index = self.indexAt(event.pos())
        if index.isValid():
            self.menu_asked.emit(index, event.globalPos())

    def wheelEvent(self, event: Any) -> None:
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))
        event.accept()
