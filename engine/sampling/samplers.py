"""The samplers' solvers: each is a pure function that makes one step from a noise level to the next, given x0.

All work on variance-exploding x (x = x0 + sigma * noise). A step takes a `State` and returns the next one, so the loop
that calls it (`engine.sampling.loop`) can show x0, stop, or go back to an earlier state and try again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

Noise = Callable[[], Tensor]


@dataclass(frozen=True, eq=False)
class State:
    """The state of a solver between two steps.

    Attributes:
        x: `[B, C, h, w]`, noise included.
        previous: x0 of the previous step, for second-order solvers; None at the first step.
        h: that step's length in lambda = -log sigma.
    """

    x: Tensor
    previous: Tensor | None = None
    h: float = 0.0


Solver = Callable[[State, Tensor, float, float, Noise], State]
"""`(state, x0, sigma, following, noise) -> state at following`, with `sigma > following >= 0`."""


def euler(state: State, x0: Tensor, sigma: float, following: float, noise: Noise) -> State:
    """Euler's method on the probability-flow ODE (Karras et al. 2022, algorithm 1 without churn).

    Written in terms of x0 it is also DDIM with eta 0 (Song et al. 2020, eq. 12): they differ only in the noise levels.
    """
    return State(x0 + (state.x - x0) * (following / sigma))


def euler_a(state: State, x0: Tensor, sigma: float, following: float, noise: Noise) -> State:
    """Ancestral Euler: step below the next sigma, then add fresh noise up to it (as k-diffusion does)."""
    up = math.sqrt(following**2 * (sigma**2 - following**2)) / sigma
    down = math.sqrt(max(following**2 - up**2, 0.0))
    x = x0 + (state.x - x0) * (down / sigma)
    if up > 0:
        x = x + noise() * up
    return State(x)


def dpmpp_2m(state: State, x0: Tensor, sigma: float, following: float, noise: Noise) -> State:
    """DPM-Solver++(2M), midpoint (Lu et al. 2022, algorithm 2), with lambda = -log sigma; first order at both ends."""
    if following == 0:
        return State(x0)
    h = math.log(sigma / following)
    direction = x0
    if state.previous is not None:
        direction = x0 + (x0 - state.previous) * (h / (2 * state.h))
    x = state.x * (following / sigma) - direction * math.expm1(-h)
    return State(x, previous=x0, h=h)


def lcm(state: State, x0: Tensor, sigma: float, following: float, noise: Noise) -> State:
    """Multistep consistency sampling (Luo et al. 2023, algorithm 3): x0, with fresh noise up to the next sigma."""
    return State(x0 + noise() * following if following > 0 else x0)


SAMPLERS: dict[str, Solver] = {
    "ddim": euler,
    "euler": euler,
    "euler_a": euler_a,
    "dpmpp_2m": dpmpp_2m,
    "dpmpp_2m_karras": dpmpp_2m,
    "lcm": lcm,
}
