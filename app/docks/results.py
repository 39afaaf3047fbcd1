"""The strip of results: thumbnails of the pictures in the results folder, newest first."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDrag,
    QImage,
    QImageReader,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.results import Result
from app.theme import Theme
from app.widgets import named

THUMBNAIL = 112
CELL = QSize(THUMBNAIL + 12, THUMBNAIL + 12)
KEPT_THUMBNAILS = 600
SMOOTH = Qt.TransformationMode.SmoothTransformation
HINT = "Every picture you make is kept here, with the scene that made it."
ResultRole = int(Qt.ItemDataRole.UserRole)
ShownRole = ResultRole + 1

Index = QModelIndex | QPersistentModelIndex


def read_thumbnail(path: Path) -> QImage:
    """A picture scaled to the strip's size, cut square from its middle; null where the file cannot be read."""
    reader = QImageReader(str(path))
    image = reader.read()
    if image.isNull():
        return image
    side = 2 * THUMBNAIL  # sharp on screens of double density too
    image = image.scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    return image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side)


class ResultsModel(QAbstractListModel):
    """The results, and their thumbnails as a thread of its own reads them."""

    _read = Signal(str, QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._results: list[Result] = []
        self._shown: Path | None = None
        self._thumbnails: OrderedDict[Path, QImage] = OrderedDict()
        self._asked: set[Path] = set()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="thumbnails")
        self._read.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._results)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._results):
            return None
        result = self._results[index.row()]
        if role == ResultRole:
            return result
        if role == ShownRole:
            return result.path == self._shown
        if role == Qt.ItemDataRole.AccessibleTextRole:
            marks = (", starred" if result.starred else "") + (", on the canvas" if result.path == self._shown else "")
            return f"{result.path.stem}{marks}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{result.path.stem}\nClick: bring back the picture and its scene"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._thumbnail(result.path)
        return None

    def show(self, results: list[Result]) -> None:
        """Show another list."""
        self.beginResetModel()
        self._results = list(results)
        self.endResetModel()

    def mark_shown(self, path: Path | None) -> QModelIndex:
        """Which result is on the canvas, None for none of them; where it is in the list, invalid where it is not."""
        before, self._shown = self._shown, path
        found = QModelIndex()
        for row, result in enumerate(self._results):
            if result.path in (before, path):
                self.dataChanged.emit(self.index(row), self.index(row))
            if result.path == path:
                found = self.index(row)
        return found

    def prepend(self, result: Result) -> None:
        """A new result came."""
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._results.insert(0, result)
        self.endInsertRows()

    def replace(self, result: Result) -> None:
        """A result's star changed."""
        for row, other in enumerate(self._results):
            if other.path == result.path:
                self._results[row] = result
                self.dataChanged.emit(self.index(row), self.index(row))

    def remove(self, result: Result) -> None:
        """A result was deleted."""
        rows = [row for row, other in enumerate(self._results) if other.path == result.path]
        for row in rows:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._results[row]
            self.endRemoveRows()

    def close(self) -> None:
        """Stop reading and wait for the thread."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _thumbnail(self, path: Path) -> QImage | None:
        image = self._thumbnails.get(path)
        if image is None and path not in self._asked:
            self._asked.add(path)
            self._pool.submit(lambda: self._read.emit(str(path), read_thumbnail(path)))
        return image

    def _take(self, name: str, image: QImage) -> None:
        path = Path(name)
        self._thumbnails[path] = image
        while len(self._thumbnails) > KEPT_THUMBNAILS:
            self._asked.discard(self._thumbnails.popitem(last=False)[0])
        for row, result in enumerate(self._results):
            if result.path == path:
                self.dataChanged.emit(self.index(row), self.index(row))
                return


class ThumbnailDelegate(QStyledItemDelegate):
    """Draws a rounded thumbnail, its frame, its star and, under the mouse, its buttons."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return CELL

    @staticmethod
    def square(cell: QRect) -> QRect:
        """Where the thumbnail is in a cell, which the view may make taller than it is wide."""
        side = min(cell.width(), cell.height())
        return QRect(cell.left(), cell.top(), side, side)

    @staticmethod
    def star_rect(cell: QRect) -> QRect:
        """Where the star is in a thumbnail's square."""
        return QRect(cell.right() - 32, cell.top() + 8, 24, 24)

    @staticmethod
    def delete_rect(cell: QRect) -> QRect:
        """Where the bin is in a thumbnail's square."""
        return QRect(cell.right() - 32, cell.bottom() - 32, 24, 24)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        result: Result = index.data(ResultRole)
        image: QImage | None = index.data(Qt.ItemDataRole.DecorationRole)
        state: QStyle.StateFlag = option.state
        cell = self.square(option.rect)
        palette: QPalette = option.palette
        hover = bool(state & QStyle.StateFlag.State_MouseOver)
        box = QRectF(cell).adjusted(6, 6, -6, -6)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(box, 7, 7)
        painter.fillPath(path, palette.color(QPalette.ColorRole.Base))
        if image is not None and not image.isNull():
            painter.setClipPath(path)
            painter.drawImage(box, image)
            painter.setClipping(False)
        edge = palette.color(QPalette.ColorRole.Mid)
        width = 1.0
        if index.data(ShownRole):
            edge, width = palette.color(QPalette.ColorRole.Accent), 2.5
        elif hover or state & QStyle.StateFlag.State_HasFocus:
            edge = palette.color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(QPen(edge, width))
        painter.drawPath(path)
        if hover or result.starred:
            self._badge(painter, self.star_rect(cell), "ph.star-fill" if result.starred else "ph.star", "star")
        if hover:
            self._badge(painter, self.delete_rect(cell), "ph.trash", "error")
        painter.restore()

    def _badge(self, painter: QPainter, rect: QRect, icon: str, role: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        plate = QColor(self._theme.colours.panel)
        plate.setAlpha(215)
        painter.setBrush(plate)
        painter.drawRoundedRect(rect, 6, 6)
        self._theme.icon(icon, role=role).paint(painter, rect.adjusted(4, 4, -4, -4))


class ResultsPanel(QWidget):
    """The strip. Signals carry the result."""

    chosen = Signal(object)
    star_asked = Signal(object, bool)
    delete_asked = Signal(object)
    reveal_asked = Signal(object)
    compare_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = ResultsModel(self)
        self.view = named(_Strip(), "results")
        self.view.setAccessibleName("Results")
        self.view.setModel(self.model)
        self.view.setItemDelegate(ThumbnailDelegate(theme, self.view))
        self.view.left_clicked.connect(self._clicked)
        self.view.menu_asked.connect(self._menu)
        self.view.activated.connect(lambda index: self.chosen.emit(index.data(ResultRole)))
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 0, 6, 4)
        column.addWidget(self.view)
        self._hint = named(QLabel(HINT, self.view), "muted")
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.move(10, 12)
        for signal in (self.model.modelReset, self.model.rowsInserted, self.model.rowsRemoved):
            signal.connect(self._show_hint)
        self.setMinimumHeight(CELL.height() + 18)
        theme.changed.connect(self.view.viewport().update)

    def mark_shown(self, path: Path | None) -> None:
        """Frame the result that is on the canvas, None for none of them."""
        index = self.model.mark_shown(path)
        if index.isValid():
            self.view.scrollTo(index)

    def _show_hint(self) -> None:
        self._hint.setVisible(self.model.rowCount() == 0)

    def _clicked(self, index: QModelIndex, position: QPoint) -> None:
        result: Result = index.data(ResultRole)
        cell = ThumbnailDelegate.square(self.view.visualRect(index))
        if ThumbnailDelegate.star_rect(cell).contains(position):
            self.star_asked.emit(result, not result.starred)
        elif ThumbnailDelegate.delete_rect(cell).contains(position):
            self.delete_asked.emit(result)
        else:
            self.chosen.emit(result)

    def _menu(self, index: QModelIndex, where: QPoint) -> None:
        result: Result = index.data(ResultRole)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Bring Back With Its Scene", lambda: self.chosen.emit(result))
        menu.addAction("Take the Star" if result.starred else "Give a Star",
                       lambda: self.star_asked.emit(result, not result.starred))  # fmt: skip
        menu.addAction("Compare Side by Side", lambda: self.compare_asked.emit(result))
        menu.addAction("Show in Folder", lambda: self.reveal_asked.emit(result))
        menu.addSeparator()
        menu.addAction("Delete", lambda: self.delete_asked.emit(result))
        menu.popup(where)


def dragged(result: Result) -> QMimeData:
    """What a result carries when it is dragged out of the strip: its file."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(result.path))])
    return data


class _Strip(QListView):
    """A list view of one row that scrolls sideways, by the wheel too; its pictures can be dragged out."""

    left_clicked = Signal(QModelIndex, QPoint)
    menu_asked = Signal(QModelIndex, QPoint)

    def __init__(self, parent: QWidget | None = None, objectName: str = "") -> None:
        super().__init__(parent)
        self.setObjectName(objectName)
        self._pressed: QPoint | None = None
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
        self._pressed = None
        super().mouseReleaseEvent(event)
        position = event.position().toPoint()
        index = self.indexAt(position)
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.left_clicked.emit(index, position)

    def contextMenuEvent(self, event: Any) -> None:
        index = self.indexAt(event.pos())
        if index.isValid():
            self.menu_asked.emit(index, event.globalPos())

    def wheelEvent(self, event: Any) -> None:
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))
        event.accept()
