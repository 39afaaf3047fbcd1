"""Qwen-Image (and Qwen-Image-2512): a Qwen2.5-VL encoder, joint attention in double blocks, true guidance."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities, frames_factor
from engine.models.assembly.record import QWEN25_VL, DenoiserFile, Wanted, moved_by_size
from engine.models.assembly.sizes import Sizes, axes, count
from engine.text.word_kinds import QWEN_WORDS


def _config(sizes: Sizes, name: str) -> Mapping[str, Any]:
    inner, channels = sizes["img_in.weight"]
    head = sizes["transformer_blocks.0.attn.norm_q.weight"][0]
    return {
        "in_channels": channels,
        "out_channels": sizes["proj_out.weight"][0] // 4,
        "num_layers": count(sizes, "transformer_blocks"),
        "attention_head_dim": head,
        "num_attention_heads": inner // head,
        "joint_attention_dim": sizes["txt_in.weight"][1],
        "axes_dims_rope": axes(head, (16, 56, 56)),
    }


_LAYERS = {
    "img_in": "img_in",
    "txt_in": "txt_in",
    "proj_out": "proj_out",
    "norm_out.linear": "norm_out.linear",
    "time_text_embed.timestep_embedder.linear_1": "time_text_embed.timestep_embedder.linear_1",
    "time_text_embed.timestep_embedder.linear_2": "time_text_embed.timestep_embedder.linear_2",
    "transformer_blocks.#.img_mod.1": "transformer_blocks.#.img_mod.1",
    "transformer_blocks.#.txt_mod.1": "transformer_blocks.#.txt_mod.1",
    "transformer_blocks.#.attn.to_q": "transformer_blocks.#.attn.to_q",
    "transformer_blocks.#.attn.to_k": "transformer_blocks.#.attn.to_k",
    "transformer_blocks.#.attn.to_v": "transformer_blocks.#.attn.to_v",
    "transformer_blocks.#.attn.add_q_proj": "transformer_blocks.#.attn.add_q_proj",
    "transformer_blocks.#.attn.add_k_proj": "transformer_blocks.#.attn.add_k_proj",
    "transformer_blocks.#.attn.add_v_proj": "transformer_blocks.#.attn.add_v_proj",
    "transformer_blocks.#.attn.to_out.0": "transformer_blocks.#.attn.to_out.0",
    "transformer_blocks.#.attn.to_add_out": "transformer_blocks.#.attn.to_add_out",
    "transformer_blocks.#.img_mlp.net.0.proj": "transformer_blocks.#.img_mlp.net.0.proj",
    "transformer_blocks.#.img_mlp.net.2": "transformer_blocks.#.img_mlp.net.2",
    "transformer_blocks.#.txt_mlp.net.0.proj": "transformer_blocks.#.txt_mlp.net.0.proj",
    "transformer_blocks.#.txt_mlp.net.2": "transformer_blocks.#.txt_mlp.net.2",
}
"""See `Architecture.layers`."""

ARCHITECTURE = Architecture(
    name="qwen_image",
    pipeline="QwenImagePipeline",
    parts=("tokenizer", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=4.0,
    paint_weight=0.4,
    side=1024,
    latents="qwen",
    denoiser="transformer",
    joint=True,
    since="0.35",
    half="bfloat16",
    patch=2,
    factor=frames_factor,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    spaced_by_steps=True,
    # Those that edit pictures have pipelines of other names; out_channels counts latents, in_channels whole cells.
    needs_a_picture=lambda denoiser: False,
    encoders=lambda config: (),
    sees=True,
    asks=lambda denoiser, scheduler: Asked(guidance=4.0, steps=50),
    file=DenoiserFile(
        signs=("transformer_blocks.0.img_mod.1.weight", "txt_norm.weight", "img_in.weight"),
        config=_config,
        schedule=lambda sizes, name: moved_by_size(8192, 0.9, terminal=0.02),
        encoders=lambda sizes: {"text_encoder": Wanted(QWEN25_VL, sizes["txt_in.weight"][1])},
        tokenizers={"tokenizer": QWEN_WORDS},
        refuses=lambda sizes, name: (
            "a model that edits pictures or makes layers (Qwen-Image-Edit, -Layered)"
            if any(word in name for word in ("edit", "layered")) or "__index_timestep_zero__" in sizes
            else ""
        ),
    ),
    loras="Qwen-Image",
    layers=_LAYERS,
)
