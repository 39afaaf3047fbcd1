"""Comparing text encoders: one picture by each alone and one by both, of the same seed, made one after another."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, Signal

from app.generation.controller import GenerationController
from app.generation.sinks import displayed
from app.image_info.displayed_image import DisplayedImage
from app.jobs import Job, JobKind, JobState, Sink
from app.language import number, tr
from app.picture.comparison_view import FAILED, ComparisonView, Entry, Tile
from app.session import Session
from app.storage.results import spoken
from app.vocabulary import ENCODER_NAMES
from canvas.model import edits
from canvas.model.scene import Scene
from engine.protocol import ImageReady, Preview

MOST = 4  # pictures side by side: more would be too small to be judged


class CompareSink(Sink):
    """A job whose picture comes into a place of the comparison; the comparison is notified of its end."""

    def __init__(self, title: str, tile: Tile, comparison: ComparisonController) -> None:
        self.title, self._tile, self._comparison = title, tile, comparison

    def preview(self, job: Job, event: Preview) -> None:
        self._tile.frame.show_picture(event.rgb)

    def image(self, job: Job, event: ImageReady) -> None:
        self._tile.show_shown(displayed(job, event))

    def ended(self, job: Job) -> None:
        self._comparison.take_end(job)


class ComparisonController(QObject):
    """Asks for the pictures and fills the comparison with them."""

    began = Signal()
    taken = Signal(object)  # DisplayedImage

    def __init__(
        self, session: Session, generation: GenerationController, panel: ComparisonView, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._generation, self._panel = session, generation, panel
        self._of_results = False
        panel.closed.connect(self._stop)
        panel.taken.connect(self._take)

    def compare_encoders(self) -> None:
        """Make the scene's picture with each encoder alone and with both."""
        self._stop()
        self.began.emit()
        self._of_results = False
        scene = self._session.scene
        compared = blends(scene)
        notes = [
            " · ".join(f"{ENCODER_NAMES[name]} {number(weight, '.2f')}" for name, weight in weights if weight)
            for _title, weights in compared
        ]
        entries = [Entry(title, note) for (title, _weights), note in zip(compared, notes, strict=True)]
        self._panel.open(
            tr("The same scene and seed ({seed}), read in three ways", seed=scene.settings.seed), entries, scene.size
        )
        for (title, weights), tile in zip(compared, self._panel.tiles, strict=True):
            own = edits.set_settings(scene, encoders=weights, count=1)
            self._generation.make(own, CompareSink(title, tile, self), kind=JobKind.COMPARE)

    def put_beside(self, shown: DisplayedImage, *, first: bool = False) -> None:
        """Show a result beside the picture on the canvas, or beside the results that are compared already.

        With `first` it is the first of some that are compared with one another alone.
        """
        size, canvas = self._session.scene.size, self._session.displayed
        if first or not self._of_results or self._panel.isHidden() or len(self._panel.tiles) >= MOST:
            self._stop()
            self._of_results = True
            entries = [Entry(tr("On the canvas"), shown=canvas)] if canvas.rgb is not None and not first else []
            self._panel.open(tr("Results side by side"), entries, size)
        self._panel.add(_entry(shown), size)

    def leave(self) -> None:
        """The canvas is needed again."""
        self._panel.leave()

    def take_end(self, job: Job) -> None:
        """One of the pictures was made or will not be; where one is not, none of those behind it is."""
        if job.state is JobState.FINISHED:
            return
        self._stop()
        for tile in self._panel.tiles:
            if tile.shown is None:
                tile.frame.say(tr(FAILED))
        if all(tile.shown is None for tile in self._panel.tiles):
            self._panel.leave()  # there is nothing to see, and the banner says why

    def _take(self, shown: DisplayedImage) -> None:
        """Use one of the pictures that were compared, and what made it."""
        self._panel.leave()
        if shown.scene is not None:  # how many pictures one Generate makes is no part of what was compared
            count = self._session.scene.settings.count
            shown = dataclasses.replace(shown, scene=edits.set_settings(shown.scene, count=count))
        self.taken.emit(shown)

    def _stop(self) -> None:
        for job in self._session.jobs:
            if isinstance(job.sink, CompareSink):
                job.sink = Sink()  # its place is gone or given up
                self._generation.cancel_job(job)


def _entry(shown: DisplayedImage) -> Entry:
    """A result by its name and its seed: those of one prompt have the same name."""
    name = "" if shown.result is None else spoken(shown.result.stem)
    return Entry(name, "" if shown.scene is None else tr("seed {seed}", seed=shown.scene.settings.seed), shown)


def blends(scene: Scene) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    """The titles and weights that are compared; both as the scene blends them, where it uses both."""
    own = dict(scene.settings.encoders or ())
    clip, t5 = own.get("clip", 1.0) or 1.0, own.get("t5", 1.0) or 1.0
    return [
        (tr("CLIP alone"), (("clip", 1.0), ("t5", 0.0))),
        (tr("T5 alone"), (("clip", 0.0), ("t5", 1.0))),
        (tr("Both"), (("clip", clip), ("t5", t5))),
    ]
