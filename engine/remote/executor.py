"""The executor of another machine: the same seam as this machine's own, through a connection that mends itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.errors import EngineError
from engine.executor import Listener
from engine.facts import STARTER, ModelFacts, ModelInfo, NoiseLevels
from engine.protocol import (
    FINAL_EVENTS,
    Cancelled,
    Description,
    Event,
    Failed,
    GenerateRequest,
    PictureQuestion,
    WordSearch,
    WordsFound,
    dumps,
    loads,
)
from engine.remote import messages
from engine.remote.address import Address
from engine.remote.far_library import FarLibrary, called
from engine.remote.far_work import FarWork, Task
from engine.remote.link import ConnectionLost, Link
from engine.remote.messages import Answer, News, Progress, Status, Told
from engine.remote.running import TRIES, Running

if TYPE_CHECKING:
    from engine.catalogue import Catalogue

_log = logging.getLogger(__name__)

PATIENCE = 120.0
"""Seconds without a connection after which what was asked for fails."""

Phase = Literal["connecting", "connected", "lost", "refused"]


@dataclass(frozen=True)
class Machine:
    """Another machine as it is seen from here.

    Attributes:
        status: what it last said of itself; None before that. error: why there is no connection.
        library: grows whenever its models are known anew.
    """

    phase: Phase = "connecting"
    status: Status | None = None
    error: EngineError | None = None
    library: int = 0


class RemoteExecutor:
    """Runs requests on a machine where `wordbrush serve` runs; see `Executor` for what each method does.

    A connection that breaks off is made again, and what runs comes with it. Where the server has ended meanwhile, the
    pictures that had not arrived are made again. After `PATIENCE` seconds without a connection requests fail.

    Args:
        token: what `wordbrush serve` showed there; "" for a machine that asks for none.
        certificate: of the server or its authority, for wss where the system does not trust it.
        previews: how previews are sent; pictures are always exact.
        watch: is told on a thread of the executor's own how the machine is, whenever that changes.

    Raises:
        RemoteUnavailable: the WebSocket library is not installed.
    """

    def __init__(
        self,
        address: Address,
        *,
        token: str = "",
        certificate: Path | None = None,
        previews: messages.Previews = "exact",
        watch: Callable[[Machine], None] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.address = address
        self._link = Link(address, self, token=token, certificate=certificate, previews=previews)
        self._watch, self._patience = watch, patience
        self._machine = Machine()
        self._listener: Listener | None = None
        self._closed = False
        self._running: dict[str, Running] = {}
        self._library = FarLibrary(self._link, unreachable=self._unreachable, known=self._known)
        self._work = FarWork(self._link, self._unreachable)
        self._warm: tuple[str, str] | None = None
        self._since = time.monotonic()
        self._alarm: Any = None

    @property
    def machine(self) -> Machine:
        """How the other machine is now."""
        return self._machine

    def start(self, listener: Listener) -> None:
        """Connect; `listener` is called on the connection's thread."""
        self._listener = listener
        self._link.start()
        self._link.later(self._count_down)

    def submit(self, request: GenerateRequest) -> None:
        """See `Executor.submit`."""
        if self._closed:
            raise RuntimeError("the executor is closed")
        self._link.later(self._submit, request)

    def cancel(self, request_id: str | None = None) -> None:
        """See `Executor.cancel`; other clients' requests go on."""
        self._link.later(self._cancel, request_id)

    def warm_up(self, model: str = STARTER, device: str = "auto") -> None:
        """See `Executor.warm_up`."""
        self._link.later(self._warm_up, called(model), device)

    def models(self) -> Sequence[ModelInfo]:
        """Return the other machine's models; without a connection those that it had last."""
        return self._library.models()

    @property
    def known_models(self) -> Sequence[ModelInfo]:
        """The other machine's models as they were listed last; this never waits."""
        return self._library.listed

    def facts(self, model: str) -> ModelFacts:
        """See `Executor.facts`; what was read a moment ago is not asked for again. Raises ConnectionLost too."""
        return self._library.facts(called(model))

    def check(self, model: str | Path) -> None:
        """See `Executor.check`; of a path only the name counts, as all places are of this machine."""
        self._library.check(called(str(model)))

    def sigmas(self, model: str, sampler: str, steps: int) -> NoiseLevels | None:
        """See `Executor.sigmas`; waits for an answer, but no longer than nobody would notice."""
        return self._library.sigmas(called(model), sampler, steps)

    def catalogue(self) -> Catalogue | None:
        """None: the models of another machine are changed there."""
        return None

    def measure(
        self,
        model: str,
        device: str,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[Mapping[str, Any] | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """See `Executor.measure`."""
        task = Task(progress, done, cancel)
        self._link.later(self._work.begin, task, lambda number: messages.Work(number, called(model), device))

    def seek(
        self,
        search: WordSearch,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[WordsFound | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """See `Executor.seek`."""
        task = Task(progress, done, cancel)
        self._link.later(self._work.begin, task, lambda number: messages.Work(number, search=dumps(search)))

    def describe(
        self,
        question: PictureQuestion,
        *,
        progress: Callable[[str, float], None],
        done: Callable[[Description | EngineError], None],
        cancel: threading.Event,
    ) -> None:
        """See `Executor.describe`."""
        task = Task(progress, done, cancel)
        self._link.later(self._work.begin, task, lambda number: messages.Work(number, search=dumps(question)))

    def close(self, timeout: float | None = 10.0) -> bool:
        """See `Executor.close`; the other machine goes on, without this one's requests."""
        self._closed = True
        self._link.later(self._end)
        return self._link.close(timeout)

    def _unreachable(self) -> EngineError:
        return self._machine.error or ConnectionLost(
            f"There is no connection to {self.address} yet.", hint="Wait a moment, or choose another machine."
        )

    # on the link's thread ----------------------------------------------------------------------------------------
    def connected(self, *, resumed: bool) -> None:
        """See `Ends`."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._note(replace(self._machine, phase="connected", error=None))
        if not resumed:
            self._library.failed(self._unreachable())
            self._work.fail(ConnectionLost("The other machine has started again meanwhile.", hint="Try again."))
            if self._warm is not None:
                self._warm_up(*self._warm)
        for running in list(self._running.values()):
            if not resumed or not running.submitted:
                self._submit_rest(running)
        self._library.read_all()

    def lost(self, error: EngineError) -> None:
        """See `Ends`."""
        if self._machine.phase == "connected":
            self._since = time.monotonic()
        self._library.failed(error)
        for running in list(self._running.values()):
            if running.cancelled:
                self._tell(Cancelled(request_id=running.request.id))
        self._note(replace(self._machine, phase="lost", error=error))
        self._count_down()

    def refused(self, error: EngineError) -> None:
        """See `Ends`."""
        self._note(replace(self._machine, phase="refused", error=error))
        self._fail_all(error)

    def hear(self, news: News | Status) -> None:
        """See `Ends`."""
        match news:
            case Status():
                self._note(replace(self._machine, status=news))
            case Told():
                event = loads(news.event)
                if isinstance(event, Event):
                    self._tell(event)
            case Progress():
                self._work.progress(news)
            case Answer() if not self._library.answered(news):
                self._work.answered(news)

    def _tell(self, event: Event) -> None:
        """Pass an event on; none after a request's final one."""
        if event.request_id:
            running = self._running.get(event.request_id)
            if running is None:
                return
            event = running.take(event)
            if isinstance(event, FINAL_EVENTS):
                del self._running[event.request_id]
        assert self._listener is not None
        try:
            self._listener(event)
        except Exception:
            _log.exception("the listener failed on %s", type(event).__name__)

    def _submit(self, request: GenerateRequest) -> None:
        running = self._running[request.id] = Running(request)
        if self._machine.phase == "refused" or (
            not self._link.is_open and time.monotonic() - self._since > self._patience
        ):
            self._tell(Failed(request_id=request.id, error=self._unreachable()))
            return
        if request.live and not self._link.is_open:
            for other in [each for each in self._running.values() if each.request.live and each is not running]:
                self._cancel(other.request.id)
        if self._link.is_open:
            self._submit_rest(running)

    def _submit_rest(self, running: Running) -> None:
        """Submit what has not come of a request."""
        if running.cancelled:
            self._tell(Cancelled(request_id=running.request.id))
            return
        if running.tries >= TRIES:
            self._tell(Failed(request_id=running.request.id, error=ConnectionLost(
                "The other machine has ended several times over this.",
                hint="It may have too little memory for it: choose a smaller size, or look at its messages.",
            )))  # fmt: skip
            return
        rest = running.rest()
        if rest is None:
            self._tell(running.finished())
            return
        running.submitted = True
        try:
            data = dumps(rest)
            self._link.order(lambda number: messages.Submit(number, rest.id, data))
        except EngineError as error:
            self._tell(Failed(request_id=rest.id, error=error))

    def _cancel(self, request_id: str | None) -> None:
        for running in [each for each in self._running.values() if request_id in (None, each.request.id)]:
            running.cancelled = True
            if not self._link.is_open:
                self._tell(Cancelled(request_id=running.request.id))
        if request_id is None:
            self._work.stop()
        self._link.order(lambda number: messages.Cancel(number, request_id))

    def _warm_up(self, model: str, device: str) -> None:
        self._warm = (model, device)
        if self._link.is_open:
            self._link.order(lambda number: messages.WarmUp(number, model, device))

    # the machine -----------------------------------------------------------------------------------------------------
    def _note(self, machine: Machine) -> None:
        if machine != self._machine:
            self._machine = machine
            if self._watch is not None and not self._closed:
                self._watch(machine)

    def _known(self) -> None:
        self._note(replace(self._machine, library=self._machine.library + 1))

    def _count_down(self) -> None:
        """From now on there is no connection: in a while, what was asked for fails."""
        if self._alarm is None and not self._link.is_open:
            self._alarm = self._link.call_later(self._patience, self._give_up)

    def _give_up(self) -> None:
        self._alarm = None
        if not self._link.is_open:
            self._fail_all(self._unreachable())

    def _fail_all(self, error: EngineError) -> None:
        for running in list(self._running.values()):
            self._tell(Failed(request_id=running.request.id, error=error))
        self._work.fail(error)

    def _end(self) -> None:
        for running in list(self._running.values()):
            self._tell(Cancelled(request_id=running.request.id))
        self._work.fail(ConnectionLost("The connection was closed.", hint="Choose the machine again."))
