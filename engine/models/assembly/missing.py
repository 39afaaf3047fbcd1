"""What to say where a model of separate files lacks some: what it is called, and where to put it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.errors import ModelIncomplete
from engine.models.assembly.record import CLIP, QWEN3, QWEN3_VL, QWEN25_VL, T5, UMT5, Wanted

_ENCODERS = {
    (CLIP, 768): "clip_l.safetensors",
    (CLIP, 1280): "clip_g.safetensors",
    (T5, 4096): "t5xxl_fp16.safetensors or t5xxl_fp8_e4m3fn_scaled.safetensors",
    (UMT5, 4096): "umt5_xxl_fp8_e4m3fn_scaled.safetensors",
    (QWEN3, 1024): "qwen_3_06b_base.safetensors",
    (QWEN3, 2560): "qwen_3_4b.safetensors",
    (QWEN3, 4096): "qwen_3_8b_fp8mixed.safetensors",
    (QWEN25_VL, 3584): "qwen_2.5_vl_7b_fp8_scaled.safetensors",
    (QWEN3_VL, 2560): "qwen3vl_4b_fp8_scaled.safetensors",
    (QWEN3_VL, 4096): "qwen3vl_8b_bf16.safetensors",
}
"""What ComfyUI's own downloads are called."""
_AUTOENCODERS = {
    "flux-1": "ae.safetensors",
    "flux-2": "flux2-vae.safetensors",
    "stable-diffusion-3": "sd3_vae.safetensors",
    "qwen": "qwen_image_vae.safetensors",
    "qwen-2.1": "qwen_image_2.1_vae_bf16.safetensors",
    "wan-2.1": "wan_2.1_vae.safetensors",
    "stable-diffusion-xl": "sdxl_vae.safetensors",
}


def parts(model: Path, encoders: Sequence[Wanted], latents: str | None) -> ModelIncomplete:
    """Return the error for encoders and an autoencoder that were not found.

    Args:
        latents: those that the autoencoder is for; None if it was found.
    """
    lacks, names = [], []
    for each in encoders:
        lacks.append(f"its text encoder {each.kind} (width {each.width})")
        names.append(f'{_ENCODERS.get((each.kind, each.width), "its file")} into "text_encoders"')
    if latents is not None:
        lacks.append("its autoencoder (VAE)")
        names.append(f'{_AUTOENCODERS.get(latents, "its file")} into "vae"')
    return ModelIncomplete(
        f'"{model.name}" is a transformer alone; {_joined(lacks)} {"was" if len(lacks) == 1 else "were"} not found.',
        hint=f"Put {_joined(names)} next to the model's own folder, as ComfyUI has them (GGUF works too), or all of "
        "them beside the model.",
    )


def half(model: Path) -> ModelIncomplete:
    """Return the error for a model of two denoisers of which one is not there."""
    return ModelIncomplete(
        f'"{model.name}" is the half of a model that works at high noise; the other half was not found.',
        hint="Put the file with low_noise in its name (LowNoise for GGUF) into the same folder.",
    )


def inner(model: Path, part: str) -> ModelIncomplete:
    """Return the error for a part that lies in the transformer's file in the original layout, and was not found."""
    name = part.replace("_", " ")
    return ModelIncomplete(
        f'"{model.name}" is a transformer alone; its {name} was not found.',
        hint=f"Put the file of its {name} beside it (in the diffusers folder it is the one in {part}), or get the "
        "model as ComfyUI has it, with both in one file.",
    )


def tokenizer(model: Path, kind: str) -> ModelIncomplete:
    """Return the error for a tokenizer that was found nowhere."""
    return ModelIncomplete(
        f'"{model.name}" needs a few more small files: the words of its text encoder (a tokenizer).',
        hint=f"Get them with: wordbrush models download tokenizer:{kind} (a few megabytes). If the model lies in the "
        "folder of ComfyUI or Forge, or its diffusers folder is installed, they are taken from there.",
        details=f"no tokenizer of the kind {kind}",
    )


def _joined(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
