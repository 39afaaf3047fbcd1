"""The dialog Find in My Pictures: words or a picture above, thumbnails below, and what can be done with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.language import tr
from app.widgets.elided_label import ElidedLabel
from app.widgets.helpers import named
from app.widgets.plain_line import PlainLine
from app.widgets.plain_text import PlainLabel, plain_tip

THUMBNAIL = 128
PAUSE_MS = 350
"""After the last letter before a search."""
_PATH = Qt.ItemDataRole.UserRole


class Thumbnails(QListWidget):
    """The pictures that were found; they can be dragged to the styles, to a word, or out of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
        self.setGridSize(QSize(THUMBNAIL + 14, THUMBNAIL + 34))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setDragEnabled(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(item.data(_PATH))) for item in items])
        return data

    @property
    def chosen(self) -> Path | None:
        """The picture that is chosen."""
        item = self.currentItem()
        return None if item is None or not item.isSelected() else item.data(_PATH)


class FindDialog(QDialog):
    """Shows what it is told; what is asked for goes out as signals. It stays open beside the window."""

    words_asked = Signal(str)
    picture_asked = Signal(Path)
    canvas_asked = Signal()
    choose_picture_asked = Signal()
    folder_asked = Signal()
    refresh_asked = Signal()
    cancel_asked = Signal()
    style_asked = Signal(Path)
    word_asked = Signal(Path)
    unknown_changed = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("findDialog")
        self.setWindowTitle(tr("Find in My Pictures"))
        self.setAcceptDrops(True)
        self.resize(760, 600)
        self.words = named(PlainLine(), "findWords")
        self.words.setPlaceholderText(tr("Words, such as: old lighthouse – or drop a picture here"))
        self.words.setAccessibleName(tr("What the pictures show"))
        self.words.setClearButtonEnabled(True)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask_words)
        self.words.textEdited.connect(lambda _text: self._pause.start())
        self.words.returnPressed.connect(self._ask_words)
        self.like_canvas = self._button(tr("Like the Canvas"), self.canvas_asked.emit)
        self.like_canvas.setToolTip(plain_tip(tr("Find pictures like the one on the canvas")))
        self.like_picture = self._button(tr("Like a Picture…"), self.choose_picture_asked.emit)
        self.folder = named(ElidedLabel(), "findFolder")
        self.choose_folder = self._button(tr("Choose Folder…"), self.folder_asked.emit)
        self.refresh = self._button(tr("Look Again"), self.refresh_asked.emit)
        self.refresh.setToolTip(plain_tip(tr("Read pictures that are new or have changed")))
        self.list = named(Thumbnails(), "findResults")
        self.list.setAccessibleName(tr("Pictures that were found"))
        self.list.itemActivated.connect(lambda _item: self._with_chosen(self.style_asked.emit))
        self.list.itemSelectionChanged.connect(self._show_chosen)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.note = named(PlainLabel(wordWrap=True), "findNote")
        self.bar = named(QProgressBar(), "findProgress")
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Reading pictures"))
        self.cancel = self._button(tr("Cancel"), self.cancel_asked.emit)
        self.use = self._button(tr("Use as a Style"), lambda: self._with_chosen(self.style_asked.emit))
        self.use_word = self._button("", lambda: self._with_chosen(self.word_asked.emit))
        self.unknown = named(
            QCheckBox(tr("Take the nearest for painted words that the model does not know")), "findUnknown"
        )
        self.unknown.clicked.connect(self.unknown_changed)
        column = QVBoxLayout(self)
        column.addLayout(_line(self.words, self.like_canvas, self.like_picture))
        column.addLayout(_line(self.folder, self.choose_folder, self.refresh))
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        column.addLayout(_line(self.bar, self.cancel))
        column.addWidget(self.unknown)
        foot = QHBoxLayout()
        for button in (self.use, self.use_word):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self._button(tr("Close"), self.accept))
        column.addLayout(foot)
        self._word = ""
        self.show_word("")
        self.show_reading(None)
        self._show_chosen()

    # what is shown -----------------------------------------------------------------------------------------------
    def show_folder(self, folder: Path | None) -> None:
        """The folder that is searched; None where none was chosen yet."""
        text = tr("In {folder}", folder=str(folder)) if folder else tr("Choose a folder with pictures.")
        self.folder.show_name(text, lost=False, faint=True)
        self.folder.setToolTip(plain_tip(str(folder) if folder else ""))
        for widget in (self.words, self.like_canvas, self.like_picture, self.refresh):
            widget.setEnabled(folder is not None)

    def show_word(self, word: str) -> None:
        """The painted word that a picture can be taken for; "" for none."""
        self._word = word
        self.use_word.setText(tr("Use for “{word}”", word=word))
        self.use_word.setVisible(bool(word))

    def show_reading(self, now: tuple[int, int] | None) -> None:
        """How many pictures were read of how many; None for no reading. Of 0 it is not known yet how many."""
        self.bar.setVisible(now is not None)
        self.cancel.setVisible(now is not None)
        if now is not None:
            self.bar.setRange(0, now[1])
            self.bar.setValue(now[0])
            if now[1]:
                self.note.setText(tr("Reading pictures: {done} of {total}", done=now[0], total=now[1]))

    def show_found(self, found: Sequence[tuple[Path, str]]) -> None:
        """The pictures that were found, each with a line that says how; their thumbnails come later."""
        self.list.clear()
        for path, how in found:
            item = QListWidgetItem(_blank(), path.stem)
            item.setData(_PATH, path)
            item.setToolTip(plain_tip(f"{path}\n{how}"))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{path.stem}, {how}")
            self.list.addItem(item)
        if found:
            self.list.setCurrentRow(0)
        self._show_chosen()

    def show_thumbnail(self, path: Path, image: QImage) -> None:
        """A thumbnail that was read; nothing where its picture is not shown any more."""
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(_PATH) == path:
                item.setIcon(QIcon(QPixmap.fromImage(image)) if not image.isNull() else _blank())

    def say(self, text: str) -> None:
        """A line of news."""
        self.note.setText(text)

    # drops -------------------------------------------------------------------------------------------------------
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is not self.list and _file_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _file_in(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.picture_asked.emit(path)

    # inside ------------------------------------------------------------------------------------------------------
    def _ask_words(self) -> None:
        self._pause.stop()
        if self.words.text().strip():
            self.words_asked.emit(self.words.text().strip())

    def _with_chosen(self, act: Callable[[Path], object]) -> None:
        path = self.list.chosen
        if path is not None:
            act(path)

    def _show_chosen(self) -> None:
        on = self.list.chosen is not None
        self.use.setEnabled(on)
        self.use_word.setEnabled(on)

    def _open_menu(self, at: QPoint) -> None:
        if self.list.chosen is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.use.text(), lambda: self._with_chosen(self.style_asked.emit))
        if self._word:
            menu.addAction(self.use_word.text(), lambda: self._with_chosen(self.word_asked.emit))
        menu.addAction(tr("Find More Like This"), lambda: self._with_chosen(self.picture_asked.emit))
        menu.popup(self.list.viewport().mapToGlobal(at))

    def _button(self, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)  # Enter in the line searches
        button.clicked.connect(lambda _on=False: act())
        return button


def _line(first: QWidget, *others: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addWidget(first, 1)
    for each in others:
        line.addWidget(each)
    return line


def _file_in(data: QMimeData) -> Path | None:
    return next((Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()), None)


def _blank() -> QIcon:
    """Holds the place of a thumbnail that is still read."""
    pixmap = QPixmap(THUMBNAIL, THUMBNAIL)
    pixmap.fill(Qt.GlobalColor.transparent)
    return QIcon(pixmap)
