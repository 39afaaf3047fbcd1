"""Flux.2 Klein (4B, 9B, and the base models they are distilled from): a Qwen3 encoder, joint attention, 32 channels."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities
from engine.models.assembly.record import QWEN3, DenoiserFile, Wanted, moved_by_size
from engine.models.assembly.sizes import Sizes, axes, count
from engine.text.word_kinds import QWEN_WORDS


def _schedule(index: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"shift_by_steps": True, "is_distilled": bool(index.get("is_distilled"))}


def _asks(denoiser: Mapping[str, Any], scheduler: Mapping[str, Any]) -> Asked:
    return Asked(guidance=1.0, steps=4) if scheduler.get("is_distilled") else Asked(guidance=4.0, steps=50)


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
        "timestep_guidance_channels": sizes["time_in.in_layer.weight"][1],
        "mlp_ratio": sizes["double_blocks.0.img_mlp.2.weight"][1] / inner,
        "axes_dims_rope": axes(head, (32, 32, 32, 32)),
        "guidance_embeds": False,
    }


_LAYERS = {
    "img_in": "x_embedder",
    "txt_in": "context_embedder",
    "final_layer.linear": "proj_out",
    "final_layer.adaLN_modulation.1": "~norm_out.linear",
    "time_in.in_layer": "time_guidance_embed.timestep_embedder.linear_1",
    "time_in.out_layer": "time_guidance_embed.timestep_embedder.linear_2",
    "guidance_in.in_layer": "time_guidance_embed.guidance_embedder.linear_1",
    "guidance_in.out_layer": "time_guidance_embed.guidance_embedder.linear_2",
    "double_stream_modulation_img.lin": "double_stream_modulation_img.linear",
    "double_stream_modulation_txt.lin": "double_stream_modulation_txt.linear",
    "single_stream_modulation.lin": "single_stream_modulation.linear",
    "double_blocks.#.img_attn.qkv": "transformer_blocks.#.attn.(to_q to_k to_v)",
    "double_blocks.#.img_attn.proj": "transformer_blocks.#.attn.to_out.0",
    "double_blocks.#.txt_attn.qkv": "transformer_blocks.#.attn.(add_q_proj add_k_proj add_v_proj)",
    "double_blocks.#.txt_attn.proj": "transformer_blocks.#.attn.to_add_out",
    "double_blocks.#.img_mlp.0": "transformer_blocks.#.ff.linear_in",
    "double_blocks.#.img_mlp.2": "transformer_blocks.#.ff.linear_out",
    "double_blocks.#.txt_mlp.0": "transformer_blocks.#.ff_context.linear_in",
    "double_blocks.#.txt_mlp.2": "transformer_blocks.#.ff_context.linear_out",
    "single_blocks.#.linear1": "single_transformer_blocks.#.attn.to_qkv_mlp_proj",
    "single_blocks.#.linear2": "single_transformer_blocks.#.attn.to_out",
}
"""See `Architecture.layers`."""

ARCHITECTURE = Architecture(
    name="flux2_klein",
    pipeline="Flux2KleinPipeline",
    parts=("tokenizer", "text_encoder", "transformer", "vae", "scheduler"),
    guidance=1.0,
    paint_weight=0.4,
    side=1024,
    latents="flux-2",
    denoiser="transformer",
    joint=True,
    since="0.37",
    half="bfloat16",
    patch=2,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=_asks,
    schedule=_schedule,
    spaced_by_steps=True,
    needs_a_picture=lambda denoiser: (
        (denoiser.get("out_channels") or denoiser.get("in_channels", 128)) != denoiser.get("in_channels", 128)
    ),
    encoders=lambda config: (),
    file=DenoiserFile(
        signs=("double_stream_modulation_img.lin.weight", "single_blocks.0.linear1.weight", "img_in.weight"),
        # Flux.2 dev takes guidance as an input, and reads its text with Mistral.
        without=("guidance_in.in_layer.weight",),
        names={
            "x_embedder.weight": "img_in.weight",
            "context_embedder.weight": "txt_in.weight",
            "transformer_blocks.N.attn.norm_q.weight": "double_blocks.N.img_attn.norm.query_norm.scale",
            "transformer_blocks.N.ff.linear_out.weight": "double_blocks.N.img_mlp.2.weight",
            "single_transformer_blocks.N.attn.to_qkv_mlp_proj.weight": "single_blocks.N.linear1.weight",
            "double_stream_modulation_img.linear.weight": "double_stream_modulation_img.lin.weight",
            "time_guidance_embed.timestep_embedder.linear_1.weight": "time_in.in_layer.weight",
            "time_guidance_embed.guidance_embedder.linear_1.weight": "guidance_in.in_layer.weight",
            "proj_out.weight": "final_layer.linear.weight",
        },
        config=_config,
        schedule=lambda sizes, name: moved_by_size(4096, 1.15, shift=3.0),
        index=lambda sizes, name: {"is_distilled": "base" not in name},
        # Three layers of the encoder stand one after the other.
        encoders=lambda sizes: {"text_encoder": Wanted(QWEN3, sizes["txt_in.weight"][1] // 3)},
        tokenizers={"tokenizer": QWEN_WORDS},
        converter="convert_flux2_transformer_checkpoint_to_diffusers",
    ),
    loras="Flux.2 Klein",
    layers=_LAYERS,
    layer_ratios={"double_blocks.#.img_mlp.0": 6, "double_blocks.#.txt_mlp.0": 6, "single_blocks.#.linear1": 9},
)
