"""Stable Diffusion 3.5 against the stock pipeline, with its third text encoder and without."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusion3Pipeline

from engine import Library
from engine.errors import BadRequest
from tests.engine.families.harness import PROMPT, FamilyCase, FamilyTests
from tests.tiny_cross_transformers import save_sd3

LONG = "a very long text of things that are not to be seen in the picture"


def stock(folder: Path, *, prompt, negative, size, steps, seed, guidance):
    pipeline = StableDiffusion3Pipeline.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline(
        prompt=prompt, negative_prompt=negative, width=size[0], height=size[1], num_inference_steps=steps,
        guidance_scale=guidance, generator=torch.Generator().manual_seed(seed), output_type="latent",
    ).images  # fmt: skip


class TestStableDiffusion35(FamilyTests):
    case = FamilyCase(name="sd3", save=save_sd3, stock=stock, guidance=4.5, negatives=("", LONG, "sky"))

    def test_a_word_has_tokens_in_clip_and_in_t5(self, folder: Path) -> None:
        context = Library(folder.parent / "none").load(folder, "cpu").encode(PROMPT, "")
        found = context.positions((PROMPT.index("lake"), PROMPT.index("lake") + 4))
        assert any(place < 77 for place in found) and any(place >= 77 for place in found)
        assert set(found) <= set(context.seen)

    def test_a_picture_with_more_cells_than_places_is_refused(self, folder: Path) -> None:
        family = Library(folder.parent / "none").load(folder, "cpu")
        with pytest.raises(BadRequest, match="too large") as caught:
            family.denoiser.layout(333, (4, 17))
        assert "256 pixels" in caught.value.hint


def test_without_t5_it_is_the_stock_pipeline(tmp_path: Path) -> None:
    folder = save_sd3(tmp_path / "sd3-no-t5", with_t5=False)
    family = Library(tmp_path / "none").load(folder, "cpu")
    states = family.reader.read(PROMPT).states
    pipeline = StableDiffusion3Pipeline.from_pretrained(
        folder, text_encoder_3=None, tokenizer_3=None, local_files_only=True
    )
    wanted, *_ = pipeline.encode_prompt(PROMPT, None, None, do_classifier_free_guidance=False)
    assert (states - wanted).abs().max() < 1e-5
