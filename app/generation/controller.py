"""Generate and cancel: requests to the engine, its events to the window, each picture to the results folder."""

from __future__ import annotations

import dataclasses
import itertools
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal

from app.generation.event_bridge import EventBridge
from app.generation.live_mode import LiveMode
from app.generation.request_builder import request_from_scene
from app.generation.time_left import time_left
from app.image_info.displayed_image import DisplayedImage
from app.image_info.heatmaps import heatmaps_of, unknown_heatmaps, watched_spans
from app.image_info.report import ImageReport, ImageReportStore, notes_of, report_of
from app.storage.results import Result, ResultStore
from app.storage.writer import Picture, ResultWriter
from canvas.model.document import Document
from canvas.model.errors import SaveError
from canvas.model.scene import Scene
from engine import Engine
from engine.experts.ensemble import BASE
from engine.facts import ModelFacts
from engine.protocol import (
    Cancelled,
    Event,
    Failed,
    Finished,
    GenerateRequest,
    ImageReady,
    Loading,
    Preview,
    Started,
    Step,
)

NAME_LENGTH = 16


@dataclass
class Job:
    """One request on its way, and the scene behind it."""

    request: GenerateRequest
    scene: Scene
    started: Started | None = None
    began: float = 0.0
    foreign: bool = False  # another scene was opened meanwhile
    step_ms: list[float] = field(default_factory=list)
    experts: set[str] = field(default_factory=set)
    title: str = ""  # of a picture that is made beside the canvas
    saved: dict[int, Result] = field(default_factory=dict)


