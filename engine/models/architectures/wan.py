"""Wan 2.1 and 2.2 A14B at one frame: an UMT5 encoder, cross-attention, and in 2.2 two experts by noise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities, frames_factor

_HIGH, _LOW = "high noise", "low noise"


def _experts(index: Mapping[str, Any]) -> tuple[tuple[str, float, float, str], ...]:
    ratio = index.get("boundary_ratio")
    if not isinstance(ratio, int | float) or not 0 < ratio < 1:
        return ()
    # A flow's share of noise s as eDiff-I's sigma.
    border = float(ratio) / (1 - float(ratio))
    return ((_HIGH, border, math.inf, ""), (_LOW, 0.0, border, "transformer_2"))


ARCHITECTURE = Architecture(
    name="wan",
    pipeline="WanPipeline",
    parts=("tokenizer", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=5.0,
    paint_weight=0.4,
    side=1024,
    latents="wan-2.1",
    denoiser="transformer",
    half="bfloat16",
    patch=2,
    factor=frames_factor,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=lambda denoiser, scheduler: Asked(guidance=5.0, steps=50, sampler="euler"),
    needs_a_picture=lambda denoiser: (
        denoiser.get("image_dim") is not None or denoiser.get("in_channels", 16) != denoiser.get("out_channels", 16)
    ),
    # The 5B model of 2.2 tells each cell a time of its own.
    is_meant=lambda index: not index.get("expand_timesteps"),
    encoders=lambda config: (),
    experts=_experts,
)
