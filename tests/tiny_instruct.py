"""Tiny models that follow instructions: InstructPix2Pix of both kinds, and an adapter beside a base."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tiny import save_deltas, save_tiny, tiny_pipeline
from tests.tiny_sdxl import tiny_sdxl


def _widened(unet: Any) -> Any:
    """The same kind of UNet, untrained, with as many channels for a picture."""
    import torch

    torch.manual_seed(7)
    config = {name: value for name, value in unet.config.items() if name != "_use_default_values"}
    return type(unet).from_config(config | {"in_channels": 2 * unet.config.out_channels})


def save_instruct(folder: Path, *, kl: bool = True) -> Path:
    """Saves a stock StableDiffusionInstructPix2PixPipeline with random weights."""
    from diffusers import StableDiffusionInstructPix2PixPipeline

    parts = {name: part for name, part in tiny_pipeline(kl=kl).components.items() if name != "image_encoder"}
    parts["unet"] = _widened(parts["unet"])
    StableDiffusionInstructPix2PixPipeline(**parts, requires_safety_checker=False).save_pretrained(folder)
    return folder


def save_instruct_sdxl(folder: Path) -> Path:
    """Saves a stock StableDiffusionXLInstructPix2PixPipeline with random weights."""
    from diffusers import StableDiffusionXLInstructPix2PixPipeline

    kept = ("vae", "text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2", "unet", "scheduler")
    parts = {name: part for name, part in tiny_sdxl().components.items() if name in kept}
    parts["unet"] = _widened(parts["unet"])
    StableDiffusionXLInstructPix2PixPipeline(**parts, add_watermarker=False).save_pretrained(folder)
    return folder


def save_adapted(folder: Path) -> Path:
    """Saves a tiny model with an expert of its own and an adapter for instructions."""
    save_tiny(folder)
    save_adapter(folder / "instruct")
    return folder


def save_adapter(folder: Path, *, channels: int = 4) -> Path:
    """Writes an adapter for `tiny_unet` into a folder: low-rank changes, and weights for the channels of a picture."""
    import torch
    from safetensors.torch import save_file

    save_deltas(folder)
    extra = torch.randn(16, channels, 3, 3, generator=torch.Generator().manual_seed(9)) * 0.1
    save_file({"conv_in.weight": extra}, folder / "picture_input.safetensors")
    return folder
