"""Z-Image and Z-Image-Turbo: a Qwen3 encoder with its chat template, one stream of image and text."""

import re
from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities
from engine.models.assembly.record import FLOW, QWEN3, DenoiserFile, Wanted
from engine.models.assembly.sizes import Sizes, axes, count
from engine.text.word_kinds import QWEN_WORDS

_TURBO_SHIFT, _BASE_SHIFT = 3.0, 6.0
_BASE = re.compile(r"base|^z[-_ ]?image(?![-_ ]*turbo)([-_ ](bf16|fp16|fp8|q\d|int8|nvfp4).*)?$")
"""How files of the base model are called; all others come from Turbo, which nothing but its weights tells apart."""


def _asks(denoiser: Mapping[str, Any], scheduler: Mapping[str, Any]) -> Asked:
    # The two differ in nothing but their weights and the shift of their times. Guidance counts from 1 here: the
    # pipeline's 5 is p + 5 (p - n), which is 6.
    turbo = float(scheduler.get("shift") or 1.0) <= _TURBO_SHIFT
    return Asked(guidance=1.0, steps=8) if turbo else Asked(guidance=6.0, steps=50)


def _config(sizes: Sizes, name: str) -> Mapping[str, Any]:
    inner, channels = sizes["x_embedder.weight"]
    head = sizes["layers.0.attention.q_norm.weight"][0]
    return {
        "in_channels": channels // 4,
        "dim": inner,
        "n_layers": count(sizes, "layers"),
        "n_refiner_layers": count(sizes, "noise_refiner"),
        "n_heads": inner // head,
        "n_kv_heads": inner // head,
        "cap_feat_dim": sizes["cap_embedder.1.weight"][1],
        "axes_dims": axes(head, (32, 48, 48)),
        "axes_lens": [1536, 512, 512],
        "siglip_feat_dim": sizes["siglip_embedder.1.weight"][1] if "siglip_embedder.1.weight" in sizes else None,
    }


_LAYERS = {
    "x_embedder": "all_x_embedder.2-1",
    "final_layer.linear": "all_final_layer.2-1.linear",
    "final_layer.adaLN_modulation.1": "all_final_layer.2-1.adaLN_modulation.1",
    "t_embedder.mlp.0": "t_embedder.mlp.0",
    "t_embedder.mlp.2": "t_embedder.mlp.2",
    "cap_embedder.1": "cap_embedder.1",
    "layers.#.attention.qkv": "layers.#.attention.(to_q to_k to_v)",
    "layers.#.attention.out": "layers.#.attention.to_out.0",
    "layers.#.feed_forward.w1": "layers.#.feed_forward.w1",
    "layers.#.feed_forward.w2": "layers.#.feed_forward.w2",
    "layers.#.feed_forward.w3": "layers.#.feed_forward.w3",
    "layers.#.adaLN_modulation.0": "layers.#.adaLN_modulation.0",
    "noise_refiner.#.attention.qkv": "noise_refiner.#.attention.(to_q to_k to_v)",
    "noise_refiner.#.attention.out": "noise_refiner.#.attention.to_out.0",
    "noise_refiner.#.feed_forward.w1": "noise_refiner.#.feed_forward.w1",
    "noise_refiner.#.feed_forward.w2": "noise_refiner.#.feed_forward.w2",
    "noise_refiner.#.feed_forward.w3": "noise_refiner.#.feed_forward.w3",
    "noise_refiner.#.adaLN_modulation.0": "noise_refiner.#.adaLN_modulation.0",
    "context_refiner.#.attention.qkv": "context_refiner.#.attention.(to_q to_k to_v)",
    "context_refiner.#.attention.out": "context_refiner.#.attention.to_out.0",
    "context_refiner.#.feed_forward.w1": "context_refiner.#.feed_forward.w1",
    "context_refiner.#.feed_forward.w2": "context_refiner.#.feed_forward.w2",
    "context_refiner.#.feed_forward.w3": "context_refiner.#.feed_forward.w3",
}
"""See `Architecture.layers`."""

ARCHITECTURE = Architecture(
    name="z_image",
    pipeline="ZImagePipeline",
    parts=("tokenizer", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=1.0,
    paint_weight=0.4,
    side=1024,
    latents="flux-1",
    denoiser="transformer",
    joint=True,
    since="0.36",
    half="bfloat16",
    patch=2,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=_asks,
    spaced_by_steps=True,
    needs_a_picture=lambda denoiser: denoiser.get("siglip_feat_dim") is not None,
    encoders=lambda config: (),
    file=DenoiserFile(
        # Lumina 2, from which it comes, has no tokens that fill up.
        signs=("cap_embedder.1.weight", "layers.0.attention.qkv.weight", "cap_pad_token", "x_pad_token"),
        names={
            "all_x_embedder.2-1.weight": "x_embedder.weight",
            "layers.N.attention.to_q.weight": "layers.N.attention.qkv.weight",
            "layers.N.attention.norm_q.weight": "layers.N.attention.q_norm.weight",
        },
        config=_config,
        schedule=lambda sizes, name: {**FLOW, "shift": _BASE_SHIFT if _BASE.search(name) else _TURBO_SHIFT},
        encoders=lambda sizes: {"text_encoder": Wanted(QWEN3, sizes["cap_embedder.1.weight"][1])},
        tokenizers={"tokenizer": QWEN_WORDS},
        converter="convert_z_image_transformer_checkpoint_to_diffusers",
    ),
    loras="Z-Image",
    layers=_LAYERS,
)
