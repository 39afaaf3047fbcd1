"""Whose live picture is made: an executor has one live request, and here several painters may be live at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from engine.protocol import GenerateRequest


class Turns:
    """Hands live requests to the executor. As long as one painter is live, each new one replaces the last at once;
    with several, each gets a picture in turn, of what they asked for last. Used on one thread.

    Args:
        submit: gives a request to the executor. replaced: is told the id of one that never got there.
    """

    def __init__(self, submit: Callable[[GenerateRequest], None], replaced: Callable[[str], None]) -> None:
        self._submit, self._replaced = submit, replaced
        self._out: dict[str, Hashable] = {}
        self._waiting: OrderedDict[Hashable, GenerateRequest] = OrderedDict()

    def add(self, owner: Hashable, request: GenerateRequest) -> None:
        """Run a live request of an owner, or let it wait."""
        others = any(who != owner for who in self._waiting) or any(who != owner for who in self._out.values())
        before = self._waiting.get(owner)
        if not others:
            self._hand_over(owner, request)
        else:
            self._waiting[owner] = request  # at its place in the line
        if before is not None:
            self._replaced(before.id)

    def ended(self, request_id: str) -> None:
        """A request came to its end; if it was a live one, the next owner's is run."""
        if self._out.pop(request_id, None) is not None and not self._out and self._waiting:
            self._hand_over(*self._waiting.popitem(last=False))

    def take_back(self, owner: Hashable, request_id: str | None = None) -> None:
        """Drop what waits of an owner, or the request of that id alone; those that run are the executor's to stop."""
        waiting = self._waiting.get(owner)
        if waiting is not None and request_id in (None, waiting.id):
            del self._waiting[owner]
            self._replaced(waiting.id)

    def _hand_over(self, owner: Hashable, request: GenerateRequest) -> None:
        self._out[request.id] = owner
        self._submit(request)
