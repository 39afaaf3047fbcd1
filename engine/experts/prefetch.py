"""Moves each expert's weights to the device for its turn: the next one in the background, never more than planned."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from engine.errors import EngineError, ModelIncomplete

Start = Callable[[Callable[[], Any]], Callable[[], Any]]
"""Starts a job in the background; what it returns waits for the job's end and gives its result, or raises its error."""


class Movable(Protocol):
    """Weights that can be in a device's memory or out of it."""

    @property
    def inside(self) -> bool:
        """Whether they are in."""

    def fetch(self) -> Any:
        """Read them, to be `install`ed; may run in any thread, while another expert works."""

    def install(self, fetched: Any) -> None:
        """Put what `fetch` read where the denoiser uses it."""

    def release(self) -> None:
        """Take them out; what is left can `fetch` them again."""


def in_thread(job: Callable[[], Any]) -> Callable[[], Any]:
    """A `Start` with a thread of its own."""
    results: list[Any] = []
    errors: list[Exception] = []

    def work() -> None:
        try:
            results.append(job())
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=work, name="expert prefetch", daemon=True)
    thread.start()

    def wait() -> Any:
        thread.join()
        if errors:
            raise errors[0]
        return results[0]

    return wait


class Prefetcher:
    """Moves the experts of one run.

    Args:
        experts: in the order of their turns, which starts again with each picture.
        slots: how many may be in at once.
        start: how the next one is fetched meanwhile.
    """

    def __init__(self, experts: Mapping[Any, Movable], slots: int, *, start: Start = in_thread) -> None:
        self._experts = dict(experts)
        self._order = list(experts)
        self._slots = max(1, slots)
        self._start = start
        self._coming: tuple[Any, Callable[[], Any]] | None = None

    def turn(self, key: Any, *, last: bool = False) -> None:
        """Make sure that this expert is in, and start to fetch the next; `last`: no other one follows.

        Raises:
            EngineError: the expert cannot be loaded; the others stay as they are. MemoryError, RuntimeError: the
            device has no room for it.
        """
        expert = self._experts[key]
        if self._coming is not None and self._coming[0] != key and not expert.inside:
            self.close()
        if not expert.inside:
            expert.install(self._fetched(key, expert))
        following = self._order[(self._order.index(key) + 1) % len(self._order)]
        if last or self._slots == 1 or self._coming is not None or self._experts[following].inside:
            return
        self._make_room(key)
        self._coming = (following, self._start(self._experts[following].fetch))

    def close(self) -> None:
        """Wait for a fetch that is under way, and drop its result."""
        coming, self._coming = self._coming, None
        if coming is not None:
            try:
                coming[1]()
            except Exception:  # nobody waits for that expert any more
                return

    def _fetched(self, key: Any, expert: Movable) -> Any:
        coming, self._coming = self._coming, None
        try:
            if coming is not None:
                return coming[1]()
            self._make_room(key)
            return expert.fetch()
        except EngineError:
            raise
        except OSError as error:
            raise ModelIncomplete(
                "An expert's weights cannot be read any more.",
                hint="Check that its folder is still there, or choose the base alone.",
                details=str(error),
            ) from error

    def _make_room(self, key: Any) -> None:
        """Take out those whose turn is farthest away, counted from `key`, until one more may come in."""
        place = self._order.index(key)
        distance = {other: (self._order.index(other) - place) % len(self._order) for other in self._order}
        inside = sorted((other for other in self._order if self._experts[other].inside), key=distance.__getitem__)
        while len(inside) >= self._slots and inside[-1] != key:
            self._experts[inside.pop()].release()


def make_room(experts: Sequence[Movable], slots: int) -> None:
    """Take out the first ones that are in, until fewer than `slots` are."""
    inside = [expert for expert in experts if expert.inside]
    for expert in inside[: max(0, len(inside) - slots + 1)]:
        expert.release()
