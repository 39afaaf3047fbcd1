"""Qwen-Image 2.1 against the stock pipeline, which keeps the text's keys and values too."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import torch

from engine import Library
from tests.engine.families.harness import PROMPT, FamilyCase, Watched, half_mask, painted
from tests.engine.families.pictures import PictureTests
from tests.tiny_qwen_image21 import load_stock, save_qwen_image21


def stock(folder: Path, *, prompt, negative, size, steps, seed, guidance, output="latent"):
    pipeline = load_stock(folder)
    pipeline.set_progress_bar_config(disable=True)
    found = pipeline(
        prompt=prompt, negative_prompt=negative, true_cfg_scale=guidance, width=size[0], height=size[1],
        num_inference_steps=steps, generator=torch.Generator().manual_seed(seed), output_type=output,
    ).images  # fmt: skip
    if output == "latent":
        return found.transpose(1, 2).reshape(1, -1, size[1] // 16, size[0] // 16)
    # The program's pictures have no alpha: what is transparent is on white.
    return found[..., :3] * found[..., 3:] + 1 - found[..., 3:]


class TestQwenImage21(PictureTests):
    case = FamilyCase(
        name="qwen-image-21",
        save=save_qwen_image21,
        stock=stock,
        guidance=2.5,
        size=(192, 128),
        # The last is as long as the prompt: both halves of guidance go in one call.
        negatives=(
            "",
            "a very long text of things that are not to be seen in the picture",
            PROMPT.replace("cat", "lake"),
        ),
    )

    def test_the_text_is_computed_once_in_a_run(self, folder: Path, watched: Watched) -> None:
        network, lengths = watched.family.denoiser.network, []
        hook = network.transformer_blocks[0].register_forward_pre_hook(
            lambda module, args, given: lengths.append(given["hidden_states"].shape[1]), with_kwargs=True
        )
        word = painted("lake", 1, half_mask(self.case.size))
        self.events(watched, folder, words=(word,), guidance=1.0)
        hook.remove()
        assert lengths[0] > 96 and lengths[1:] == [96] * 3
        assert not watched.family.denoiser._kept

    def test_sizes_are_multiples_of_two_cells(self, folder: Path) -> None:
        facts = Library(folder.parent / "none").inspect(folder)
        assert facts.multiple == 32 and (facts.defaults.steps, facts.defaults.guidance) == (40, 1.0)

    def test_a_picture_is_encoded_as_one_without_holes(self, folder: Path, watched: Watched) -> None:
        pipeline = load_stock(folder)
        rgb = (torch.rand(64, 96, 3, generator=torch.Generator().manual_seed(0)) * 255).byte()
        rgba = torch.cat([rgb, torch.full_like(rgb[..., :1], 255)], dim=-1)
        pixels = rgba.permute(2, 0, 1)[None, :, None] / 127.5 - 1
        wanted = pipeline._encode_vae_image(pixels, torch.Generator())[:, :, 0]
        assert (watched.family.encode_picture(rgb.numpy()) - wanted).abs().max() < 1e-4


class TestQwenImage21Turbo:
    case = FamilyCase(
        name="qwen-image-21-turbo", save=partial(save_qwen_image21, sample_sigmas=[1.0, 0.9, 0.6, 0.3]), stock=stock
    )

    @pytest.fixture
    def folder(self, family_folder) -> Path:
        return family_folder(self.case)

    def test_it_asks_for_the_steps_that_it_names(self, folder: Path) -> None:
        defaults = Library(folder.parent / "none").inspect(folder).defaults
        assert (defaults.steps, defaults.guidance) == (4, 1.0)

    def test_its_levels_are_the_stock_pipelines(self, folder: Path) -> None:
        pipeline = load_stock(folder)
        pipeline.set_progress_bar_config(disable=True)
        pipeline(PROMPT, width=64, height=64, output_type="latent")
        noise = Library(folder.parent / "none").load(folder, "cpu").noise
        walk = noise.walk("euler", 4, latent=(4, 4))
        assert walk.timesteps == pytest.approx(pipeline.scheduler.timesteps.tolist(), abs=1e-3)
