"""Which denoiser works at which sigma: an ordered, gap-free partition of the noise levels."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, eq=False)
class Expert:
    """A denoiser and the half-open interval `low <= sigma < high` that it owns.

    Attributes:
        name: shown in the progress.
        low, high: bounds of sigma; 0 and infinity for a lone expert.
        denoise: `(x, sigma) -> x0`, both `[B, C, h, w]`, x variance exploding.
        latents: what its latents are (channels, factor, scaling); experts that share x must agree on it.
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
        if not experts:
            raise ValueError("a schedule needs at least one expert")
        ordered = sorted(experts, key=lambda expert: expert.low, reverse=True)
        edges = [math.inf, *(expert.low for expert in ordered)]
        for expert, above in zip(ordered, edges, strict=False):
            if expert.high != above or not expert.low < expert.high:
                raise ValueError(
                    f"expert {expert.name!r} ends at sigma {expert.high}, but the one above it starts at {above}"
                )
        if ordered[-1].low != 0:
            raise ValueError(f"no expert covers sigma 0 to {ordered[-1].low}")
        if len({expert.latents for expert in ordered}) > 1:
            raise ValueError("experts that work on different latents cannot share a schedule")
        self.experts = tuple(ordered)

    def at(self, sigma: float) -> Expert:
        """The expert that owns `sigma` (>= 0)."""
        return next(expert for expert in self.experts if sigma >= expert.low)

    def denoise(self, x: Tensor, sigma: float) -> Tensor:
        """x0 by whichever expert owns `sigma`."""
        return self.at(sigma).denoise(x, sigma)
