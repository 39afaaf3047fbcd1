"""The solvers that walk sigma down: pure loops over `denoise(x, sigma) -> x0`.

All work on variance-exploding x (x = x0 + sigma * noise). Each is a generator that yields `(x, x0)` after every step,
so the caller can show x0, or stop, between two calls of the denoiser; the last x is the result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from torch import Tensor

Denoise = Callable[[Tensor, float], Tensor]
Noise = Callable[[], Tensor]
Sampler = Callable[[Denoise, Tensor, Sequence[float], Noise], Iterator[tuple[Tensor, Tensor]]]


def euler(denoise: Denoise, x: Tensor, sigmas: Sequence[float], noise: Noise) -> Iterator[tuple[Tensor, Tensor]]:
    """Euler's method on the probability-flow ODE (Karras et al. 2022, algorithm 1 without churn).

    Written for x0 it is also DDIM with eta 0 (Song et al. 2020, eq. 12): the two differ only in the walk.
    """
    for sigma, following in pairwise(sigmas):
        x0 = denoise(x, sigma)
        x = x0 + (x - x0) * (following / sigma)
        yield x, x0


def euler_a(denoise: Denoise, x: Tensor, sigmas: Sequence[float], noise: Noise) -> Iterator[tuple[Tensor, Tensor]]:
    """Ancestral Euler: step below the next sigma, then add fresh noise up to it (as k-diffusion does)."""
    for sigma, following in pairwise(sigmas):
        x0 = denoise(x, sigma)
        up = math.sqrt(following**2 * (sigma**2 - following**2)) / sigma
        down = math.sqrt(max(following**2 - up**2, 0.0))
        x = x0 + (x - x0) * (down / sigma)
        if up > 0:
            x = x + noise() * up
        yield x, x0


def dpmpp_2m(denoise: Denoise, x: Tensor, sigmas: Sequence[float], noise: Noise) -> Iterator[tuple[Tensor, Tensor]]:
    """DPM-Solver++(2M), midpoint (Lu et al. 2022, algorithm 2), with lambda = -log sigma; first order at both ends."""
    previous: Tensor | None = None
    previous_h = 0.0
    for sigma, following in pairwise(sigmas):
        x0 = denoise(x, sigma)
        if following == 0:
            x = x0
        else:
            h = math.log(sigma / following)
            direction = x0
            if previous is not None:
                direction = x0 + (x0 - previous) * (h / (2 * previous_h))
            x = x * (following / sigma) - direction * math.expm1(-h)
            previous, previous_h = x0, h
        yield x, x0


SAMPLERS: dict[str, Sampler] = {
    "ddim": euler,
    "euler": euler,
    "euler_a": euler_a,
    "dpmpp_2m": dpmpp_2m,
    "dpmpp_2m_karras": dpmpp_2m,
}
