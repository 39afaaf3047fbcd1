"""The queue's button beside Generate, and its list: it shows the session's jobs and asks the generation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.generation.controller import GenerationController
from app.generation.sinks import ResultsOnlySink
from app.generation.time_left import time_left
from app.language import tr
from app.queue.keeper import QueueKeeper
from app.queue.popup import QueuePopup
from app.session import Session
from app.widgets.helpers import named, small_button
from app.widgets.theme import ICON_SIZE, Theme
from canvas.model.scene import Scene


class QueueController(QObject):
    """Shows how many jobs there are on `button`, and all of them in `popup`; keeps those that wait on disk."""

    news = Signal(str, str, object)  # message, hint, buttons of the banner
    settled = Signal()  # the offer was answered

    def __init__(
        self, session: Session, generation: GenerationController, theme: Theme, window: QWidget, *, folder: Path
    ) -> None:
        super().__init__(window)
        self._window = window
        self.keeper = QueueKeeper(session.jobs, folder, self)
        self._jobs, self._generation, self._theme = session.jobs, generation, theme
        self.button = named(small_button(tr("Queue: what is being made and what waits")), "queue")
        self.button.setIconSize(ICON_SIZE)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.clicked.connect(lambda _checked=False: self.open())
        self.popup = QueuePopup(theme, window)
        self.popup.opener = self.button
        self.popup.paused.connect(generation.pause)
        self.popup.all_cancelled.connect(generation.cancel_all)
        self.popup.more.connect(generation.add)
        self.popup.moved.connect(self._jobs.move)
        self.popup.cancelled.connect(generation.cancel_job)
        self._jobs.changed.connect(self._show)
        generation.progress.connect(lambda _text, _fraction: self._show_left())
        theme.changed.connect(self._paint_icon)
        self._paint_icon()
        self._show()

    def take_back(self) -> None:
        """Bring back what waited when the program ended; it waits on until the painter says so."""
        self.keeper.take_back(self._bring)

    def close(self, timeout: float | None = None) -> bool:
        """Leave what waits to the next start; False where that took longer than `timeout` seconds."""
        return self.keeper.close(timeout)

    def _bring(self, scenes: Sequence[Scene]) -> None:
        if not scenes:
            return
        self._generation.pause(True)
        for scene in scenes:
            self._generation.make(scene, ResultsOnlySink())
        self.news.emit(
            tr("Pictures that still wait in the queue: {count}", count=len(scenes)),
            tr("They wait since Wordbrush was closed, and come into the results."),
            ((tr("Make Them Now"), self._go_on), (tr("Discard"), self._discard)),
        )

    def _go_on(self) -> None:
        self._generation.pause(False)
        self.settled.emit()

    def _discard(self) -> None:
        self._generation.cancel_all()
        self._generation.pause(False)
        self.settled.emit()

    def open(self) -> None:
        """Show the list below the button, or hide it again."""
        if self.popup.isVisible():
            self.popup.hide()
            return
        self._show()
        right = QPoint(self.button.width() - self.popup.width(), self.button.height() + 4)
        self.popup.move(self.button.mapTo(self._window, right))
        self.popup.show()
        self.popup.raise_()

    def _show(self) -> None:
        asked, paused = self._jobs.asked, self._jobs.paused
        self.button.setText(tr("paused") if paused and asked else str(len(asked)) if asked else "")
        self.popup.show_jobs(asked, paused=paused, left=self._left())

    def _show_left(self) -> None:
        if self.popup.isVisible():
            self.popup.left.setText(self._left())

    def _left(self) -> str:
        """How long all of them will take, by the steps of the one that runs; "" where nobody can say."""
        asked = self._jobs.asked
        times = [ms for job in asked for ms in job.step_ms[-8:]]
        if not times:
            return ""
        steps = sum(job.request.sampling.steps * job.request.picture.count - len(job.step_ms) for job in asked)
        return time_left(steps * sum(times) / len(times) / 1000)

    def _paint_icon(self) -> None:
        self.button.setIcon(self._theme.icon("ph.stack-simple"))
