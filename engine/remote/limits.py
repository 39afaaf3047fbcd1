"""What one client, and all of them together, may ask of a server: sizes, numbers, rates and times."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of a server.

    Attributes:
        message_bytes: of one message from a client.
        kept_bytes: of the news that are kept for a client until it has seen them.
        connections: at once, those that have not said hello among them. sessions: clients that are there or may return.
        requests: of one client, running and waiting. asks: of one client, at once.
        rate: messages a second of one client, after `burst` at once; what is above that waits.
        handshake: seconds for a connection to say hello. grace: seconds in which a client that is gone may come back.
        wrong_tokens: from one address, in `wrong_seconds`; after that it is refused without a look.
    """

    message_bytes: int = 64 * 2**20
    kept_bytes: int = 256 * 2**20
    connections: int = 24
    sessions: int = 16
    requests: int = 64
    asks: int = 8
    rate: float = 200.0
    burst: int = 400
    handshake: float = 5.0
    grace: float = 60.0
    wrong_tokens: int = 10
    wrong_seconds: float = 60.0


class Rate:
    """How long the next message of a client has to wait: a bucket that holds `burst` and fills by `rate` a second."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = limits.rate, float(limits.burst), clock
        self._left, self._then = self._burst, clock()

    def wait(self) -> float:
        """Take one message; returns the seconds to wait before the next is read, 0 for none."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._then) * self._rate) - 1
        self._then = now
        return max(0.0, -self._left / self._rate)


class Guesses:
    """Which addresses have sent too many wrong tokens of late; it remembers a thousand of them at most."""

    _MOST = 1000

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def too_many(self, address: str) -> bool:
        """Whether that address is to be refused unheard."""
        times = self._wrong.get(address)
        while times and self._clock() - times[0] > self._limits.wrong_seconds:
            times.popleft()
        return times is not None and len(times) >= self._limits.wrong_tokens

    def note(self, address: str) -> None:
        """Remember a wrong token."""
        times = self._wrong.setdefault(address, deque(maxlen=self._limits.wrong_tokens))
        times.append(self._clock())
        self._wrong.move_to_end(address)
        while len(self._wrong) > self._MOST:
            self._wrong.popitem(last=False)
