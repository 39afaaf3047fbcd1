"""The executor's events become bytes, on a thread of their own: packing a picture holds up neither GPU nor network."""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections import deque
from collections.abc import Callable

from engine.errors import EngineError
from engine.protocol import Event, Failed, Finished, Preview, dumps
from engine.remote.messages import Previews

Packed = Callable[[Event, bytes], None]
"""Called on the packing thread with the event, as the client calls its request, and with its bytes."""

_log = logging.getLogger(__name__)


class Packer:
    """Packs events in order. Of several previews of one request that wait, only the newest is."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._waiting: deque[tuple[Event, Previews, Packed]] = deque()
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="packing", daemon=True)
        self._thread.start()

    def put(self, event: Event, previews: Previews, done: Packed) -> None:
        """Pack an event, whose pictures a `Finished` leaves out: they came before."""
        if isinstance(event, Finished):
            event = dataclasses.replace(event, images=())
        with self._news:
            self._waiting.append((event, previews, done))
            self._news.notify()

    def close(self, timeout: float | None = 5.0) -> bool:
        """Pack what waits, then stop; False where that took longer than `timeout` seconds."""
        with self._news:
            self._closing = True
            self._news.notify()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                event, previews, done = self._waiting.popleft()
                if isinstance(event, Preview) and any(_replaces(each[0], event) for each in self._waiting):
                    continue
            try:
                data = dumps(event, previews=previews)
            except EngineError as error:  # larger than a message may be, say: its request must end all the same
                if isinstance(event, Preview):
                    continue
                event = Failed(request_id=event.request_id, error=error)
                data = dumps(event)
            try:
                done(event, data)
            except Exception:
                _log.exception("an event could not be passed on")


def _replaces(later: Event, event: Event) -> bool:
    return isinstance(later, Preview) and later.request_id == event.request_id
