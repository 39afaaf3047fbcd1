"""Where a job's pictures go: the canvas, the canvas for as long as live mode lasts, or the results alone."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, Signal

from app.image_info.displayed_image import DisplayedImage
from app.image_info.heatmaps import heatmaps_of, unknown_heatmaps
from app.image_info.report import report_of
from app.jobs import Job, Sink
from canvas.model.edits import WHOLE, Place
from engine.protocol import ImageReady, Preview, Step


class CanvasNews(QObject):
    """What the canvas and the timeline hear of the job whose picture comes there."""

    stepped = Signal(object)  # Step of a generation that the painter asked for; None where there is none to show
    preview = Signal(object, object)  # rgb, None for none, and its place on the canvas
    heatmaps = Signal(object)  # Heatmaps of what runs so far; None when it is over
    picture = Signal(object)  # DisplayedImage

    def place_of(self, job: Job) -> Place:
        """Where a picture of the job lies on the canvas, which may have been cut or extended since the job began."""
        return WHOLE


def displayed(job: Job, event: ImageReady, place: Place = WHOLE) -> DisplayedImage:
    """A picture of a job as the window shows it, with the settings that made it."""
    # A live picture has fewer steps than its scene asks for, and may have another sampler and guidance.
    run = job.request.sampling
    settings = dataclasses.replace(job.scene.settings, seed=event.seed, count=1, steps=run.steps)
    if job.live:
        settings = dataclasses.replace(settings, sampler=run.sampler, guidance=run.guidance)
    kept = job.results.get(event.image)
    return DisplayedImage(
        event.rgb,
        job.scene.replace(settings=settings),
        None if kept is None else kept.path,
        live=job.live,
        place=place,
        begun=job.begun,
        findings=report_of(job.request, job.scene, event, job.before),
        rgba=event.rgba,
    )


class LiveSink(Sink):
    """Quick pictures under the brush: no steps are counted, no paint is hidden."""

    def __init__(self, news: CanvasNews) -> None:
        self._news = news

    def preview(self, job: Job, event: Preview) -> None:
        if job.live and 2 * event.index <= job.request.sampling.steps:
            return  # the picture before it is the better one still
        place = self._news.place_of(job)
        self._news.preview.emit(event.rgb, place)
        found = None
        if place == WHOLE:  # heatmaps are of the whole canvas
            found = heatmaps_of(job.request.text.prompt, job.request.text.watched, event.heatmaps)
        self._news.heatmaps.emit(found or unknown_heatmaps(job.request.text.prompt))

    def image(self, job: Job, event: ImageReady) -> None:
        self._news.picture.emit(displayed(job, event, self._news.place_of(job)))

    def ended(self, job: Job) -> None:
        self._news.heatmaps.emit(None)
        self._news.preview.emit(None, WHOLE)


class CanvasSink(LiveSink):
    """The scene's own picture."""

    def started(self, job: Job) -> None:
        self._news.stepped.emit(None)

    def step(self, job: Job, event: Step) -> None:
        self._news.stepped.emit(event)

    def ended(self, job: Job) -> None:
        super().ended(job)
        if job.state is not job.state.FINISHED:
            self._news.stepped.emit(None)


class ResultsOnlySink(Sink):
    """The scene was left: the pictures are in the results, and nothing is shown."""
