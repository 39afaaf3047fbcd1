"""Flux.1 (dev and schnell) against the stock pipeline."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import torch
from diffusers import FluxPipeline

from app.cli.main import main
from engine import Library
from engine.models.families.packing import unpacked
from tests.engine.families.harness import FamilyCase, FamilyTests
from tests.tiny_transformers import save_flux


def stock(folder: Path, *, prompt, negative, size, steps, seed, guidance, tokens: int = 512, true: bool = False):
    pipeline = FluxPipeline.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    guided = {"negative_prompt": negative, "true_cfg_scale": guidance} if true else {}
    latents = pipeline(
        prompt=prompt, width=size[0], height=size[1], num_inference_steps=steps, guidance_scale=guidance,
        generator=torch.Generator().manual_seed(seed), output_type="latent", max_sequence_length=tokens, **guided,
    ).images  # fmt: skip
    return unpacked(latents, size[1] // 8, size[0] // 8)


class TestFluxDev(FamilyTests):
    case = FamilyCase(name="flux-dev", save=save_flux, stock=stock, guidance=3.5)


class TestFluxSchnell(FamilyTests):
    case = FamilyCase(
        name="flux-schnell", save=partial(save_flux, guidance_embeds=False), stock=partial(stock, tokens=256)
    )


class TestFluxWithTrueGuidance(FamilyTests):
    """Without guidance as an input, a guidance above 1 is what diffusers calls `true_cfg_scale`."""

    case = FamilyCase(
        name="flux-true",
        save=partial(save_flux, guidance_embeds=False),
        stock=partial(stock, tokens=256, true=True),
        guidance=2.5,
        negatives=("", "grass and a dog"),
    )


def test_a_negative_prompt_is_read_where_guidance_is_no_input(tmp_path: Path) -> None:
    for embeds in (True, False):
        folder = save_flux(tmp_path / str(embeds), guidance_embeds=embeds)
        assert Library(tmp_path).inspect(folder).takes_negative is not embeds


def test_render_says_where_a_negative_prompt_has_no_effect(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    for embeds in (True, False):
        folder = save_flux(tmp_path / f"flux-{embeds}", guidance_embeds=embeds)
        asked = ["render", "--prompt", "a lake", "--negative", "fog", "--size", "64x64", "--steps", "1"]
        assert main([*asked, "--model", str(folder), "--device", "cpu", "--out", "a.png"]) == 0
        assert ("without a negative prompt" in capsys.readouterr().err) is embeds
