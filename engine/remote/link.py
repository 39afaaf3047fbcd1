"""The client's end of the connection: on a thread of its own, made again when it breaks; nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from engine.errors import BadMessage, EngineError
from engine.protocol.wire import MAX_BYTES
from engine.remote import messages
from engine.remote.address import Address
from engine.remote.messages import (
    Heard,
    Hello,
    News,
    Order,
    Refused,
    Said,
    Seen,
    Status,
    Welcome,
    from_server,
    not_understood,
    pack,
)
from engine.remote.needs import websockets

_log = logging.getLogger(__name__)

KEEPALIVE = 10.0
FIRST_DELAY, LONGEST_DELAY = 0.1, 10.0
"""Seconds before the connection is tried again: the first time, and at most; each time about twice as long."""
HANDSHAKE = 8.0
ACKNOWLEDGE = 0.1
"""Seconds after which news that arrived are acknowledged, together."""


class ConnectionLost(EngineError):
    """The other machine cannot be reached, or not any more."""


class NotLetIn(EngineError):
    """The other machine has refused the connection, and would again."""


class Ends(Protocol):
    """What the link tells its owner; all on the link's thread."""

    def connected(self, *, resumed: bool) -> None:
        """The connection stands. Not resumed: the server knows nothing of what was asked before."""

    def lost(self, error: EngineError) -> None:
        """It does not, or not any more; it is tried again."""

    def refused(self, error: EngineError) -> None:
        """It is not tried again."""

    def hear(self, news: News | Status) -> None:
        """News arrived."""


def delays() -> Iterator[float]:
    """Yield the seconds to wait before each try: longer each time, and never the same for two clients."""
    delay = FIRST_DELAY
    while True:
        yield delay * random.uniform(0.8, 1.2)
        delay = min(delay * 2, LONGEST_DELAY)


