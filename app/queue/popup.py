"""The list of the queue below its button: pause, cancel all, add more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.jobs import Job, JobKind
from app.language import tr
from app.queue.job_row import JobRow
from app.queue.kinds import repeated
from app.widgets.helpers import named, scrolling
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import Theme

WIDTH, HEIGHT = 460, 320
MORE = 10


class QueuePopup(QFrame):
    """Announces what is asked: `paused`, `farmed`, `all_cancelled`, `more` (how many); jobs `moved`, `cancelled`."""

    paused = Signal(bool)
    farmed = Signal()
    all_cancelled = Signal()
    more = Signal(int)
    moved = Signal(object, int)
    cancelled = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("queuePopup")
        self._theme = theme
        self._rows: dict[str, JobRow] = {}
        self.opener: QWidget | None = None
        self.title = named(PlainLabel(tr("Queue")), "section")
        self.left = named(PlainLabel(), "muted")
        self.empty = named(
            PlainLabel(
                tr("Nothing waits. Generate while a picture is being made adds one more."),
                wordWrap=True,
                alignment=Qt.AlignmentFlag.AlignCenter,
            ),
            "muted",
        )
        self.empty.setMargin(24)
        self.pause = named(QPushButton(tr("Pause")), "pauseQueue")
        self.pause.setCheckable(True)
        self.pause.setToolTip(tr("The picture that is being made is finished; those that wait stay where they are"))
        self.pause.clicked.connect(self.paused)
        self.farm = named(QPushButton(tr("Farm…")), "farmQueue")
        self.farm.setToolTip(plain_tip(tr("Make what waits on several machines or GPUs at once, by a Ray cluster")))
        self.farm.clicked.connect(lambda _checked=False: self.farmed.emit())
        self.stop = named(QPushButton(tr("Cancel All")), "cancelQueue")
        self.stop.clicked.connect(lambda _checked=False: self.all_cancelled.emit())
        self.one, self.ten = named(QPushButton(), "oneMore"), named(QPushButton(), "tenMore")
        for button, count in ((self.one, 1), (self.ten, MORE)):
            button.clicked.connect(lambda _checked=False, count=count: self.more.emit(count))
        inside = named(QWidget(), "panel")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self.empty, 100)  # in the middle, as nothing else is there then
        self._column.addStretch(1)
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.title)
        top.addStretch(1)
        top.addWidget(self.left)
        top.addWidget(self.farm)
        for button in (self.one, self.ten):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.pause, self.stop):
            foot.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 10, 12, 10)
        whole.addLayout(top)
        whole.addWidget(scrolling(inside), 1)
        whole.addLayout(foot)
        self.resize(WIDTH, HEIGHT)

    def show_jobs(self, jobs: Sequence[Job], *, paused: bool, left: str) -> None:
        """Show the jobs in the order in which they run; rows of jobs that stay are kept."""
        wanted = {job.id: job for job in jobs}
        for name in [name for name in self._rows if name not in wanted]:
            row = self._rows.pop(name)
            self._column.removeWidget(row)
            row.deleteLater()
        for index, job in enumerate(jobs):
            row = self._rows.get(job.id) or self._make(job)
            self._column.insertWidget(index + 1, row)
            row.show_state()
        self.empty.setVisible(not jobs)
        self.stop.setEnabled(bool(jobs))
        self.pause.setChecked(paused)
        self.pause.setText(tr("Resume") if paused else tr("Pause"))
        self.left.setText(left)

    def show_repeated(self, kind: JobKind, pictures: int) -> None:
        """Say what the buttons ask for again, once and ten times, and how many `pictures` that is each time."""
        for button, count in ((self.one, pictures), (self.ten, MORE * pictures)):
            button.setText(tr("+1 picture") if count == 1 else tr("+{count} pictures", count=count))
            button.setAccessibleName(
                tr("Add a picture to the queue") if count == 1 else tr("Add {count} pictures to the queue", count=count)
            )
            button.setToolTip(plain_tip(repeated(kind)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        _application().installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        _application().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press anywhere else, or Esc, closes the list."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            at = self.mapFromGlobal(event.globalPosition().toPoint())
            over = QApplication.widgetAt(event.globalPosition().toPoint())
            if not self.rect().contains(at) and over is not self.opener:
                self.hide()
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self._has_keys():
            if event.type() == QEvent.Type.ShortcutOverride:  # else Esc is the window's, and stops the picture
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.hide()
                return True
        return False

    def _has_keys(self) -> bool:
        """Whether the list is what Esc closes: nothing lies over it."""
        return QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None

    def row(self, job: Job) -> JobRow:
        """The row of a job that is shown. Raises KeyError."""
        return self._rows[job.id]

    def _make(self, job: Job) -> JobRow:
        row = self._rows[job.id] = JobRow(job, self._theme)
        row.moved.connect(lambda by, job=job: self.moved.emit(job, by))
        row.cancelled.connect(lambda job=job: self.cancelled.emit(job))
        return row


def _application() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found
