"""One client's session on the server: its requests and news, which outlast a connection that breaks off."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.errors import BadMessage, BadRequest, EngineError, InternalError
from engine.executor import Executor
from engine.protocol import (
    FINAL_EVENTS,
    Cancelled,
    Description,
    Event,
    Failed,
    GenerateRequest,
    PictureQuestion,
    Preview,
    WordSearch,
    WordsFound,
    dumps,
    loads,
)
from engine.remote import messages
from engine.remote.listing import write_line
from engine.remote.messages import Answer, Progress, Told, not_understood, pack_error
from engine.remote.names import Names
from engine.remote.outbox import Outbox

if TYPE_CHECKING:
    from engine.remote.server import Server

_log = logging.getLogger(__name__)


class Session:
    """What a client is to the server. All methods run on the server's loop, except where they say so.

    Attributes:
        key: what a client comes back with; nobody else knows it. heard: its last order that was carried out.
        previews: how it wants previews packed. news: set when there is something to send.
        attached: which of its connections counts, as the last one; None while it is gone.
    """

    def __init__(self, server: Server, executor: Executor, names: Names) -> None:
        self.key = secrets.token_urlsafe(24)
        self.heard = 0
        self.previews: messages.Previews = "exact"
        self.news = asyncio.Event()
        self.attached: Any = None
        self.leaving: asyncio.TimerHandle | None = None
        self.outbox = Outbox(server.limits.kept_bytes)
        self._server, self._executor, self._names = server, executor, names
        self._requests: set[str] = set()
        self._work: dict[int, threading.Event] = {}
        self._asks = asyncio.Semaphore(server.limits.asks)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def requests(self) -> int:
        """How many of its requests have not ended."""
        return len(self._requests)

    def inner(self, request_id: str) -> str:
        """Return what the executor calls a request: other clients may use the same ids."""
        return f"{self.key}/{request_id}"

    async def carry_out(self, order: messages.Order) -> None:
        """Do what a client asks for; an order that was had already is passed over. Raises BadMessage."""
        if order.number <= self.heard:
            return
        self.heard = order.number
        match order:
            case messages.Submit():
                await self._submit(order)
            case messages.Cancel():
                self.cancel(order.id)
            case messages.WarmUp():
                try:
                    self._names.model(order.model)
                except EngineError as error:
                    self.tell(Failed(request_id="", error=error))
                else:
                    self._server.warms(self)
                    self._executor.warm_up(order.model, order.device)
            case messages.Ask():
                self._begin(self._ask(order))
            case messages.Work():
                await self._start_work(order)
            case messages.Stop():
                if order.work in self._work:
                    self._work[order.work].set()

    def cancel(self, request_id: str | None) -> None:
        """Stop one of its requests, or all; others' are never touched."""
        for each in [request_id] if request_id is not None else list(self._requests):
            if each in self._requests:
                self._server.turns.take_back(self.key, self.inner(each))
                self._executor.cancel(self.inner(each))

    def end(self) -> None:
        """The client is gone for good: free what it holds."""
        self.cancel(None)
        for cancel in self._work.values():
            cancel.set()
        for task in self._tasks:
            task.cancel()

    # news --------------------------------------------------------------------------------------------------------
    def tell(self, event: Event) -> None:
        """Pack an event, whose id is the client's, and let it follow those before."""
        if isinstance(event, Failed):
            event = Failed(request_id=event.request_id, error=self._names.explained(event.error))
        self._server.packer.put(event, self.previews, self._packed)

    def _packed(self, event: Event, data: bytes) -> None:
        """On the packing thread."""
        self._server.later(self._put_event, event, data)

    def _put_event(self, event: Event, data: bytes) -> None:
        slot = f"preview {event.request_id}" if isinstance(event, Preview) else ""
        if event.request_id and event.request_id not in self._requests:
            return  # it has ended
        if isinstance(event, FINAL_EVENTS) and event.request_id:
            self._requests.discard(event.request_id)
            self._server.count()
        self._put(lambda number: Told(number, data), slot)

    def _put(self, news: Any, slot: str = "") -> None:
        self.outbox.put(news, slot)
        if self.outbox.is_full:
            self._server.drop(self, "it does not take its news")
            return
        self.news.set()

    # orders ------------------------------------------------------------------------------------------------------
    async def _submit(self, order: messages.Submit) -> None:
        if not order.id or order.id in self._requests:
            raise not_understood("a request without an id of its own")
        self._requests.add(order.id)
        self._server.count()
        try:
            if len(self._requests) > self._server.limits.requests:
                raise BadRequest(
                    f"More than {self._server.limits.requests} requests wait on the other machine.",
                    hint="Wait until some of them are done.",
                )
            request = await asyncio.to_thread(loads, order.request)
            if not isinstance(request, GenerateRequest):
                raise not_understood()
            named = await asyncio.to_thread(self._names.request, request)
            self._server.submit(self, named.replace(id=self.inner(order.id)))
        except EngineError as error:
            self.tell(Failed(request_id=order.id, error=error))
        except RuntimeError:  # it closes
            self.tell(Cancelled(request_id=order.id))

    async def _start_work(self, order: messages.Work) -> None:
        cancel, number = threading.Event(), order.number

        def progress(what: str, fraction: float) -> None:
            self._server.later(self._put, lambda news: Progress(news, number, what, fraction), f"progress {number}")

        def done(found: Mapping[str, Any] | WordsFound | Description | EngineError) -> None:
            packed = dumps(found) if isinstance(found, WordsFound | Description) else b""
            self._server.later(self._work_done, number, found, packed)

        try:
            if len(self._work) >= self._server.limits.asks:
                raise BadRequest(
                    "Too much is asked of the other machine at once.", hint="Wait until some of it is done."
                )
            if order.search:
                search = await asyncio.to_thread(loads, order.search)
                if not isinstance(search, WordSearch | PictureQuestion):
                    raise not_understood()
                self._names.model(search.model)
                self._work[number] = cancel
                if isinstance(search, WordSearch):
                    self._executor.seek(search, progress=progress, done=done, cancel=cancel)
                else:
                    self._executor.describe(search, progress=progress, done=done, cancel=cancel)
            else:
                self._names.model(order.model)
                self._work[number] = cancel
                self._executor.measure(order.model, order.device, progress=progress, done=done, cancel=cancel)
        except BadMessage:
            raise
        except EngineError as error:
            self._work_done(number, error, b"")

    def _work_done(
        self, order: int, found: Mapping[str, Any] | WordsFound | Description | EngineError, packed: bytes
    ) -> None:
        self._work.pop(order, None)
        if isinstance(found, EngineError):
            self._answer(order, error=found)
        else:
            data = None if isinstance(found, WordsFound | Description) else dict(found)
            self._answer(order, packed=packed, data=data)

    # questions ---------------------------------------------------------------------------------------------------
    def _begin(self, asking: Any) -> None:
        task = asyncio.get_running_loop().create_task(asking)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, order: messages.Ask) -> None:
        try:
            if len(self._tasks) > self._server.limits.burst:
                raise BadRequest(
                    "Too much is asked of the other machine at once.", hint="Wait until some of it is done."
                )
            async with self._asks:
                data, packed = await asyncio.to_thread(self._look_up, order)
        except EngineError as error:
            self._answer(order.number, error=error)
        except Exception as error:
            _log.exception("a question failed")
            wrong = InternalError("Something went wrong on the other machine.", hint="Try again.", details=repr(error))
            self._answer(order.number, error=wrong)
        else:
            self._answer(order.number, data=data, packed=packed)

    def _look_up(self, order: messages.Ask) -> tuple[Any, bytes]:
        """On a thread: disks take their time."""
        executor, names = self._executor, self._names
        if order.what == "models":
            return [write_line(each, names) for each in executor.models() if names.serves(each.name)], b""
        if order.what in ("loras", "controls"):
            catalogue = executor.catalogue()
            if catalogue is None:
                return [], b""
            if order.what == "controls":
                return list(catalogue.controls()), b""
            return [each.name for each in catalogue.loras(names.model(order.model)) if not each.problem], b""
        model = names.model(order.model)
        if order.what == "facts":
            return None, dumps(executor.facts(model))
        if order.what == "check":
            executor.check(model)
            return None, b""
        levels = executor.sigmas(model, order.sampler, max(1, min(order.steps, 1000)))
        return (None if levels is None else [levels.top, list(levels.sigmas)]), b""

    def _answer(self, order: int, *, data: Any = None, packed: bytes = b"", error: EngineError | None = None) -> None:
        wrong = b"" if error is None else pack_error(self._names.explained(error))
        self._put(lambda number: Answer(number, order, data, packed, wrong))