class GenerationController(QObject):
    """Owns the engine. All signals come on the window's thread."""

    running_changed = Signal(bool)
    progress = Signal(str, object)  # text, fraction or None
    idle = Signal(str)
    ended = Signal()
    stepped = Signal(object)  # Step of a generation that the painter asked for; None where there is none to show
    preview = Signal(object)  # rgb
    heatmaps = Signal(object)  # Heatmaps of what runs so far; None when it is over
    picture = Signal(object)  # DisplayedImage
    saved = Signal(object)  # Result
    unsaved = Signal(object)  # why pictures are on no disk; they wait for `save_again`
    failed = Signal(object)  # an error with message and hint
    defaults = Signal(float, float)  # guidance, paint weight
    beside_preview = Signal(object)  # rgb
    beside_picture = Signal(object)  # DisplayedImage
    beside_ended = Signal(bool)  # whether it was finished
    _written = Signal()

    def __init__(self, document: Document, store: ResultStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.keeper = ResultWriter(store)
        self._ids = itertools.count(1)
        self._job: Job | None = None
        self._jobs: dict[str, Job] = {}
        self._jobs_lock = threading.Lock()
        self._outcomes: deque[Result | SaveError] = deque()
        self._written.connect(self._tell_outcomes, Qt.ConnectionType.QueuedConnection)
        self._told_end = False
        self._bridge = EventBridge(self)
        self._bridge.arrived.connect(self._on_event)
        self._engine = Engine(self._on_engine_thread)
        self._closed = False
        self._facts: ModelFacts | None = None
        self.findings = ImageReportStore()
        self.live = LiveMode(self._ask_live, self)

    # what the window asks ----------------------------------------------------------------------------------------
    @property
    def running(self) -> bool:
        """Whether a generation that the painter asked for runs; live pictures do not count."""
        return self._job is not None and not self._job.request.live

    def start(self) -> None:
        """Start the engine's thread and load the scene's model in advance."""
        settings = self._document.scene.settings
        self._engine.start()
        self._engine.warm_up(settings.model, settings.device)

    def take_facts(self, facts: ModelFacts | None) -> None:
        """What the files of the scene's model say: styles and encoders that it does not have are left out."""
        self._facts = facts

    def generate(self) -> None:
        """Make the scene's picture; one that runs is cancelled first."""
        self._submit(live=False)

    def make_beside(self, scene: Scene, title: str) -> None:
        """Make another scene's picture beside the canvas; `beside_...` tell of it. What runs is cancelled first."""
        self._submit(live=False, other=scene, title=title)

    def cancel(self) -> None:
        """Stop what runs; it ends before the next step."""
        if self._job is not None:
            self._engine.cancel(self._job.request.id)
            if self.running:
                self.progress.emit("Cancelling…", None)

    def save_again(self) -> None:
        """Write the pictures that no disk took so far."""
        results, error = self.keeper.again()
        for result in results:
            self.saved.emit(result)
        if error is not None:
            self.unsaved.emit(error)

    def forget_end(self) -> None:
        """What was said of the last generation is no news any more: the scene is another one."""
        if self._told_end and self._job is None:
            self._told_end = False
            self.idle.emit("")
            self.stepped.emit(None)

    def leave(self) -> None:
        """Another scene was opened: what runs goes on, and its pictures come into the results only."""
        self.forget_end()
        if self._job is not None:
            self._job.foreign = True
            self.preview.emit(None)
            self.heatmaps.emit(None)
            self.stepped.emit(None)

    def close(self) -> None:
        """Stop everything and wait for the engine's thread."""
        self._closed = True
        self.live.set_on(False)
        self._bridge.expect("")
        self._engine.cancel()
        self._engine.close(timeout=20)
        self.keeper.again()

    def _ask_live(self) -> None:
        if not self.running and self._document.shown_scene.prompt.strip():
            self._submit(live=True)

    def _submit(self, *, live: bool, other: Scene | None = None, title: str = "") -> None:
        if self._job is not None:
            self._engine.cancel(self._job.request.id)
            replaced, self._job = self._job, None
            if replaced.title and not title:
                self.beside_ended.emit(False)
        # A live picture follows the paint that is seen, a running stroke included.
        scene = other or (self._document.shown_scene if live else self._document.scene)
        name = f"{'live' if live else 'job'}-{next(self._ids)}"
        request = request_from_scene(scene, id=name, live=live, facts=self._facts)
        request = request.replace(obedience=True, watched=watched_spans(scene))
        job = Job(request, scene, began=time.monotonic(), title=title)
        with self._jobs_lock:
            self._jobs[request.id] = job
        self._job = job
        self._bridge.expect(request.id)
        self.live.started()
        if not live:
            self.running_changed.emit(True)
            self.progress.emit("Starting…", None)
            self.stepped.emit(None)
        self._engine.submit(request)

    # on the engine's thread --------------------------------------------------------------------------------------
    def _on_engine_thread(self, event: Event) -> None:
        if isinstance(event, (ImageReady, Started)):
            with self._jobs_lock:
                job = self._jobs.get(event.request_id)
            if job is not None and isinstance(event, Started):
                job.started = event
            elif job is not None and isinstance(event, ImageReady) and not job.request.live:
                # Here and now, so that a picture is on disk even if the window is closed in the next moment.
                findings = report_of(job.request, job.scene, event)
                outcome = self._write(job, event, findings)
                if isinstance(outcome, Result):
                    job.saved[event.image] = outcome
                    self.findings.keep(outcome.path, findings)
                # On a road of its own: another Generate may have begun, for which this event is no news.
                self._outcomes.append(outcome)
                self._written.emit()
        elif isinstance(event, (Finished, Cancelled, Failed)):
            with self._jobs_lock:
                self._jobs.pop(event.request_id, None)
        if not self._closed:
            self._bridge.post(event)

    def _write(self, job: Job, event: ImageReady, findings: ImageReport) -> Result | SaveError:
        guidance = job.started.guidance if job.started else None
        notes = notes_of(findings)
        return self.keeper.keep(Picture(event.rgb, job.scene, event.seed, job.request.model, guidance, notes))

    # on the window's thread --------------------------------------------------------------------------------------
    def _tell_outcomes(self) -> None:
        while self._outcomes and not self._closed:
            outcome = self._outcomes.popleft()
            if isinstance(outcome, Result):
                self.saved.emit(outcome)
            else:
                self.unsaved.emit(outcome)

    def _on_event(self, event: Event) -> None:
        self._tell_outcomes()
        job = self._job
        if isinstance(event, Loading):
            if event.request_id or job is None:
                self._on_loading(event, job)
        elif not event.request_id:
            if isinstance(event, Failed):
                self.idle.emit("")
                self.failed.emit(event.error)
        elif job is None or event.request_id != job.request.id:
            return
        elif isinstance(event, Started):
            self.defaults.emit(event.guidance, event.paint_weight)
        elif isinstance(event, Step):
            self._on_step(event, job)
        elif isinstance(event, (Preview, ImageReady)) and job.foreign:
            return
        elif isinstance(event, Preview):
            (self.beside_preview if job.title else self.preview).emit(event.rgb)
            if not job.title:
                found = heatmaps_of(job.request.text.prompt, job.request.text.watched, event.heatmaps)
                self.heatmaps.emit(found or unknown_heatmaps(job.request.text.prompt))
        elif isinstance(event, ImageReady):
            self._on_image(event, job)
        else:
            self._on_end(event, job)

    def _on_loading(self, event: Loading, job: Job | None) -> None:
        if job is not None and not job.request.live:
            self.progress.emit(f"Loading {event.what}…", event.fraction)
        elif job is None:
            self.idle.emit("Ready" if event.fraction >= 1 else f"Loading {event.what}…")

    def _on_step(self, event: Step, job: Job) -> None:
        if job.request.live:
            return
        job.step_ms.append(event.step_ms)
        recent = job.step_ms[-8:]
        count = job.request.picture.count
        done = event.image * event.total + event.index
        left = (count * event.total - done) * sum(recent) / len(recent) / 1000
        which = f"Picture {event.image + 1} of {count} · " if count > 1 else ""
        who = f"{_short(event.expert)} · " if self._is_worth_naming(event, job) else ""
        text = f"{which}Step {event.index} of {event.total} · {who}{time_left(left)}"
        if job.title:
            text = f"{job.title} · Step {event.index} of {event.total}"
        self.progress.emit(text, done / (count * event.total))
        if not job.foreign:
            self.stepped.emit(event)

    def _is_worth_naming(self, event: Step, job: Job) -> bool:
        """Whether the expert at work is any other than a model's lone denoiser."""
        job.experts.add(event.expert)
        return bool(job.request.experts) or job.experts != {BASE}

    def _on_image(self, event: ImageReady, job: Job) -> None:
        # A live picture has fewer steps than its scene asks for.
        settings = dataclasses.replace(job.scene.settings, seed=event.seed, count=1, steps=job.request.sampling.steps)
        kept = job.saved.get(event.image)
        path = kept.path if kept is not None else None
        findings = report_of(job.request, job.scene, event)
        made_by = job.scene.replace(settings=settings)
        shown = DisplayedImage(event.rgb, made_by, path, live=job.request.live, findings=findings)
        (self.beside_picture if job.title else self.picture).emit(shown)

    def _on_end(self, event: Event, job: Job) -> None:
        self._job = None
        self.heatmaps.emit(None)
        self.ended.emit()
        if not isinstance(event, Finished):
            self.stepped.emit(None)
        if not job.request.live:
            self.running_changed.emit(False)
        if isinstance(event, Finished):
            what = "Live" if job.request.live else "Done"
            self._told_end = True
            self.idle.emit(f"{what} in {event.seconds:.1f} s · {event.step_ms:.0f} ms a step")
        elif isinstance(event, Failed):
            self.idle.emit("")
            self.failed.emit(event.error)
        elif not job.request.live:
            self._told_end = True
            self.idle.emit("Cancelled")
        if self.keeper.waiting:
            self.save_again()
        self.live.ended()
        if job.title:
            self.beside_ended.emit(isinstance(event, Finished))


def _short(name: str) -> str:
    """An expert's name where there is little room for it."""
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"
