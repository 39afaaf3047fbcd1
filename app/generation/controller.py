"""Generate, queue and cancel: jobs to the executor, its events to their sinks, each picture to the results folder."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from app.generation import progress
from app.generation.event_bridge import EventBridge
from app.generation.farming import Farming
from app.generation.live_mode import LiveMode
from app.generation.live_requests import LiveRequests
from app.generation.ordered_writer import OrderedWriter
from app.generation.request_builder import one_each, request_from_scene, reseeded
from app.generation.sinks import CanvasNews, CanvasSink, LiveSink, ResultsOnlySink
from app.generation.step_count import StepTimes, steps_of
from app.image_info.begun import begun_request, begun_scene
from app.image_info.displayed_image import moved
from app.image_info.heatmaps import watched_spans
from app.image_info.report import ImageReportStore, notes_of, report_of
from app.jobs import Job, JobKind, JobState, Sink
from app.language import sentence, tr
from app.session import Session
from app.storage.results import Result, ResultStore
from app.storage.writer import Picture, ResultWriter
from canvas.model.begun import Begun
from canvas.model.edits import WHOLE, Place
from canvas.model.errors import SaveError
from canvas.model.scene import Scene
from engine.executor import Executor
from engine.protocol import (
    Cancelled,
    Event,
    Failed,
    Finished,
    ImageReady,
    Loading,
    Preview,
    Started,
    Step,
)

SLOW = 1.5  # seconds; a live picture that takes longer is seen while it comes


class GenerationController(CanvasNews):
    """Feeds the executor with the session's jobs. All signals come on the window's thread."""

    running_changed = Signal(bool)
    rested = Signal(int)  # how many jobs wait for the queue to be resumed while nothing runs; 0 for no such rest
    progress = Signal(str, object)  # text, fraction or None
    idle = Signal(str)
    ended = Signal()  # a job came to its end, whichever
    saved = Signal(object)  # Result
    unsaved = Signal(object)  # why pictures are on no disk; they wait for `save_again`
    failed = Signal(object)  # an error with message and hint
    defaults = Signal(float, float)  # guidance, paint weight
    _written = Signal()

    def __init__(self, session: Session, executor: Executor, store: ResultStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._executor = session, executor
        self._jobs = session.jobs
        self.keeper = ResultWriter(store)
        self.findings = ImageReportStore()
        self._ids = itertools.count(1)
        self._outcomes: deque[Result | SaveError] = deque()
        self._written.connect(self._tell_outcomes, Qt.ConnectionType.QueuedConnection)
        self._told_end = False
        self._was_running = False
        self._resting = 0
        self._again: Callable[[], object] | None = None
        self.last_kind, self.last_pictures = JobKind.GENERATE, 0
        """What was asked for last for this scene and is what `add` repeats; how many pictures, 0 for nothing yet."""
        self.deep = False  # whether results are kept with 16 bits for each value
        self.step_times = StepTimes()
        self._closed = False
        self.farming = Farming(self._jobs, self.on_executors_thread, self)
        self.farming.failed.connect(self.failed)
        self._bridge = EventBridge(self)
        self._bridge.arrived.connect(self._on_event)
        self._writer = OrderedWriter(self._keep, self._bridge.post)
        self._asking = LiveRequests(session, self, self._submit_live)
        self.live = LiveMode(self._asking.ask, self)

    # what the window asks ----------------------------------------------------------------------------------------
    @property
    def running(self) -> bool:
        """Whether a generation that the painter asked for runs, or will by itself; live pictures do not count."""
        return self._jobs.current is not None

    @property
    def _quiet(self) -> bool:
        """Whether nothing runs, live or not."""
        return len(self._jobs) == self._jobs.resting

    def start(self) -> None:
        """Start the executor and load the scene's model in advance."""
        settings = self._session.scene.settings
        self._executor.start(self.on_executors_thread)
        self._executor.warm_up(settings.model, settings.device)

    def generate(self, *, locked: bool = False) -> None:
        """Make the scene's picture, after those that are being made.

        A seed that was used before is replaced where nothing else changed, unless it is `locked`: who changed
        something wants to see what that does.
        """
        document = self._session.document
        same = document.scene == self._session.generated
        if same and document.scene.settings.seed == self._session.seed_used and not locked:
            # No undo step: after Generate, undo is for the last stroke and not for a number.
            document.amend(reseeded(document.scene))
        self._session.generated = document.scene
        self._session.seed_used = document.scene.settings.seed
        self.make(document.scene, CanvasSink(self))

    def make(
        self,
        scene: Scene,
        sink: Sink,
        *,
        kind: JobKind | None = None,
        begun: Begun | None = None,
        held: bool = False,
        frame: Place | None = None,
    ) -> Job:
        """Add a job that makes a scene's picture for a sink; one for each picture where they are to differ in words.

        Args:
            kind: None is what `begun` says. begun: what it begins from, and its second pass; None for noise alone.
            held: it waits until the queue is resumed. frame: see `Job`; None is the session's.

        Returns:
            The job, or the last of them.
        """
        self.end_live()
        place = self._session.frame if frame is None else frame
        kind = kind or JobKind.of(begun)
        for each in one_each(scene):
            job = self._submit(each, sink, live=False, kind=kind, begun=begun, held=held, frame=place)
            if self._jobs.current is job:
                self.progress.emit(tr("Starting…"), None)
                sink.started(job)
        if not held and kind not in (JobKind.GRID, JobKind.COMPARE):

            def again() -> None:
                self.make(reseeded(scene), sink, begun=begun, frame=place)

            self.remember(kind, again, pictures=scene.settings.count)
        return job

    def remember(self, kind: JobKind, again: Callable[[], object], *, pictures: int) -> None:
        """What was asked for just now, how many pictures, and what asks for it once more, with another seed."""
        self.last_kind, self._again, self.last_pictures = kind, again, pictures

    def cancel(self) -> None:
        """Stop the job that runs, before its next step; those that wait follow."""
        self.end_live()
        job = self._jobs.current
        if job is not None:
            self.cancel_job(job)
            self._tell_progress(tr("Cancelling…"), None)

    def cancel_job(self, job: Job) -> None:
        """Stop a job, whether it runs or waits."""
        job.cancelling = True
        if job.submitted:
            (job.elsewhere or self._executor.cancel)(job.id)
            return
        self._jobs.end(job, JobState.CANCELLED)
        job.sink.ended(job)
        self._tell_running()
        if not self.running:
            self.idle.emit(tr("Cancelled"))

    def cancel_all(self) -> None:
        """Stop the job that runs and take away all that wait."""
        for job in reversed(self._jobs.asked):
            self.cancel_job(job)

    def add(self, count: int) -> None:
        """Ask `count` times more for what was asked for last, each time with a new seed; at first for the picture."""
        if self._again is None:
            scene = self._session.document.scene
            self.make(reseeded(scene), CanvasSink(self))  # which is remembered
            count -= 1
        for _ in range(count):
            if self._again is not None:
                self._again()

    def pause(self, paused: bool) -> None:
        """Let the jobs that wait stay where they are, or go on."""
        self._jobs.pause(paused)
        self._submit_next()
        self._tell_running()
        job = self._jobs.current
        if job is not None and job.state is JobState.QUEUED:
            self._tell_progress(tr("Starting…"), None)

    def set_live(self, on: bool) -> None:
        """Let pictures follow the painting, or stop that at once."""
        self.live.set_on(on)
        if not on:
            self.end_live()

    def pause_live(self, paused: bool) -> None:
        """Make no live pictures for now, or go on."""
        self.live.pause(paused)
        if paused:
            self.end_live()

    def end_live(self) -> None:
        """Stop a live picture: it would take the place of what comes now."""
        for job in self._jobs:
            if job.live and not job.cancelling:
                self.cancel_job(job)
                job.sink.ended(job)

    def place_of(self, job: Job) -> Place:
        """See `CanvasNews.place_of`."""
        return moved(WHOLE, job.frame, self._session.frame)

    def save_again(self) -> None:
        """Write the pictures that no disk took so far."""
        results, error = self.keeper.again()
        for result in results:
            self.saved.emit(result)
        if error is not None:
            self.unsaved.emit(error)

    def forget_end(self) -> None:
        """What was said of the last generation is no news any more: the scene is another one."""
        if self._told_end and self._quiet:
            self._told_end = False
            self.idle.emit("")
            self.stepped.emit(None)

    def leave(self) -> None:
        """Another scene was opened: what runs goes on, and its pictures come into the results only."""
        self.forget_end()
        self.last_kind, self.last_pictures, self._again = JobKind.GENERATE, 0, None
        for job in self._jobs:
            if isinstance(job.sink, LiveSink):
                job.sink = ResultsOnlySink()
        self._asking.forget()
        self.preview.emit(None, WHOLE)
        for end in (self.heatmaps, self.stepped):
            end.emit(None)

    def stop(self, timeout: float) -> bool:
        """Stop everything and wait for the executor; False where it did not end within `timeout` seconds."""
        self._closed = True
        self.live.set_on(False)
        self._bridge.close()
        self._asking.close(timeout)
        return self.farming.close(timeout) & self._executor.close(timeout=timeout)

    def close(self, timeout: float | None = None) -> bool:
        """Put on disk what was finished, after `stop`; False where that took longer than `timeout` seconds."""
        return self._writer.close(self.keeper.again, timeout)

    def _submit_live(self, scene: Scene) -> None:
        self._submit(scene, LiveSink(self), live=True, frame=self._session.frame)

    def _submit(
        self,
        scene: Scene,
        sink: Sink,
        *,
        live: bool,
        frame: Place,
        kind: JobKind = JobKind.GENERATE,
        begun: Begun | None = None,
        held: bool = False,
    ) -> Job:
        name = f"{'live' if live else 'job'}-{next(self._ids)}"
        facts = self._session.facts_of(scene.settings.model)
        request = request_from_scene(begun_scene(scene, begun), id=name, live=live, facts=facts)
        if live:  # nothing is measured: the next picture is what counts
            request = request.replace(previews=self.live.seconds is not None and self.live.seconds > SLOW)
        else:
            request = request.replace(obedience=True, watched=watched_spans(scene), deep=self.deep)
        request = begun_request(request, begun)
        job = Job(request, scene, sink, frame=frame, begun=begun, kind=kind, steps=steps_of(request, facts), held=held)
        self._jobs.add(job)
        self.live.started(live=live)
        if live:
            job.submitted = True
            self._executor.submit(request)
        self._submit_next()
        self._tell_running()
        return job

    def _submit_next(self) -> None:
        """Give the executor the next job; one at a time, so that those that wait can be moved and taken away."""
        job = None if self._closed else self._jobs.next_to_submit()
        if job is not None:
            job.submitted = True
            self._executor.submit(job.request)

    # on the executor's thread ------------------------------------------------------------------------------------
    def on_executors_thread(self, event: Event) -> None:
        """An event of a job, from whoever runs it, on any thread."""
        job = self._jobs.of(event.request_id)
        if job is not None and isinstance(event, Started):
            job.started = event
        self._writer.take(event, job if isinstance(event, ImageReady) and job is not None and not job.live else None)

    def _keep(self, event: ImageReady, job: Job) -> None:
        """Write a picture, on the writer's thread: it is on disk before it is announced."""
        findings = report_of(job.request, job.scene, event, job.before)
        guidance = job.started.guidance if job.started else None
        notes = notes_of(findings)
        whole = next(each for each in (event.deep, event.rgba, event.rgb) if each is not None)
        picture = Picture(whole, job.scene, event.seed, job.request.model, guidance, notes, job.begun)
        outcome = self.keeper.keep(picture)
        if isinstance(outcome, Result):
            job.results[event.image] = outcome
            self.findings.keep(outcome.path, findings)
        self._outcomes.append(outcome)
        self._written.emit()

    # on the window's thread --------------------------------------------------------------------------------------
    def _tell_outcomes(self) -> None:
        while self._outcomes and not self._closed:
            outcome = self._outcomes.popleft()
            if isinstance(outcome, Result):
                self.saved.emit(outcome)
            else:
                self.unsaved.emit(outcome)

    def _tell_running(self) -> None:
        running = self.running
        if running != self._was_running:
            self._was_running = running
            self.running_changed.emit(running)
        resting = self._jobs.resting
        if resting != self._resting:
            self._resting = resting
            self.rested.emit(resting)

    def _tell_progress(self, text: str, fraction: float | None) -> None:
        self.progress.emit(progress.with_waiting(text, self._jobs.waiting), fraction)

    def _on_event(self, event: Event) -> None:
        self._tell_outcomes()
        job = self._jobs.of(event.request_id)
        if isinstance(event, Loading):
            self._on_loading(event, job)
        elif not event.request_id:
            if isinstance(event, Failed):
                self.idle.emit("")
                self.failed.emit(event.error)
        elif job is None:
            return
        elif isinstance(event, (Finished, Cancelled, Failed)):
            self._on_end(event, job)
        elif not job.cancelling or isinstance(event, ImageReady):
            self._on_news(event, job)

    def _on_loading(self, event: Loading, job: Job | None) -> None:
        if job is not None:
            self._begin(job)
        if job is not None and not job.live:
            if not job.cancelling:
                self._tell_progress(_loading(event), event.fraction)
        elif job is None and self._quiet:
            self.idle.emit(tr("Ready") if event.fraction >= 1 else _loading(event))

    def _begin(self, job: Job) -> None:
        if job.state is JobState.QUEUED:
            self._jobs.run(job)
            if not job.cancelling:
                job.sink.started(job)

    def _on_news(self, event: Event, job: Job) -> None:
        self._begin(job)
        if isinstance(event, Started):
            self.defaults.emit(event.guidance, event.paint_weight)
            if job.live:
                self.live.loaded()
        elif isinstance(event, Step) and not job.live:
            progress.note_step(job, event)
            self.step_times.note(job.request, event.step_ms)
            self._tell_progress(progress.in_words(job, event), progress.fraction(job, event))
            job.sink.step(job, event)
        elif isinstance(event, Preview):
            job.sink.preview(job, event)
        elif isinstance(event, ImageReady) and not (job.live and job.cancelling):
            if job.live:
                self.live.made()
            job.sink.image(job, event)

    def _on_end(self, event: Event, job: Job) -> None:
        state = JobState.CANCELLED
        if isinstance(event, (Finished, Failed)):
            state = JobState.FINISHED if isinstance(event, Finished) else JobState.FAILED
        replaced = job.live and job.cancelling
        self.step_times.note_end(job, event)
        self._jobs.end(job, state)
        self._submit_next()
        if not replaced:
            job.sink.ended(job)
            self.ended.emit()
        self._tell_running()
        if isinstance(event, Failed):
            if self._session.seed_used == job.request.picture.seed:
                self._session.seed_used = None  # nothing was made with it: the next Generate uses it
            self.failed.emit(event.error)
        if not self.running and not replaced:
            self._say_end(event, job)
        elif self.running and not job.live:
            self._tell_progress(tr("Starting…"), None)
        if self.keeper.waiting:
            self.save_again()
        if self._quiet:
            self.live.ended()

    def _say_end(self, event: Event, job: Job) -> None:
        if isinstance(event, Finished):
            self._told_end = True
            self.idle.emit(progress.at_end(job, event))
        elif isinstance(event, Failed):
            self.idle.emit("")
        elif not job.live:
            self._told_end = True
            self.idle.emit(tr("Cancelled"))


def _loading(event: Loading) -> str:
    return tr("Loading {what}…", what=sentence(event.what).rstrip("."))
