"""Writes the trained parts as an ordinary Stable Diffusion folder that stock diffusers loads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny, StableDiffusionPipeline, UNet2DConditionModel
from torch import Tensor

from engine.sampling.preview import fit_to_pictures
from engine.training.conditions import Conditions
from engine.training.painted_attention import new_scheduler
from engine.training.vocabulary import learnt_words

DEFAULTS = {
    "name": "starter",
    "size": [256, 256],
    "steps": 20,
    "sampler": "dpmpp_2m",
    "guidance": 3.0,
    "paint_weight": 1.0,
    "fidelity": 0.5,
}
"""The model's own defaults, read by the engine from `wordbrush.json`."""

_OF_A_CALL = {
    "is_local",
    "local_files_only",
    "max_length",
    "padding_side",
    "stride",
    "truncation_side",
    "truncation_strategy",
}
"""What transformers leaves in a tokenizer's file of how it was last loaded and called."""


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
    conditions: Conditions,
    autoencoder: AutoencoderTiny,
    preview: list[list[float]],
) -> None:
    """Write model_index.json and all parts, float16 safetensors in shards of at most 14 MB, and `wordbrush.json`.

    Stock diffusers loads what it knows, which is everything but T5 and the image encoder; an older export's experts,
    which belong to other weights, are removed.
    """
    pipeline = StableDiffusionPipeline(
        unet=unet,
        text_encoder=conditions.text,
        tokenizer=conditions.tokenizer,
        vae=autoencoder,
        scheduler=new_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.to(dtype=torch.float16)
    pipeline.save_pretrained(folder, safe_serialization=True, max_shard_size="14MB")
    pipeline.to(dtype=torch.float32)
    for part, encoder in (("text_encoder_2", conditions.t5), ("image_encoder", conditions.image)):
        encoder.half().save_pretrained(folder / part)
        encoder.float()
    for part, tokenizer in (("tokenizer", conditions.tokenizer), ("tokenizer_2", conditions.t5_tokenizer)):
        _write_tokenizer(folder / part, tokenizer)
    normal = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    (folder / "image_encoder" / "preprocessor_config.json").write_text(json.dumps(normal) + "\n")
    # diffusers notes where weights came from: a folder of whoever trained them, which is nobody else's.
    for part in ("unet", "vae"):
        config = folder / part / "config.json"
        kept = {name: value for name, value in json.loads(config.read_text()).items() if name != "_name_or_path"}
        config.write_text(json.dumps(kept, indent=2) + "\n")
    # transformers loads in the dtype that the config names, diffusers in float32: name the same for all.
    for part in ("text_encoder", "text_encoder_2", "image_encoder"):
        config = folder / part / "config.json"
        config.write_text(json.dumps({**json.loads(config.read_text()), "dtype": "float32"}, indent=2) + "\n")
    shutil.rmtree(folder / "experts", ignore_errors=True)
    write_own(folder, preview=preview)


def _write_tokenizer(folder: Path, tokenizer: Any) -> None:
    # Where a prompt is cut, and how it is filled up, is the caller's to say; training's way must not stay in the files.
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.save_pretrained(folder)
    config = folder / "tokenizer_config.json"
    kept = {name: value for name, value in json.loads(config.read_text()).items() if name not in _OF_A_CALL}
    config.write_text(json.dumps(kept, indent=2) + "\n")


def write_own(folder: Path, *, preview: list[list[float]]) -> None:
    """Write `wordbrush.json`: the model's defaults, the words that it has learnt, and the rows of its preview."""
    own = {**DEFAULTS, **learnt_words(), "preview": preview}
    (folder / "wordbrush.json").write_text(json.dumps(own) + "\n")
