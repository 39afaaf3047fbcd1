"""The queue's button beside Generate, and its list: it shows the session's jobs and asks the generation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from app.generation.controller import GenerationController
from app.generation.sinks import ResultsOnlySink
from app.generation.time_left import time_left
from app.jobs import JobKind, Sink
from app.language import tr
from app.queue.keeper import QueueKeeper
from app.queue.popup import QueuePopup
from app.session import Session
from app.storage.queue_entry import Sheet
from app.storage.queue_files import Found
from app.widgets.helpers import named, small_button
from app.widgets.plain_text import plain_tip
from app.widgets.theme import ICON_SIZE, Theme


class QueueController(QObject):
    """Shows how many jobs there are on `button`, and all of them in `popup`; keeps those that wait on disk."""

    news = Signal(str, str, object)  # message, hint, buttons of the banner
    settled = Signal(str)  # the offer with that message was answered

    def __init__(
        self, session: Session, generation: GenerationController, theme: Theme, window: QWidget, *, folder: Path
    ) -> None:
        super().__init__(window)
        self._window, self._document = window, session.document
        self.keeper = QueueKeeper(session.jobs, generation.step_times, folder, self)
        self._jobs, self._generation, self._theme = session.jobs, generation, theme
        self.cells_of: Callable[[Sheet, set[int]], Callable[[int], Sink]] | None = None
        """Takes up a sheet again, of which some cells are still to come; gives the sink of each."""
        self._offer = ""
        self._rests = False
        self.button = named(small_button(tr("Queue: what is being made and what waits")), "queue")
        self.button.setIconSize(ICON_SIZE)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.clicked.connect(lambda _checked=False: self.open())
        self.popup = QueuePopup(theme, window)
        self.popup.opener = self.button
        self.popup.paused.connect(generation.pause)
        self.popup.farmed.connect(self.ask_farm)
        self.popup.all_cancelled.connect(generation.cancel_all)
        self.popup.more.connect(generation.add)
        self.popup.moved.connect(self._jobs.move)
        self.popup.cancelled.connect(generation.cancel_job)
        self._address = "local"
        self._jobs.changed.connect(self._show)
        generation.progress.connect(lambda _text, _fraction: self._show_left())
        theme.changed.connect(self._paint_icon)
        self._paint_icon()
        self._show()

    def take_back(self) -> None:
        """Bring back what was not made when the program ended; it waits on until the painter resumes the queue."""
        self.keeper.take_back(self._bring)

    def close(self, timeout: float | None = None) -> bool:
        """Leave what waits to the next start; False where that took longer than `timeout` seconds."""
        return self.keeper.close(timeout)

    def _bring(self, found: Found) -> None:
        cells: dict[str, set[int]] = {}
        for each in found.waiting:
            cells.setdefault(each.sheet, set()).add(each.cell)
        sheets = {
            name: self.cells_of(sheet, cells[name])
            for name, sheet in found.sheets.items()
            if name in cells and self.cells_of is not None
        }
        for each in found.waiting:
            sink = sheets[each.sheet](each.cell) if each.sheet in sheets else ResultsOnlySink()
            job = self._generation.make(each.scene, sink, kind=_kind(each.kind), begun=each.begun, held=True)
            if each.step_ms:
                self._generation.step_times.note(job.request, each.step_ms)
        self._show()
        if found.waiting:
            self._offer = tr("Pictures that still wait in the queue: {count}", count=len(found.waiting))
            self.news.emit(
                self._offer,
                " ".join([tr("Press Resume to make them. They come into Results."), *_left_out(found)]),
                ((tr("Resume"), self.resume), (tr("Discard"), self._discard)),
            )
        elif _left_out(found):
            self.news.emit(tr("The queue could not be restored completely."), " ".join(_left_out(found)), ())

    def ask_farm(self) -> None:
        """Make what waits on a farm, at an address that the painter is asked for."""
        about = tr("Address of a Ray cluster (HOST:PORT, auto), or local for several workers on this machine:")
        address, sure = QInputDialog.getText(
            self._window, tr("Render the Queue on the Farm"), about, QLineEdit.EchoMode.Normal, self._address
        )
        if sure and address.strip():
            self._address = address.strip()
            self._generation.farming.start(self._address)

    def resume(self) -> None:
        """Let what waits go on."""
        self._generation.pause(False)

    def _discard(self) -> None:
        for job in reversed(self._jobs.asked):
            if job.held:
                self._generation.cancel_job(job)
        self._generation.pause(False)

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
        asked = self._jobs.asked
        self.button.setText(str(len(asked)) if asked else "")
        if self._rests != bool(self._jobs.resting):
            self._rests = not self._rests
            self._paint_icon()
        self.popup.show_jobs(asked, paused=self._jobs.paused, left=self._left())
        farming = self._generation.farming
        self.popup.farm.setEnabled(not farming.works and bool(farming.waiting))
        pictures = self._generation.last_pictures or self._document.scene.settings.count
        self.popup.show_repeated(self._generation.last_kind, pictures)
        if self._offer and not any(job.held for job in asked):  # answered, wherever it was
            offer, self._offer = self._offer, ""
            self.settled.emit(offer)

    def _show_left(self) -> None:
        if self.popup.isVisible():
            self.popup.left.setText(self._left())

    def _left(self) -> str:
        """How long all of them will take, by what steps of their models and sizes took; "" where nobody can say."""
        left = [self._generation.step_times.left(job) for job in self._jobs.asked]
        known = [seconds for seconds in left if seconds is not None]
        return time_left(sum(known)) if known and len(known) == len(left) else ""

    def _paint_icon(self) -> None:
        self.button.setIcon(self._theme.icon("ph.pause-fill" if self._rests else "ph.stack-simple"))
        about = tr("Queue: what is being made and what waits")
        if self._rests:
            about = tr("Queue, paused: press Resume to make what waits")
        self.button.setToolTip(plain_tip(about))
        self.button.setAccessibleName(about)


def _kind(name: str) -> JobKind:
    """The kind of that name; one that is not known makes a picture all the same."""
    return next((kind for kind in JobKind if kind.value == name), JobKind.GENERATE)


def _left_out(found: Found) -> list[str]:
    said = []
    if found.damaged:
        said.append(tr("{count} more could not be read and were left out.", count=found.damaged))
    if found.newer:
        said.append(tr("{count} more wait for the newer Wordbrush that left them.", count=found.newer))
    return said
