"""Runs a farm's plan: each finished picture is on disk at once, and one that is there already is not made again."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.cli import render
from app.cli.farm_plan import Cell
from app.cli.output import Cancelled, Progress
from app.generation.request_builder import request_from_scene
from canvas.files import png
from canvas.model.errors import SceneFileError
from engine.farm import Farm
from engine.protocol import Cancelled as Stopped
from engine.protocol import Failed, Finished, GenerateRequest, ImageReady, Started, Step
from engine.protocol.digest import digest
from resources.errors import ExplainedError

NOTE = "request"
"""The note of a picture with the hash of the request that made it."""


@dataclass(eq=False)
class _Work:
    """A cell that is being made: its request's hash, and how far it is, 0..1."""

    cell: Cell
    digest: str
    started: Started | None = None
    done: float = 0.0


@dataclass(eq=False)
class _Tally:
    """What became of the cells so far."""

    total: int
    made: list[Cell] = field(default_factory=list)
    kept: list[Cell] = field(default_factory=list)
    failed: list[tuple[Cell, ExplainedError]] = field(default_factory=list)
    work: dict[str, _Work] = field(default_factory=dict)

    @property
    def fraction(self) -> float:
        """How much is done of what was not there already, 0..1."""
        rest = self.total - len(self.kept)
        done = len(self.made) + len(self.failed) + sum(each.done for each in self.work.values())
        return done / rest if rest else 1.0

    @property
    def text(self) -> str:
        """What there is, in words."""
        kept = f", {len(self.kept)} of them there before" if self.kept else ""
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"{len(self.made) + len(self.kept)} of {self.total} pictures{kept}{failed}"


def run(cells: Sequence[Cell], farm: Farm, *, cancel: threading.Event, news: Progress) -> dict[str, Any]:
    """Make all cells on a farm, and return the JSON object of `wordbrush farm`.

    A cell whose file holds the picture of its very request is kept. What fails is one cell's; the rest goes on.

    Raises:
        SaveError: a picture could not be written, as none could then. FarmUnavailable: no worker is left.
        Cancelled: it was stopped; all that was finished is kept.
    """
    began = time.monotonic()
    tally = _Tally(len(cells))
    stopped = False
    with contextlib.closing(farm.run(_requests(cells, tally, news), cancel=cancel)) as events:
        for event in events:
            work = tally.work.get(event.request_id)
            if work is None:
                continue
            if isinstance(event, Started):
                work.started = event
            elif isinstance(event, Step):
                work.done = event.index / event.total
                news.step(tally.text, tally.fraction)
            elif isinstance(event, ImageReady) and work.started is not None:
                render.save(work.cell.path, event, work.cell.scene, work.started, notes={NOTE: work.digest})
            elif isinstance(event, Finished):
                tally.made.append(tally.work.pop(event.request_id).cell)
                news(tally.text, tally.fraction)
            elif isinstance(event, Failed):
                _fail(tally, tally.work.pop(event.request_id).cell, event.error, news)
            elif isinstance(event, Stopped):
                stopped = True
                del tally.work[event.request_id]
    if stopped or cancel.is_set():
        there = len(tally.made) + len(tally.kept)
        raise Cancelled(
            f"Cancelled after {there} of {tally.total} pictures.",
            hint="They are kept: run the same command again to make the rest.",
        )
    return _result(cells, tally, farm.workers, time.monotonic() - began)


def _requests(cells: Sequence[Cell], tally: _Tally, news: Progress) -> Iterator[GenerateRequest]:
    """The requests of the cells whose pictures are not there yet, one by one as the farm takes them."""
    for number, cell in enumerate(cells):
        try:
            request = request_from_scene(cell.scene, id=str(number)).replace(previews=False, obedience=True)
        except ExplainedError as error:
            _fail(tally, cell, error, news)
            continue
        own = digest(request)
        if is_made(cell.path, own):
            tally.kept.append(cell)
            news.step(tally.text, tally.fraction)
            continue
        tally.work[request.id] = _Work(cell, own)
        yield request


def is_made(path: Path, own: str) -> bool:
    """Whether the file is a whole picture of the request with that hash."""
    if not path.is_file():
        return False
    try:
        return png.read_note(path, NOTE) == own
    except SceneFileError:  # damaged, or something else of that name: it is made again
        return False


def _fail(tally: _Tally, cell: Cell, error: ExplainedError, news: Progress) -> None:
    tally.failed.append((cell, error))
    news.note(f"{cell.path.name} could not be made: {error.message} {error.hint}")


def _result(cells: Sequence[Cell], tally: _Tally, workers: int, seconds: float) -> dict[str, Any]:
    lost = {id(cell) for cell, _error in tally.failed}
    before = {id(cell) for cell in tally.kept}
    return {
        "schema": 1,
        "made": len(tally.made),
        "kept": len(tally.kept),
        "failed": len(tally.failed),
        "seconds": seconds,
        "workers": workers,
        "images": [
            {
                "path": str(cell.path),
                "scene": cell.name,
                "seed": cell.seed,
                "label": cell.label,
                "state": "kept" if id(cell) in before else "made",
            }
            for cell in cells
            if id(cell) not in lost
        ],
        "errors": [
            {"path": str(cell.path), "type": type(error).__name__, "message": error.message, "hint": error.hint}
            for cell, error in tally.failed
        ],
    }
