"""The seam of the farm: requests in, the events of all of them out, mixed, each with exactly one final event."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable
from types import TracebackType
from typing import Protocol, Self

from engine.protocol import Event, GenerateRequest


class Farm(Protocol):
    """Runs many requests, as fast as its workers can.

    Attributes:
        workers: how many pictures are made at the same time.
    """

    workers: int

    def run(self, requests: Iterable[GenerateRequest], *, cancel: threading.Event) -> Generator[Event]:
        """Yield the events of all requests as they come; of one request they are in order, with one final event last.

        Requests are taken from `requests` only when a worker is about to need them, so it may make them one by one.
        Their ids must differ. What fails is one request's `Failed`; the others run on.

        Args:
            cancel: once it is set no more requests are taken, and those that run end in `Cancelled`.

        Raises:
            FarmUnavailable: there is nobody left who could run them.
        """

    def close(self) -> None:
        """Let the workers go."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
