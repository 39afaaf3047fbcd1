"""Flux.2 Klein (4B, 9B, and the base models they are distilled from): a Qwen3 encoder, joint attention, 32 channels."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities


def _schedule(index: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"shift_by_steps": True, "is_distilled": bool(index.get("is_distilled"))}


def _asks(denoiser: Mapping[str, Any], scheduler: Mapping[str, Any]) -> Asked:
    return Asked(guidance=1.0, steps=4) if scheduler.get("is_distilled") else Asked(guidance=4.0, steps=50)


ARCHITECTURE = Architecture(
    name="flux2_klein",
    pipeline="Flux2KleinPipeline",
    parts=("tokenizer", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=1.0,
    paint_weight=0.4,
    side=1024,
    latents="flux-2",
    denoiser="transformer",
    since="0.37",
    half="bfloat16",
    patch=2,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=_asks,
    schedule=_schedule,
    spaced_by_steps=True,
    needs_a_picture=lambda denoiser: (
        (denoiser.get("out_channels") or denoiser.get("in_channels", 128)) != denoiser.get("in_channels", 128)
    ),
    encoders=lambda config: (),
)
