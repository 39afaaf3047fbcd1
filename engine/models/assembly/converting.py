"""From the names that separate files have for tensors to those of diffusers and transformers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from engine.models.assembly import encoders

Tensors = dict[str, Tensor]

_FLUX = (
    (r"^time_in\.in_layer\.", "time_text_embed.timestep_embedder.linear_1."),
    (r"^time_in\.out_layer\.", "time_text_embed.timestep_embedder.linear_2."),
    (r"^vector_in\.in_layer\.", "time_text_embed.text_embedder.linear_1."),
    (r"^vector_in\.out_layer\.", "time_text_embed.text_embedder.linear_2."),
    (r"^guidance_in\.in_layer\.", "time_text_embed.guidance_embedder.linear_1."),
    (r"^guidance_in\.out_layer\.", "time_text_embed.guidance_embedder.linear_2."),
    (r"^txt_in\.", "context_embedder."),
    (r"^img_in\.", "x_embedder."),
    (r"^final_layer\.linear\.", "proj_out."),
    (r"^final_layer\.adaLN_modulation\.1\.", "norm_out.linear."),
    (r"^double_blocks\.(\d+)\.img_mod\.lin\.", r"transformer_blocks.\1.norm1.linear."),
    (r"^double_blocks\.(\d+)\.txt_mod\.lin\.", r"transformer_blocks.\1.norm1_context.linear."),
    (r"^double_blocks\.(\d+)\.img_attn\.norm\.query_norm\.scale", r"transformer_blocks.\1.attn.norm_q.weight"),
    (r"^double_blocks\.(\d+)\.img_attn\.norm\.key_norm\.scale", r"transformer_blocks.\1.attn.norm_k.weight"),
    (r"^double_blocks\.(\d+)\.txt_attn\.norm\.query_norm\.scale", r"transformer_blocks.\1.attn.norm_added_q.weight"),
    (r"^double_blocks\.(\d+)\.txt_attn\.norm\.key_norm\.scale", r"transformer_blocks.\1.attn.norm_added_k.weight"),
    (r"^double_blocks\.(\d+)\.img_attn\.proj\.", r"transformer_blocks.\1.attn.to_out.0."),
    (r"^double_blocks\.(\d+)\.txt_attn\.proj\.", r"transformer_blocks.\1.attn.to_add_out."),
    (r"^double_blocks\.(\d+)\.img_mlp\.0\.", r"transformer_blocks.\1.ff.net.0.proj."),
    (r"^double_blocks\.(\d+)\.img_mlp\.2\.", r"transformer_blocks.\1.ff.net.2."),
    (r"^double_blocks\.(\d+)\.txt_mlp\.0\.", r"transformer_blocks.\1.ff_context.net.0.proj."),
    (r"^double_blocks\.(\d+)\.txt_mlp\.2\.", r"transformer_blocks.\1.ff_context.net.2."),
    (r"^single_blocks\.(\d+)\.modulation\.lin\.", r"single_transformer_blocks.\1.norm.linear."),
    (r"^single_blocks\.(\d+)\.norm\.query_norm\.scale", r"single_transformer_blocks.\1.attn.norm_q.weight"),
    (r"^single_blocks\.(\d+)\.norm\.key_norm\.scale", r"single_transformer_blocks.\1.attn.norm_k.weight"),
    (r"^single_blocks\.(\d+)\.linear2\.", r"single_transformer_blocks.\1.proj_out."),
)
"""The names of Black Forest Labs' code -> diffusers'; what stands in several tensors there is cut below."""
_FUSED = {"img_attn": ("to_q", "to_k", "to_v"), "txt_attn": ("add_q_proj", "add_k_proj", "add_v_proj")}


def flux_names(original: Tensors) -> Tensors:
    """Flux.1's tensors; diffusers' own function knows one width only."""
    found: Tensors = {}
    for name, tensor in original.items():
        double = re.match(r"double_blocks\.(\d+)\.(\w+)\.qkv\.(\w+)$", name)
        single = re.match(r"single_blocks\.(\d+)\.linear1\.(\w+)$", name)
        if double:
            for each, piece in zip(_FUSED[double[2]], tensor.chunk(3), strict=True):
                found[f"transformer_blocks.{double[1]}.attn.{each}.{double[3]}"] = piece.clone()
        elif single:
            width = original[f"single_blocks.{single[1]}.linear2.bias"].shape[0]
            pieces = tensor.split([width, width, width, tensor.shape[0] - 3 * width])
            for each, piece in zip(("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"), pieces, strict=True):
                found[f"single_transformer_blocks.{single[1]}.{each}.{single[2]}"] = piece.clone()
        else:
            renamed = next((re.sub(old, new, name) for old, new in _FLUX if re.search(old, name)), name)
            found[renamed] = _swapped(tensor) if renamed.startswith("norm_out.") else tensor
    return found


def _swapped(tensor: Tensor) -> Tensor:
    """Shift and scale in diffusers' order, which is the other one."""
    shift, scale = tensor.chunk(2)
    return torch.cat([scale, shift])


