"""Qwen-Image 2.1 (and Turbo): a Qwen3-VL encoder, one stream in which the text never sees the picture, 64 channels."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities, frames_factor
from engine.models.assembly.record import FLOW, QWEN3_VL, DenoiserFile, Wanted, moved_by_size
from engine.models.assembly.sizes import Sizes, axes, count
from engine.text.word_kinds import QWEN_WORDS

_TURBO_SIGMAS = (1.0, 0.978453, 0.95418, 0.926626, 0.89508, 0.845148, 0.704534, 0.414568)
"""Turbo's levels, from its model_index.json."""


def _schedule(index: Mapping[str, Any]) -> Mapping[str, Any]:
    # The shift counts latent pixels, which are the cells.
    return {"patch": 1, "sample_sigmas": index.get("sample_sigmas")}


def _asks(denoiser: Mapping[str, Any], scheduler: Mapping[str, Any]) -> Asked:
    # Those distilled to a few steps name the levels of these.
    return Asked(guidance=1.0, steps=len(scheduler.get("sample_sigmas") or ()) or 40)


def _config(sizes: Sizes, name: str) -> Mapping[str, Any]:
    inner, channels = sizes["img_in.weight"]
    head = sizes["transformer_blocks.0.attn.norm_q.weight"][0]
    return {
        "in_channels": channels,
        "out_channels": sizes["proj_out.weight"][0],
        "num_layers": count(sizes, "transformer_blocks"),
        "attention_head_dim": head,
        "num_attention_heads": inner // head,
        "context_in_dim": sizes["txt_in.in_layer.weight"][1],
        "mlp_ratio": sizes["transformer_blocks.0.img_mlp.out.weight"][1] // inner,
        "axes_dims_rope": axes(head, (16, 56, 56)),
    }


def _levels(sizes: Sizes, name: str) -> Mapping[str, Any]:
    if "turbo" in name:
        return {**FLOW, "shift": 1.0, "use_dynamic_shifting": False}
    return moved_by_size(8192, 0.9, terminal=0.02)


_LAYERS = {
    "img_in": "img_in",
    "txt_in.in_layer": "txt_in.in_layer",
    "txt_in.out_layer": "txt_in.out_layer",
    "proj_out": "proj_out",
    "norm_out.linear": "norm_out.linear",
    "modulation.1": "modulation.1",
    "time_text_embed.timestep_embedder.linear_1": "time_text_embed.timestep_embedder.linear_1",
    "time_text_embed.timestep_embedder.linear_2": "time_text_embed.timestep_embedder.linear_2",
    "transformer_blocks.#.attn.to_q": "transformer_blocks.#.attn.to_q",
    "transformer_blocks.#.attn.to_k": "transformer_blocks.#.attn.to_k",
    "transformer_blocks.#.attn.to_v": "transformer_blocks.#.attn.to_v",
    "transformer_blocks.#.attn.to_out.0": "transformer_blocks.#.attn.to_out.0",
    "transformer_blocks.#.img_mlp.proj": "transformer_blocks.#.img_mlp.proj",
    "transformer_blocks.#.img_mlp.out": "transformer_blocks.#.img_mlp.out",
    "transformer_blocks.#.img_mlp.gate_layer": "transformer_blocks.#.img_mlp.gate_layer",
    "transformer_blocks.#.img_mlp.gate_up": "transformer_blocks.#.img_mlp.(gate_layer proj)",
}
"""See `Architecture.layers`."""

ARCHITECTURE = Architecture(
    name="qwen_image21",
    pipeline="QwenImage21Pipeline",
    parts=("processor", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=1.0,
    paint_weight=0.4,
    side=1024,
    latents="qwen-2.1",
    denoiser="transformer",
    joint=True,
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
    sees=True,
    file=DenoiserFile(
        # ComfyUI has both halves of what leads into a block's last layer as one tensor; all other names are diffusers'.
        signs=("transformer_blocks.0.img_mlp.gate_up.weight", "modulation.1.weight", "txt_in.text_norm.weight"),
        names={"transformer_blocks.N.img_mlp.gate_layer.weight": "transformer_blocks.N.img_mlp.gate_up.weight"},
        config=_config,
        schedule=_levels,
        index=lambda sizes, name: {"sample_sigmas": list(_TURBO_SIGMAS) if "turbo" in name else None},
        encoders=lambda sizes: {"text_encoder": Wanted(QWEN3_VL, sizes["txt_in.in_layer.weight"][1])},
        tokenizers={"processor": QWEN_WORDS},
        converter="convert_qwen_image21_transformer_checkpoint_to_diffusers",
    ),
    loras="Qwen-Image 2.1",
    layers=_LAYERS,
)
