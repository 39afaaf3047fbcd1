"""Writes the trained parts as an ordinary Stable Diffusion folder that stock diffusers can load."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny, StableDiffusionPipeline, UNet2DConditionModel
from torch import Tensor, nn

from engine.sampling.preview import fit_to_pictures
from engine.training.conditions import Conditions
from engine.training.painted_attention import new_scheduler

_OF_A_CALL = {
    "is_local",
    "local_files_only",
    "max_length",
    "padding_side",
    "stride",
    "truncation_side",
    "truncation_strategy",
}
"""Keys of a tokenizer's file in which transformers records how it was last loaded and called."""


_INNER = ("down_blocks.", "mid_block.", "up_blocks.")
"""The denoiser's blocks. Rounding their kernels to 8 bits changes no error of a prediction by 0.001."""


def _to_float8(weights: Iterable[nn.Parameter]) -> None:
    for weight in weights:
        weight.data = weight.data.to(torch.float8_e4m3fn)


def fit_preview(latents: Tensor, rgb: np.ndarray) -> list[list[float]]:
    """Fit the model's linear preview by least squares: 4x4 pixels for each latent cell, from it and its neighbours.

    Args:
        latents: `[n, C, h, w]`. rgb: the pictures that they encode, uint8 `[n, H, W, 3]` of any size.
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
    own: Mapping[str, Any],
) -> None:
    """Write model_index.json and all parts, safetensors in shards of at most 14 MB, and `wordbrush.json`.

    The denoiser's kernels and T5's words are float8, all else float16; whatever loads them makes them wider again.
    Stock diffusers loads everything but T5 and the image encoder, which its pipeline does not have. Experts of an older
    export are removed, because they belong to other weights.

    Args:
        preview: the rows of its preview. own: what else `wordbrush.json` says.
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
    _to_float8(weight for name, weight in unet.named_parameters() if weight.ndim == 4 and name.startswith(_INNER))
    pipeline.save_pretrained(folder, safe_serialization=True, max_shard_size="14MB")
    pipeline.to(dtype=torch.float32)
    for part, encoder in (("text_encoder_2", conditions.t5), ("image_encoder", conditions.image)):
        encoder.half()
        if encoder is conditions.t5:
            _to_float8([conditions.t5.get_input_embeddings().weight])
        encoder.save_pretrained(folder / part)
        encoder.float()
    for part, tokenizer in (("tokenizer", conditions.tokenizer), ("tokenizer_2", conditions.t5_tokenizer)):
        _write_tokenizer(folder / part, tokenizer)
    normal = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    (folder / "image_encoder" / "preprocessor_config.json").write_text(json.dumps(normal) + "\n")
    # diffusers records the folder that weights came from, which means nothing on other machines.
    for part in ("unet", "vae"):
        config = folder / part / "config.json"
        kept = {name: value for name, value in json.loads(config.read_text()).items() if name != "_name_or_path"}
        config.write_text(json.dumps(kept, indent=2) + "\n")
    # transformers uses the dtype named in the config, diffusers float32: name the same one for all parts.
    for part in ("text_encoder", "text_encoder_2", "image_encoder"):
        config = folder / part / "config.json"
        config.write_text(json.dumps({**json.loads(config.read_text()), "dtype": "float32"}, indent=2) + "\n")
    shutil.rmtree(folder / "experts", ignore_errors=True)
    (folder / "wordbrush.json").write_text(json.dumps({**own, "preview": preview}) + "\n")


def _write_tokenizer(folder: Path, tokenizer: Any) -> None:
    # The caller decides about truncation and padding; the settings of the training must not stay in the files.
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.save_pretrained(folder)
    config = folder / "tokenizer_config.json"
    kept = {name: value for name, value in json.loads(config.read_text()).items() if name not in _OF_A_CALL}
    config.write_text(json.dumps(kept, indent=2) + "\n")
