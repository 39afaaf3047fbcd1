"""One pass of a UNet that measures how far words' attention is from their paint, differentiable to the latent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from engine.attention.fidelity import steered
from engine.attention.layout_guidance import EnergyRecorder, EnergyTargets, SeenEnough, descend

if TYPE_CHECKING:
    from engine.models.families.sd import StableDiffusion


def update_of(family: StableDiffusion, x: Tensor, sigma: float, timestep: float, fraction: float, step: int) -> Tensor:
    """What layout guidance adds to x `[B, C, h, w]`: see `Family.steer`."""
    assert family._paint is not None and family.brief is not None, "a run is on"
    active = steered(family._paint.words, family._paint.active(fraction), family.brief.fidelity, step)
    if not active or not family.way.trains:
        return torch.zeros_like(x)
    family._set_step(sigma, fraction)
    if active not in family._targets:
        family._targets[active] = EnergyTargets(family._paint, active, family.device)
    targets = family._targets[active]
    counted = targets.counted(family.control.layers)
    if not counted:
        return torch.zeros_like(x)
    with torch.enable_grad():
        return descend(
            lambda: energy_of(family, x, sigma, timestep, targets, counted, family._added),
            sigma,
            family._scale,
            exact=family.dtype == torch.float32,
        )


@contextmanager
def energy_of(
    family: StableDiffusion,
    x: Tensor,
    sigma: float,
    timestep: float,
    targets: EnergyTargets,
    counted: int,
    conditions: Mapping[str, Tensor] | None,
) -> Iterator[tuple[Tensor, Tensor]]:
    """Context with the energy and the copy of x, `[B, C, h, w]` float32, that it is differentiable by. Take the
    gradient inside: layers that are not kept are computed again for it.

    Args:
        counted: how many layers count, see `EnergyTargets.counted`; not 0. conditions: the added conditions of SDXL.
    """
    assert family.brief is not None, "a run is on"
    recorder = EnergyRecorder(targets, stop_after=counted)
    thrifty = checkpointed(family.unet) if family.checkpoints else nullcontext()
    with family.control.alone(recorder) as context, thrifty:
        moved = x.detach().clone().requires_grad_()
        rows = family.noise.to_input(moved, sigma).to(family.device, family.dtype)
        added = conditions and {name: value[-len(rows) :] for name, value in conditions.items()}
        # The layers after the last one that counts would only cost time and memory.
        with suppress(SeenEnough):
            rows = rows.contiguous(memory_format=torch.channels_last)
            family.calls(rows, timestep, family.brief.guidance, context, added, slice(0, len(rows)))
        energy = recorder.energy()
        assert energy is not None, "layers that count were seen"
        yield energy, moved


@contextmanager
def checkpointed(unet: Any) -> Iterator[None]:
    """In here a UNet keeps of each block only what goes in, and computes the block again for its gradient: a third more
    work, for a tenth of the memory or less. Nothing in it is random."""

    def thrifty(module: Any, *args: Any) -> Any:
        return checkpoint(module.__call__, *args, use_reentrant=False, preserve_rng_state=False)

    unet.enable_gradient_checkpointing(thrifty)
    try:
        yield
    finally:
        unet.disable_gradient_checkpointing()
