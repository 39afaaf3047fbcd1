"""Recovery: the scenes that programs which ended without closing left behind, each taken back or discarded."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QLocale, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.files.controller import FilesController
from app.language import spoken, tr
from app.storage.autosave import Autosave, Lost
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from canvas.view.qimage import from_rgb

THUMBNAIL = QSize(96, 72)
LATER = "Those that you leave are offered again at the next start, and in the File menu."


class Recovery(QObject):
    """Offers what was lost: one scene in the banner, several in a list that shows each."""

    news = Signal(str, str, object)  # message, hint, buttons of the banner
    settled = Signal()  # an offer was answered

    def __init__(self, window: QWidget, autosave: Autosave, files: FilesController) -> None:
        super().__init__(window)
        self._window, self._autosave, self._files = window, autosave, files

    def offer(self) -> bool:
        """Offer what was lost; False where nothing was."""
        lost = self._autosave.lost()
        if len(lost) == 1:
            only = lost[0]
            self.news.emit(
                tr("Wordbrush closed unexpectedly. Restore “{title}”?", title=only.title),
                tr("It was saved automatically {spoken_time}.", spoken_time=spoken_time(only.when)),
                ((tr("Restore"), lambda: self.restore(only)), (tr("Discard"), lambda: self.discard(only))),
            )
        elif lost:
            self.news.emit(
                tr("Wordbrush closed unexpectedly. {count} unsaved scenes were kept.", count=len(lost)),
                tr("See them, and restore or discard each."),
                ((tr("Show Them…"), self.show_list),),
            )
        return bool(lost)

    def show_list(self) -> None:
        """Open the list of all that was lost."""
        RecoveryDialog(self, self._autosave.lost(), self._window).open()

    def restore(self, lost: Lost) -> None:
        """Take a scene back, after the question about what was done since."""

        def taken() -> None:
            self._autosave.adopt(lost)
            self._autosave.note_change()
            self.settled.emit()

        self._files.ask_to_keep(lambda: self._files.recover(lost.scene_file, lost.original, lost.stamp, taken))

    def discard(self, lost: Lost) -> None:
        """Remove a scene for good."""
        self._autosave.forget(lost)
        self.settled.emit()


class RecoveryDialog(QDialog):
    """A row for each scene: its picture, title and time, and what becomes of it."""

    def __init__(self, recovery: Recovery, lost: list[Lost], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recoveryDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Recover Unsaved Scenes"))
        self.resize(520, 420)
        self._recovery = recovery
        inside = named(QWidget(), "panel")
        self._rows = QVBoxLayout(inside)
        for each in lost:
            self._rows.addWidget(self._row(each))
        self._rows.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(inside)
        self._note = named(
            PlainLabel(tr(LATER) if lost else tr("There is none: nothing was lost."), wordWrap=True), "muted"
        )
        done = QPushButton(tr("Close"))
        done.setAutoDefault(False)
        done.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(self._note, 1)
        foot.addWidget(done)
        column = QVBoxLayout(self)
        column.addWidget(scroll)
        column.addLayout(foot)

    def _row(self, lost: Lost) -> QWidget:
        row = QWidget()
        picture = PlainLabel()
        picture.setFixedSize(THUMBNAIL)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        rgb = lost.thumbnail()
        if rgb is not None:
            shown = QPixmap.fromImage(from_rgb(rgb))
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            picture.setPixmap(shown.scaled(THUMBNAIL, keep, smooth))
        title = named(PlainLabel(lost.title, wordWrap=True), "bannerTitle")
        when = named(PlainLabel(tr("Kept {spoken_time}", spoken_time=spoken_time(lost.when))), "muted")
        words = QVBoxLayout()
        words.addWidget(title)
        words.addWidget(when)
        restore, discard = QPushButton(tr("Restore")), QPushButton(tr("Discard"))
        for button, what in ((restore, tr("Restore")), (discard, tr("Discard"))):
            button.setAutoDefault(False)
            button.setAccessibleName(f"{what} {lost.title}")
        restore.clicked.connect(lambda: self._restore(lost))
        discard.clicked.connect(lambda: self._discard(lost, row))
        across = QHBoxLayout(row)
        across.addWidget(picture)
        across.addLayout(words, 1)
        across.addWidget(restore)
        across.addWidget(discard)
        return row

    def _restore(self, lost: Lost) -> None:
        self.accept()
        self._recovery.restore(lost)

    def _discard(self, lost: Lost, row: QWidget) -> None:
        self._recovery.discard(lost)
        row.hide()
        self._rows.removeWidget(row)
        row.deleteLater()
        if self._rows.count() == 1:  # only the stretch is left
            self.accept()


def spoken_time(when: datetime) -> str:
    """A time as one would say it today: "today at 14:05", "on 27 November at 9:30"."""
    clock = f"{when.hour}:{when.minute:02}"
    return (
        tr("today at {clock}", clock=clock)
        if when.date() == datetime.now().date()
        else tr("on {day} {when} at {clock}", day=when.day, when=QLocale(spoken()).monthName(when.month), clock=clock)
    )
