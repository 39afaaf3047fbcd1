"""The executor of this machine: takes requests from any thread and runs them on one thread of its own."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engine import preload
from engine.catalogue import Catalogue
from engine.errors import EngineError, InternalError
from engine.executor import Listener
from engine.experts.compiled import Ahead
from engine.facts import STARTER, ModelFacts, ModelInfo, NoiseLevels
from engine.models.library import Library
from engine.pipeline import generate, warm_up
from engine.protocol import (
    Cancelled,
    Description,
    Event,
    GenerateRequest,
    Loading,
    PictureQuestion,
    WordSearch,
    WordsFound,
)

if TYPE_CHECKING:
    from engine.models.compiling.background import Background
    from engine.models.families.base import Family

_log = logging.getLogger(__name__)

T = TypeVar("T")

_LEAVING = 2.0
"""Seconds that a compiler has to end when the executor closes: what it does outside of Python cannot be stopped."""


@dataclass(frozen=True, eq=False)
class _Job:
    """A request, or (if that is None) a model to load in advance, with the event that stops it."""

    request: GenerateRequest | None = None
    model: str = ""
    device: str = ""
    work: Callable[[], None] | None = None
    cancel: threading.Event = field(default_factory=threading.Event)

    @property
    def live(self) -> bool:
        return self.request is not None and self.request.live

    def has_id(self, request_id: str | None) -> bool:
        return request_id is None or (self.request is not None and request_id == self.request.id)

    def loads_another(self, request: GenerateRequest) -> bool:
        """Whether it loads a model in advance that the request does not need."""
        warms = self.request is None and self.work is None
        return warms and (self.model, self.device) != (request.model, request.device)

    def events(self, library: Library, ahead: Ahead) -> Iterator[Event]:
        if self.work is not None:
            self.work()
            return iter(())
        if self.request is None:
            return warm_up(self.model, self.device, library=library, cancel=self.cancel)
        return generate(self.request, library=library, cancel=self.cancel, ahead=ahead)


class LocalExecutor:
    """Runs requests one at a time on a thread of its own; models stay loaded between them.

    Explicit requests queue in order. A live request replaces any live request that is waiting or running, and waits
    until no explicit one is left. Every request gets exactly one final event, whatever happens.

    Args:
        library: the models that requests can use.

    Example:
        >>> executor = LocalExecutor()
        >>> executor.start(print)
        >>> executor.submit(GenerateRequest.of(id="1", prompt="a house by a lake"))
        >>> executor.close()
    """

    def __init__(self, *, library: Library | None = None) -> None:
        self._listener: Listener | None = None
        self._library = library or Library()
        self._wake = threading.Condition()
        self._queue: deque[_Job] = deque()
        self._live: _Job | None = None
        self._warm: _Job | None = None
        self._running: _Job | None = None
        self._dropped: list[str] = []
        self._news: list[Loading] = []
        self._closing = False
        self._compiling: Background | None = None
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)

    def start(self, listener: Listener) -> None:
        """Start the thread; requests submitted before run now. Exceptions from `listener` are logged."""
        self._listener = listener
        self._thread.start()

    def submit(self, request: GenerateRequest) -> None:
        """Queue a request; its events carry its id.

        Raises:
            RuntimeError: the executor was closed.
        """
        job = _Job(request)
        with self._wake:
            if self._closing:
                raise RuntimeError("the executor is closed")
            # Loading in advance is for idle time: a picture must not wait for another model.
            self._drop(lambda other: other.loads_another(request))
            if request.live:
                self._drop(lambda other: other.live)
                self._live = job
            else:
                self._queue.append(job)
            self._wake.notify()

    def warm_up(self, model: str = STARTER, device: str = "auto") -> None:
        """Load a model when there is nothing else to do; its `Loading` events, or a `Failed`, have the id ""."""
        with self._wake:
            self._warm = _Job(model=model, device=device)
            self._wake.notify()

    def catalogue(self) -> Catalogue:
        """The models on this machine, to be listed and changed."""
        return Catalogue(self._library)

    def measure(
        self,
        model: str,
        device: str,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[Mapping[str, Any] | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """Checks and calibrates a model on the engine's thread, see `Executor`; `cancel()` of all stops it too."""

        def run() -> Mapping[str, Any]:
            from engine.checkup import check

            return check.run(model, device=device, library=self._library, progress=progress, cancel=cancel)

        self._between(run, model, device, done, cancel)

    def seek(
        self,
        search: WordSearch,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[WordsFound | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """Finds words in a picture on the engine's thread, see `Executor`; `cancel()` of all stops it too."""

        def run() -> WordsFound:
            from engine.masking.finding import find

            return find(search, library=self._library, progress=progress, cancel=cancel)

        self._between(run, search.model, search.device, done, cancel)

    def describe(
        self,
        question: PictureQuestion,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[Description | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """Says what a picture shows on the engine's thread, see `Executor`; `cancel()` of all stops it too."""

        def run() -> Description:
            from engine.describing.describing import describe, missing
            from engine.masking.finding import find

            how: dict[str, Any] = {"library": self._library, "progress": progress, "cancel": cancel}
            if question.phrases is None:
                return describe(question, find=find, **how)
            return Description("", (), missing(question, **how))

        self._between(run, question.model, question.device, done, cancel)

    def _between(
        self,
        run: Callable[[], T],
        model: str,
        device: str,
        done: Callable[[T | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """Queue work that is no request: `done` gets what it returns, or its error."""

        def work() -> None:
            preload.load_libraries()
            from engine.weights.loading import is_out_of_memory, out_of_memory

            found: T | EngineError
            try:
                found = run()
            except EngineError as error:
                found = error
            except Exception as error:
                _log.exception("work beside the requests failed")
                found = InternalError("Something went wrong in the check.", hint="Try again.", details=repr(error))
                if is_out_of_memory(error):
                    found = out_of_memory(error, size=self._library.inspect(model).defaults.size, batch=1)
                    self._library.release()
            done(found)

        with self._wake:
            if not self._closing:
                self._queue.append(_Job(model=model, device=device, work=work, cancel=cancel))
                self._wake.notify()

    def cancel(self, request_id: str | None = None) -> None:
        """Stop the request with that id, or all requests and any loading or compiling in advance; each request ends in
        `Cancelled` unless it has finished already."""
        with self._wake:
            self._drop(lambda job: job.has_id(request_id))
            self._wake.notify()
        if request_id is None and self._compiling is not None:
            self._compiling.leave()

    def models(self) -> Sequence[ModelInfo]:
        """Return the installed models, the starter first; those that cannot be used say why."""
        return self._library.list()

    def facts(self, model: str) -> ModelFacts:
        """Return what the files of a model say, its taught words, and whether an installed IP-Adapter lets it take
        styles; see `engine.models.families.inspect` for the errors."""
        from engine.models.taught import with_taught

        found = self._library.inspect(model)
        if found.takes_styles:
            return with_taught(found.travelling(), found, self._library)
        from engine.models.ip_adapters.finding import with_adapters

        return with_taught(with_adapters(found, self._library), found, self._library)

    def check(self, model: str | Path) -> None:
        """Raise the error that keeps a model from being used, if any; see `Library.check`."""
        error = self._library.check(model).error
        if error is not None:
            raise error

    def sigmas(self, model: str, sampler: str, steps: int) -> NoiseLevels | None:
        """Return the noise levels that a run visits; None if its schedule cannot be read or torch is not loaded yet."""
        if not preload.are_loaded():
            return None
        from engine.models.families.components import load_noise

        try:
            noise = load_noise(self._library.inspect(model))
        except EngineError:  # loading the model will report it
            return None
        return NoiseLevels(float(noise.table[-1]), noise.walk(sampler, steps).sigmas[:-1])

    def close(self, timeout: float | None = 10.0) -> bool:
        """Stop everything and wait for the threads; returns False if one did not end within `timeout` seconds."""
        with self._wake:
            self._closing = True
            self._warm = None
            self._drop(lambda job: True)
            self._wake.notify()
        left = self._compiling is None or self._compiling.close(_LEAVING)
        if self._thread.ident is None or self._thread is threading.current_thread():
            return left
        self._thread.join(timeout)
        return left and not self._thread.is_alive()

    def _drop(self, chosen: Callable[[_Job], bool]) -> None:
        """Stop the running job if it is chosen and unqueue the chosen ones; the thread reports them as cancelled."""
        if self._running is not None and chosen(self._running):
            self._running.cancel.set()
        waiting = [*self._queue, *([self._live] if self._live else [])]
        self._dropped += [job.request.id for job in waiting if job.request is not None and chosen(job)]
        for job in self._queue:
            if job.work is not None and chosen(job):
                job.cancel.set()  # it says itself that it was stopped, when its turn comes
        self._queue = deque(job for job in self._queue if job.work is not None or not chosen(job))
        if self._live is not None and chosen(self._live):
            self._live = None
        if self._warm is not None and chosen(self._warm):
            self._warm = None

    def _has_something(self) -> bool:
        return bool(self._queue or self._live or self._warm or self._dropped or self._news or self._closing)

    def _next(self) -> _Job | None:
        """Wait for work; returns None if there is only something to report, or at the end."""
        with self._wake:
            self._wake.wait_for(self._has_something)
            if self._dropped or self._news or self._closing:
                return None
            if self._queue:
                job = self._queue.popleft()
            elif self._live is not None:
                job, self._live = self._live, None
            else:
                assert self._warm is not None
                job, self._warm = self._warm, None
            self._running = job
            return job

    def _work(self) -> None:
        while True:
            job = self._next()
            self._announce_dropped()
            if job is not None:
                for event in job.events(self._library, self._compile):
                    self._tell(event)
                    self._announce_dropped()
                with self._wake:
                    self._running = None
            with self._wake:
                if self._closing and not self._dropped:
                    return

    def _compile(self, families: Sequence[Family]) -> None:
        """Make the compiled denoisers that a run wanted, beside the pictures that come."""
        if self._compiling is None:
            from engine.models.compiling.background import Background

            self._compiling = Background(self._hear)
        if not self._closing:
            self._compiling.start(families)

    def _hear(self, what: str, fraction: float) -> None:
        """Let the engine's thread tell what another one does in advance."""
        with self._wake:
            self._news.append(Loading(request_id="", what=what, fraction=fraction))
            self._wake.notify()

    def _announce_dropped(self) -> None:
        with self._wake:
            dropped, self._dropped = self._dropped, []
            news, self._news = self._news, []
        for event in news:
            self._tell(event)
        for request_id in dropped:
            self._tell(Cancelled(request_id=request_id))

    def _tell(self, event: Event) -> None:
        assert self._listener is not None  # `start` sets it before the thread runs
        try:
            self._listener(event)
        except Exception:
            _log.exception("the listener failed on %s", type(event).__name__)
