"""The engine for a long while: each request ends once, cancels never jam it, memory stays level, pictures the same."""

from __future__ import annotations

import queue
import random
import resource
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from engine import (
    Cancelled,
    Event,
    Failed,
    Finished,
    GenerateRequest,
    ImageReady,
    LocalExecutor,
    PaintedWord,
    find_span,
)
from engine.protocol import FINAL_EVENTS
from resources.limits import SAMPLERS
from tests.tiny import save_tiny

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1800)]

PROMPT = "a house and a lake under a wide sky, a lake and a hill"
ROUNDS = 1000


def memory_mb() -> float:
    """Resident memory of this process now, in MiB (Linux), or its peak elsewhere."""
    status = Path("/proc/self/statm")
    if status.is_file():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def request(number: int, rng: random.Random, model: str) -> GenerateRequest:
    """A request of any kind; a few of them are bad on purpose."""
    width, height = rng.choice([(64, 64), (96, 64), (64, 128)])
    words = []
    for phrase in rng.sample(["house", "lake", "sky", "hill"], rng.randint(0, 4)):
        mask = np.zeros((height, width), np.uint8)
        left, top = rng.randrange(width), rng.randrange(height)
        mask[top : top + 40, left : left + 40] = rng.randint(1, 255)
        span = find_span(PROMPT, phrase, 1)
        words.append(PaintedWord(span=span, mask=mask, revision=(number, phrase), strength=rng.uniform(-2, 2)))
    steps = 0 if rng.random() < 0.05 else rng.randint(1, 6)
    return GenerateRequest.of(
        id=str(number),
        prompt=PROMPT,
        width=width,
        height=height,
        steps=steps,
        words=tuple(words),
        seed=number,
        count=rng.choice([1, 1, 2]),
        sampler=rng.choice(SAMPLERS),
        model=model,
        device="cpu",
        live=rng.random() < 0.3,
    )


def wait(events: queue.Queue[Event], request_id: str) -> list[Event]:
    """The events of one request up to its final one."""
    found: list[Event] = []
    while not (found and isinstance(found[-1], FINAL_EVENTS)):
        event = events.get(timeout=120)
        if event.request_id == request_id:
            found.append(event)
    return found


def picture(engine: LocalExecutor, events: queue.Queue[Event], model: str, name: str) -> np.ndarray:
    """One fixed picture, to see that the engine still is what it was."""
    engine.submit(
        GenerateRequest.of(id=name, prompt=PROMPT, width=64, height=64, steps=3, seed=11, model=model, device="cpu")
    )
    found = wait(events, name)
    assert isinstance(found[-1], Finished), getattr(found[-1], "error", found[-1])
    return found[-1].images[0].rgb


def test_hundreds_of_requests_each_end_once_and_leave_nothing_behind(tmp_path: Path) -> None:
    model = str(save_tiny(tmp_path / "tiny"))
    rng = random.Random(7)
    events: queue.Queue[Event] = queue.Queue()
    seen: list[Event] = []

    def listen(event: Event) -> None:
        if not isinstance(event, ImageReady):
            seen.append(event)
        events.put(event)

    engine = LocalExecutor()
    engine.start(listen)
    try:
        first = picture(engine, events, model, "first")
        level = 0.0
        for number in range(ROUNDS):
            engine.submit(request(number, rng, model))
            action = rng.random()
            if action < 0.25:
                time.sleep(rng.uniform(0, 0.05))
                engine.cancel(str(number))
            elif action < 0.3:
                engine.cancel()
            if number % 20 == 19:
                picture(engine, events, model, f"still {number}")
            if number == ROUNDS // 2 - 1:
                level = memory_mb()
        last = picture(engine, events, model, "last")
        grown = memory_mb() - level
    finally:
        engine.close(timeout=60)

    finals = Counter(event.request_id for event in seen if isinstance(event, FINAL_EVENTS))
    assert set(map(str, range(ROUNDS))) <= set(finals)
    assert set(finals.values()) == {1}
    kinds = {type(event) for event in seen if isinstance(event, FINAL_EVENTS)}
    assert kinds == {Finished, Cancelled, Failed}
    assert np.array_equal(first, last)
    assert grown < 48, f"{grown:.0f} MiB more after the second half"
