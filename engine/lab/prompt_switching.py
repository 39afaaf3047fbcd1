"""Pictures that change their prompt on the way: the first steps read one request, the others another."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import torch
from torch import Tensor

from engine.experts.ensemble import Ensemble
from engine.lab.denoiser_access import opened
from engine.lab.image_store import Picture
from engine.lab.progress import RunCancelled
from engine.models.families.sd import StableDiffusion
from engine.models.library import Library
from engine.protocol import GenerateRequest
from engine.sampling.samplers import SAMPLERS


def make_switched(
    first: GenerateRequest,
    then: GenerateRequest,
    switch: int,
    *,
    guidance: float,
    paint_weight: float,
    library: Library,
    cancel: threading.Event,
) -> Picture:
    """The picture whose first `switch` steps are `first`'s and whose others are `then`'s.

    The two requests differ in their prompts only. With 0 or all of the steps it is bit for bit the picture that the
    engine makes of `then` or `first`: the noise, the solver and its memory of past steps are one and the same all
    the way.

    Raises:
        RunCancelled: `cancel` was set. EngineError: what the engine reported.
    """
    done = 0
    with ExitStack() as stack:

        def turn(request: GenerateRequest) -> tuple[StableDiffusion, Ensemble]:
            # One model holds one prompt at a time: the one before is closed.
            stack.close()
            return stack.enter_context(opened(request, library, guidance=guidance, paint_weight=paint_weight))

        family, ensemble = turn(first if switch > 0 else then)
        walk = ensemble.walk
        steps = len(walk.timesteps)
        generator = torch.Generator().manual_seed(first.picture.seed)
        shape = (1, family.channels, *family.latent_size(*first.picture.size))

        def noise() -> Tensor:
            return torch.randn(shape, generator=generator).to(family.device)

        def denoise(x: Tensor, sigma: float) -> Tensor:
            nonlocal family, ensemble
            if cancel.is_set():
                raise RunCancelled
            if done == switch > 0:
                family, ensemble = turn(then)
            ensemble.bring(sigma, last=True)
            return ensemble.denoise(x, sigma, fraction=(done + 0.5) / steps)

        began = time.perf_counter()
        for x, _ in SAMPLERS[first.sampling.sampler](denoise, noise() * walk.start, walk.sigmas, noise):
            done += 1
            latents = x
        step_ms = (time.perf_counter() - began) * 1000 / steps
        rgb = family.decode(family.noise.to_input(latents, walk.sigmas[-1]))[0]
    return Picture(rgb=rgb, step_ms=step_ms)
