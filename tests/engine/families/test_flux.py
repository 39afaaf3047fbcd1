"""Flux.1 (dev and schnell) against the stock pipeline."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import torch
from diffusers import FluxPipeline

from engine.models.families.transformer import unpacked
from tests.engine.families.harness import FamilyCase, FamilyTests
from tests.tiny_transformers import save_flux


def stock(folder: Path, *, prompt, negative, size, steps, seed, guidance, tokens: int = 512):
    pipeline = FluxPipeline.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    latents = pipeline(
        prompt=prompt, width=size[0], height=size[1], num_inference_steps=steps, guidance_scale=guidance,
        generator=torch.Generator().manual_seed(seed), output_type="latent", max_sequence_length=tokens,
    ).images  # fmt: skip
    return unpacked(latents, size[1] // 8, size[0] // 8)


class TestFluxDev(FamilyTests):
    case = FamilyCase(name="flux-dev", save=save_flux, stock=stock, guidance=3.5)


class TestFluxSchnell(FamilyTests):
    case = FamilyCase(
        name="flux-schnell", save=partial(save_flux, guidance_embeds=False), stock=partial(stock, tokens=256)
    )
