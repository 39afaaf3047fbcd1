"""Pictures whose prompt changes during sampling: the first steps use one request, the others a second one."""

from __future__ import annotations

import threading
from contextlib import ExitStack

from torch import Tensor

from engine.experts.ensemble import Ensemble
from engine.lab.denoiser_access import opened
from engine.lab.image_store import Picture
from engine.lab.progress import RunCancelled
from engine.models.families.sd import StableDiffusion
from engine.models.library import Library
from engine.protocol import GenerateRequest
from engine.sampling.loop import SeededNoise, WalkStep, sample


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
    """Generate a picture whose first `switch` steps use the request `first`, and the others `then`.

    The two requests differ only in their prompts. The noise, the solver and its state continue across the switch, so
    with 0 or all of the steps the picture is, bit for bit, the one that the engine makes from `then` or `first`.

    Raises:
        RunCancelled: `cancel` was set. EngineError: the engine's error.
    """
    with ExitStack() as stack:

        def turn(request: GenerateRequest) -> tuple[StableDiffusion, Ensemble]:
            # A model can be set up for only one prompt at a time, so the previous one is closed.
            stack.close()
            return stack.enter_context(opened(request, library, guidance=guidance, paint_weight=paint_weight))

        family, ensemble = turn(first if switch > 0 else then)
        walk = ensemble.walk

        def denoise(x: Tensor, step: WalkStep) -> Tensor:
            nonlocal family, ensemble
            if cancel.is_set():
                raise RunCancelled
            if step.index == switch > 0:
                family, ensemble = turn(then)
            ensemble.activate(step.sigma, last=True)
            return ensemble.denoise(x, step.sigma, fraction=step.fraction)

        shape = (family.channels, *family.latent_size(*first.picture.size))
        noise = SeededNoise([first.picture.seed], shape, family.device)
        done = list(sample(first.sampling.sampler, walk, denoise, noise))
        step_ms = sum(each.ms for each in done) / len(done)
        rgb = family.decode(family.noise.to_input(done[-1].x, walk.sigmas[-1]))[0]
    return Picture(rgb=rgb, step_ms=step_ms)