def anima_names(original: Tensors) -> Tensors:
    """Anima's transformer, without what reads its text."""
    from diffusers.loaders import single_file_utils

    own = {name: tensor for name, tensor in original.items() if not name.startswith("llm_adapter.")}
    renamed: Tensors = single_file_utils.convert_cosmos_transformer_checkpoint_to_diffusers(own)
    return renamed


_PIXART = (
    (r"^x_embedder\.proj\.", "pos_embed.proj."),
    (r"^y_embedder\.y_proj\.fc([12])\.", r"caption_projection.linear_\1."),
    (r"^t_embedder\.mlp\.0\.", "adaln_single.emb.timestep_embedder.linear_1."),
    (r"^t_embedder\.mlp\.2\.", "adaln_single.emb.timestep_embedder.linear_2."),
    (r"^t_block\.1\.", "adaln_single.linear."),
    (r"^final_layer\.linear\.", "proj_out."),
    (r"^final_layer\.scale_shift_table$", "scale_shift_table"),
    (r"^blocks\.(\d+)\.attn\.proj\.", r"transformer_blocks.\1.attn1.to_out.0."),
    (r"^blocks\.(\d+)\.cross_attn\.q_linear\.", r"transformer_blocks.\1.attn2.to_q."),
    (r"^blocks\.(\d+)\.cross_attn\.proj\.", r"transformer_blocks.\1.attn2.to_out.0."),
    (r"^blocks\.(\d+)\.mlp\.fc1\.", r"transformer_blocks.\1.ff.net.0.proj."),
    (r"^blocks\.(\d+)\.mlp\.fc2\.", r"transformer_blocks.\1.ff.net.2."),
    (r"^blocks\.(\d+)\.scale_shift_table$", r"transformer_blocks.\1.scale_shift_table"),
)
"""The names of PixArt's own code -> diffusers'; the fused tensors are cut below."""
_PIXART_FUSED = {
    "attn.qkv": ("attn1.to_q", "attn1.to_k", "attn1.to_v"),
    "cross_attn.kv_linear": ("attn2.to_k", "attn2.to_v"),
}


def pixart_names(original: Tensors) -> Tensors:
    """PixArt-Sigma's tensors, without the places, which diffusers computes, and the row for an empty text."""
    found: Tensors = {}
    for name, tensor in original.items():
        fused = re.match(r"blocks\.(\d+)\.(attn\.qkv|cross_attn\.kv_linear)\.(\w+)$", name)
        if fused:
            names = _PIXART_FUSED[fused[2]]
            for each, piece in zip(names, tensor.chunk(len(names)), strict=True):
                found[f"transformer_blocks.{fused[1]}.{each}.{fused[3]}"] = piece.clone()
        elif name not in ("pos_embed", "y_embedder.y_embedding"):
            found[next((re.sub(old, new, name) for old, new in _PIXART if re.search(old, name)), name)] = tensor
    return found


_OWN: Mapping[str, Callable[[Tensors], Tensors]] = {
    "flux_names": flux_names,
    "anima_names": anima_names,
    "pixart_names": pixart_names,
}


