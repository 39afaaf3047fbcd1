"""The sampling loop, shared by generation, the labs and training.

A device that runs asynchronously (CUDA) is kept busy: each step is queued before the results of the previous one are
read, so reading them never stalls it. On other devices each step is read at once. Either way a step with NaN or
infinity is noticed and, if `mend` can help, repeated from the last good state.
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
    """One step of a schedule.

    Attributes:
        index: counted from 0. total: the number of steps.
        sigma, following: the noise levels at which the step begins and ends.
        skipped: how many steps of the schedule were left out before the first, see `SigmaSchedule`.
    """

    index: int
    total: int
    sigma: float
    following: float
    skipped: float = 0.0

    @property
    def fraction(self) -> float:
        """The middle of the step as a fraction of the schedule, 0..1."""
        first = int(self.skipped)
        begun, ended = max(self.skipped, first + self.index), first + self.index + 1
        return (begun + ended) / 2 / (first + self.total)

    @property
    def done(self) -> float:
        """The share of the run that lies before the step, 0..1; in a run that leaves steps out, of those it makes."""
        whole = int(self.skipped) + self.total - self.skipped
        return max(0.0, int(self.skipped) + self.index - self.skipped) / whole


Denoise = Callable[[Tensor, WalkStep], Tensor]
"""`(x, step) -> x0`, both `[B, C, h, w]`; x = x0 + sigma * noise."""

Steer = Callable[[Tensor, WalkStep], Tensor]
"""`(x, step) -> x` from which the step starts instead."""

Look = Callable[[Tensor, Tensor, WalkStep], Any]
"""`(x0, whether it is finite, step) -> anything`: called when the step is queued; must not wait for the device."""

Mend = Callable[[WalkStep, Sequence[WalkStep]], bool]
"""`(failed step, it and the later steps whose results are discarded) -> whether to try again`."""


@dataclass(frozen=True, eq=False)
class SampledStep:
    """A finished step.

    Attributes:
        x: `[B, C, h, w]` after the step; after the last one, the result.
        ms: how long it took in milliseconds, `look` included.
        looked: what `look` returned for it; None without `look`.
        state, noise_mark: what it takes to continue after it, see `sample`.
    """

    step: WalkStep
    x: Tensor
    ms: float
    looked: Any = None
    state: State | None = None
    noise_mark: Sequence[Tensor] = ()


class SeededNoise:
    """Unit Gaussian noise for a batch, each picture with its own seed; drawn on the CPU, so the same for all devices.

    Args:
        seeds: one for each picture. shape: `(C, h, w)` of a latent. device: where to put the noise.
    """

    def __init__(self, seeds: Sequence[int], shape: tuple[int, ...], device: torch.device) -> None:
        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        self._shape, self._device = shape, device

    def __call__(self) -> Tensor:
        """Return the next noise, `[B, C, h, w]` float32."""
        drawn = torch.stack([torch.randn(self._shape, generator=each) for each in self._generators])
        if self._device.type == "cuda":
            return drawn.pin_memory().to(self._device, non_blocking=True)
        return drawn.to(self._device)

    @property
    def device(self) -> torch.device:
        """Where the noise comes to."""
        return self._device

    def mark(self) -> list[Tensor]:
        """Return the state of the generators, for `rewind`."""
        return [each.get_state() for each in self._generators]

    def rewind(self, mark: Sequence[Tensor]) -> None:
        """Go back to `mark`: the same noise as since then is drawn again."""
        for generator, state in zip(self._generators, mark, strict=True):
            generator.set_state(state)


@dataclass(frozen=True, eq=False)
class _Queued:
    """A step whose results have not been read yet, with what is needed to repeat it."""

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
    """Sample from noise to a clean latent; yields every step, in order, once it is known to be finite.

    Args:
        sampler: a name in `SAMPLERS`.
        walk: the noise levels, made by `NoiseSchedule.walk` for the same sampler.
        denoise: the denoiser. steer: changes x before the denoiser gets it. look: see `Look`.
        noise: the source of the first noise and of the noise that ancestral solvers add.
        mend: called when a step gave NaN or infinity; without it, or if it returns False, the run fails.
        latent: `[B, C, h, w]` to start from instead of plain noise, already noised to the first level.
        resume: a step of an earlier call with the same sampler and walk, to continue after; it may have been made on
            another device than that of the noise.

    Raises:
        NotFinite: a step gave NaN or infinity, and could not be mended.
    """
    solver = SAMPLERS[sampler]
    total = len(walk.sigmas) - 1
    steps = [WalkStep(index, total, *pair, walk.skipped) for index, pair in enumerate(pairwise(walk.sigmas))]
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
                before_last = Mark(state.x.device)  # the caller may have spent time between two steps
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
