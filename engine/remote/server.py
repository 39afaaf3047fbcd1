"""The server: lets other machines use this one's executor, each client in a session that outlasts its connections."""

from __future__ import annotations

import asyncio
import logging
import platform
import ssl
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec

from engine.errors import BadMessage, BadRequest, EngineError
from engine.executor import Executor
from engine.protocol import FINAL_EVENTS, Cancelled, Event, GenerateRequest, Loading
from engine.remote import messages
from engine.remote.address import is_loopback
from engine.remote.door import Door
from engine.remote.encoding import Packer
from engine.remote.limits import Limits, Rate
from engine.remote.messages import (
    Heard,
    Hello,
    Order,
    Refused,
    Seen,
    Status,
    Welcome,
    from_client,
    not_understood,
    pack,
    pack_error,
)
from engine.remote.names import Names
from engine.remote.needs import websockets
from engine.remote.session import Session
from engine.remote.turns import Turns

_log = logging.getLogger(__name__)

KEEPALIVE = 10.0
"""Seconds between two signs of life, and until one that does not come means that the other end is gone."""
STATUS = 0.25
"""Seconds between two looks at whether the queue has changed."""


class Server:
    """Serves an executor on a WebSocket, on a thread of its own.

    Args:
        executor: not started yet; the server closes it.
        names: what clients may name. token: what they have to give; None asks for none.
        tls: for wss; None is plain.
        device: says what this machine computes on and with how many bytes, once that is known.

    Raises:
        RemoteUnavailable: the WebSocket library is not installed. BadRequest: another host than this machine is to be
            served without a token.
    """

    def __init__(
        self,
        executor: Executor,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str | None = None,
        tls: ssl.SSLContext | None = None,
        limits: Limits | None = None,
        names: Names | None = None,
        device: Callable[[], tuple[str, int]] = lambda: ("", 0),
    ) -> None:
        if token is None and not is_loopback(host):
            raise BadRequest("Other machines need a token.", hint="Give one, or serve this machine alone: 127.0.0.1.")
        self._library = websockets("server")
        self._closed_error = websockets("exceptions").ConnectionClosed
        self.limits = limits or Limits()
        self._executor, self._host, self._port, self._tls = executor, host, port, tls
        self._names, self._device = names or Names(), device
        self._door = Door(self.limits, token)
        self.turns = Turns(executor.submit, self._replaced)
        self._sessions: dict[str, Session] = {}
        self._warming: Session | None = None
        self._running = ""
        self._status = Status(platform.node() or "?")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)

    def start(self) -> int:
        """Serve from now on; returns the port. Raises OSError where the address cannot be used."""
        self.packer = Packer()
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self.packer.close()
            raise self._failure
        return self._port

    def close(self, timeout: float | None = 10.0) -> bool:
        """Stop serving, and close the executor; False where something did not end within `timeout` seconds."""
        if self._loop is not None and self._stop is not None and self._thread.is_alive():
            self.later(self._stop.set)
            self._thread.join(timeout)
        ended = self._executor.close(timeout)
        return self.packer.close(timeout) and ended and not self._thread.is_alive()

    # for sessions ------------------------------------------------------------------------------------------------
    def later(self, call: Callable[..., object], *arguments: Any) -> None:
        """Call something on the loop, from any thread; nothing after the end."""
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(call, *arguments)
        except RuntimeError:
            _log.debug("news after the end")

    def submit(self, session: Session, request: GenerateRequest) -> None:
        """Give the executor a request of a session. Raises RuntimeError where it closes."""
        if request.live:
            self.turns.add(session.key, request)
        else:
            self._executor.submit(request)

    def warms(self, session: Session) -> None:
        """What is said of loading in advance goes to that session from now on."""
        self._warming = session

    def count(self) -> None:
        """The number of requests has changed."""
        total = sum(session.requests for session in self._sessions.values())
        running = bool(self._running)
        self._status = msgspec.structs.replace(self._status, running=running, waiting=max(0, total - running))

    def drop(self, session: Session, why: str) -> None:
        """End a session, whether its client is there or not."""
        if self._sessions.pop(session.key, None) is None:
            return
        _log.info("A session ends: %s.", why)
        session.end()
        if self._warming is session:
            self._warming = None
        if session.leaving is not None:
            session.leaving.cancel()
        if session.attached is not None:
            task = asyncio.ensure_future(session.attached.close(1008, why))
            task.add_done_callback(lambda _task: None)
        self.count()

    # the executor's events -----------------------------------------------------------------------------------------
    def _hear(self, event: Event) -> None:
        """On the executor's thread."""
        self.later(self._sort, event)

    def _sort(self, event: Event) -> None:
        key, _, name = event.request_id.partition("/")
        session = self._sessions.get(key) if key else self._warming
        if event.request_id:
            final = isinstance(event, FINAL_EVENTS)
            self._running = "" if final and self._running == event.request_id else self._running
            if not final and not isinstance(event, Loading):
                self._running = event.request_id
            if final:
                self.turns.ended(event.request_id)
            self.count()
        if session is not None:
            session.tell(replace(event, request_id=name))

    def _replaced(self, request_id: str) -> None:
        self._sort(Cancelled(request_id=request_id))

    # connections -------------------------------------------------------------------------------------------------
    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
            if self._ready.is_set():
                _log.exception("the server ended")
        self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with self._library.serve(
            self._talk, self._host, self._port, ssl=self._tls, process_request=self._door.look, compression=None,
            subprotocols=[messages.PROTOCOL], open_timeout=self.limits.handshake, ping_interval=KEEPALIVE,
            ping_timeout=KEEPALIVE, close_timeout=2.0, max_size=self.limits.message_bytes, max_queue=4,
            server_header=None, create_connection=self._door.connection_class(), logger=_quiet(),
        ) as server:  # fmt: skip
            self._port = server.sockets[0].getsockname()[1]
            self._executor.start(self._hear)
            self._ready.set()
            await self._stop.wait()
            for session in list(self._sessions.values()):
                self.drop(session, "the server ends")

    async def _talk(self, socket: Any) -> None:
        """One connection, from its first word to its last."""
        session: Session | None = None
        helpers: list[asyncio.Task[None]] = []
        try:
            session = await self._welcome(socket)
            if session is None:
                return
            helpers = [asyncio.ensure_future(each) for each in (self._send(socket, session), self._tell_status(socket))]
            await self._listen(socket, session)
        except BadMessage as error:
            _log.info("A connection ends: %s", error.details or error)
            await self._refuse(socket, error, 1007)
        except (self._closed_error, TimeoutError, OSError):
            pass  # it is gone, which may happen at any time
        finally:
            for task in helpers:
                task.cancel()
            if session is not None and session.attached is socket:
                self._gone(session)

    async def _welcome(self, socket: Any) -> Session | None:
        """Read the first word; returns the session, None where it is not to be."""
        hello = from_client(await asyncio.wait_for(socket.recv(), self.limits.handshake))
        if not isinstance(hello, Hello):
            raise not_understood()
        if hello.version != messages.VERSION:
            raise not_understood("version")
        session = self._sessions.get(hello.session) if hello.session else None
        resumed = session is not None
        if session is None:
            if len(self._sessions) >= self.limits.sessions and not self._make_room():
                await self._refuse(socket, BadRequest("The other machine serves as many people as it can.",
                                                      hint="Wait until one of them has left."), 1013)  # fmt: skip
                return None
            session = Session(self, self._executor, self._names)
            self._sessions[session.key] = session
        before, session.attached, session.previews = session.attached, socket, hello.previews
        if before is not None:  # half dead, else its client would not come again
            before.transport.abort()
        if session.leaving is not None:
            session.leaving.cancel()
            session.leaving = None
        session.outbox.again(hello.seen)
        await socket.send(pack(Welcome(session.key, resumed, session.heard)))
        session.news.set()
        return session

    def _make_room(self) -> bool:
        """Give up a session whose client is gone and has nothing left to be made."""
        idle = [each for each in self._sessions.values() if each.attached is None and not each.requests]
        for each in idle[:1]:
            self.drop(each, "others want to come in")
        return bool(idle)

    async def _listen(self, socket: Any, session: Session) -> None:
        rate = Rate(self.limits)
        async for data in socket:
            said = from_client(data)
            if session.attached is not socket:
                return
            if isinstance(said, Order):
                await session.carry_out(said)
                await socket.send(pack(Heard(session.heard)))
            elif isinstance(said, Seen):
                session.outbox.seen(said.news)
            elif isinstance(said, messages.Bye):
                self.drop(session, "its client has left")
                return
            else:
                raise not_understood()
            if (wait := rate.wait()) > 0:
                await asyncio.sleep(wait)

    async def _send(self, socket: Any, session: Session) -> None:
        try:
            while session.attached is socket:
                await session.news.wait()
                session.news.clear()
                while session.attached is socket and (data := session.outbox.next()) is not None:
                    await socket.send(data)
        except self._closed_error:
            return

    async def _tell_status(self, socket: Any) -> None:
        told: Status | None = None
        try:
            while True:
                if not self._status.device:
                    device, memory = self._device()
                    self._status = msgspec.structs.replace(self._status, device=device, memory=memory)
                if self._status != told:
                    told = self._status
                    await socket.send(pack(told))
                await asyncio.sleep(STATUS)
        except self._closed_error:
            return

    def _gone(self, session: Session) -> None:
        """The connection is lost: the client has a while to come back."""
        session.attached = None
        if session.key in self._sessions:
            assert self._loop is not None
            session.leaving = self._loop.call_later(
                self.limits.grace, self.drop, session, "its client has not come back"
            )

    async def _refuse(self, socket: Any, error: EngineError, code: int) -> None:
        try:
            await socket.send(pack(Refused(pack_error(error))))
            await socket.close(code)
        except (self._closed_error, OSError):
            return


def _quiet() -> logging.Logger:
    """The library's log: it tells whole headers, the token among them, which belong into no file."""
    logger = logging.getLogger("engine.remote.sockets")
    logger.setLevel(logging.CRITICAL)
    return logger
