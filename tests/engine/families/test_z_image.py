"""Z-Image and Z-Image-Turbo against the stock pipeline."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import torch
from diffusers import ZImagePipeline

from tests.engine.families.harness import FamilyCase, FamilyTests
from tests.tiny_transformers import save_z_image


def stock(folder: Path, *, prompt, negative, size, steps, seed, guidance):
    pipeline = ZImagePipeline.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline(
        prompt=prompt, negative_prompt=negative, width=size[0], height=size[1], num_inference_steps=steps,
        # The pipeline's guidance is what it adds to the prompt's own prediction.
        guidance_scale=guidance - 1.0, generator=torch.Generator().manual_seed(seed), output_type="latent",
    ).images  # fmt: skip


class TestZImageTurbo(FamilyTests):
    case = FamilyCase(name="z-image-turbo", save=save_z_image, stock=stock)


class TestZImage(FamilyTests):
    case = FamilyCase(
        name="z-image",
        save=partial(save_z_image, shift=6.0),
        stock=stock,
        guidance=3.0,
        negatives=("", "a very long text of things that are not to be seen in the picture", "sky"),
    )
