"""Qwen-Image 2.1 (and Turbo): a Qwen3-VL encoder, one stream in which the text never sees the picture, 64 channels."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities, frames_factor


def _schedule(index: Mapping[str, Any]) -> Mapping[str, Any]:
    # The shift counts latent pixels, which are the cells.
    return {"patch": 1, "sample_sigmas": index.get("sample_sigmas")}


def _asks(denoiser: Mapping[str, Any], scheduler: Mapping[str, Any]) -> Asked:
    # Those distilled to a few steps name the levels of these.
    return Asked(guidance=1.0, steps=len(scheduler.get("sample_sigmas") or ()) or 40)


ARCHITECTURE = Architecture(
    name="qwen_image21",
    pipeline="QwenImage21Pipeline",
    parts=("processor", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=1.0,
    paint_weight=0.4,
    side=1024,
    latents="qwen-2.1",
    denoiser="transformer",
    since="0.42",
    half="bfloat16",
    cells=2,
    factor=frames_factor,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=_asks,
    schedule=_schedule,
    spaced_by_steps=True,
    needs_a_picture=lambda denoiser: False,
    encoders=lambda config: (),
)
