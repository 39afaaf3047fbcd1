"""`wordbrush bench remote`: how much later a live preview comes from a server on loopback than from this program."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import engine
from app.cli.output import CommandError
from engine.executor import Executor
from engine.lab.statistics import bootstrap_interval
from engine.protocol import FINAL_EVENTS, Event, Failed, GenerateRequest, PaintedWord, Preview
from engine.remote.address import Address
from engine.remote.executor import RemoteExecutor

WAIT = 300.0
PROMPT = "a house by a lake"
HOUSE, LAKE = (2, 7), (13, 17)


def run(
    *,
    progress: Callable[[str, float], None],
    cancel: threading.Event,
    model: str,
    pairs: int,
    size: int,
    steps: int,
    previews: str,
) -> dict[str, Any]:
    """Time `pairs` live requests here and, taking turns, on a server that this starts; both have the model loaded.

    Returns:
        The JSON object: `here_ms` and `there_ms` are medians from `submit` to the first preview, `later_ms` is the
        median of the differences with its 95 % bootstrap interval over the pairs; `whole_later_ms` is the same for the
        finished picture. Requests differ in their paint, as those of a painter do.

    Raises:
        CommandError: a number is out of its range, or the server did not start. EngineError: a picture failed.
    """
    if pairs < 2 or size < 16 or steps < 1:
        raise CommandError("That measures nothing.", hint="Give 2 or more pairs, a size of 16 or more, and a step.")
    sys.setswitchinterval(0.0005)  # as in the window
    here = _Timed(engine.LocalExecutor())
    with _server() as port:
        there = _Timed(RemoteExecutor(Address("127.0.0.1", port), previews=previews))  # type: ignore[arg-type]
        try:
            for end in (here, there):
                for number in range(2):
                    end.time(_request(f"warm-{number}", number, model=model, size=size, steps=steps))
            first: list[tuple[float, float]] = []
            whole: list[tuple[float, float]] = []
            for number in range(pairs):
                if cancel.is_set():
                    break
                progress(f"pair {number + 1} of {pairs}", number / pairs)
                order = (here, there) if number % 2 else (there, here)
                request = _request(f"{number}", number, model=model, size=size, steps=steps)
                times = {end: end.time(request) for end in order}
                first.append((times[here][0], times[there][0]))
                whole.append((times[here][1], times[there][1]))
        finally:
            here.executor.close(WAIT)
            there.executor.close(10.0)
    later, interval = _later(first)
    whole_later, whole_interval = _later(whole)
    return {
        "schema": 1, "model": model, "size": [size, size], "steps": steps, "previews": previews, "pairs": len(first),
        "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "here_ms": round(1000 * statistics.median(here for here, _ in first), 1),
        "there_ms": round(1000 * statistics.median(there for _, there in first), 1),
        "later_ms": later, "later_ms_ci": interval,
        "whole_later_ms": whole_later, "whole_later_ms_ci": whole_interval,
    }  # fmt: skip


class _Timed:
    """An executor whose requests are timed."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self._news = threading.Condition()
        self._events: list[tuple[float, Event]] = []
        executor.start(self._hear)

    def time(self, request: GenerateRequest) -> tuple[float, float]:
        """Seconds from `submit` to the first preview, and to the end. Raises EngineError where it failed."""
        with self._news:
            self._events.clear()
        began = time.perf_counter()
        self.executor.submit(request)
        with self._news:
            if not self._news.wait_for(lambda: any(isinstance(each, FINAL_EVENTS) for _, each in self._events), WAIT):
                raise CommandError("A picture did not come.", hint="Measure a smaller model or size.")
            events = list(self._events)
        failed = next((each for _, each in events if isinstance(each, Failed)), None)
        if failed is not None:
            raise failed.error
        first = next(when for when, each in events if isinstance(each, (Preview, *FINAL_EVENTS)))
        return first - began, events[-1][0] - began

    def _hear(self, event: Event) -> None:
        with self._news:
            self._events.append((time.perf_counter(), event))
            self._news.notify_all()


def _request(name: str, seed: int, *, model: str, size: int, steps: int) -> GenerateRequest:
    """A live request with two painted words, whose edges lie elsewhere each time."""
    edge = size // 4 + (seed * 7) % (size // 2)
    house, lake = np.zeros((2, size, size), np.uint8)
    house[:edge, :edge], lake[edge:] = 255, 255
    words = (PaintedWord(span=HOUSE, mask=house), PaintedWord(span=LAKE, mask=lake))
    return GenerateRequest.of(
        id=name, prompt=PROMPT, words=words, model=model, width=size, height=size, steps=steps, seed=seed, live=True
    )


def _later(pairs: list[tuple[float, float]]) -> tuple[float, list[float]]:
    differences = np.array([1000 * (there - here) for here, there in pairs])
    low, high = bootstrap_interval(differences, statistic=np.median)
    return round(float(np.median(differences)), 1), [round(float(low), 1), round(float(high), 1)]


@contextmanager
def _server() -> Iterator[int]:
    """`wordbrush serve` on a free port of this machine; yields the port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", "0", "--json"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise CommandError("The server did not start.", hint="See what wordbrush serve says.")
        yield int(json.loads(line)["port"])
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()
