"""One line of the queue: its kind, the prompt, the seed, where the job is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.jobs import Job, JobState
from app.language import tr
from app.queue.kinds import ALIGNED, ICONS, word_for
from app.widgets.elided_label import ElidedLabel
from app.widgets.helpers import named, small_button
from app.widgets.plain_text import PlainLabel
from app.widgets.theme import SMALL_ICON_SIZE, Theme


class JobRow(QWidget):
    """Announces what is asked: `moved` by -1 or 1, `cancelled`."""

    moved = Signal(int)
    cancelled = Signal()

    def __init__(self, job: Job, theme: Theme) -> None:
        super().__init__()
        self.job = job
        name = job.sink.label or job.sink.title or job.scene.prompt
        self.kind = named(PlainLabel(word_for(job.kind)), "jobKind")
        self.kind.setMinimumWidth(max(self.fontMetrics().horizontalAdvance(word_for(kind)) for kind in ALIGNED))
        self.icon = PlainLabel()
        self.icon.setPixmap(theme.icon(ICONS[job.kind], role="muted").pixmap(SMALL_ICON_SIZE))
        self.name = ElidedLabel()
        self.name.show_name(name, lost=False, faint=False)
        self.state = named(PlainLabel(), "muted")
        self.up = self._button(theme, "ph.arrow-up", tr("Move it up in the queue"), lambda: self.moved.emit(-1))
        self.down = self._button(theme, "ph.arrow-down", tr("Move it down in the queue"), lambda: self.moved.emit(1))
        self.stop = self._button(theme, "ph.x", tr("Cancel it"), self.cancelled.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.icon)
        row.addWidget(self.kind)
        row.addWidget(self.name, 1)
        row.addWidget(self.state)
        for button in (self.up, self.down, self.stop):
            row.addWidget(button)
        self.show_state()

    def show_state(self) -> None:
        """Show where the job is now."""
        job = self.job
        running = job.state is JobState.RUNNING or job.submitted
        self.up.setVisible(not running)
        self.down.setVisible(not running)
        seed = tr("seed {seed}", seed=job.request.picture.seed)
        seed = "" if seed == self.name.text() else seed  # one of a grid of seeds is called by it
        doing = tr("cancelling") if job.cancelling else tr("running") if running else seed
        if job.elsewhere is not None and job.state is JobState.QUEUED and not job.cancelling:
            doing = tr("at the farm")
        self.state.setText(doing)
        self.setAccessibleName(f"{self.kind.text()}, {self.name.text()}, {doing}")

    def _button(self, theme: Theme, icon: str, tip: str, act: Callable[[], object]) -> QToolButton:
        button = small_button(tip)
        button.setIcon(theme.icon(icon, role="muted"))
        button.clicked.connect(lambda _checked=False: act())
        return button