def denoiser(original: Tensors, converter: str) -> Tensors:
    """Return a transformer's tensors by diffusers' names; see `DenoiserFile.converter`."""
    if not converter:
        return original
    if converter in _OWN:
        return _OWN[converter](original)
    from diffusers.loaders import single_file_utils

    renamed: Tensors = getattr(single_file_utils, converter)(original)
    return renamed


def autoencoder(original: Tensors, config: Mapping[str, Any]) -> Tensors:
    """Return an autoencoder's tensors by diffusers' names."""
    from diffusers.loaders import single_file_utils

    if any(".mid_block." in name for name in original):
        return original
    if "decoder.conv1.weight" in original:
        films: Tensors = single_file_utils.convert_wan_vae_to_diffusers(
            {_level_name(name): tensor for name, tensor in original.items()}
        )
        return films
    statistics = {name: tensor for name, tensor in original.items() if name.startswith("bn.")}
    pictures: Tensors = single_file_utils.convert_ldm_vae_checkpoint(dict(original), config=dict(config))
    return pictures | statistics


_RESIDUAL = {
    "residual.0.": "norm1.",
    "residual.2.": "conv1.",
    "residual.3.": "norm2.",
    "residual.6.": "conv2.",
    "shortcut.": "conv_shortcut.",
}
"""What a block of films' autoencoders consists of in Wan's code -> diffusers' names."""


def _level_name(name: str) -> str:
    """The name of a tensor in a level of Qwen-Image 2.1's autoencoder by diffusers' names; others stay as they are."""
    nested = re.match(r"(encoder|decoder)\.(down|up)samples\.(\d+)\.(?:down|up)samples\.(\d+)\.(.+)$", name)
    if nested is None:
        return name
    part, way, level, block, rest = nested.groups()
    for old, new in _RESIDUAL.items():
        if rest.startswith(old):
            return f"{part}.{way}_blocks.{level}.resnets.{block}.{new}{rest.removeprefix(old)}"
    return f"{part}.{way}_blocks.{level}.{way}sampler.{rest}"


def text(original: Tensors, config: Mapping[str, Any], network: Any) -> Tensors:
    """Return a text encoder's tensors by transformers' names.

    Args:
        config: its config.json. network: its class, made of that config, on the meta device.
    """
    kind = config["model_type"]
    if kind in ("t5", "umt5"):
        found = {encoders.plain(name): tensor for name, tensor in original.items()}
        words = found.get("shared.weight", found.get("encoder.embed_tokens.weight", found.get("embed_tokens.weight")))
        assert words is not None, "it was recognised by them"
        bias = "SelfAttention.relative_attention_bias.weight"
        # GGUF files have it with its axes the other way round.
        heads = config["num_heads"]
        found = {
            name: tensor.T.contiguous() if name.endswith(bias) and tensor.shape[1] != heads else tensor
            for name, tensor in found.items()
        }
        return found | {"shared.weight": words, "encoder.embed_tokens.weight": words}
    if kind == "clip_text_model":
        return _clip(original, network)
    return {plain: tensor for name, tensor in original.items() if (plain := encoders.plain(name))}


def _clip(original: Tensors, network: Any) -> Tensors:
    from diffusers.loaders import single_file_utils

    if any("resblocks." in name for name in original):
        bare = {name.removeprefix("model."): tensor for name, tensor in original.items()}
        original = single_file_utils.convert_open_clip_checkpoint(network, bare, prefix="")
    bare = {plain: tensor for name, tensor in original.items() if (plain := encoders.plain(name))}
    wanted = dict(network.state_dict())
    inner = "text_model." if any(name.startswith("text_model.") for name in wanted) else ""
    found = {name if name.startswith("text_projection") else f"{inner}{name}": each for name, each in bare.items()}
    if "text_projection.weight" in wanted and "text_projection.weight" not in found:
        # A file without it is of a model whose sentence vectors are the encoder's own.
        found["text_projection.weight"] = torch.eye(wanted["text_projection.weight"].shape[0])
    return found
