"""The farm on Ray: one actor for each GPU, or for some cores; a worker that is lost costs the picture that it made."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from types import TracebackType
from typing import Any, Self

from engine.errors import FarmUnavailable, WorkerLost
from engine.farm.seat import Seat, Task
from engine.farm.starting import LOCAL, Cluster
from engine.farm.worker import Worker
from engine.protocol import Cancelled, Event, Failed, GenerateRequest

MOST_DEATHS = 3
"""Workers that one picture may cost before it is given up."""
_LOOK_SECONDS = 0.25
_LEAVE_SECONDS = 15.0
"""What workers have to stop, once they are to; then they are ended."""


class RayFarm:
    """See `engine.farm.Farm`.

    A worker keeps its model in memory. One that ends, or whose machine is lost, costs at most the picture that it was
    making: that one is made again, by whichever worker is free first, and another worker takes the place. A picture
    that costs `MOST_DEATHS` workers fails with `WorkerLost`.

    Args:
        address: of the cluster, as `ray.init` takes it ("auto", "10.0.0.5:6379"); "local" starts one on this machine
            that ends with this process.
        workers: how many at most; None is one for each GPU, or where there is none one for each core.
        threads: of each worker that computes on the CPU; None shares the cores out.
        worker: what runs in the actors.

    Raises:
        FarmUnavailable: Ray is not installed, or the cluster cannot be reached or has no room for a worker.
    """

    def __init__(
        self,
        address: str = LOCAL,
        *,
        workers: int | None = None,
        threads: int | None = None,
        worker: type[Worker] = Worker,
    ) -> None:
        self._cluster = Cluster(address, cores=None if workers is None else workers * (threads or 1))
        self._ray = self._cluster.ray
        try:
            room = self._cluster.room(workers=workers, threads=threads)
        except FarmUnavailable:
            self._cluster.close()
            raise
        self.workers = room.workers
        self._seats = [Seat(self._ray) for _ in range(room.workers)]
        actor = self._ray.remote(worker).options(
            num_cpus=room.cores, num_gpus=room.gpus, max_restarts=0, max_task_retries=0
        )
        models = os.environ.get("WORDBRUSH_MODELS")
        self._make: Callable[[], Any] = lambda: actor.remote(room.threads, models)

    def run(self, requests: Iterable[GenerateRequest], *, cancel: threading.Event) -> Generator[Event]:
        """See `Farm.run`."""
        coming = (Task(request) for request in requests)
        again: deque[Task] = deque()
        leave: float | None = None
        lost = 0  # workers in a row that ended before they said anything
        while True:
            if leave is None and cancel.is_set():
                leave = time.monotonic() + _LEAVE_SECONDS
                yield from (Cancelled(request_id=task.request.id) for task in again)
                again.clear()
            if leave is None:
                self._feed(again, coming)
            elif time.monotonic() > leave:
                yield from (Cancelled(request_id=task.request.id) for seat in self._seats for task in seat.leave())
            if not any(seat.tasks for seat in self._seats):
                return
            for seat in self._seats:
                seat.ask(self._make, cancel=leave is not None)
            for seat in self._answered():
                try:
                    events = [] if seat.silent else seat.read()
                except self._ray.exceptions.RayError as error:
                    lost = 0 if seat.heard else lost + 1
                    if lost > MOST_DEATHS * len(self._seats):
                        raise _nobody(error) from error
                    yield from _after(seat, again, repr(error), cancelled=leave is not None)
                    continue
                if seat.silent:
                    yield from _after(seat, again, "it did not answer any more", cancelled=leave is not None)
                lost = 0
                yield from events

    def processes(self) -> list[int]:
        """The process numbers of the workers that have been heard."""
        return [seat.process for seat in self._seats if seat.process is not None]

    def _feed(self, again: deque[Task], coming: Iterator[Task]) -> None:
        """Give each worker what it needs next, first those that have nothing."""
        for seat in sorted(self._seats, key=lambda each: len(each.tasks)):
            while seat.hungry:
                task = again.popleft() if again else next(coming, None)
                if task is None:
                    return
                seat.give(task)

    def _answered(self) -> list[Seat]:
        """The seats whose answers are here, and those that do not answer any more; waits a moment for the first."""
        asked = {seat.answer: seat for seat in self._seats if seat.answer is not None}
        ready, _others = self._ray.wait(list(asked), num_returns=1, timeout=_LOOK_SECONDS, fetch_local=False)
        more, _others = self._ray.wait(list(asked), num_returns=len(asked), timeout=0, fetch_local=False)
        found = {*ready, *more}
        return [seat for answer, seat in asked.items() if answer in found or seat.silent]

    def close(self) -> None:
        """Let the workers go, and the cluster if it was started here."""
        for seat in self._seats:
            seat.leave()
        self._cluster.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _after(seat: Seat, again: deque[Task], why: str, *, cancelled: bool) -> Iterator[Event]:
    """What becomes of the requests of a worker that was lost: the first one was being made, the others only waited."""
    for number, task in enumerate(seat.leave()):
        task.deaths += number == 0
        task.done = 0.0
        if (finished := task.finished()) is not None:
            yield finished
        elif cancelled:
            yield Cancelled(request_id=task.request.id)
        elif task.deaths < MOST_DEATHS:
            again.append(task)
        else:
            yield Failed(
                request_id=task.request.id,
                error=WorkerLost(
                    f"{task.deaths} workers ended while they made this picture.",
                    hint="Make it alone on this machine: it may need more memory than a worker has.",
                    details=why,
                ),
            )


def _nobody(error: Exception) -> FarmUnavailable:
    return FarmUnavailable(
        "The workers of the farm end before they begin.",
        hint="Check that the same Wordbrush is installed on every machine of the cluster.",
        details=repr(error),
    )
