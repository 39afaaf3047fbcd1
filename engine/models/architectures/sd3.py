"""Stable Diffusion 3 and 3.5: two CLIP encoders and T5 one behind the other, joint attention."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities
from engine.models.assembly.record import CLIP, FLOW, T5, DenoiserFile, Wanted
from engine.models.assembly.sizes import Sizes, count, side
from engine.text.word_kinds import CLIP_WORDS, CLIP_WORDS_PADDED, T5_WORDS

_HEAD = 64


def _config(sizes: Sizes, name: str) -> Mapping[str, Any]:
    inner, channels = sizes["x_embedder.proj.weight"][:2]
    layers = count(sizes, "joint_blocks")
    return {
        "in_channels": channels,
        "out_channels": sizes["final_layer.linear.weight"][0] // 4,
        "num_layers": layers,
        "attention_head_dim": _HEAD,
        "num_attention_heads": inner // _HEAD,
        "joint_attention_dim": sizes["context_embedder.weight"][1],
        "caption_projection_dim": sizes["context_embedder.weight"][0],
        "pooled_projection_dim": sizes["y_embedder.mlp.0.weight"][1],
        "pos_embed_max_size": side(sizes["pos_embed"][1]),
        "dual_attention_layers": [
            layer for layer in range(layers) if f"joint_blocks.{layer}.x_block.attn2.qkv.weight" in sizes
        ],
        "qk_norm": "rms_norm" if "joint_blocks.0.x_block.attn.ln_q.weight" in sizes else None,
    }


def _encoders(sizes: Sizes) -> Mapping[str, Wanted]:
    # The sentence vectors of both stand side by side; the smaller one is 768 of 2048 wide.
    small = sizes["y_embedder.mlp.0.weight"][1] * 3 // 8
    large = sizes["y_embedder.mlp.0.weight"][1] - small
    third = Wanted(T5, sizes["context_embedder.weight"][1], optional=True)
    return {"text_encoder": Wanted(CLIP, small), "text_encoder_2": Wanted(CLIP, large), "text_encoder_3": third}


_LAYERS = {
    "x_embedder.proj": "pos_embed.proj",
    "context_embedder": "context_embedder",
    "t_embedder.mlp.0": "time_text_embed.timestep_embedder.linear_1",
    "t_embedder.mlp.2": "time_text_embed.timestep_embedder.linear_2",
    "y_embedder.mlp.0": "time_text_embed.text_embedder.linear_1",
    "y_embedder.mlp.2": "time_text_embed.text_embedder.linear_2",
    "final_layer.linear": "proj_out",
    "final_layer.adaLN_modulation.1": "~norm_out.linear",
    "joint_blocks.#.x_block.attn.qkv": "transformer_blocks.#.attn.(to_q to_k to_v)",
    "joint_blocks.#.x_block.attn2.qkv": "transformer_blocks.#.attn2.(to_q to_k to_v)",
    "joint_blocks.#.context_block.attn.qkv": "transformer_blocks.#.attn.(add_q_proj add_k_proj add_v_proj)",
    "joint_blocks.#.x_block.attn.proj": "transformer_blocks.#.attn.to_out.0",
    "joint_blocks.#.x_block.attn2.proj": "transformer_blocks.#.attn2.to_out.0",
    "joint_blocks.#.context_block.attn.proj": "transformer_blocks.#.attn.to_add_out",
    "joint_blocks.#.x_block.adaLN_modulation.1": "transformer_blocks.#.norm1.linear",
    "joint_blocks.#.context_block.adaLN_modulation.1": "~transformer_blocks.#.norm1_context.linear",
    "joint_blocks.#.x_block.mlp.fc1": "transformer_blocks.#.ff.net.0.proj",
    "joint_blocks.#.x_block.mlp.fc2": "transformer_blocks.#.ff.net.2",
    "joint_blocks.#.context_block.mlp.fc1": "transformer_blocks.#.ff_context.net.0.proj",
    "joint_blocks.#.context_block.mlp.fc2": "transformer_blocks.#.ff_context.net.2",
}
"""See `Architecture.layers`."""

ARCHITECTURE = Architecture(
    name="sd3",
    pipeline="StableDiffusion3Pipeline",
    # T5 may be left out: the model then reads rows of zeros in its place.
    parts=("tokenizer", "tokenizer_2", "text_encoder", "text_encoder_2", "transformer", "vae", "scheduler"),
    guidance=4.5,
    paint_weight=0.4,
    side=1024,
    latents="stable-diffusion-3",
    denoiser="transformer",
    joint=True,
    half="bfloat16",
    patch=2,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=lambda denoiser, scheduler: Asked(guidance=4.5, steps=28),
    needs_a_picture=lambda denoiser: (
        (denoiser.get("out_channels") or denoiser.get("in_channels", 16)) != denoiser.get("in_channels", 16)
    ),
    encoders=lambda config: (),
    file=DenoiserFile(
        signs=("joint_blocks.0.x_block.attn.qkv.weight", "y_embedder.mlp.0.weight", "pos_embed"),
        names={
            "pos_embed.pos_embed": "pos_embed",
            "pos_embed.proj.weight": "x_embedder.proj.weight",
            "transformer_blocks.N.attn.to_q.weight": "joint_blocks.N.x_block.attn.qkv.weight",
            "transformer_blocks.N.attn.norm_q.weight": "joint_blocks.N.x_block.attn.ln_q.weight",
            "transformer_blocks.N.attn2.to_q.weight": "joint_blocks.N.x_block.attn2.qkv.weight",
            "time_text_embed.text_embedder.linear_1.weight": "y_embedder.mlp.0.weight",
            "proj_out.weight": "final_layer.linear.weight",
        },
        config=_config,
        schedule=lambda sizes, name: {**FLOW, "shift": 3.0},
        encoders=_encoders,
        tokenizers={"tokenizer": CLIP_WORDS, "tokenizer_2": CLIP_WORDS_PADDED, "tokenizer_3": T5_WORDS},
        converter="convert_sd3_transformer_checkpoint_to_diffusers",
    ),
    loras="Stable Diffusion 3",
    layers=_LAYERS,
)
