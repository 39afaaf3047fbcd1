"""Which denoiser handles which sigma: an ordered, gap-free partition of the noise levels."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from torch import Tensor

from resources import intervals


@dataclass(frozen=True, eq=False)
class Expert:
    """A denoiser and the half-open interval `low <= sigma < high` that it owns.

    Attributes:
        name: shown in the progress.
        low, high: bounds of sigma; 0 and infinity for a single expert.
        denoise: `(x, sigma) -> x0`, both `[B, C, h, w]`, x in the variance-exploding form (x0 + sigma * noise).
        latents: the kind of latents (channels, factor, scaling); experts of one schedule must have the same.
    """

    name: str
    denoise: Callable[[Tensor, float], Tensor]
    low: float = 0.0
    high: float = math.inf
    latents: Hashable = None


class ExpertSchedule:
    """The experts from high noise to low, covering 0 to infinity with neither gap nor overlap.

    Raises:
        ValueError: there is no expert, they leave a gap or overlap, or their latents differ.
    """

    def __init__(self, experts: Sequence[Expert]) -> None:
        fault = intervals.fault([(expert.name, expert.low, expert.high) for expert in experts])
        if fault:
            raise ValueError(fault)
        ordered = sorted(experts, key=lambda expert: expert.low, reverse=True)
        if len({expert.latents for expert in ordered}) > 1:
            raise ValueError("experts that work on different latents cannot share a schedule")
        self.experts = tuple(ordered)

    def at(self, sigma: float) -> Expert:
        """The expert that owns `sigma` (>= 0)."""
        return next(expert for expert in self.experts if sigma >= expert.low)

    def denoise(self, x: Tensor, sigma: float) -> Tensor:
        """Return x0 from the expert that owns `sigma`."""
        return self.at(sigma).denoise(x, sigma)
