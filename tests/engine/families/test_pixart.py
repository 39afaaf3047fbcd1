"""PixArt-Sigma against the stock pipeline."""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import PixArtSigmaPipeline

from tests.engine.families.harness import FamilyCase, FamilyTests
from tests.tiny_cross_transformers import save_pixart

LONG = "A very long text of things that are NOT to be seen in the picture"


def stock(folder: Path, *, prompt, negative, size, steps, seed, guidance):
    pipeline = PixArtSigmaPipeline.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline(
        prompt=prompt, negative_prompt=negative, width=size[0], height=size[1], num_inference_steps=steps,
        guidance_scale=guidance, generator=torch.Generator().manual_seed(seed), output_type="latent",
        clean_caption=False, use_resolution_binning=False,
    ).images  # fmt: skip


class TestPixArtSigma(FamilyTests):
    case = FamilyCase(
        name="pixart", save=save_pixart, stock=stock, guidance=4.5, negatives=("", LONG, "sky"),
        fields={"sampler": "dpmpp_2m"},
    )  # fmt: skip
