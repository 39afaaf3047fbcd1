"""Wan 2.2 A14B at one frame, two experts by noise, and Wan 2.1 against the stock pipeline."""

from __future__ import annotations

import math
import shutil
from functools import partial
from pathlib import Path

import pytest
import torch
from diffusers import UniPCMultistepScheduler, WanPipeline

from engine.errors import ModelIncomplete
from engine.models import families
from tests.engine.families.harness import FamilyCase, FamilyTests
from tests.tiny_cross_transformers import save_wan

LONG = "a very long  text of things that are not to be seen &amp; heard in the picture"


def stock(folder: Path, *, prompt, negative, size, steps, seed, guidance):
    pipeline = WanPipeline.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    # UniPC of the first order without its corrector is Euler's method.
    pipeline.scheduler = UniPCMultistepScheduler.from_config(
        pipeline.scheduler.config, solver_order=1, disable_corrector=list(range(steps))
    )
    latents = pipeline(
        prompt=prompt, negative_prompt=negative, width=size[0], height=size[1], num_frames=1,
        num_inference_steps=steps, guidance_scale=guidance, generator=torch.Generator().manual_seed(seed),
        output_type="latent",
    ).frames  # fmt: skip
    return latents[:, :, 0]


class TestWan22(FamilyTests):
    case = FamilyCase(name="wan", save=save_wan, stock=stock, guidance=5.0, negatives=("", LONG, "sky"))

    def test_its_experts_are_on_the_timeline(self, folder: Path) -> None:
        high, low = families.inspect(folder).experts
        assert (high.name, high.low, high.high, high.folder) == ("high noise", pytest.approx(7.0), math.inf, None)
        assert (low.name, low.low, low.high, low.folder) == ("low noise", 0.0, high.low, folder / "transformer_2")

    def test_a_lost_expert_is_named(self, folder: Path, tmp_path: Path) -> None:
        whole = shutil.copytree(folder, tmp_path / "wan")
        shutil.rmtree(whole / "transformer_2")
        with pytest.raises(ModelIncomplete, match="transformer_2"):
            families.inspect(whole)


class TestWan21(FamilyTests):
    case = FamilyCase(
        name="wan-2.1", save=partial(save_wan, boundary_ratio=None), stock=stock, guidance=5.0, negatives=("sky",)
    )
