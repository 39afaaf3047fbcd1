"""Krea 2 (Turbo and Raw) against the stock pipeline."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import torch
from diffusers import Krea2Pipeline

from engine import Library
from engine.models.families.packing import unpacked
from tests.engine.families.harness import FamilyCase, Watched
from tests.engine.families.pictures import PictureTests
from tests.tiny_qwen_image import save_krea2


def stock(folder: Path, *, prompt, negative, size, steps, seed, guidance, output="latent"):
    pipeline = Krea2Pipeline.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    latents = pipeline(
        prompt=prompt, negative_prompt=negative, width=size[0], height=size[1], num_inference_steps=steps,
        # The pipeline's guidance is what it adds to the prompt's own prediction.
        guidance_scale=guidance - 1.0, generator=torch.Generator().manual_seed(seed), output_type=output,
    ).images  # fmt: skip
    return unpacked(latents, size[1] // 8, size[0] // 8) if output == "latent" else latents


class TestKrea2Turbo(PictureTests):
    case = FamilyCase(name="krea2-turbo", save=save_krea2, stock=stock)

    def test_it_asks_for_few_steps_without_guidance(self, folder: Path) -> None:
        defaults = Library(folder.parent / "none").inspect(folder).defaults
        assert (defaults.steps, defaults.guidance, defaults.size) == (8, 1.0, (1024, 1024))

    @pytest.mark.parametrize("prompt", ["a cat", "a cat by a lake, " * 100], ids=["padded", "cut"])
    def test_what_is_left_out_is_only_the_padding(self, folder: Path, watched: Watched, prompt: str) -> None:
        pipeline = Krea2Pipeline.from_pretrained(folder, local_files_only=True)
        states, mask = pipeline.encode_prompt(prompt)
        ours = watched.family.reader.read(prompt).states
        assert ours.shape[1] == int(mask.sum())
        assert (states[mask][None] - ours).abs().max() < 1e-4


class TestKrea2Raw(PictureTests):
    case = FamilyCase(
        name="krea2-raw",
        save=partial(save_krea2, is_distilled=False),
        stock=stock,
        guidance=5.5,
        negatives=("", "a very long text of things that are not to be seen in the picture", "sky"),
    )

    def test_it_asks_for_guidance(self, folder: Path) -> None:
        defaults = Library(folder.parent / "none").inspect(folder).defaults
        assert (defaults.steps, defaults.guidance) == (28, 5.5)
