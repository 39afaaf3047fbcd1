"""Flux.1 (dev, schnell, Krea): T5 and CLIP encoders, a joint-attention transformer, guidance as an input or none."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities


def _asks(denoiser: Mapping[str, Any], scheduler: Mapping[str, Any]) -> Asked:
    # schnell is distilled to a few steps and takes no guidance.
    return Asked(guidance=3.5, steps=28) if denoiser.get("guidance_embeds") else Asked(guidance=1.0, steps=4)


ARCHITECTURE = Architecture(
    name="flux",
    pipeline="FluxPipeline",
    parts=("tokenizer", "tokenizer_2", "text_encoder", "text_encoder_2", "transformer", "vae", "scheduler"),
    guidance=3.5,
    paint_weight=0.4,
    side=1024,
    latents="flux-1",
    denoiser="transformer",
    half="bfloat16",
    patch=2,
    can=Capabilities(guidance_embedded=True, separation=False, gradient_steps=False, regions=False),
    asks=_asks,
    spaced_by_steps=True,
    # Fill, Depth and Canny take a picture's latents beside the noise.
    needs_a_picture=lambda denoiser: (
        (denoiser.get("out_channels") or denoiser.get("in_channels", 64)) != denoiser.get("in_channels", 64)
    ),
    encoders=lambda config: ("t5",),
)
