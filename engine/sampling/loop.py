"""The sampling loop: the only one; a generation, the labs and training use it.

A device that works beside the host (CUDA) is kept busy: each step is queued before the one before it is looked at, so
what a step yields is read a step late and costs no wait. Elsewhere each step is looked at as soon as it is made. Either
way a step that gave numbers that are not finite is noticed, and repeated from the last good state if it can be mended.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from engine.errors import NotFinite
from engine.sampling.readback import HostCopy, Mark
from engine.sampling.samplers import SAMPLERS, State
from engine.sampling.schedule import SigmaSchedule


@dataclass(frozen=True)
class WalkStep:
    """A place in a walk.

    Attributes:
        index: from 0. total: number of steps.
        sigma, following: the noise level that the step begins at, and the one that it leads to.
    """

    index: int
    total: int
    sigma: float
    following: float

    @property
    def fraction(self) -> float:
        """The middle of the step in the schedule, 0..1."""
        return (self.index + 0.5) / self.total


Denoise = Callable[[Tensor, WalkStep], Tensor]
"""`(x, step) -> x0`, both `[B, C, h, w]`; x = x0 + sigma * noise."""

Steer = Callable[[Tensor, WalkStep], Tensor]
"""`(x, step) -> x` that the step really begins with."""

Look = Callable[[Tensor, Tensor, WalkStep], Any]
"""`(x0, whether it is finite, step) -> anything`: called once the step is queued, must not wait for the device."""

Mend = Callable[[WalkStep, Sequence[WalkStep]], bool]
"""`(step that failed, it and the later steps whose results are thrown away) -> whether it is worth another try`."""


@dataclass(frozen=True, eq=False)
class SampledStep:
    """A step that is done.

    Attributes:
        x: `[B, C, h, w]` after the step; after the last one the result.
        ms: how long it took, the time that `look` took included.
        looked: what `look` gave for it; None without one.
        state, noise_mark: what it takes to go on after it, see `sample`.
    """

    step: WalkStep
    x: Tensor
    ms: float
    looked: Any = None
    state: State | None = None
    noise_mark: Sequence[Tensor] = ()


class SeededNoise:
    """Unit noise of a batch, each picture from a seed of its own; drawn on the CPU, so alike on every device.

    Args:
        seeds: one for each picture. shape: `(C, h, w)` of a latent. device: where the noise is wanted.
    """

    def __init__(self, seeds: Sequence[int], shape: tuple[int, ...], device: torch.device) -> None:
        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        self._shape, self._device = shape, device

    def __call__(self) -> Tensor:
        """The next noise, `[B, C, h, w]` float32."""
        drawn = torch.stack([torch.randn(self._shape, generator=each) for each in self._generators])
        if self._device.type == "cuda":
            return drawn.pin_memory().to(self._device, non_blocking=True)
        return drawn.to(self._device)

    @property
    def device(self) -> torch.device:
        """Where the noise comes to."""
        return self._device

    def mark(self) -> list[Tensor]:
        """Where the generators stand, for `rewind`."""
        return [each.get_state() for each in self._generators]

    def rewind(self, mark: Sequence[Tensor]) -> None:
        """Go back: what was drawn since `mark` is drawn again."""
        for generator, state in zip(self._generators, mark, strict=True):
            generator.set_state(state)


@dataclass(frozen=True, eq=False)
class _Queued:
    """A step whose results have not been looked at, with what it takes to do it again."""

    step: WalkStep
    before: State
    noise_mark: list[Tensor]
    after: State
    noise_after: list[Tensor]
    finite: HostCopy
    looked: Any
    mark: Mark


def sample(
    sampler: str,
    walk: SigmaSchedule,
    denoise: Denoise,
    noise: SeededNoise,
    *,
    steer: Steer | None = None,
    look: Look | None = None,
    mend: Mend | None = None,
    latent: Tensor | None = None,
    resume: SampledStep | None = None,
) -> Iterator[SampledStep]:
    """Walks from noise down to a picture's latent and yields every step, in order, when it is known to be good.

    Args:
        sampler: a name in `SAMPLERS`.
        walk: the noise levels; made by `NoiseSchedule.walk` for the same sampler.
        denoise: the denoiser. steer: moves x before the denoiser sees it. look: see `Look`.
        noise: where the first noise, and that of ancestral solvers, comes from.
        mend: asked when a step gave numbers that are not finite; without it, and where it says no, the run fails.
        latent: what to begin with, `[B, C, h, w]`, instead of plain noise: noised to the first level already.
        resume: a step of an earlier call with the same sampler and walk, to go on after; it may have been made on
            another device than the noise comes to.

    Raises:
        NotFinite: a step gave NaN or infinity, and could not be mended.
    """
    solver = SAMPLERS[sampler]
    total = len(walk.sigmas) - 1
    steps = [WalkStep(index, total, *pair) for index, pair in enumerate(pairwise(walk.sigmas))]
    index = 0
    if resume is not None and resume.state is not None:
        state, index = moved(resume.state, noise.device), resume.step.index + 1
        noise.rewind(resume.noise_mark)
    else:
        state = State(noise() * walk.start if latent is None else latent)
    behind = 1 if state.x.device.type == "cuda" else 0
    queue: deque[_Queued] = deque()
    before_last = Mark(state.x.device)
    while index < total or queue:
        if index < total and len(queue) <= behind:
            if not behind:
                before_last = Mark(state.x.device)  # whoever reads the steps may have taken time of their own
            queued = _queue(solver, steps[index], state, denoise, noise, steer, look)
            queue.append(queued)
            state, index = queued.after, index + 1
        if len(queue) <= behind and index < total:
            continue
        oldest = queue.popleft()
        if not bool(oldest.finite.get()):
            dropped = [oldest.step, *(later.step for later in queue)]
            queue.clear()
            if mend is None or not mend(oldest.step, dropped):
                raise NotFinite.of("denoiser", details=f"step {oldest.step.index + 1} at sigma {oldest.step.sigma:g}")
            noise.rewind(oldest.noise_mark)
            state, index = oldest.before, oldest.step.index
            continue
        ms = oldest.mark.ms_since(before_last)
        before_last = oldest.mark
        yield SampledStep(oldest.step, oldest.after.x, ms, oldest.looked, oldest.after, oldest.noise_after)


def moved(state: State, device: torch.device) -> State:
    """A solver's state on another device."""
    previous = None if state.previous is None else state.previous.to(device)
    return State(state.x.to(device), previous, state.h)


def _queue(
    solver: Any,
    step: WalkStep,
    before: State,
    denoise: Denoise,
    noise: SeededNoise,
    steer: Steer | None,
    look: Look | None,
) -> _Queued:
    noise_mark = noise.mark()
    begun = before if steer is None else State(steer(before.x, step), before.previous, before.h)
    x0 = denoise(begun.x, step)
    after = solver(begun, x0, step.sigma, step.following, noise)
    finite = torch.isfinite(x0).all()
    looked = None if look is None else look(x0, finite, step)
    return _Queued(step, before, noise_mark, after, noise.mark(), HostCopy(finite), looked, Mark(x0.device))
