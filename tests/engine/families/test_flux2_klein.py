"""Flux.2 Klein and its base models against the stock pipeline."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import Flux2KleinPipeline

from engine import Library
from tests.engine.families.harness import FamilyCase, Watched
from tests.engine.families.pictures import PictureTests
from tests.tiny_flux2 import save_klein


def stock(folder: Path, *, prompt, negative, size, steps, seed, guidance, output="latent"):
    """The pipeline's latents from the same noise, its autoencoder's statistics taken off again."""
    pipeline = Flux2KleinPipeline.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(1, pipeline.vae.config.latent_channels, size[1] // 8, size[0] // 8, generator=generator)
    opposite = pipeline.encode_prompt(negative)[0] if guidance != 1 else None
    found = pipeline(
        prompt=prompt, width=size[0], height=size[1], num_inference_steps=steps, guidance_scale=guidance,
        negative_prompt_embeds=opposite, latents=pipeline._patchify_latents(noise), output_type=output,
    ).images  # fmt: skip
    if output != "latent":
        return found
    norm = pipeline.vae.bn
    mean, variance = norm.running_mean.view(1, -1, 1, 1), norm.running_var.view(1, -1, 1, 1)
    cells = (pipeline._patchify_latents(found) - mean) / torch.sqrt(variance + pipeline.vae.config.batch_norm_eps)
    return pipeline._unpatchify_latents(cells)


class TestKlein(PictureTests):
    case = FamilyCase(name="klein", save=save_klein, stock=stock)

    def test_it_asks_for_few_steps_without_guidance(self, folder: Path) -> None:
        defaults = Library(folder.parent / "none").inspect(folder).defaults
        assert (defaults.steps, defaults.guidance, defaults.size) == (4, 1.0, (1024, 1024))

    @pytest.mark.parametrize("prompt", ["a cat", "a cat by a lake, " * 100], ids=["padded", "cut"])
    @pytest.mark.parametrize("side", ["right", "left"])
    def test_the_states_are_the_stock_pipelines(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, prompt: str, side: str
    ) -> None:
        pipeline = Flux2KleinPipeline.from_pretrained(folder, local_files_only=True)
        reader = Watched(folder, monkeypatch).family.reader  # of its own: it is changed here
        pipeline.tokenizer.padding_side = reader.tokenizer.padding_side = side
        wanted, _ = pipeline.encode_prompt(prompt)
        ours = reader.read(prompt)
        assert ours.states.shape == wanted.shape == (1, 512, 48)
        assert (ours.states - wanted).abs().max() < 1e-4
        if prompt == "a cat":
            assert len(ours.seen) < 100 and (0 in ours.seen) == (side == "right")

    def test_a_pictures_latents_are_the_stock_pipelines(self, folder: Path, watched: Watched) -> None:
        pipeline = Flux2KleinPipeline.from_pretrained(folder, local_files_only=True)
        rgb = np.random.default_rng(0).integers(0, 256, (64, 96, 3), dtype=np.uint8)
        pixels = torch.from_numpy(rgb).permute(2, 0, 1)[None] / 127.5 - 1
        wanted = pipeline._unpatchify_latents(pipeline._encode_vae_image(pixels, torch.Generator()))
        assert (watched.family.encode_picture(rgb) - wanted).abs().max() < 1e-4


class TestKleinBase(PictureTests):
    case = FamilyCase(
        name="klein-base",
        save=partial(save_klein, is_distilled=False),
        stock=stock,
        guidance=4.0,
        negatives=("", "a very long text of things that are not to be seen in the picture"),
    )

    def test_it_asks_for_guidance(self, folder: Path) -> None:
        defaults = Library(folder.parent / "none").inspect(folder).defaults
        assert (defaults.steps, defaults.guidance) == (50, 4.0)
