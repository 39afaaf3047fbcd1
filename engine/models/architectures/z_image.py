"""Z-Image and Z-Image-Turbo: a Qwen3 encoder with its chat template, one stream of image and text."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities

_TURBO_SHIFT = 3.0


def _asks(denoiser: Mapping[str, Any], scheduler: Mapping[str, Any]) -> Asked:
    # The two differ in nothing but their weights and the shift of their times. Guidance counts from 1 here: the
    # pipeline's 5 is p + 5 (p - n), which is 6.
    turbo = float(scheduler.get("shift") or 1.0) <= _TURBO_SHIFT
    return Asked(guidance=1.0, steps=8) if turbo else Asked(guidance=6.0, steps=50)


ARCHITECTURE = Architecture(
    name="z_image",
    pipeline="ZImagePipeline",
    parts=("tokenizer", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=1.0,
    paint_weight=0.4,
    side=1024,
    latents="flux-1",
    denoiser="transformer",
    since="0.36",
    half="bfloat16",
    patch=2,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=_asks,
    spaced_by_steps=True,
    needs_a_picture=lambda denoiser: denoiser.get("siglip_feat_dim") is not None,
    encoders=lambda config: (),
)
