"""Writes the trained parts as an ordinary Stable Diffusion folder that stock diffusers loads."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny, StableDiffusionPipeline, UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextModel, CLIPTokenizer

from engine.preview import fit_to_pictures
from engine.training.painted import new_scheduler
from engine.training.vocabulary import learnt_words

DEFAULTS = {
    "name": "starter",
    "size": [256, 256],
    "steps": 20,
    "sampler": "dpmpp_2m",
    "guidance": 3.0,
    "paint_weight": 1.0,
}
"""The model's own defaults, read by the engine from `wordbrush.json`."""


def fit_preview(latents: Tensor, rgb: np.ndarray) -> list[list[float]]:
    """The rows of the model's preview: 4x4 pixels for each latent pixel, from it and its neighbours.

    Args:
        latents: `[n, 8, 16, 16]`. rgb: the pictures they stand for, uint8 `[n, 256, 256, 3]`.
    """
    pictures = torch.from_numpy(np.array(rgb)).permute(0, 3, 1, 2).float() / 255
    rows = fit_to_pictures(latents.float(), pictures, kernel=3, scale=4).rows
    return [[round(value, 4) for value in row] for row in rows.tolist()]


def export(
    folder: Path,
    *,
    unet: UNet2DConditionModel,
    text_encoder: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    autoencoder: AutoencoderTiny,
    preview: list[list[float]],
) -> None:
    """Write model_index.json and all parts, float16 safetensors in shards of at most 14 MB, and `wordbrush.json`."""
    pipeline = StableDiffusionPipeline(
        unet=unet,
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        vae=autoencoder,
        scheduler=new_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.to(dtype=torch.float16)
    pipeline.save_pretrained(folder, safe_serialization=True, max_shard_size="14MB")
    pipeline.to(dtype=torch.float32)
    # transformers loads in the dtype that the config names, diffusers in float32: name the same for both.
    config = folder / "text_encoder" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "dtype": "float32"}, indent=2) + "\n")
    write_own(folder, preview=preview)


def write_own(folder: Path, *, preview: list[list[float]]) -> None:
    """Write `wordbrush.json`: the model's defaults, the words that it has learnt, and the rows of its preview."""
    own = {**DEFAULTS, **learnt_words(), "preview": preview}
    (folder / "wordbrush.json").write_text(json.dumps(own) + "\n")
