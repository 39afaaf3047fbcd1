"""Moves the experts' weights to the device as they are needed, the next in the background, within a memory plan."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from engine.errors import EngineError, ModelIncomplete

Start = Callable[[Callable[[], Any]], Callable[[], Any]]
"""Starts a job in the background; returns a function that waits for it and returns its result or raises its error."""


class Movable(Protocol):
    """Weights that can be moved into a device's memory and out of it."""

    @property
    def inside(self) -> bool:
        """Whether they are in the device's memory."""

    @property
    def source(self) -> Movable | None:
        """Weights of which these are made on the device in no time, while they are there; None where there are none.
        They stay, and what is made of them is made when its turn comes."""

    def fetch(self) -> Any:
        """Read them for `install`; may run in any thread while another expert is running."""

    def install(self, fetched: Any) -> None:
        """Put what `fetch` read where the denoiser uses it."""

    def release(self) -> None:
        """Free their memory on the device; `fetch` can read them again."""


def in_thread(job: Callable[[], Any]) -> Callable[[], Any]:
    """A `Start` that runs the job in a new thread."""
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
    """Keeps the expert that runs, and the next one, in memory during one run.

    Args:
        experts: in the order in which they run; each batch starts again with the first.
        slots: how many experts may be in memory at once.
        start: how the next one is fetched in the background.
    """

    def __init__(self, experts: Mapping[Any, Movable], slots: int, *, start: Start = in_thread) -> None:
        self._experts = dict(experts)
        self._order = list(experts)
        self._slots = max(1, slots)
        self._start = start
        self._coming: tuple[Any, Callable[[], Any]] | None = None

    def turn(self, key: Any, *, last: bool = False) -> None:
        """Bring this expert into memory and start to fetch the next one, unless this is the `last` to run.

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
        source = self._experts[following].source
        if (source is not None and source.inside) or not self._make_room(key):
            return
        self._coming = (following, self._start(self._experts[following].fetch))

    def close(self) -> None:
        """Wait for a fetch that is under way, and drop its result."""
        coming, self._coming = self._coming, None
        if coming is not None:
            try:
                coming[1]()
            except Exception:  # the fetched expert is no longer needed
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

    def _make_room(self, key: Any) -> bool:
        """Release the experts that run furthest in the future, counted from `key`, until one more fits; whether it
        does. `key` stays, and what others are made of does where there is a place for both."""
        place = self._order.index(key)
        distance = {other: (self._order.index(other) - place) % len(self._order) for other in self._order}
        inside = sorted((other for other in self._order if self._experts[other].inside), key=distance.__getitem__)
        sources = [each.source for each in self._experts.values() if each.source is not None]
        stays = [other for other in inside if self._slots > 1 and any(self._experts[other] is each for each in sources)]
        going = [other for other in inside if other != key and other not in stays]
        while len(inside) >= self._slots and going:
            self._experts[going[-1]].release()
            inside.remove(going.pop())
        return len(inside) < self._slots


def make_room(experts: Sequence[Movable], slots: int) -> None:
    """Release experts from the front of the list until fewer than `slots` are in memory."""
    inside = [expert for expert in experts if expert.inside]
    for expert in inside[: max(0, len(inside) - slots + 1)]:
        expert.release()
