"""What a client has to get, numbered and kept until it says that it has it; of previews only the newest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from engine.remote.messages import News, pack


@dataclass(eq=False)
class _Item:
    number: int
    data: bytes
    slot: str = ""


class Outbox:
    """The news of one session, in order. Used on one thread.

    What has a `slot` may be lost: it is not kept once it was sent, and of several in a slot that wait to be sent only
    the last is.

    Args:
        most_bytes: of all that is kept. See `is_full`.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._last = 0
        self._sent: deque[_Item] = deque()
        self._waiting: deque[_Item] = deque()
        self._slots: dict[str, _Item] = {}

    @property
    def is_full(self) -> bool:
        """Whether more is kept than may be: the client is gone, or takes its news far too slowly."""
        return self._bytes > self._most

    def __len__(self) -> int:
        return len(self._sent) + len(self._waiting)

    def put(self, news: Callable[[int], News], slot: str = "") -> None:
        """Add news, made from its number."""
        number = 0
        if not slot:
            self._last = number = self._last + 1
        item = _Item(number, pack(news(number)), slot)
        if slot:
            self._drop(self._slots.get(slot))
            self._slots[slot] = item
        self._waiting.append(item)
        self._bytes += len(item.data)

    def next(self) -> bytes | None:
        """Return what is to be sent next; None for nothing."""
        while self._waiting:
            item = self._waiting.popleft()
            if item.slot and item.data:
                self._bytes -= len(item.data)
                self._slots.pop(item.slot, None)
            elif not item.slot:
                self._sent.append(item)
            if item.data:
                return item.data
        return None

    def seen(self, number: int) -> None:
        """The client has all news up to that one."""
        while self._sent and self._sent[0].number <= number:
            self._bytes -= len(self._sent.popleft().data)

    def again(self, seen: int) -> None:
        """The connection was lost: what the client does not have is to be sent again."""
        self.seen(seen)
        for item in self._slots.values():
            self._drop(item)
        self._slots.clear()
        self._waiting = deque([*self._sent, *(item for item in self._waiting if not item.slot)])
        self._sent.clear()

    def _drop(self, item: _Item | None) -> None:
        """Let one that may be lost not be sent."""
        if item is not None:
            self._bytes -= len(item.data)
            item.data = b""
