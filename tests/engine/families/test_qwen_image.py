"""Qwen-Image against the stock pipeline."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from diffusers import QwenImagePipeline

from engine import Library
from engine.errors import UnsupportedModel
from engine.models.families.packing import unpacked
from tests.engine.families.harness import FamilyCase, Watched
from tests.engine.families.pictures import PictureTests
from tests.tiny_qwen_image import save_qwen_image


def stock(folder: Path, *, prompt, negative, size, steps, seed, guidance, output="latent"):
    pipeline = QwenImagePipeline.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    latents = pipeline(
        prompt=prompt, negative_prompt=negative, true_cfg_scale=guidance, width=size[0], height=size[1],
        num_inference_steps=steps, generator=torch.Generator().manual_seed(seed), output_type=output,
    ).images  # fmt: skip
    return unpacked(latents, size[1] // 8, size[0] // 8) if output == "latent" else latents


class TestQwenImage(PictureTests):
    case = FamilyCase(
        name="qwen-image",
        save=save_qwen_image,
        stock=stock,
        guidance=4.0,
        negatives=("", "a very long text of things that are not to be seen in the picture", "sky"),
    )

    def test_it_asks_for_guidance(self, folder: Path) -> None:
        defaults = Library(folder.parent / "none").inspect(folder).defaults
        assert (defaults.steps, defaults.guidance, defaults.size) == (50, 4.0, (1024, 1024))

    def test_only_what_reads_text_is_kept_of_the_encoder(self, watched: Watched) -> None:
        assert type(watched.family.reader.encoder).__name__ == "Qwen2_5_VLTextModel"

    def test_another_encoder_is_refused_by_name(self, folder: Path, tmp_path: Path) -> None:
        shutil.copytree(folder, tmp_path / "other")
        config = tmp_path / "other" / "text_encoder" / "config.json"
        config.write_text(config.read_text().replace("Qwen2_5_VLForConditionalGeneration", "LlamaForCausalLM"))
        with pytest.raises(UnsupportedModel, match="LlamaForCausalLM"):
            Library(tmp_path / "none").load(tmp_path / "other", "cpu")
