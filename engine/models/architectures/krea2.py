"""Krea 2 (Raw and Turbo): twelve layers of a Qwen3-VL encoder, one stream of text and image, Qwen-Image's latents."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities, frames_factor

_TURBO_MU = 1.15


def _schedule(index: Mapping[str, Any]) -> Mapping[str, Any]:
    # Turbo's times are shifted alike for all sizes.
    return {"mu": _TURBO_MU} if index.get("is_distilled") else {}


def _asks(denoiser: Mapping[str, Any], scheduler: Mapping[str, Any]) -> Asked:
    # Guidance counts from 1 here: the pipeline's 4.5 is p + 4.5 (p - n), which is 5.5.
    return Asked(guidance=1.0, steps=8) if "mu" in scheduler else Asked(guidance=5.5, steps=28)


ARCHITECTURE = Architecture(
    name="krea2",
    pipeline="Krea2Pipeline",
    parts=("tokenizer", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=1.0,
    paint_weight=0.4,
    side=1024,
    latents="qwen",
    denoiser="transformer",
    since="0.39",
    half="bfloat16",
    patch=2,
    factor=frames_factor,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=_asks,
    schedule=_schedule,
    spaced_by_steps=True,
    needs_a_picture=lambda denoiser: False,
    encoders=lambda config: (),
)
