"""The strip of results: thumbnails of the pictures in the results folder, newest first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QImage,
    QPainter,
    QPainterPath,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QInputDialog,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.language import tr
from app.results.list_model import MOST_COMPARED, THUMBNAIL, Index, MarkedRole, ResultRole, ResultsModel, ShownRole
from app.results.search import ResultSearch
from app.results.strip import Strip
from app.storage.results import Result
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from app.widgets.theme import Theme

CELL = QSize(THUMBNAIL + 12, THUMBNAIL + 12)
HINT = (
    "Press Generate: every picture you make is kept here, with the scene that made it.\n"
    "Click one to look at it; double-click it, or press Enter, to open its scene."
)
REWORKS = {"vary": "Vary It", "refine": "Refine It…", "again": "Start Again From Its Source"}
"""What becomes of a result: what `rework_asked` tells, and the text in its menu."""


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
    def mark_rect(cell: QRect) -> QRect:
        """Where the mark of a chosen one is in a thumbnail's square."""
        return QRect(cell.left() + 8, cell.top() + 8, 24, 24)

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
        if index.data(MarkedRole):
            self._badge(painter, self.mark_rect(cell), "ph.check-circle-fill", "star")
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

    looked = Signal(object)  # to be seen
    chosen = Signal(object)  # its scene is wanted
    left = Signal()  # enough was seen
    star_asked = Signal(object, bool)
    delete_asked = Signal(object)
    reveal_asked = Signal(object)
    compare_asked = Signal(object)
    compare_all_asked = Signal(object)  # of several results, with one another
    marked = Signal(int)  # how many are chosen, to be compared
    note_written = Signal(object, str)
    put_back_asked = Signal()  # of what was deleted last
    style_asked = Signal(object)  # its look is wanted
    layer_asked = Signal(object)  # it is to be a layer of the scene
    rework_asked = Signal(object, str)  # a picture that begins from it: vary, refine or again
    counted = Signal(int)  # how many results there are

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = ResultsModel(self)
        self.view = named(Strip(), "results")
        self.view.setAccessibleName(tr("Results"))
        self.view.setModel(self.model)
        self.view.setItemDelegate(ThumbnailDelegate(theme, self.view))
        self.view.left_clicked.connect(self._clicked)
        self.view.double_clicked.connect(self._double_clicked)
        self.view.menu_asked.connect(self._menu)
        self.view.looked.connect(lambda index: self.looked.emit(index.data(ResultRole)))
        self.view.taken.connect(lambda index: self.chosen.emit(index.data(ResultRole)))
        self.view.left.connect(self.left)
        self._under_hand = False
        self.search = ResultSearch()
        self.search.changed.connect(self.model.find)
        self.search.hide()  # until there is something to find
        self.can_put_back = False
        across = QHBoxLayout(self)
        across.setContentsMargins(6, 0, 6, 4)
        across.addWidget(self.search)
        across.addWidget(self.view, 1)
        self._hint = named(PlainLabel(tr(HINT), self.view), "muted")
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.move(10, 12)
        for signal in (self.model.modelReset, self.model.rowsInserted, self.model.rowsRemoved):
            signal.connect(self._show_hint)
        self.setMinimumHeight(CELL.height() + 18)
        theme.changed.connect(self.view.viewport().update)

    def mark_shown(self, path: Path | None) -> None:
        """Frame the result that is on the canvas, None for none of them."""
        index = self.model.mark_shown(path)
        if index.isValid() and not self._under_hand:
            self.view.scrollTo(index)

    def _show_hint(self) -> None:
        count = self.model.rowCount()
        whole = self.model.count
        self.search.show_found(count, whole)
        self._hint.setVisible(whole == 0)
        self.search.setVisible(whole > 0)  # before the first there is nothing to find, and the hint has the room
        self.layout().activate()  # type: ignore[union-attr]  # what the hint says is not cut off meanwhile
        self.counted.emit(whole)

    def _clicked(self, index: QModelIndex, position: QPoint) -> None:
        result: Result = index.data(ResultRole)
        cell = ThumbnailDelegate.square(self.view.visualRect(index))
        if QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier:
            self.marked.emit(self.model.toggle_mark(result.path, most=MOST_COMPARED))
        elif ThumbnailDelegate.star_rect(cell).contains(position):
            self.star_asked.emit(result, not result.starred)
        elif ThumbnailDelegate.delete_rect(cell).contains(position):
            self.delete_asked.emit(result)
        else:
            self.model.clear_marks()
            self._under_hand = True  # nothing moves between the clicks of a double click
            self.looked.emit(result)
            self._under_hand = False

    def _double_clicked(self, index: QModelIndex, position: QPoint) -> None:
        cell = ThumbnailDelegate.square(self.view.visualRect(index))
        badges = (ThumbnailDelegate.star_rect(cell), ThumbnailDelegate.delete_rect(cell))
        if not any(rect.contains(position) for rect in badges):
            self.chosen.emit(index.data(ResultRole))

    def _menu(self, index: QModelIndex, where: QPoint) -> None:
        result: Result = index.data(ResultRole)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Show on the Canvas"), lambda: self.looked.emit(result))
        menu.addAction(tr("Open Its Scene"), lambda: self.chosen.emit(result))
        menu.addSeparator()
        for what, text in REWORKS.items():
            menu.addAction(tr(text)).triggered.connect(
                lambda _on=False, what=what: self.rework_asked.emit(result, what)
            )
        menu.addSeparator()
        menu.addAction(tr("Remove Star") if result.starred else tr("Add Star"),
                       lambda: self.star_asked.emit(result, not result.starred))  # fmt: skip
        menu.addAction(tr("Note…"), lambda: self._ask_note(result))
        chosen = self.model.marked_results
        if len(chosen) > 1:
            compare = tr("Compare the {count} Chosen Ones", count=len(chosen))
            menu.addAction(compare, lambda: self._compare_chosen(chosen))
        else:
            menu.addAction(tr("Compare Side by Side"), lambda: self.compare_asked.emit(result))
        menu.addAction(tr("Use Its Look as a Style"), lambda: self.style_asked.emit(result))
        menu.addAction(tr("Keep as a Layer"), lambda: self.layer_asked.emit(result))
        menu.addAction(tr("Show in Folder"), lambda: self.reveal_asked.emit(result))
        menu.addSeparator()
        menu.addAction(tr("Delete"), lambda: self.delete_asked.emit(result))
        if self.can_put_back:
            menu.addAction(tr("Put Back What Was Deleted"), self.put_back_asked.emit)
        menu.popup(where)

    def _compare_chosen(self, chosen: tuple[Result, ...]) -> None:
        self.model.clear_marks()
        self.compare_all_asked.emit(chosen)

    def _ask_note(self, result: Result) -> None:
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        dialog.setWindowTitle(tr("Note"))
        dialog.setLabelText(tr("Anything to remember about this picture; the search finds it"))
        dialog.setTextValue(result.note)
        dialog.textValueSelected.connect(lambda text: self.note_written.emit(result, text))
        dialog.open()
