"""Grids: one picture for each value, made one after another, and a contact sheet of all in the results."""

from __future__ import annotations

import secrets

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import Actions
from app.generation.controller import SEED_RANGE, GenerationController
from app.generation.sinks import ResultsOnlySink
from app.jobs import Job, JobState
from app.language import tr
from app.rework.grid_dialog import SEEDS, STRENGTHS, Asked, GridDialog
from app.session import Session
from app.storage.background import Background
from app.storage.results import Result
from app.storage.writer import Picture
from canvas.files import contact_sheet
from canvas.model import variations
from canvas.model.errors import CanvasError, SaveError
from canvas.model.scene import Scene
from canvas.model.variations import Variation
from engine.protocol import ImageReady

NO_PROMPT = "Write what the picture should show first."


class Grid:
    """The pictures of one grid as they come."""

    def __init__(self, scene: Scene, cells: list[Variation]) -> None:
        self.scene, self.cells = scene, cells
        self.pictures: list[np.ndarray | None] = [None] * len(cells)
        self.open = len(cells)


class GridSink(ResultsOnlySink):
    """One cell: its picture is a result, and comes on the sheet."""

    def __init__(self, grid: Grid, index: int, controller: GridController) -> None:
        self._grid, self._index, self._controller = grid, index, controller
        self._ended = False

    def image(self, job: Job, event: ImageReady) -> None:
        self._grid.pictures[self._index] = event.rgb

    def ended(self, job: Job) -> None:
        if not self._ended:  # a job that waited, and was cancelled, is told once; so is one that ran
            self._ended = True
            self._controller.take_end(self._grid, job)


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
        scene, word_id = self._session.scene, self._session.word
        if not scene.prompt.strip():
            self.said.emit(tr(NO_PROMPT))
            return
        word = next((each for each in scene.words if each.id == word_id and each.span is not None), None)
        painted = word is not None and not scene.masks[word.id].is_empty
        dialog = GridDialog(None if word is None else word.phrase, painted=painted, parent=self._window)
        dialog.asked.connect(lambda asked: self.make(scene, asked, None if word is None else word.id))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def make(self, scene: Scene, asked: Asked, word_id: str | None) -> None:
        """Add the jobs of a grid."""
        try:
            cells = _cells(scene, asked, word_id)
            variations.check_count(len(cells))
        except CanvasError as error:
            self.failed.emit(error)
            return
        grid = Grid(scene, cells)
        for index, cell in enumerate(cells):
            self._generation.make(cell.scene, GridSink(grid, index, self))

    def take_end(self, grid: Grid, job: Job) -> None:
        """One of its pictures was made, or will not be; after the last one the sheet of those that were is drawn."""
        grid.open -= 1
        last = not grid.open  # asked now: those that are cancelled here are told while they are
        if job.state is JobState.FAILED:
            for other in self._session.jobs:  # those behind it would fail alike
                if isinstance(other.sink, GridSink) and not other.cancelling:
                    self._generation.cancel_job(other)
        if not last:
            return
        cells = [(cell.label, rgb) for cell, rgb in zip(grid.cells, grid.pictures, strict=True) if rgb is not None]
        if len(cells) < 2:
            return
        scene = grid.scene

        def draw() -> Result | SaveError:
            sheet = contact_sheet.draw(cells, title=scene.prompt)
            return self._generation.keeper.keep(Picture(sheet, scene, scene.settings.seed, scene.settings.model))

        def drawn(outcome: Result | SaveError) -> None:
            if isinstance(outcome, Result):
                self._generation.saved.emit(outcome)
                self.said.emit(tr("The sheet of {count} pictures is in the results", count=len(cells)))
            else:
                self._generation.unsaved.emit(outcome)

        self._worker.run(draw, drawn, self.failed.emit)


def _cells(scene: Scene, asked: Asked, word_id: str | None) -> list[Variation]:
    if asked.over == SEEDS:
        first = scene.settings.seed
        others = [secrets.randbelow(SEED_RANGE) for _ in range(int(asked.values[0]) - 1)]
        return variations.seeds(scene, [first, *others])
    assert word_id is not None, "the dialog offers no other without a word"
    one = variations.seeds(scene, [scene.settings.seed])[0].scene
    if asked.over == STRENGTHS:
        return variations.strengths(one, word_id, [float(value) for value in asked.values])
    span = scene.word(word_id).span
    assert span is not None, "the dialog offers no word that is gone"
    return variations.texts(one, span, asked.values)
