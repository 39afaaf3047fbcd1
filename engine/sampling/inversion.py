"""Inverting DDIM: from a clean latent up along a run's noise levels, to latents whose steps lead back to it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.errors import NotFinite
from engine.sampling.loop import Denoise, WalkStep
from engine.sampling.schedule import NoiseSchedule, SigmaSchedule

ROUNDS = 3
"""Calls of the denoiser for each step, at most; see `inverted`."""
_SETTLED = 1e-3
"""Change of a round, in units of the step's own change, from which on no further one is made."""


@dataclass(frozen=True, eq=False)
class Inversion:
    """A clean latent and what lies above it.

    Attributes:
        walk: the noise levels. latents: for each of `walk.sigmas` float32 `[B, C, h, w]`, variance exploding
            (x = x0 + sigma * noise); the last is the clean one, where the walk ends at 0.
    """

    walk: SigmaSchedule
    latents: tuple[Tensor, ...]

    @property
    def start(self) -> Tensor:
        """The latent at the first, noisiest level."""
        return self.latents[0]

    def at(self, sigma: float) -> Tensor:
        """The latent at the level that lies nearest to `sigma`."""
        levels = self.walk.sigmas
        return self.latents[min(range(len(levels)), key=lambda index: abs(levels[index] - sigma))]


def inverted(
    denoise: Denoise, noise: NoiseSchedule, walk: SigmaSchedule, clean: Tensor, *, rounds: int = ROUNDS
) -> Generator[WalkStep, None, Inversion]:
    """Go up from a clean latent; yields each step, from the last of the walk to the first, and returns the inversion.

    DDIM's step down (Song et al. 2020, eq. 12 with eta 0) from x' at sigma' to x at sigma is
    x = x' + (sigma - sigma') e(x', sigma') with e = (x' - x0) / sigma'. Its inverse is the x' with
    x' = x + (sigma' - sigma) e(x', sigma'). The first round takes e of x itself, scaled to the level's size: that is
    DDIM inversion as it is mostly done (Dhariwal and Nichol 2021; diffusers' `DDIMInverseScheduler`). Each further
    round takes e of what the one before found, which is the fixed point of the equation (Pan et al. 2023, "Effective
    real image editing with accelerated iterative diffusion inversion"): then the steps down lead back to the picture.

    Args:
        denoise: see `engine.sampling.loop`; without guidance (at 1), which steps up do not survive.
        noise: of the denoiser. walk: the levels, made by `NoiseSchedule.walk`.
        clean: `[B, C, h, w]`, as an autoencoder gives it; it stands for the denoiser's input at the walk's last level.
        rounds: how many times each step is solved for, 1 or more; fewer where it has settled.

    Raises:
        NotFinite: a step gave NaN or infinity.
    """
    x = clean.float() * _size(noise, walk.sigmas[-1])
    latents = [x]
    for step in reversed(_steps(walk)):
        found = x * (_size(noise, step.sigma) / _size(noise, step.following))
        for _ in range(rounds):
            before = found
            slope = (before - denoise(before, step)) / step.sigma
            found = x + (step.sigma - step.following) * slope
            if not bool(torch.isfinite(found).all()):
                raise NotFinite.of("denoiser", details=f"inverting to sigma {step.sigma:g}")
            if float((found - before).norm()) <= _SETTLED * float((found - x).norm()):
                break
        x = found
        latents.append(x)
        yield step
    return Inversion(walk, tuple(reversed(latents)))


def retraced(denoise: Denoise, inversion: Inversion) -> Iterator[Tensor]:
    """Go down again by DDIM's steps from the noisiest latent; yields x after each step, at last the picture anew."""
    x = inversion.start
    for step in _steps(inversion.walk):
        x0 = denoise(x, step)
        x = x0 + (x - x0) * (step.following / step.sigma)
        yield x


def relative_error(found: Tensor, clean: Tensor) -> float:
    """How far a latent is from the clean one: the norm of their difference over the clean one's; 0 is the same."""
    return float((found.float() - clean.float()).norm() / clean.float().norm().clamp_min(1e-12))


def _steps(walk: SigmaSchedule) -> list[WalkStep]:
    total = len(walk.sigmas) - 1
    return [WalkStep(i, total, walk.sigmas[i], walk.sigmas[i + 1], walk.skipped) for i in range(total)]


def _size(noise: NoiseSchedule, sigma: float) -> float:
    """What a denoiser's input at a level is multiplied by to be variance exploding."""
    return 1 / float(noise.to_input(torch.ones(()), sigma))
