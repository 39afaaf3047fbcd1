"""Text encoders in files of their own: their kind and config by the shapes in the header; no torch."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.models.assembly.record import CLIP, QWEN3, QWEN3_VL, QWEN25_VL, T5, UMT5
from engine.models.assembly.sizes import Sizes, count

_BEGINNINGS = (
    *("text_model.", "model.language_model.", "language_model.model.", "language_model.", "model.", "text_encoder."),
    "transformer.",
)
_OUTSIDE = ("visual.", "model.visual.", "lm_head.", "logit_scale", "spiece_model", "tekken_model", "vision_model.")
"""Tensors that are not of the part that reads text: eyes, the head that writes words, vocabularies."""

_GGUF_T5 = (
    (r"^token_embd\.", "shared."),
    (r"^enc\.output_norm\.", "encoder.final_layer_norm."),
    (r"^enc\.blk\.(\d+)\.attn_rel_b\.", r"encoder.block.\1.layer.0.SelfAttention.relative_attention_bias."),
    (r"^enc\.blk\.(\d+)\.attn_norm\.", r"encoder.block.\1.layer.0.layer_norm."),
    (r"^enc\.blk\.(\d+)\.attn_([qkvo])\.", r"encoder.block.\1.layer.0.SelfAttention.\2."),
    (r"^enc\.blk\.(\d+)\.ffn_norm\.", r"encoder.block.\1.layer.1.layer_norm."),
    (r"^enc\.blk\.(\d+)\.ffn_gate\.", r"encoder.block.\1.layer.1.DenseReluDense.wi_0."),
    (r"^enc\.blk\.(\d+)\.ffn_up\.", r"encoder.block.\1.layer.1.DenseReluDense.wi_1."),
    (r"^enc\.blk\.(\d+)\.ffn_down\.", r"encoder.block.\1.layer.1.DenseReluDense.wo."),
)
_GGUF_QWEN = (
    (r"^token_embd\.", "embed_tokens."),
    (r"^output_norm\.", "norm."),
    (r"^output\.", "lm_head."),
    (r"^blk\.(\d+)\.attn_norm\.", r"layers.\1.input_layernorm."),
    (r"^blk\.(\d+)\.ffn_norm\.", r"layers.\1.post_attention_layernorm."),
    (r"^blk\.(\d+)\.attn_([qk])_norm\.", r"layers.\1.self_attn.\2_norm."),
    (r"^blk\.(\d+)\.attn_([qkv])\.", r"layers.\1.self_attn.\2_proj."),
    (r"^blk\.(\d+)\.attn_output\.", r"layers.\1.self_attn.o_proj."),
    (r"^blk\.(\d+)\.ffn_(gate|up|down)\.", r"layers.\1.mlp.\2_proj."),
)
"""llama.cpp's names -> transformers'."""
_HEAD = 64
_LARGE_CLIP = 1280


@dataclass(frozen=True)
class Encoder:
    """A text encoder that was found: its kind, the width of its states, its words, and its config.json."""

    kind: str
    width: int
    words: int
    config: Mapping[str, Any]


def plain(name: str) -> str:
    """Return the name that transformers' class of text alone has for a tensor; "" for tensors that it has not.

    Files have them with the names of larger classes (with eyes, with a head that writes words) or with llama.cpp's.
    """
    if name.startswith(_OUTSIDE):
        return ""
    for pattern, new in _GGUF_T5 if name.startswith(("enc.", "token_embd.")) else ():
        if "enc." in name and re.search(pattern, name):
            return re.sub(pattern, new, name)
    for pattern, new in _GGUF_QWEN:
        if re.search(pattern, name):
            name = re.sub(pattern, new, name)
            break
    for beginning in _BEGINNINGS:
        name = name.removeprefix(beginning)
    return "" if name.startswith(_OUTSIDE) or name.endswith("position_ids") else name


def recognise(sizes: Sizes, architecture: str = "") -> Encoder | None:
    """Return which text encoder has tensors of these shapes; None if none that is known.

    Args:
        sizes: as they are in the file. architecture: what a GGUF file says that it is.
    """
    own = {plain(name): shape for name, shape in sizes.items()}
    own.pop("", None)
    if "enc.blk.0.attn_q.weight" in sizes:
        own["shared.weight"] = own.get("embed_tokens.weight", ())
    sees = any(name.startswith(_OUTSIDE[:2]) for name in sizes) or architecture.endswith("vl")
    found: Callable[..., Encoder] | None = None
    if "encoder.block.0.layer.0.SelfAttention.q.weight" in own:
        found = _t5
    elif "layers.0.self_attn.q_norm.weight" in own:
        found = _qwen3
    elif "layers.0.self_attn.q_proj.bias" in own and "embed_tokens.weight" in own:
        found = _qwen25
    elif "embeddings.token_embedding.weight" in own or "positional_embedding" in own:
        found = _clip
    try:
        return found(own, sees) if found else None
    except (KeyError, IndexError, ArithmeticError, ValueError):
        return None


def _t5(own: Sizes, sees: bool) -> Encoder:
    block = "encoder.block.0.layer.{}"
    words, width = own["shared.weight"] if "shared.weight" in own else own["encoder.embed_tokens.weight"]
    bias = own[f"{block.format(0)}.SelfAttention.relative_attention_bias.weight"]
    # In UMT5 every layer has a bias of its own.
    several = "encoder.block.1.layer.0.SelfAttention.relative_attention_bias.weight" in own
    buckets, heads = bias if bias[0] == 32 or bias[1] != 32 else bias[::-1]
    config = {
        "architectures": ["UMT5EncoderModel" if several else "T5EncoderModel"],
        "model_type": "umt5" if several else "t5",
        "vocab_size": words,
        "d_model": width,
        "d_kv": own[f"{block.format(0)}.SelfAttention.q.weight"][0] // heads,
        "d_ff": own[f"{block.format(1)}.DenseReluDense.wi_0.weight"][0],
        "num_layers": count(own, "encoder.block"),
        "num_heads": heads,
        "relative_attention_num_buckets": buckets,
        "feed_forward_proj": "gated-gelu",
        "pad_token_id": 0,
        "eos_token_id": 1,
        "decoder_start_token_id": 0,
        "tie_word_embeddings": True,
    }
    return Encoder(UMT5 if several else T5, width, words, config)


def _language(own: Sizes, head: int) -> dict[str, Any]:
    words, width = own["embed_tokens.weight"]
    return {
        "vocab_size": words,
        "hidden_size": width,
        "intermediate_size": own["layers.0.mlp.up_proj.weight"][0],
        "num_hidden_layers": count(own, "layers"),
        "num_attention_heads": own["layers.0.self_attn.q_proj.weight"][0] // head,
        "num_key_value_heads": own["layers.0.self_attn.k_proj.weight"][0] // head,
        "max_position_embeddings": 32768,
        "rms_norm_eps": 1e-6,
        "hidden_act": "silu",
        "bos_token_id": None,
        "eos_token_id": None,
        "pad_token_id": None,
    }


def _qwen3(own: Sizes, sees: bool) -> Encoder:
    head = own["layers.0.self_attn.q_norm.weight"][0]
    config = {**_language(own, head), "head_dim": head}
    if sees:
        # A picture's places have three axes; a text's all count alike.
        sections = [head // 2 - 2 * (head * 5 // 32), head * 5 // 32, head * 5 // 32]
        rope = {"rope_type": "default", "mrope_section": sections, "rope_theta": 5e6, "mrope_interleaved": True}
        config |= {"architectures": ["Qwen3VLTextModel"], "model_type": "qwen3_vl_text", "rope_parameters": rope}
    else:
        rope = {"rope_type": "default", "rope_theta": 1e6}
        config |= {"architectures": ["Qwen3Model"], "model_type": "qwen3", "rope_parameters": rope}
    return Encoder(QWEN3_VL if sees else QWEN3, config["hidden_size"], config["vocab_size"], config)


def _qwen25(own: Sizes, sees: bool) -> Encoder:
    rope = {"rope_type": "default", "mrope_section": [16, 24, 24], "rope_theta": 1e6}
    config = _language(own, 2 * _HEAD) | {
        "architectures": ["Qwen2_5_VLTextModel"],
        "model_type": "qwen2_5_vl_text",
        "rope_parameters": rope,
    }
    return Encoder(QWEN25_VL, config["hidden_size"], config["vocab_size"], config)


def _clip(own: Sizes, sees: bool) -> Encoder:
    original = "positional_embedding" in own
    words, width = own["token_embedding.weight" if original else "embeddings.token_embedding.weight"]
    length = own["positional_embedding" if original else "embeddings.position_embedding.weight"][0]
    block = "transformer.resblocks" if original else "encoder.layers"
    block = "resblocks" if original and count(own, "resblocks") else block
    inner = own[f"{block}.0.mlp.c_fc.weight" if original else f"{block}.0.mlp.fc1.weight"][0]
    projected = own.get("text_projection" if original else "text_projection.weight", (width, width))
    config = {
        "architectures": ["CLIPTextModelWithProjection"],
        "model_type": "clip_text_model",
        "vocab_size": words,
        "hidden_size": width,
        "intermediate_size": inner,
        "num_hidden_layers": count(own, block),
        "num_attention_heads": width // _HEAD,
        "max_position_embeddings": length,
        "projection_dim": projected[-1] if original else projected[0],
        "hidden_act": "gelu" if width >= _LARGE_CLIP else "quick_gelu",
        "bos_token_id": words - 2,
        "eos_token_id": words - 1,
        "pad_token_id": 1,
    }
    return Encoder(CLIP, width, words, config)
