"""How many steps a request takes, and what one took the last time."""

from __future__ import annotations

import math
from collections import deque
from statistics import fmean

from app.jobs import Job
from engine.facts import ModelFacts
from engine.protocol import GenerateRequest

_Key = tuple[tuple[str, str], tuple[int, int], bool]
"""A model and its device, the picture's size, and whether it is worked on in parts."""
RECENT = 8  # steps that tell how long one takes


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


def _of_share(steps: int, strength: float) -> int:
    """The steps of a run that goes through the last `strength` of its schedule; the first of them may be a part."""
    return math.ceil(steps * strength - 1e-9)


class StepTimes:
    """What the last steps took, in ms, by the model and the size that it worked at."""

    def __init__(self) -> None:
        self._times: dict[_Key, deque[float]] = {}

    def note(self, request: GenerateRequest, step_ms: float) -> None:
        """One more step of a request took so long."""
        self._times.setdefault(_key(request), deque(maxlen=RECENT)).append(step_ms)

    def of(self, request: GenerateRequest) -> float:
        """What a step of a request takes; 0 where nobody can say.

        By the last ones of its model and size, or else by those of another size, by their pixels; what is worked on in
        parts is so at the model's own size, whatever the picture's.
        """
        model, size, in_parts = key = _key(request)
        if key in self._times:
            return fmean(self._times[key])
        for (other, measured, other_parts), times in reversed(self._times.items()):
            if other == model:
                same = in_parts or other_parts
                return fmean(times) * (1.0 if same else math.prod(size) / math.prod(measured))
        return 0.0

    def whole(self, request: GenerateRequest, facts: ModelFacts | None) -> float:
        """The seconds that a request takes; 0 where nobody can say."""
        return steps_of(request, facts) * self.of(request) / 1000

    def left(self, job: Job) -> float | None:
        """The seconds that a job still takes; None where nobody can say."""
        recent = job.step_ms[-RECENT:]
        each = fmean(recent) if recent else self.of(job.request)
        return max(0, job.steps - len(job.step_ms)) * each / 1000 if each and job.steps else None


def _key(request: GenerateRequest) -> _Key:
    part = request.start is not None and request.start.context is not None
    return (request.model, request.device), request.picture.size, part or request.refine is not None
