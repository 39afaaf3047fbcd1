"""Jobs: requests on their way, each with a state and a sink that takes its news."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from PySide6.QtCore import QObject, Signal

from app.image_info.heatmaps import Heatmaps
from app.storage.queue_entry import Sheet
from app.storage.results import Result
from canvas.model.begun import Begun
from canvas.model.edits import WHOLE, Place
from canvas.model.scene import Scene
from engine.protocol import GenerateRequest, ImageReady, Preview, Started, Step


class JobState(Enum):
    """Where a job is; the last three are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def is_end(self) -> bool:
        """Whether nothing comes after it."""
        return self in (JobState.FINISHED, JobState.CANCELLED, JobState.FAILED)


class JobKind(Enum):
    """What was asked for; the queue's list tells them apart. What begins from a picture is called as `Begun` does."""

    GENERATE = "generate"
    IMAGE = "image"
    REPAINT = "repaint"
    VARY = "vary"
    VARY_BY_TOKENS = "tokens"
    FILL = "extend"
    REFINE = "refine"
    EDIT = "edit"
    INSTRUCT = "instruct"
    GRID = "grid"
    COMPARE = "compare"

    @classmethod
    def of(cls, begun: Begun | None) -> JobKind:
        """The kind of a request by what it begins from."""
        return next((kind for kind in cls if begun is not None and kind.value == begun.kind), cls.GENERATE)


class Sink:
    """Where the news of a job goes, on the window's thread; by default nowhere.

    `title` names the job in the progress where it is not the scene's own picture; `label` is what differs in it, for
    the list of the queue.
    """

    title = ""
    label = ""

    @property
    def part(self) -> tuple[int, int]:
        """How many of the pictures that it is one of have been made, and how many those are."""
        return 0, 1

    @property
    def cell(self) -> tuple[Sheet, int] | None:
        """The sheet that the picture comes on, as it is now, and its place there; None for no sheet."""
        return None

    def started(self, job: Job) -> None:
        """The job begins: nothing of an earlier one holds any more."""

    def step(self, job: Job, event: Step) -> None:
        """One step is done."""

    def preview(self, job: Job, event: Preview) -> None:
        """An estimate of the picture."""

    def image(self, job: Job, event: ImageReady) -> None:
        """A finished picture; where it is to be kept it is on disk already, see `Job.results`."""

    def ended(self, job: Job) -> None:
        """The job came to its end, which `job.state` says."""


@dataclass(eq=False)
class Job:
    """One request in the queue, and the scene behind it.

    Attributes:
        sink: takes its news; another one takes over where its scene was left.
        started: what really runs, after defaults were filled in.
        cancelling: whether its end was asked for; its news but the end are none any more.
        frame: the session's when it was added (`Session.frame`).
        began: the clock's time when it was added.
        stepping: the clock's time when its first step began; None before.
        step_ms: the time of each step so far. experts: who worked so far.
        results: its pictures that are on disk, by their number in the batch.
        submitted: whether the executor has it; one that waits can be moved, or taken away at once.
        kind: what was asked for.
        steps: how many steps it takes in all, those of the tiles of a second pass too; 0 where nobody can say.
        before: the heatmaps of the picture that is refined, where they are known.
        held: whether it waits for the painter to resume the queue: an earlier program left it behind.
        elsewhere: ends it, given its id, where a farm has it; None where the window's own executor does.
    """

    request: GenerateRequest
    scene: Scene
    sink: Sink
    state: JobState = JobState.QUEUED
    started: Started | None = None
    cancelling: bool = False
    frame: Place = WHOLE
    began: float = field(default_factory=time.monotonic)
    stepping: float | None = None
    step_ms: list[float] = field(default_factory=list)
    experts: set[str] = field(default_factory=set)
    begun: Begun | None = None
    results: dict[int, Result] = field(default_factory=dict)
    submitted: bool = False
    kind: JobKind = JobKind.GENERATE
    steps: int = 0
    before: Heatmaps | None = None
    held: bool = False
    elsewhere: Callable[[str], None] | None = None

    @property
    def id(self) -> str:
        """The request's id."""
        return self.request.id

    @property
    def live(self) -> bool:
        """Whether it makes one of the quick pictures of live mode, which nobody asked for one by one."""
        return self.request.live


class JobQueue(QObject):
    """The jobs that have not ended, in the order in which they run. `of` may be called on any thread."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._paused = False

    def __iter__(self) -> Iterator[Job]:
        with self._lock:
            return iter(tuple(self._jobs.values()))

    def __len__(self) -> int:
        return len(self._jobs)

    def of(self, request_id: str) -> Job | None:
        """The job of a request; None for one that has ended, or that never was."""
        with self._lock:
            return self._jobs.get(request_id)

    def add(self, job: Job) -> None:
        """One more job, behind all others but those that are held."""
        with self._lock:
            held = {} if job.held else {name: each for name, each in self._jobs.items() if each.held}
            self._jobs = {name: each for name, each in self._jobs.items() if name not in held}
            self._jobs |= {job.id: job, **held}
        self.changed.emit()

    def run(self, job: Job) -> None:
        """The job begins."""
        if job.state is JobState.QUEUED:
            job.state = JobState.RUNNING
            self.changed.emit()

    def end(self, job: Job, state: JobState) -> None:
        """The job came to its end."""
        job.state = state
        with self._lock:
            self._jobs.pop(job.id, None)
        self.changed.emit()

    @property
    def paused(self) -> bool:
        """Whether asked jobs that wait stay where they are until somebody resumes them; the one that runs goes on."""
        return self._paused or any(job.held for job in self.asked)

    @property
    def resting(self) -> int:
        """How many asked jobs wait while nothing runs and nothing will, until the queue is resumed."""
        asked = self.asked
        return 0 if any(job.submitted for job in asked) or self.next_to_submit() is not None else len(asked)

    def pause(self, paused: bool) -> None:
        """Let the jobs that wait stay where they are, or go on, those that are held too."""
        if paused == self._paused and (paused or not self.paused):
            return
        self._paused = paused
        for job in self.asked if not paused else ():
            job.held = False
        self.changed.emit()

    def move(self, job: Job, by: int) -> None:
        """Let a job that waits run earlier (`by` below 0) or later than its neighbours that wait."""
        waiting = [each for each in self if not each.submitted]
        if job not in waiting:
            return
        index = waiting.index(job)
        waiting.remove(job)
        waiting.insert(min(max(index + by, 0), len(waiting)), job)
        with self._lock:
            kept = {name: each for name, each in self._jobs.items() if each.submitted}
            self._jobs = kept | {each.id: each for each in waiting}
        self.changed.emit()

    def next_to_submit(self) -> Job | None:
        """The job that the executor is to have now: the first that waits, once it has none of the asked ones."""
        asked = self.asked
        if self._paused or any(job.submitted and job.elsewhere is None for job in asked):
            return None
        return next((job for job in asked if not job.cancelling and not job.held and not job.submitted), None)

    @property
    def asked(self) -> list[Job]:
        """The jobs that the painter asked for, live ones left out, the one that runs first."""
        return [job for job in self if not job.live]

    @property
    def current(self) -> Job | None:
        """The asked job that runs, or will next; one whose end was asked for counts until it has ended.

        None while the queue rests.
        """
        asked = self.asked
        ours = next((job for job in asked if job.state is JobState.RUNNING), None)
        return ours or next((job for job in asked if job.submitted), None) or self.next_to_submit()

    @property
    def waiting(self) -> int:
        """How many asked jobs wait behind the current one."""
        return len(self.asked) - (self.current is not None)
