"""Anima: Qwen3 states re-read by T5's tokens, cross-attention in the blocks of Cosmos, Qwen-Image's autoencoder."""

from collections.abc import Mapping
from typing import Any

from engine.models.architectures import Architecture, Asked, Capabilities, frames_factor
from engine.models.assembly.record import FLOW, QWEN3, DenoiserFile, Wanted
from engine.models.assembly.sizes import Sizes, count
from engine.text.word_kinds import QWEN_WORDS, T5_WORDS


def _config(sizes: Sizes, name: str) -> Mapping[str, Any]:
    inner, inputs = sizes["x_embedder.proj.1.weight"]
    head = sizes["blocks.0.self_attn.q_norm.weight"][0]
    return {
        # One more channel says where there is no padding.
        "in_channels": inputs // 4 - 1,
        "concat_padding_mask": True,
        "out_channels": sizes["final_layer.linear.weight"][0] // 4,
        "num_layers": count(sizes, "blocks"),
        "attention_head_dim": head,
        "num_attention_heads": inner // head,
        "mlp_ratio": sizes["blocks.0.mlp.layer1.weight"][0] / inner,
        "text_embed_dim": sizes["blocks.0.cross_attn.k_proj.weight"][1],
        "adaln_lora_dim": sizes["blocks.0.adaln_modulation_self_attn.1.weight"][0],
        "max_size": [128, 240, 240],
        "patch_size": [1, 2, 2],
        "rope_scale": [1.0, 4.0, 4.0],
        "extra_pos_embed_type": None,
    }


def _conditioner(sizes: Sizes) -> Mapping[str, Any]:
    words, target = sizes["llm_adapter.embed.weight"]
    inner = sizes["llm_adapter.blocks.0.cross_attn.q_proj.weight"][1]
    return {
        "_class_name": "AnimaTextConditioner",
        "source_dim": sizes["llm_adapter.blocks.0.cross_attn.k_proj.weight"][1],
        "target_dim": target,
        "model_dim": inner,
        "num_layers": count(sizes, "llm_adapter.blocks"),
        "num_attention_heads": inner // sizes["llm_adapter.blocks.0.cross_attn.q_norm.weight"][0],
        "mlp_ratio": sizes["llm_adapter.blocks.0.mlp.0.weight"][0] / inner,
        "target_vocab_size": words,
        "use_self_attention": "llm_adapter.blocks.0.self_attn.q_proj.weight" in sizes,
    }


_LAYERS = {
    "x_embedder.proj.1": "patch_embed.proj",
    "t_embedder.1.linear_1": "time_embed.t_embedder.linear_1",
    "t_embedder.1.linear_2": "time_embed.t_embedder.linear_2",
    "final_layer.adaln_modulation.1": "norm_out.linear_1",
    "final_layer.adaln_modulation.2": "norm_out.linear_2",
    "final_layer.linear": "proj_out",
    "blocks.#.mlp.layer1": "transformer_blocks.#.ff.net.0.proj",
    "blocks.#.mlp.layer2": "transformer_blocks.#.ff.net.2",
    "blocks.#.adaln_modulation_self_attn.1": "transformer_blocks.#.norm1.linear_1",
    "blocks.#.adaln_modulation_self_attn.2": "transformer_blocks.#.norm1.linear_2",
    "blocks.#.adaln_modulation_cross_attn.1": "transformer_blocks.#.norm2.linear_1",
    "blocks.#.adaln_modulation_cross_attn.2": "transformer_blocks.#.norm2.linear_2",
    "blocks.#.adaln_modulation_mlp.1": "transformer_blocks.#.norm3.linear_1",
    "blocks.#.adaln_modulation_mlp.2": "transformer_blocks.#.norm3.linear_2",
    "blocks.#.self_attn.q_proj": "transformer_blocks.#.attn1.to_q",
    "blocks.#.self_attn.k_proj": "transformer_blocks.#.attn1.to_k",
    "blocks.#.self_attn.v_proj": "transformer_blocks.#.attn1.to_v",
    "blocks.#.self_attn.output_proj": "transformer_blocks.#.attn1.to_out.0",
    "blocks.#.cross_attn.q_proj": "transformer_blocks.#.attn2.to_q",
    "blocks.#.cross_attn.k_proj": "transformer_blocks.#.attn2.to_k",
    "blocks.#.cross_attn.v_proj": "transformer_blocks.#.attn2.to_v",
    "blocks.#.cross_attn.output_proj": "transformer_blocks.#.attn2.to_out.0",
}
"""See `Architecture.layers`."""

ARCHITECTURE = Architecture(
    name="anima",
    pipeline="AnimaModularPipeline",
    parts=("tokenizer", "t5_tokenizer", "text_encoder", "text_conditioner", "transformer", "vae", "scheduler"),
    guidance=4.0,
    paint_weight=0.4,
    side=1024,
    latents="qwen",
    denoiser="transformer",
    since="0.42",
    half="bfloat16",
    patch=2,
    factor=frames_factor,
    can=Capabilities(separation=False, gradient_steps=False, regions=False),
    asks=lambda denoiser, scheduler: Asked(guidance=4.0, steps=30),
    spaced_by_steps=True,
    encoders=lambda config: (),
    file=DenoiserFile(
        signs=("llm_adapter.embed.weight", "blocks.0.adaln_modulation_self_attn.1.weight", "x_embedder.proj.1.weight"),
        names={
            "patch_embed.proj.weight": "x_embedder.proj.1.weight",
            "transformer_blocks.N.attn1.norm_q.weight": "blocks.N.self_attn.q_norm.weight",
            "transformer_blocks.N.attn2.to_k.weight": "blocks.N.cross_attn.k_proj.weight",
            "transformer_blocks.N.ff.net.0.proj.weight": "blocks.N.mlp.layer1.weight",
            "transformer_blocks.N.norm1.linear_1.weight": "blocks.N.adaln_modulation_self_attn.1.weight",
            "proj_out.weight": "final_layer.linear.weight",
        },
        config=_config,
        schedule=lambda sizes, name: {**FLOW, "shift": 3.0},
        encoders=lambda sizes: {
            "text_encoder": Wanted(QWEN3, sizes["llm_adapter.blocks.0.cross_attn.k_proj.weight"][1])
        },
        tokenizers={"tokenizer": QWEN_WORDS, "t5_tokenizer": T5_WORDS},
        converter="anima_names",
        more={"text_conditioner": ("llm_adapter.", _conditioner)},
        # Where the conditioner is a file of its own, nothing but the name tells it from what it comes from.
        refuses=lambda sizes, name: "Cosmos Predict, which draws films" if "cosmos" in name else "",
    ),
    loras="Anima",
    layers=_LAYERS,
)
