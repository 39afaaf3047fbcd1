"""Flux.1 (dev, schnell, Krea): T5 and CLIP encoders, a joint-attention transformer, guidance as an input or none."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities
from engine.models.assembly.record import CLIP, FLOW, T5, DenoiserFile, Wanted, moved_by_size
from engine.models.assembly.sizes import Sizes, axes, count
from engine.text.word_kinds import CLIP_WORDS, T5_WORDS


def _asks(denoiser: Mapping[str, Any], scheduler: Mapping[str, Any]) -> Asked:
    # schnell is distilled to a few steps and takes no guidance.
    return Asked(guidance=3.5, steps=28) if denoiser.get("guidance_embeds") else Asked(guidance=1.0, steps=4)


def _config(sizes: Sizes, name: str) -> Mapping[str, Any]:
    inner, channels = sizes["img_in.weight"]
    head = sizes["double_blocks.0.img_attn.norm.query_norm.scale"][0]
    return {
        "in_channels": channels,
        "out_channels": sizes["final_layer.linear.weight"][0],
        "num_layers": count(sizes, "double_blocks"),
        "num_single_layers": count(sizes, "single_blocks"),
        "attention_head_dim": head,
        "num_attention_heads": inner // head,
        "joint_attention_dim": sizes["txt_in.weight"][1],
        "pooled_projection_dim": sizes["vector_in.in_layer.weight"][1],
        "guidance_embeds": "guidance_in.in_layer.weight" in sizes,
        "axes_dims_rope": axes(head, (16, 56, 56)),
    }


def _schedule(sizes: Sizes, name: str) -> Mapping[str, Any]:
    if "guidance_in.in_layer.weight" not in sizes:
        return {**FLOW, "shift": 1.0, "use_dynamic_shifting": False}
    return moved_by_size(4096, 1.15, shift=3.0)


_LAYERS = {
    "img_in": "x_embedder",
    "txt_in": "context_embedder",
    "final_layer.linear": "proj_out",
    "final_layer.adaLN_modulation.1": "~norm_out.linear",
    "time_in.in_layer": "time_text_embed.timestep_embedder.linear_1",
    "time_in.out_layer": "time_text_embed.timestep_embedder.linear_2",
    "vector_in.in_layer": "time_text_embed.text_embedder.linear_1",
    "vector_in.out_layer": "time_text_embed.text_embedder.linear_2",
    "guidance_in.in_layer": "time_text_embed.guidance_embedder.linear_1",
    "guidance_in.out_layer": "time_text_embed.guidance_embedder.linear_2",
    "double_blocks.#.img_mod.lin": "transformer_blocks.#.norm1.linear",
    "double_blocks.#.txt_mod.lin": "transformer_blocks.#.norm1_context.linear",
    "double_blocks.#.img_attn.qkv": "transformer_blocks.#.attn.(to_q to_k to_v)",
    "double_blocks.#.img_attn.proj": "transformer_blocks.#.attn.to_out.0",
    "double_blocks.#.txt_attn.qkv": "transformer_blocks.#.attn.(add_q_proj add_k_proj add_v_proj)",
    "double_blocks.#.txt_attn.proj": "transformer_blocks.#.attn.to_add_out",
    "double_blocks.#.img_mlp.0": "transformer_blocks.#.ff.net.0.proj",
    "double_blocks.#.img_mlp.2": "transformer_blocks.#.ff.net.2",
    "double_blocks.#.txt_mlp.0": "transformer_blocks.#.ff_context.net.0.proj",
    "double_blocks.#.txt_mlp.2": "transformer_blocks.#.ff_context.net.2",
    "single_blocks.#.linear1": "single_transformer_blocks.#.(attn.to_q attn.to_k attn.to_v proj_mlp)",
    "single_blocks.#.linear2": "single_transformer_blocks.#.proj_out",
    "single_blocks.#.modulation.lin": "single_transformer_blocks.#.norm.linear",
    "double_blocks.#.qkv_lora1": "transformer_blocks.#.attn.(to_q to_k to_v)",
    "double_blocks.#.proj_lora1": "transformer_blocks.#.attn.to_out.0",
    "double_blocks.#.qkv_lora2": "transformer_blocks.#.attn.(add_q_proj add_k_proj add_v_proj)",
    "double_blocks.#.proj_lora2": "transformer_blocks.#.attn.to_add_out",
    "single_blocks.#.qkv_lora": "single_transformer_blocks.#.attn.(to_q to_k to_v)",
}
"""See `Architecture.layers`."""

ARCHITECTURE = Architecture(
    name="flux",
    pipeline="FluxPipeline",
    parts=("tokenizer", "tokenizer_2", "text_encoder", "text_encoder_2", "transformer", "vae", "scheduler"),
    guidance=3.5,
    paint_weight=0.4,
    side=1024,
    latents="flux-1",
    denoiser="transformer",
    joint=True,
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
    file=DenoiserFile(
        signs=(
            "double_blocks.0.img_attn.qkv.weight",
            "single_blocks.0.linear1.weight",
            "vector_in.in_layer.weight",
            "txt_in.weight",
        ),
        without=("distilled_guidance_layer.in_proj.weight", "txt_in.input_embedder.weight"),
        names={
            "x_embedder.weight": "img_in.weight",
            "context_embedder.weight": "txt_in.weight",
            "transformer_blocks.N.attn.to_q.weight": "double_blocks.N.img_attn.qkv.weight",
            "transformer_blocks.N.attn.norm_q.weight": "double_blocks.N.img_attn.norm.query_norm.scale",
            "single_transformer_blocks.N.attn.to_q.weight": "single_blocks.N.linear1.weight",
            "time_text_embed.text_embedder.linear_1.weight": "vector_in.in_layer.weight",
            "time_text_embed.guidance_embedder.linear_1.weight": "guidance_in.in_layer.weight",
            "proj_out.weight": "final_layer.linear.weight",
        },
        config=_config,
        schedule=_schedule,
        encoders=lambda sizes: {
            "text_encoder": Wanted(CLIP, sizes["vector_in.in_layer.weight"][1]),
            "text_encoder_2": Wanted(T5, sizes["txt_in.weight"][1]),
        },
        tokenizers={"tokenizer": CLIP_WORDS, "tokenizer_2": T5_WORDS},
        converter="flux_names",
    ),
    loras="Flux.1",
    layers=_LAYERS,
    layer_ratios={"double_blocks.#.img_mlp.0": 4, "double_blocks.#.txt_mlp.0": 4, "single_blocks.#.linear1": 7},
)
