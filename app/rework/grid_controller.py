"""Grids: one picture for each value, made one after another, and a contact sheet of all in the results."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import Actions
from app.generation.controller import GenerationController
from app.generation.request_builder import request_from_scene, reseeded
from app.generation.sinks import ResultsOnlySink
from app.generation.time_left import time_for
from app.jobs import Job, JobKind, JobState, Sink
from app.language import tr
from app.rework.grid import Grid, GridSink
from app.rework.grid_axes import Axis, cells_of, redrawn
from app.rework.grid_dialog import GridDialog
from app.session import Session
from app.storage.background import Background
from app.storage.queue_entry import Sheet
from app.storage.results import Result
from app.storage.writer import Picture
from canvas.model import edits
from canvas.model.errors import CanvasError, SaveError
from canvas.model.scene import Scene

NO_PROMPT = "Write what the picture should show first."


class GridController(QObject):
    """Asks what a grid is over, adds its jobs, and puts the sheet together on a thread of its own."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, session: Session, generation: GenerationController, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._generation, self._window = session, generation, window
        self._worker = Background("sheets", self)
        actions["generate.grid"].triggered.connect(lambda _on=False: self.ask())

    def close(self, timeout: float | None = None) -> bool:
        """Finish the sheets; False where that took longer than `timeout` seconds."""
        return self._worker.close(timeout)

    def ask(self) -> None:
        """Ask what the grid is over."""
        scene = self._session.scene
        if not scene.prompt.strip():
            self.said.emit(tr(NO_PROMPT))
            return
        facts = self._session.facts_of(scene.settings.model)
        single = request_from_scene(edits.set_settings(scene, count=1), id="", facts=facts)
        each = self._generation.step_times.whole(single, facts)
        dialog = GridDialog(
            scene, self._session.word, time=lambda count: time_for(count * each) if each else "", parent=self._window
        )
        dialog.asked.connect(lambda axes: self.make(scene, axes))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def make(self, scene: Scene, axes: Sequence[Axis]) -> None:
        """Add the jobs of a grid over one axis, or two, of which the last runs along the columns."""
        try:
            found = cells_of(scene, axes)
        except CanvasError as error:
            self.failed.emit(error)
            return
        labels = [cell.label for cell in found.cells]
        grid = Grid(scene, labels, across=found.across, down=found.down)
        for place, cell in enumerate(found.cells):
            self._generation.make(cell.scene, GridSink(grid, place, self._take_end), kind=JobKind.GRID)
        others = [redrawn(axis) for axis in axes]
        again = lambda: self.make(reseeded(scene), others)  # noqa: E731
        self._generation.remember(JobKind.GRID, again, pictures=len(found.cells))

    def take_up(self, sheet: Sheet, coming: set[int]) -> Callable[[int], Sink]:
        """Go on with a grid that an earlier program left, of which these places are to come; gives the sink of each."""
        grid = Grid.of(sheet, coming)
        places = frozenset(grid.coming)
        return lambda place: GridSink(grid, place, self._take_end) if place in places else ResultsOnlySink()

    def _take_end(self, grid: Grid, job: Job) -> None:
        """One of its pictures was made, or will not be; after the last one the sheet of those that were is drawn."""
        last = not grid.coming  # asked now: those that are cancelled here are told while they are
        if job.state is JobState.FAILED:
            for other in self._session.jobs:  # those behind it would fail alike
                if isinstance(other.sink, GridSink) and other.sink.grid is grid and not other.cancelling:
                    self._generation.cancel_job(other)
        if last and len(grid.pictures) > 1:
            self._worker.run(lambda: self._drawn(grid), self._tell, self.failed.emit)

    def _drawn(self, grid: Grid) -> tuple[Result | SaveError, int] | None:
        """Draw a grid's sheet and put it into the results, on the thread for that."""
        found, scene = grid.draw(), grid.scene
        if found is None:
            return None
        sheet, count = found
        kept = self._generation.keeper.keep(Picture(sheet, scene, scene.settings.seed, scene.settings.model))
        return kept, count

    def _tell(self, found: tuple[Result | SaveError, int] | None) -> None:
        if found is None:
            return
        outcome, count = found
        if isinstance(outcome, Result):
            self._generation.saved.emit(outcome)
            self.said.emit(tr("The sheet of {count} pictures is in the results", count=count))
        else:
            self._generation.unsaved.emit(outcome)
