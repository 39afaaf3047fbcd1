"""What the two ends say to each other: small msgpack messages; requests, events and facts are in them as they are.

Requests, events, facts, errors and searches travel as `engine.protocol.dumps` writes them. Nothing in a message names a
file or can run code, and a message with a field too many, too few or of another type is refused.

Both ends number what must not be lost: the client its orders, the server its news. After a break each says what it has
had, and the other sends the rest again, so that nothing is done or told twice.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from engine.errors import BadMessage, EngineError
from engine.protocol import Failed, dumps, loads

VERSION = 1
"""Of this conversation; other than the program's version, which may differ at both ends."""

PROTOCOL = "wordbrush.1"
"""What both ends call this conversation in the WebSocket handshake."""

Previews = Literal["exact", "jpeg", "webp"]


class Said(msgspec.Struct, tag=True, forbid_unknown_fields=True, frozen=True):
    """Base of all messages."""


# the client's -----------------------------------------------------------------------------------------------------
class Hello(Said, frozen=True):
    """First: `session` is "" for a new one; `seen` is the last news that arrived in it."""

    version: int
    session: str = ""
    seen: int = 0
    previews: Previews = "exact"


class Order(Said, frozen=True):
    """Base of what the server is to do: `number` grows by each order of a session."""

    number: int


class Submit(Order, frozen=True):
    """Run a request; `id` is its own, so that its events can say what was wrong with the rest."""

    id: str
    request: bytes


class Cancel(Order, frozen=True):
    """Stop a request of this client, or all of them."""

    id: str | None


class WarmUp(Order, frozen=True):
    """Load a model when there is nothing else to do."""

    model: str
    device: str


class Ask(Order, frozen=True):
    """Ask the library; the `Answer` comes as news."""

    what: Literal["models", "facts", "check", "sigmas", "loras", "controls"]
    model: str = ""
    sampler: str = ""
    steps: int = 1


class Work(Order, frozen=True):
    """Measure a model, or with `search` seek words in a picture or describe it; news are `Progress` and an `Answer`."""

    model: str = ""
    device: str = ""
    search: bytes = b""


class Stop(Order, frozen=True):
    """Stop the `Work` of that number."""

    work: int


class Seen(Said, frozen=True):
    """All news up to this one has arrived and need not be kept."""

    news: int


class Bye(Said, frozen=True):
    """The client ends: it will not come back."""


# the server's -----------------------------------------------------------------------------------------------------
class Welcome(Said, frozen=True):
    """The answer to `Hello`: the session, whether it is the one asked for, and the last order that was had in it."""

    session: str
    resumed: bool
    heard: int


class Heard(Said, frozen=True):
    """All orders up to this one were had."""

    order: int


class Status(Said, frozen=True):
    """The machine as it is now.

    Attributes:
        name: what it calls itself. device: its GPU or processor, "" while that is not known yet. memory: the device's
            bytes, 0 while unknown. running: whether a request runs. waiting: how many wait, of all clients.
    """

    name: str
    device: str = ""
    memory: int = 0
    running: bool = False
    waiting: int = 0


class Refused(Said, frozen=True):
    """Last: why the server ends the connection, as a `Failed` event's bytes."""

    error: bytes


class News(Said, frozen=True):
    """Base of what must arrive: `number` grows by each news of a session; 0 is what may be lost."""

    number: int


class Told(News, frozen=True):
    """An event of a request, or of loading in advance."""

    event: bytes


class Progress(News, frozen=True):
    """How far a `Work` is, 0..1."""

    order: int
    what: str
    fraction: float


class Answer(News, frozen=True):
    """What an `Ask` or a `Work` came to: plain data, protocol bytes, or an error as a `Failed` event's bytes."""

    order: int
    data: Any = None
    packed: bytes = b""
    error: bytes = b""


_CLIENTS = msgspec.msgpack.Decoder(Hello | Submit | Cancel | WarmUp | Ask | Work | Stop | Seen | Bye)
_SERVERS = msgspec.msgpack.Decoder(Welcome | Heard | Status | Refused | Told | Progress | Answer)
_encoder = msgspec.msgpack.Encoder()


def pack(message: Said) -> bytes:
    """Return a message's bytes. Raises BadMessage where it has text that cannot be sent."""
    try:
        return _encoder.encode(message)
    except (UnicodeEncodeError, OverflowError, TypeError) as error:
        raise BadMessage(
            "Something in this cannot be sent.", hint="Check its text and numbers.", details=repr(error)
        ) from error


def from_client(data: bytes | str) -> Said:
    """Read what a client said. Raises BadMessage."""
    return _read(_CLIENTS, data)


def from_server(data: bytes | str) -> Said:
    """Read what a server said. Raises BadMessage."""
    return _read(_SERVERS, data)


def _read(decoder: msgspec.msgpack.Decoder[Any], data: bytes | str) -> Said:
    try:
        if isinstance(data, str):
            raise ValueError("text")
        said: Said = decoder.decode(data)
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise not_understood(repr(error)) from error
    return said


def not_understood(details: str = "") -> BadMessage:
    """Return the error for what the other end said and should not have."""
    return BadMessage(
        "The other machine cannot be understood.", hint="Use the same version of Wordbrush on both machines.",
        details=details,
    )  # fmt: skip


def pack_error(error: EngineError) -> bytes:
    """Return an error's bytes: its type, message and hint."""
    return dumps(Failed(request_id="", error=error))


def read_error(data: bytes) -> EngineError:
    """Return the error in such bytes. Raises BadMessage."""
    event = loads(data)
    if not isinstance(event, Failed):
        raise not_understood("no error")
    return event.error
