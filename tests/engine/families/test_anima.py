"""Anima against the stock modular pipeline."""

from __future__ import annotations

import types
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AnimaModularPipeline, ClassifierFreeGuidance
from diffusers.models.transformers import transformer_cosmos

from tests.engine.families.harness import FamilyCase, FamilyTests
from tests.tiny_cross_transformers import save_anima

LONG = "a very long text of things that are not to be seen in the picture"


def stock(folder: Path, *, prompt, negative, size, steps, seed, guidance):
    if not hasattr(transformer_cosmos, "transforms"):
        # The stock forward resizes a mask with torchvision, which is no part of Wordbrush; to the nearest it is this.
        transformer_cosmos.transforms = types.SimpleNamespace(
            functional=types.SimpleNamespace(
                resize=lambda mask, size, interpolation: F.interpolate(mask, size, mode="nearest")
            ),
            InterpolationMode=types.SimpleNamespace(NEAREST=None),
        )
    pipeline = AnimaModularPipeline(pretrained_model_name_or_path=str(folder))
    pipeline.load_components()
    pipeline.update_components(guider=ClassifierFreeGuidance(guidance_scale=guidance))
    pipeline.set_progress_bar_config(disable=True)
    latents = pipeline(
        prompt=prompt, negative_prompt=negative, width=size[0], height=size[1], num_inference_steps=steps,
        generator=torch.Generator().manual_seed(seed), output="latents",
    )  # fmt: skip
    return latents[:, :, 0]


class TestAnima(FamilyTests):
    case = FamilyCase(name="anima", save=save_anima, stock=stock, guidance=4.0, negatives=("", LONG, "sky"))
