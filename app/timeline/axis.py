"""Where a noise level lies on the timeline: high noise left, none at the right end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

KNEE = 0.3  # above it the axis is logarithmic, below it runs into zero; so a model's timesteps lie nearly even on it
ROOM = 1.12  # the highest noise lies a little right of the left end
HIGHEST = 100.0  # some models begin at an all but infinite noise, which would leave the rest no room
USUAL_TOP = 14.6  # of Stable Diffusion and those made from it
DIGITS = 4  # of a noise level that somebody drags to


@dataclass(frozen=True)
class Axis:
    """Noise levels as places from 0, the left end, to 1.

    Attributes:
        top: the highest noise level of the model.
    """

    top: float = USUAL_TOP

    @property
    def _length(self) -> float:
        return math.log1p(min(self.top, HIGHEST) * ROOM / KNEE)

    def place(self, sigma: float) -> float:
        """Where a noise level lies; those beyond the left end lie on it."""
        return 0.0 if math.isinf(sigma) else max(0.0, 1 - math.log1p(sigma / KNEE) / self._length)

    def sigma(self, place: float) -> float:
        """The noise level at a place, of a few digits."""
        return float(f"{KNEE * math.expm1((1 - min(max(place, 0.0), 1.0)) * self._length):.{DIGITS}g}")


def percent(sigma: float) -> int:
    """How much of what the denoiser sees at a noise level is noise, by variance, 0..100."""
    return 100 if math.isinf(sigma) else round(100 * sigma**2 / (1 + sigma**2))


def stops_between(ticks: Sequence[float]) -> tuple[float, ...]:
    """The places in the middle between each two ticks, where a boundary says clearly which step is whose."""
    return tuple((left + right) / 2 for left, right in pairwise(sorted(ticks)))


def snapped(place: float, stops: Sequence[float], *, reach: float) -> float:
    """The nearest stop where one is within reach, else the place itself."""
    nearest = min(stops, key=lambda stop: abs(stop - place), default=place)
    return nearest if abs(nearest - place) <= reach else place


def next_stop(place: float, stops: Sequence[float], *, left: bool, slack: float = 1e-3) -> float | None:
    """The next stop on one side of a place; None where there is no more."""
    if left:
        return max((stop for stop in stops if stop < place - slack), default=None)
    return min((stop for stop in stops if stop > place + slack), default=None)


def even_ticks(count: int) -> tuple[float, ...]:
    """Places of steps whose noise levels nobody knows yet."""
    return tuple((index + 0.5) / count for index in range(count))
