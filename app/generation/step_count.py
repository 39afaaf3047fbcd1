"""How many steps a request takes, what one took the last time, and what each run takes beside its steps."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from statistics import fmean

from app.jobs import Job
from engine.facts import ModelFacts
from engine.protocol import Event, Finished, GenerateRequest

_Key = tuple[tuple[str, str], tuple[int, int], bool]
"""A model and its device, the picture's size, and whether it is worked on in parts."""
RECENT = 8  # steps that tell how long one takes
ENCODED = 2.0  # a run that begins from a picture encodes one, and decodes one as each run does


def steps_of(request: GenerateRequest, facts: ModelFacts | None) -> int:
    """The steps of all of a request's pictures, those of the tiles of a second pass too; 0 where nobody can say."""
    steps, start, refine = request.sampling.steps, request.start, request.refine
    first = steps if start is None else _of_share(steps, start.strength)
    if refine is None:
        return request.picture.count * first
    if facts is None:
        return 0
    from engine.reworking.refining import tiles_of  # only where there is a second pass

    width, height = request.picture.size
    tiles = len(tiles_of((width * refine.scale, height * refine.scale), facts))
    return request.picture.count * (first + tiles * _of_share(steps, refine.strength))


def runs_of(request: GenerateRequest, steps: int) -> int:
    """How many runs a request of so many steps in all consists of: its pictures, and the tiles of its second pass."""
    share, start, count = request.sampling.steps, request.start, request.picture.count
    first = share if start is None else _of_share(share, start.strength)
    tile = 0 if request.refine is None else _of_share(share, request.refine.strength)
    return (count if first else 0) + (max(0, steps - count * first) // tile if tile else 0)


def _of_share(steps: int, strength: float) -> int:
    """The steps of a run that goes through the last `strength` of its schedule; the first of them may be a part."""
    return math.ceil(steps * strength - 1e-9)


class StepTimes:
    """What the last steps took, in ms, by the model and the size that it worked at, and each run beside its steps."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: dict[_Key, deque[float]] = {}
        self._rests: dict[_Key, float] = {}

    def note(self, request: GenerateRequest, step_ms: float) -> None:
        """One more step of a request took so long."""
        self._times.setdefault(_key(request), deque(maxlen=RECENT)).append(step_ms)

    def note_end(self, job: Job, event: Event) -> None:
        """A job came to its end: what its runs took beside their steps, to encode and decode, is known now."""
        runs = runs_of(job.request, len(job.step_ms))
        if isinstance(event, Finished) and job.stepping is not None and runs:
            rest = self._clock() - job.stepping - sum(job.step_ms) / 1000
            self._rests[_key(job.request)] = max(0.0, rest) / runs

    def of(self, request: GenerateRequest) -> float:
        """What a step of a request takes; 0 where nobody can say.

        By the last ones of its model and size, or else by those of another size, by their pixels; what is worked on in
        parts is so at the model's own size, whatever the picture's.
        """
        return self._step(_key(request))

    def whole(self, request: GenerateRequest, facts: ModelFacts | None) -> float:
        """The seconds that a request takes; 0 where nobody can say."""
        steps, key = steps_of(request, facts), _key(request)
        return self._seconds(key, steps, runs_of(request, steps))

    def of_tiles(self, model: str, device: str, size: tuple[int, int], *, tiles: int, steps: int) -> float:
        """The seconds that a second pass takes over a picture of that size, in so many tiles; 0 where nobody can say.

        Args:
            steps: of each tile.
        """
        return self._seconds(((model, device), size, True), tiles * steps, tiles)

    def left(self, job: Job) -> float | None:
        """The seconds that a job still takes; None where nobody can say."""
        recent = job.step_ms[-RECENT:]
        each = fmean(recent) if recent else self.of(job.request)
        if not each or not job.steps:
            return None
        left = max(0, job.steps - len(job.step_ms))
        runs = runs_of(job.request, job.steps) * left / job.steps
        return left * each / 1000 + runs * self._rest(_key(job.request))

    def _seconds(self, key: _Key, steps: int, runs: int) -> float:
        each = self._step(key)
        return steps * each / 1000 + runs * self._rest(key) if each else 0.0

    def _step(self, key: _Key) -> float:
        found = self._nearest({known: fmean(times) for known, times in self._times.items()}, key)
        return 0.0 if found is None else found[1]

    def _rest(self, key: _Key) -> float:
        found = self._nearest(self._rests, key)
        if found is None:
            return 0.0
        return found[1] * (ENCODED if key[2] and not found[0][2] else 1.0)

    @staticmethod
    def _nearest(known: dict[_Key, float], key: _Key) -> tuple[_Key, float] | None:
        """What is known of a key, or of the newest other size of its model, by the pixels; and of which key it is."""
        if key in known:
            return key, known[key]
        model, size, in_parts = key
        for other, value in reversed(known.items()):
            if other[0] == model:
                same = in_parts or other[2]
                return other, value * (1.0 if same else math.prod(size) / math.prod(other[1]))
        return None


def _key(request: GenerateRequest) -> _Key:
    part = request.start is not None and request.start.context is not None
    return (request.model, request.device), request.picture.size, part or request.refine is not None
