"""One pass of a UNet that measures how far words' attention is from their paint, differentiable to the latent."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.attention.layout_guidance import EnergyRecorder, EnergyTargets, SeenEnough

if TYPE_CHECKING:
    from engine.models.families.sd import StableDiffusion


def energy_of(
    family: StableDiffusion,
    x: Tensor,
    sigma: float,
    timestep: float,
    targets: EnergyTargets,
    counted: int,
    conditions: Mapping[str, Tensor] | None,
) -> tuple[Tensor, Tensor]:
    """Return the energy and the copy of x, `[B, C, h, w]` float32, that it is differentiable by.

    Args:
        counted: how many layers count, see `EnergyTargets.counted`; not 0. conditions: the added conditions of SDXL.
    """
    assert family.brief is not None, "a run is on"
    recorder = EnergyRecorder(targets, stop_after=counted)
    with family.control.alone(recorder) as context:
        moved = x.detach().clone().requires_grad_()
        rows = family.noise.to_input(moved, sigma).to(family.device, family.dtype)
        added = conditions and {name: value[-len(rows) :] for name, value in conditions.items()}
        # The layers after the last one that counts would only cost time and memory.
        with suppress(SeenEnough):
            family.unet(
                rows.contiguous(memory_format=torch.channels_last),
                torch.full((), timestep, dtype=torch.float32, device=family.device),
                encoder_hidden_states=context,
                timestep_cond=family.guidance_embedding(family.brief.guidance, len(rows)),
                added_cond_kwargs=added,
                return_dict=False,
            )
        energy = recorder.energy()
    assert energy is not None, "layers that count were seen"
    return energy, moved
