"""The palette: nouns to paint, each with a small picture, in groups and with a search."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QIcon, QKeyEvent, QMouseEvent, QPainter, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.language import tr
from app.prompt.nouns import Group
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from app.widgets.theme import Theme

MIME = "application/x-wordbrush-noun"
WIDTH, HEIGHT = 420, 460
ICON, CELL, TITLE = 52, QSize(94, 84), 26
_NOUN = Qt.ItemDataRole.UserRole
_DOWN = (Qt.Key.Key_Down, Qt.Key.Key_Up)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PalettePopup(QFrame):
    """Announces the noun that is `chosen`, and that it was `closed`; shows what it is told."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("palettePopup")
        self._theme = theme
        self._groups: tuple[Group, ...] = ()
        self._known: Callable[[str], bool] = lambda _text: False
        self._pictures: dict[str, QIcon] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find something to paint"))
        self.search.setAccessibleName(tr("Find something to paint"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._fill())
        self.search.installEventFilter(self)
        self.list = _Nouns()
        self.list.setAccessibleName(tr("Palette"))
        self.list.itemClicked.connect(self._take)
        self.list.installEventFilter(self)
        self.empty = named(PlainLabel(wordWrap=True), "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        self.resize(WIDTH, HEIGHT)
        self._fill()

    def show_groups(self, groups: Sequence[Group], *, known: Callable[[str], bool]) -> None:
        """Offer these nouns, and what is searched where the model has `known` such words."""
        self._known = known
        if tuple(groups) != self._groups:
            self._groups = tuple(groups)
            self._fill()

    def show_picture(self, noun: str, pixmap: QPixmap) -> None:
        """Show the picture of a noun."""
        self._pictures[noun] = QIcon(pixmap)
        for item in self._items():
            if item.data(_NOUN) == noun:
                item.setIcon(self._pictures[noun])

    def nouns(self) -> list[str]:
        """The nouns that are offered now, in their order."""
        return [item.data(_NOUN) for item in self._items()]

    def _items(self) -> list[QListWidgetItem]:
        every = (self.list.item(index) for index in range(self.list.count()))
        return [item for item in every if item.data(_NOUN)]

    def _fill(self) -> None:
        wanted = " ".join(self.search.text().split())
        self.list.clear()
        for group in self._groups:
            nouns = [noun for noun in group.nouns if wanted.casefold() in noun.casefold()]
            if nouns:
                self._add_title(group.title)
            for noun in nouns:
                self._add(noun, noun)
        is_offered = any(f" {wanted} ".casefold() in f" {noun} ".casefold() for noun in self.nouns())
        if wanted and not is_offered and self._known(wanted):
            self._add(wanted, tr("Add “{noun}”", noun=wanted))
        items = self._items()
        self.list.setVisible(bool(items))
        self.empty.setVisible(not items)
        if items:
            self.list.setCurrentItem(min(items, key=lambda item: _farness(wanted, item.data(_NOUN))))
        elif wanted:
            self.empty.setText(tr("The model knows nothing called “{noun}”.", noun=wanted))
        else:
            self.empty.setText(
                tr("This model understands any words. Type what to paint; what you have used is offered next time.")
            )

    def _add_title(self, text: str) -> None:
        item = QListWidgetItem(text, self.list)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setSizeHint(QSize(self.list.viewport().width() - 8, TITLE))
        item.setForeground(QColor(self._theme.colours.muted))

    def _add(self, noun: str, text: str) -> None:
        item = QListWidgetItem(self._pictures.get(noun) or self._letter(noun), text, self.list)
        item.setData(_NOUN, noun)
        item.setSizeHint(CELL)
        item.setToolTip("")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, text)

    def _letter(self, noun: str) -> QIcon:
        """What stands for a noun that has no picture, or none yet."""
        pixmap = QPixmap(ICON, ICON)
        pixmap.fill(QColor(self._theme.colours.field))
        painter = QPainter(pixmap)
        painter.setPen(QColor(self._theme.colours.muted))
        font = painter.font()
        font.setPixelSize(ICON // 2)
        painter.setFont(font)
        painter.drawText(pixmap.rect(), Qt.AlignmentFlag.AlignCenter, noun[:1].upper())
        painter.end()
        return QIcon(pixmap)

    def _take(self, item: QListWidgetItem | None) -> None:
        noun = item.data(_NOUN) if item is not None else None
        if noun:
            self.hide()
            self.chosen.emit(noun)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for index in range(self.list.count()):
            item = self.list.item(index)
            if not item.data(_NOUN):
                item.setSizeHint(QSize(self.list.viewport().width() - 8, TITLE))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        _application().installEventFilter(self)
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)
        self.search.selectAll()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        _application().removeEventFilter(self)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press anywhere else, or Esc, closes it; from the search the arrows go to the list, and Enter takes."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            at = self.mapFromGlobal(event.globalPosition().toPoint())
            if not self.rect().contains(at):
                self.hide()
        elif isinstance(event, QKeyEvent) and watched in (self.search, self.list):
            return self._key(watched, event)
        return False

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress
        if event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # it stops no picture that is being made
                return True
            if pressed:
                self.hide()
            return pressed
        if pressed and event.key() in _ENTER:
            self._take(self.list.currentItem())
            return True
        if pressed and watched is self.search and event.key() in _DOWN and self._items():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return False


def _farness(wanted: str, noun: str) -> int:
    """How little a noun is what was searched: it itself, one that begins so, one with a word that does, any other."""
    wanted, noun = wanted.casefold(), noun.casefold()
    if noun.startswith(wanted):
        return int(noun != wanted)
    return 2 if f" {wanted}" in noun else 3


class _Nouns(QListWidget):
    """Pictures with their names in rows, which can be dragged."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("results")  # of the same look as the pictures of the results
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setIconSize(QSize(ICON, ICON))
        self.setWordWrap(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        data = QMimeData()
        data.setData(MIME, str(items[0].data(_NOUN)).encode() if items else b"")
        return data


def _application() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found
