"""Wan 2.1 and 2.2 A14B at one frame: an UMT5 encoder, cross-attention, and in 2.2 two experts by noise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities, frames_factor
from engine.models.assembly import half
from engine.models.assembly.record import UMT5, DenoiserFile, Wanted
from engine.models.assembly.sizes import Sizes, count
from engine.text.word_kinds import UMT5_WORDS

_HIGH, _LOW = "high noise", "low noise"


def _experts(index: Mapping[str, Any]) -> tuple[tuple[str, float, float, str], ...]:
    ratio = index.get("boundary_ratio")
    if not isinstance(ratio, int | float) or not 0 < ratio < 1:
        return ()
    # A flow's share of noise s as eDiff-I's sigma.
    border = float(ratio) / (1 - float(ratio))
    return ((_HIGH, border, math.inf, ""), (_LOW, 0.0, border, "transformer_2"))


_HEAD = 128
_BOUNDARY = 0.875
"""Of 2.2 A14B: its second expert works below that share of noise."""


def _config(sizes: Sizes, name: str) -> Mapping[str, Any]:
    inner, channels = sizes["patch_embedding.weight"][:2]
    return {
        "in_channels": channels,
        "out_channels": sizes["head.head.weight"][0] // 4,
        "num_layers": count(sizes, "blocks"),
        "attention_head_dim": _HEAD,
        "num_attention_heads": inner // _HEAD,
        "ffn_dim": sizes["blocks.0.ffn.0.weight"][0],
        "text_dim": sizes["text_embedding.0.weight"][1],
        "freq_dim": sizes["time_embedding.0.weight"][1],
        "image_dim": sizes["img_emb.proj.1.weight"][1] if "img_emb.proj.1.weight" in sizes else None,
    }


def _refuses(sizes: Sizes, name: str) -> str:
    if sizes["patch_embedding.weight"][1] == 48:
        return "Wan 2.2 5B, whose cells have times of their own"
    if half.of(name) == "low":
        return "the half of Wan 2.2 that works at little noise; it is used with the file for high noise"
    return ""


_LAYERS = {
    "patch_embedding": "patch_embedding",
    "time_embedding.0": "condition_embedder.time_embedder.linear_1",
    "time_embedding.2": "condition_embedder.time_embedder.linear_2",
    "text_embedding.0": "condition_embedder.text_embedder.linear_1",
    "text_embedding.2": "condition_embedder.text_embedder.linear_2",
    "time_projection.1": "condition_embedder.time_proj",
    "head.head": "proj_out",
    "blocks.#.norm3": "blocks.#.norm2",
    "blocks.#.ffn.0": "blocks.#.ffn.net.0.proj",
    "blocks.#.ffn.2": "blocks.#.ffn.net.2",
    "blocks.#.self_attn.q": "blocks.#.attn1.to_q",
    "blocks.#.self_attn.k": "blocks.#.attn1.to_k",
    "blocks.#.self_attn.v": "blocks.#.attn1.to_v",
    "blocks.#.self_attn.o": "blocks.#.attn1.to_out.0",
    "blocks.#.self_attn.norm_q": "blocks.#.attn1.norm_q",
    "blocks.#.self_attn.norm_k": "blocks.#.attn1.norm_k",
    "blocks.#.cross_attn.q": "blocks.#.attn2.to_q",
    "blocks.#.cross_attn.k": "blocks.#.attn2.to_k",
    "blocks.#.cross_attn.v": "blocks.#.attn2.to_v",
    "blocks.#.cross_attn.o": "blocks.#.attn2.to_out.0",
    "blocks.#.cross_attn.norm_q": "blocks.#.attn2.norm_q",
    "blocks.#.cross_attn.norm_k": "blocks.#.attn2.norm_k",
}
"""See `Architecture.layers`."""

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
    file=DenoiserFile(
        signs=("blocks.0.cross_attn.norm_q.weight", "patch_embedding.weight", "head.modulation"),
        without=("vace_blocks.0.after_proj.weight", "face_adapter.fuser_blocks.0.k_norm.weight"),
        names={
            "blocks.N.attn2.norm_q.weight": "blocks.N.cross_attn.norm_q.weight",
            "blocks.N.ffn.net.0.proj.weight": "blocks.N.ffn.0.weight",
            "vace_blocks.N.proj_out.weight": "vace_blocks.N.after_proj.weight",
            "face_adapter.N.to_q.weight": "face_adapter.fuser_blocks.N.k_norm.weight",
            "condition_embedder.text_embedder.linear_1.weight": "text_embedding.0.weight",
            "condition_embedder.time_embedder.linear_1.weight": "time_embedding.0.weight",
            "condition_embedder.image_embedder.ff.net.0.proj.weight": "img_emb.proj.1.weight",
            "scale_shift_table": "head.modulation",
            "proj_out.weight": "head.head.weight",
        },
        config=_config,
        schedule=lambda sizes, name: {
            "_class_name": "UniPCMultistepScheduler",
            "num_train_timesteps": 1000,
            "use_flow_sigmas": True,
            "prediction_type": "flow_prediction",
            "flow_shift": 3.0,
        },
        encoders=lambda sizes: {"text_encoder": Wanted(UMT5, sizes["text_embedding.0.weight"][1])},
        tokenizers={"tokenizer": UMT5_WORDS},
        converter="convert_wan_transformer_to_diffusers",
        index=lambda sizes, name: {"boundary_ratio": _BOUNDARY} if half.of(name) else {},
        refuses=_refuses,
        instead="Choose the file with high_noise in its name, or the model's diffusers folder.",
    ),
    loras="Wan",
    layers=_LAYERS,
)
