"""Krea 2 (Raw and Turbo): twelve layers of a Qwen3-VL encoder, one stream of text and image, Qwen-Image's latents."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities, frames_factor
from engine.models.assembly.record import QWEN3_VL, DenoiserFile, Wanted, moved_by_size
from engine.models.assembly.sizes import Sizes, axes, count
from engine.text.word_kinds import QWEN_WORDS

_TURBO_MU = 1.15


def _schedule(index: Mapping[str, Any]) -> Mapping[str, Any]:
    # Turbo's times are shifted alike for all sizes.
    return {"mu": _TURBO_MU} if index.get("is_distilled") else {}


def _asks(denoiser: Mapping[str, Any], scheduler: Mapping[str, Any]) -> Asked:
    # Guidance counts from 1 here: the pipeline's 4.5 is p + 4.5 (p - n), which is 5.5.
    return Asked(guidance=1.0, steps=8) if "mu" in scheduler else Asked(guidance=5.5, steps=28)


def _config(sizes: Sizes, name: str) -> Mapping[str, Any]:
    inner, channels = sizes["first.weight"]
    head, text = sizes["blocks.0.attn.qknorm.qnorm.scale"][0], "txtfusion.layerwise_blocks.0"
    text_head = sizes[f"{text}.attn.qknorm.qnorm.scale"][0]
    return {
        "in_channels": channels,
        "num_layers": count(sizes, "blocks"),
        "attention_head_dim": head,
        "num_attention_heads": inner // head,
        "num_key_value_heads": sizes["blocks.0.attn.wk.weight"][0] // head,
        "intermediate_size": sizes["blocks.0.mlp.up.weight"][0],
        "timestep_embed_dim": sizes["tmlp.0.weight"][1],
        "text_hidden_dim": sizes["txtmlp.0.scale"][0],
        "num_text_layers": sizes["txtfusion.projector.weight"][-1],
        "text_num_attention_heads": sizes[f"{text}.attn.wq.weight"][0] // text_head,
        "text_num_key_value_heads": sizes[f"{text}.attn.wk.weight"][0] // text_head,
        "text_intermediate_size": sizes[f"{text}.mlp.up.weight"][0],
        "num_layerwise_text_blocks": count(sizes, "txtfusion.layerwise_blocks"),
        "num_refiner_text_blocks": count(sizes, "txtfusion.refiner_blocks"),
        "axes_dims_rope": axes(head, (32, 48, 48)),
    }


_LAYERS = {
    "first": "img_in",
    "tmlp.0": "time_embed.linear_1",
    "tmlp.2": "time_embed.linear_2",
    "tproj.1": "time_mod_proj",
    "txtmlp.1": "txt_in.linear_1",
    "txtmlp.3": "txt_in.linear_2",
    "last.linear": "final_layer.linear",
    "txtfusion.projector": "text_fusion.projector",
    "blocks.#.attn.wq": "transformer_blocks.#.attn.to_q",
    "blocks.#.attn.wk": "transformer_blocks.#.attn.to_k",
    "blocks.#.attn.wv": "transformer_blocks.#.attn.to_v",
    "blocks.#.attn.wo": "transformer_blocks.#.attn.to_out.0",
    "blocks.#.attn.gate": "transformer_blocks.#.attn.to_gate",
    "blocks.#.mlp.gate": "transformer_blocks.#.ff.gate",
    "blocks.#.mlp.up": "transformer_blocks.#.ff.up",
    "blocks.#.mlp.down": "transformer_blocks.#.ff.down",
    "txtfusion.layerwise_blocks.#.attn.wq": "text_fusion.layerwise_blocks.#.attn.to_q",
    "txtfusion.layerwise_blocks.#.attn.wk": "text_fusion.layerwise_blocks.#.attn.to_k",
    "txtfusion.layerwise_blocks.#.attn.wv": "text_fusion.layerwise_blocks.#.attn.to_v",
    "txtfusion.layerwise_blocks.#.attn.wo": "text_fusion.layerwise_blocks.#.attn.to_out.0",
    "txtfusion.layerwise_blocks.#.attn.gate": "text_fusion.layerwise_blocks.#.attn.to_gate",
    "txtfusion.layerwise_blocks.#.mlp.gate": "text_fusion.layerwise_blocks.#.ff.gate",
    "txtfusion.layerwise_blocks.#.mlp.up": "text_fusion.layerwise_blocks.#.ff.up",
    "txtfusion.layerwise_blocks.#.mlp.down": "text_fusion.layerwise_blocks.#.ff.down",
    "txtfusion.refiner_blocks.#.attn.wq": "text_fusion.refiner_blocks.#.attn.to_q",
    "txtfusion.refiner_blocks.#.attn.wk": "text_fusion.refiner_blocks.#.attn.to_k",
    "txtfusion.refiner_blocks.#.attn.wv": "text_fusion.refiner_blocks.#.attn.to_v",
    "txtfusion.refiner_blocks.#.attn.wo": "text_fusion.refiner_blocks.#.attn.to_out.0",
    "txtfusion.refiner_blocks.#.attn.gate": "text_fusion.refiner_blocks.#.attn.to_gate",
    "txtfusion.refiner_blocks.#.mlp.gate": "text_fusion.refiner_blocks.#.ff.gate",
    "txtfusion.refiner_blocks.#.mlp.up": "text_fusion.refiner_blocks.#.ff.up",
    "txtfusion.refiner_blocks.#.mlp.down": "text_fusion.refiner_blocks.#.ff.down",
}
"""See `Architecture.layers`."""

ARCHITECTURE = Architecture(
    name="krea2",
    pipeline="Krea2Pipeline",
    parts=("tokenizer", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=1.0,
    paint_weight=0.4,
    side=1024,
    latents="qwen",
    denoiser="transformer",
    joint=True,
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
    sees=True,
    file=DenoiserFile(
        signs=("txtfusion.projector.weight", "blocks.0.attn.qknorm.qnorm.scale", "first.weight"),
        names={
            "img_in.weight": "first.weight",
            "transformer_blocks.N.attn.norm_q.weight": "blocks.N.attn.qknorm.qnorm.scale",
            "transformer_blocks.N.attn.to_k.weight": "blocks.N.attn.wk.weight",
            "transformer_blocks.N.ff.up.weight": "blocks.N.mlp.up.weight",
            "time_embed.linear_1.weight": "tmlp.0.weight",
            "txt_in.norm.weight": "txtmlp.0.scale",
            "text_fusion.projector.weight": "txtfusion.projector.weight",
            "text_fusion.layerwise_blocks.N.attn.norm_q.weight": "txtfusion.layerwise_blocks.N.attn.qknorm.qnorm.scale",
            "text_fusion.layerwise_blocks.N.attn.to_q.weight": "txtfusion.layerwise_blocks.N.attn.wq.weight",
            "text_fusion.layerwise_blocks.N.attn.to_k.weight": "txtfusion.layerwise_blocks.N.attn.wk.weight",
            "text_fusion.layerwise_blocks.N.ff.up.weight": "txtfusion.layerwise_blocks.N.mlp.up.weight",
            "text_fusion.refiner_blocks.N.attn.to_q.weight": "txtfusion.refiner_blocks.N.attn.wq.weight",
        },
        config=_config,
        schedule=lambda sizes, name: moved_by_size(6400, 1.15),
        index=lambda sizes, name: {
            "is_distilled": "raw" not in name,
            "text_encoder_select_layers": [3 * n + 2 for n in range(sizes["txtfusion.projector.weight"][-1])],
        },
        encoders=lambda sizes: {"text_encoder": Wanted(QWEN3_VL, sizes["txtmlp.0.scale"][0])},
        tokenizers={"tokenizer": QWEN_WORDS},
        converter="convert_krea2_transformer_checkpoint_to_diffusers",
    ),
    loras="Krea 2",
    layers=_LAYERS,
)
