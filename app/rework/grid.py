"""A grid while it is made: which of its pictures are there, and the sink that takes each."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from app.generation.sinks import ResultsOnlySink
from app.jobs import Job
from app.language import tr
from app.storage.queue_entry import Sheet
from canvas.files import contact_sheet
from canvas.files.image_io import read_rgb
from canvas.model.errors import CanvasError
from canvas.model.scene import Scene
from engine.protocol import ImageReady


class Grid:
    """The pictures of one grid as they come.

    Args:
        labels, across, down: see `Sheet`. coming: the places of the pictures that are still to be made.

    Attributes:
        pictures: by their places, those that are there: themselves, or the files of those of an earlier program.
    """

    def __init__(
        self,
        scene: Scene,
        labels: Sequence[str],
        *,
        across: Sequence[str] = (),
        down: Sequence[str] = (),
        name: str = "",
        coming: set[int] | None = None,
    ) -> None:
        self.name = name or f"grid-{uuid.uuid4().hex[:12]}"
        self.scene, self.labels, self.across, self.down = scene, tuple(labels), tuple(across), tuple(down)
        self.pictures: dict[int, np.ndarray | Path] = {}
        self._made: dict[int, Path] = {}
        self.coming = set(range(len(labels))) if coming is None else coming

    @classmethod
    def of(cls, sheet: Sheet, coming: set[int]) -> Grid:
        """The grid that an earlier program left."""
        coming = {place for place in coming if place < len(sheet.labels)}
        grid = cls(sheet.scene, sheet.labels, across=sheet.across, down=sheet.down, name=sheet.id, coming=coming)
        grid._made = {place: path for place, path in sheet.made.items() if place not in coming}
        grid.pictures.update(grid._made)
        return grid

    def take(self, place: int, rgb: np.ndarray, kept: Path | None) -> None:
        """One of the pictures is there, and on disk where `kept` says."""
        self.pictures[place] = rgb
        if kept is not None:
            self._made[place] = kept

    @property
    def progress(self) -> tuple[int, int]:
        """How many pictures have been made or given up, and how many there are."""
        return len(self.labels) - len(self.coming), len(self.labels)

    @property
    def sheet(self) -> Sheet:
        """What the next program must know of it."""
        return Sheet(self.name, self.scene, self.labels, self.across, self.down, dict(self._made))

    def draw(self) -> tuple[np.ndarray, int] | None:
        """The contact sheet, uint8 RGB `[h, w, 3]`, and how many pictures are on it; None for fewer than two."""
        cells: list[tuple[str, np.ndarray | None]] = []
        for place, label in enumerate(self.labels):
            rgb = self._picture(place)
            if rgb is not None or self.across:
                cells.append((label, rgb))
        count = sum(rgb is not None for _label, rgb in cells)
        if count < 2:
            return None
        return contact_sheet.draw(cells, title=self.scene.prompt, across=self.across, down=self.down), count

    def _picture(self, place: int) -> np.ndarray | None:
        found = self.pictures.get(place)
        if not isinstance(found, Path):
            return found
        try:
            return read_rgb(found.read_bytes(), "A picture of the grid")
        except (CanvasError, OSError):  # deleted since: the sheet has one less
            return None


class GridSink(ResultsOnlySink):
    """One cell: its picture is a result, and comes on the sheet.

    Args:
        ended: is told once of the end of the job.
    """

    def __init__(self, grid: Grid, place: int, ended: Callable[[Grid, Job], object]) -> None:
        self.grid, self._place, self._tell = grid, place, ended
        self.label = grid.labels[place]

    @property
    def title(self) -> str:  # type: ignore[override]
        done, total = self.grid.progress
        return tr("Grid {number} of {count}", number=min(done + 1, total), count=total)

    @property
    def part(self) -> tuple[int, int]:
        return self.grid.progress

    @property
    def cell(self) -> tuple[Sheet, int]:
        return self.grid.sheet, self._place

    def image(self, job: Job, event: ImageReady) -> None:
        kept = job.results.get(event.image)
        self.grid.take(self._place, event.rgb, None if kept is None else kept.path)

    def ended(self, job: Job) -> None:
        if self._place in self.grid.coming:  # a job that waited, and was cancelled, is told once; so is one that ran
            self.grid.coming.discard(self._place)
            self._tell(self.grid, job)