class Link:
    """Keeps one session with one server. Orders are numbered and kept until the server has had them.

    Args:
        certificate: of an authority or of the server itself, that is trusted beside those of the system; for wss.
    """

    def __init__(
        self,
        address: Address,
        ends: Ends,
        *,
        token: str = "",
        certificate: Path | None = None,
        previews: messages.Previews = "exact",
    ) -> None:
        self._client = websockets("client")
        self._errors = websockets("exceptions")
        self._address, self._ends, self._previews = address, ends, previews
        self._token, self._certificate = token, certificate
        self._session, self._seen, self._number = "", 0, 0
        self._unheard: OrderedDict[int, bytes] = OrderedDict()
        self._to_send: deque[bytes] = deque()
        self._wake: asyncio.Event | None = None
        self._acknowledging = False
        self._open = False
        self._closing = False
        self._waits = delays()
        self._early: list[tuple[Callable[..., object], tuple[Any, ...]]] = []
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="remote", daemon=True)

    def start(self) -> None:
        """Connect, and stay connected."""
        self._thread.start()

    @property
    def is_own_thread(self) -> bool:
        """Whether this is called on the link's thread, which must not wait for it."""
        return threading.current_thread() is self._thread

    @property
    def is_open(self) -> bool:
        """Whether the connection stands."""
        return self._open

    def later(self, call: Callable[..., object], *arguments: Any) -> None:
        """Call something on the link's thread, in order, from any thread; what comes before `start` waits for it."""
        with self._lock:
            if self._loop is None:
                self._early.append((call, arguments))
                return
            try:
                self._loop.call_soon_threadsafe(call, *arguments)
            except RuntimeError:
                _log.debug("asked after the end")

    def close(self, timeout: float | None) -> bool:
        """Take leave and stop; False where that took longer than `timeout` seconds."""
        if self._thread.ident is None:
            return True
        self.later(self._leave)
        if self.is_own_thread:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    # on its own thread -------------------------------------------------------------------------------------------
    def order(self, make: Callable[[int], Order]) -> int:
        """Send an order, made from its number, now or once the connection stands; returns the number."""
        number = self._number + 1
        data = pack(make(number))
        self._number = number
        if self._session:
            self._unheard[number] = data  # before the first session there is nobody who could have missed it
        self._send_soon(data)
        return number

    def call_later(self, seconds: float, call: Callable[[], object]) -> asyncio.TimerHandle:
        """Call something after a while."""
        return asyncio.get_running_loop().call_later(seconds, call)

    def _send_soon(self, data: bytes) -> None:
        if self._open:
            self._to_send.append(data)
            assert self._wake is not None
            self._wake.set()

    def _leave(self) -> None:
        self._closing = True
        if self._open:
            self._to_send.append(pack(messages.Bye()))
            assert self._wake is not None
            self._wake.set()
            assert self._loop is not None
            self._loop.call_later(2.0, self._stop)
        else:
            self._stop()

    def _stop(self) -> None:
        if self._main is not None:
            self._main.cancel()

    def _run(self) -> None:
        try:
            asyncio.run(self._stay())
        except asyncio.CancelledError:
            pass
        except Exception as error:
            _log.exception("the link to a machine ended")
            self._ends.refused(ConnectionLost("The connection to the other machine failed.",
                                              hint="Choose the machine again.", details=repr(error)))  # fmt: skip

    async def _stay(self) -> None:
        self._main = asyncio.current_task()
        self._wake = asyncio.Event()
        loop = asyncio.get_running_loop()
        with self._lock:
            self._loop = loop
            early, self._early = self._early, []
            for call, arguments in early:
                loop.call_soon(call, *arguments)
        while not self._closing:
            error: EngineError
            try:
                await self._converse()
                error = self._gone()
            except NotLetIn as refusal:
                self._ends.refused(refusal)
                await asyncio.Event().wait()  # until it is closed
            except EngineError as problem:
                error = problem
            if self._closing:
                return
            self._ends.lost(error)
            await asyncio.sleep(next(self._waits))

    async def _converse(self) -> None:
        """Connect, and talk until that ends. Raises EngineError where it breaks off."""
        errors = self._errors
        try:
            async with self._connect() as socket:
                await self._greet(socket)
                sending = asyncio.ensure_future(self._send(socket))
                try:
                    async for data in socket:
                        self._hear(from_server(data))
                finally:
                    self._open = False
                    sending.cancel()
        except errors.InvalidStatus as error:
            raise _why(error.response.status_code) from error
        except ssl.SSLCertVerificationError as error:
            raise NotLetIn(
                "The other machine's certificate is not trusted.",
                hint="Choose its certificate file for this machine, or check the name in the address.",
                details=repr(error),
            ) from error
        except BadMessage as error:
            raise NotLetIn(error.message, hint=error.hint, details=error.details) from error
        except (errors.ConnectionClosed, errors.InvalidHandshake, errors.InvalidMessage, OSError, EOFError,
                TimeoutError) as error:  # fmt: skip
            raise self._gone(error) from error

    def _connect(self) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        tls = None
        if self._address.secure:
            try:
                tls = ssl.create_default_context(cafile=None if self._certificate is None else str(self._certificate))
            except OSError as error:
                raise NotLetIn("The certificate file cannot be read.", hint="Choose another one for this machine.",
                               details=repr(error)) from error  # fmt: skip
        quiet = logging.getLogger("engine.remote.sockets")  # the library tells whole headers, the token among them
        quiet.setLevel(logging.CRITICAL)
        return self._client.connect(
            self._address.url, ssl=tls, additional_headers=headers, compression=None, proxy=None, logger=quiet,
            subprotocols=[messages.PROTOCOL], user_agent_header=None, open_timeout=HANDSHAKE, close_timeout=1.0,
            ping_interval=KEEPALIVE, ping_timeout=KEEPALIVE, max_size=MAX_BYTES, max_queue=64,
        )  # fmt: skip

    async def _greet(self, socket: Any) -> None:
        await socket.send(pack(Hello(messages.VERSION, self._session, self._seen, self._previews)))
        said = from_server(await asyncio.wait_for(socket.recv(), HANDSHAKE))
        if isinstance(said, Refused):
            self._hear(said)
        if not isinstance(said, Welcome):
            raise not_understood()
        self._to_send.clear()
        if said.resumed:
            self._forget(said.heard)
            self._to_send.extend(self._unheard.values())
        else:
            self._session, self._seen = said.session, 0
            self._unheard.clear()
        self._open, self._waits = True, delays()
        self._ends.connected(resumed=said.resumed)
        assert self._wake is not None
        self._wake.set()

    async def _send(self, socket: Any) -> None:
        assert self._wake is not None
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._to_send:
                    await socket.send(self._to_send.popleft())
                if self._closing:
                    await socket.close()
        except self._errors.ConnectionClosed:
            return

    def _hear(self, said: Said) -> None:
        if isinstance(said, Heard):
            self._forget(said.order)
        elif isinstance(said, Refused):
            error = messages.read_error(said.error)
            if isinstance(error, BadMessage):
                raise error
            raise ConnectionLost(error.message, hint=error.hint)
        elif isinstance(said, Status):
            self._ends.hear(said)
        elif isinstance(said, News):
            if said.number and said.number <= self._seen:
                return
            self._ends.hear(said)
            if said.number:
                self._seen = said.number
                self._acknowledge_soon()
        else:
            raise not_understood()

    def _acknowledge_soon(self) -> None:
        if not self._acknowledging:
            self._acknowledging = True
            asyncio.get_running_loop().call_later(ACKNOWLEDGE, self._acknowledge)

    def _acknowledge(self) -> None:
        self._acknowledging = False
        self._send_soon(pack(Seen(self._seen)))

    def _forget(self, heard: int) -> None:
        while self._unheard and next(iter(self._unheard)) <= heard:
            self._unheard.popitem(last=False)

    def _gone(self, error: BaseException | None = None) -> ConnectionLost:
        return ConnectionLost(
            f"The connection to {self._address} is lost." if self._session else f"{self._address} cannot be reached.",
            hint="It is tried again by itself. Check that “wordbrush serve” runs there, and that the address is right.",
            details=repr(error),
        )


def _why(status: int) -> EngineError:
    if status == 401:
        return NotLetIn(
            "The token for the other machine is missing or wrong.",
            hint="Enter the token that “wordbrush serve” showed there at its first start.",
        )
    if status == 429:
        return ConnectionLost("The other machine has had too many wrong tokens.", hint="It is tried again by itself.")
    return NotLetIn("At that address is something else than Wordbrush.", hint="Check the address and the port.",
                    details=f"HTTP {status}")  # fmt: skip
