"""Writes a tiny diffusers folder's parts as separate files, named and laid out as ComfyUI has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from tests.original_layout import original_open_clip, original_vae

Tensors = dict[str, torch.Tensor]

_BFL = (
    ("time_text_embed.timestep_embedder.linear_1", "time_in.in_layer"),
    ("time_text_embed.timestep_embedder.linear_2", "time_in.out_layer"),
    ("time_guidance_embed.timestep_embedder.linear_1", "time_in.in_layer"),
    ("time_guidance_embed.timestep_embedder.linear_2", "time_in.out_layer"),
    ("time_text_embed.text_embedder.linear_1", "vector_in.in_layer"),
    ("time_text_embed.text_embedder.linear_2", "vector_in.out_layer"),
    ("time_text_embed.guidance_embedder.linear_1", "guidance_in.in_layer"),
    ("time_text_embed.guidance_embedder.linear_2", "guidance_in.out_layer"),
    ("context_embedder", "txt_in"),
    ("x_embedder", "img_in"),
    ("norm_out.linear", "final_layer.adaLN_modulation.1"),
    ("single_stream_modulation.linear", "single_stream_modulation.lin"),
    ("double_stream_modulation_img.linear", "double_stream_modulation_img.lin"),
    ("double_stream_modulation_txt.linear", "double_stream_modulation_txt.lin"),
    ("single_transformer_blocks.N.norm.linear", "single_blocks.N.modulation.lin"),
    ("single_transformer_blocks.N.attn.norm_q.weight", "single_blocks.N.norm.query_norm.scale"),
    ("single_transformer_blocks.N.attn.norm_k.weight", "single_blocks.N.norm.key_norm.scale"),
    ("single_transformer_blocks.N.attn.to_qkv_mlp_proj", "single_blocks.N.linear1"),
    ("single_transformer_blocks.N.attn.to_out", "single_blocks.N.linear2"),
    ("single_transformer_blocks.N.proj_out", "single_blocks.N.linear2"),
    ("transformer_blocks.N.norm1.linear", "double_blocks.N.img_mod.lin"),
    ("transformer_blocks.N.norm1_context.linear", "double_blocks.N.txt_mod.lin"),
    ("transformer_blocks.N.attn.norm_q.weight", "double_blocks.N.img_attn.norm.query_norm.scale"),
    ("transformer_blocks.N.attn.norm_k.weight", "double_blocks.N.img_attn.norm.key_norm.scale"),
    ("transformer_blocks.N.attn.norm_added_q.weight", "double_blocks.N.txt_attn.norm.query_norm.scale"),
    ("transformer_blocks.N.attn.norm_added_k.weight", "double_blocks.N.txt_attn.norm.key_norm.scale"),
    ("transformer_blocks.N.attn.to_out.0", "double_blocks.N.img_attn.proj"),
    ("transformer_blocks.N.attn.to_add_out", "double_blocks.N.txt_attn.proj"),
    ("transformer_blocks.N.ff.net.0.proj", "double_blocks.N.img_mlp.0"),
    ("transformer_blocks.N.ff.net.2", "double_blocks.N.img_mlp.2"),
    ("transformer_blocks.N.ff_context.net.0.proj", "double_blocks.N.txt_mlp.0"),
    ("transformer_blocks.N.ff_context.net.2", "double_blocks.N.txt_mlp.2"),
    ("transformer_blocks.N.ff.linear_in", "double_blocks.N.img_mlp.0"),
    ("transformer_blocks.N.ff.linear_out", "double_blocks.N.img_mlp.2"),
    ("transformer_blocks.N.ff_context.linear_in", "double_blocks.N.txt_mlp.0"),
    ("transformer_blocks.N.ff_context.linear_out", "double_blocks.N.txt_mlp.2"),
    ("proj_out", "final_layer.linear"),
)
_BFL_FUSED = {
    "transformer_blocks.N.attn.(to_q to_k to_v)": "double_blocks.N.img_attn.qkv",
    "transformer_blocks.N.attn.(add_q_proj add_k_proj add_v_proj)": "double_blocks.N.txt_attn.qkv",
    "single_transformer_blocks.N.(attn.to_q attn.to_k attn.to_v proj_mlp)": "single_blocks.N.linear1",
}
_Z_IMAGE = (
    ("all_x_embedder.2-1", "x_embedder"),
    ("all_final_layer.2-1.linear", "final_layer.linear"),
    ("all_final_layer.2-1.adaLN_modulation.1", "final_layer.adaLN_modulation.1"),
    ("B.N.attention.norm_q", "B.N.attention.q_norm"),
    ("B.N.attention.norm_k", "B.N.attention.k_norm"),
    ("B.N.attention.to_out.0", "B.N.attention.out"),
)
_WAN = (
    ("condition_embedder.time_embedder.linear_1", "time_embedding.0"),
    ("condition_embedder.time_embedder.linear_2", "time_embedding.2"),
    ("condition_embedder.text_embedder.linear_1", "text_embedding.0"),
    ("condition_embedder.text_embedder.linear_2", "text_embedding.2"),
    ("condition_embedder.time_proj", "time_projection.1"),
    ("blocks.N.scale_shift_table", "blocks.N.modulation"),
    ("blocks.N.norm2", "blocks.N.norm3"),
    ("blocks.N.ffn.net.0.proj", "blocks.N.ffn.0"),
    ("blocks.N.ffn.net.2", "blocks.N.ffn.2"),
    *((f"blocks.N.{new}.{a}", f"blocks.N.{old}.{b}")
      for new, old in (("attn1", "self_attn"), ("attn2", "cross_attn"))
      for a, b in (("to_q", "q"), ("to_k", "k"), ("to_v", "v"), ("to_out.0", "o"))),
    ("blocks.N.attn1", "blocks.N.self_attn"),
    ("blocks.N.attn2", "blocks.N.cross_attn"),
    ("scale_shift_table", "head.modulation"),
    ("proj_out", "head.head"),
)  # fmt: skip
_KREA = (
    ("img_in", "first"),
    ("time_embed.linear_1", "tmlp.0"),
    ("time_embed.linear_2", "tmlp.2"),
    ("time_mod_proj", "tproj.1"),
    ("txt_in.norm.weight", "txtmlp.0.scale"),
    ("txt_in.linear_1", "txtmlp.1"),
    ("txt_in.linear_2", "txtmlp.3"),
    ("final_layer.linear", "last.linear"),
    ("final_layer.norm.weight", "last.norm.scale"),
    ("final_layer.scale_shift_table", "last.modulation.lin"),
    ("text_fusion.projector", "txtfusion.projector"),
    *((f"{new}.N.{a}", f"{old}.N.{b}")
      for new, old in (("transformer_blocks", "blocks"), ("text_fusion.layerwise_blocks", "txtfusion.layerwise_blocks"),
                       ("text_fusion.refiner_blocks", "txtfusion.refiner_blocks"))
      for a, b in (("attn.to_q", "attn.wq"), ("attn.to_k", "attn.wk"), ("attn.to_v", "attn.wv"),
                   ("attn.to_out.0", "attn.wo"), ("attn.to_gate", "attn.gate"), ("ff", "mlp"),
                   ("attn.norm_q.weight", "attn.qknorm.qnorm.scale"), ("attn.norm_k.weight", "attn.qknorm.knorm.scale"),
                   ("norm1.weight", "prenorm.scale"), ("norm2.weight", "postnorm.scale"),
                   ("scale_shift_table", "mod.lin"))),
)  # fmt: skip
_ANIMA = (
    ("patch_embed.proj", "x_embedder.proj.1"),
    ("time_embed.t_embedder", "t_embedder.1"),
    ("time_embed.norm", "t_embedding_norm"),
    ("norm_out.linear_1", "final_layer.adaln_modulation.1"),
    ("norm_out.linear_2", "final_layer.adaln_modulation.2"),
    ("proj_out", "final_layer.linear"),
    *((f"transformer_blocks.N.norm{n}.linear_{m}", f"blocks.N.adaln_modulation_{what}.{m}")
      for n, what in ((1, "self_attn"), (2, "cross_attn"), (3, "mlp")) for m in (1, 2)),
    *((f"transformer_blocks.N.attn{n}.{a}", f"blocks.N.{what}.{b}")
      for n, what in ((1, "self_attn"), (2, "cross_attn"))
      for a, b in (("to_q", "q_proj"), ("to_k", "k_proj"), ("to_v", "v_proj"), ("to_out.0", "output_proj"),
                   ("norm_q", "q_norm"), ("norm_k", "k_norm"))),
    ("transformer_blocks.N.ff.net.0.proj", "blocks.N.mlp.layer1"),
    ("transformer_blocks.N.ff.net.2", "blocks.N.mlp.layer2"),
)  # fmt: skip
_SD3 = (
    ("pos_embed.pos_embed", "pos_embed"),
    ("pos_embed.proj", "x_embedder.proj"),
    ("time_text_embed.timestep_embedder.linear_1", "t_embedder.mlp.0"),
    ("time_text_embed.timestep_embedder.linear_2", "t_embedder.mlp.2"),
    ("time_text_embed.text_embedder.linear_1", "y_embedder.mlp.0"),
    ("time_text_embed.text_embedder.linear_2", "y_embedder.mlp.2"),
    ("proj_out", "final_layer.linear"),
    ("norm_out.linear", "final_layer.adaLN_modulation.1"),
    *((f"transformer_blocks.N.{a}", f"joint_blocks.N.{b}") for a, b in (
        ("attn.norm_q", "x_block.attn.ln_q"), ("attn.norm_k", "x_block.attn.ln_k"),
        ("attn.norm_added_q", "context_block.attn.ln_q"), ("attn.norm_added_k", "context_block.attn.ln_k"),
        ("attn2.norm_q", "x_block.attn2.ln_q"), ("attn2.norm_k", "x_block.attn2.ln_k"),
        ("attn.to_out.0", "x_block.attn.proj"), ("attn.to_add_out", "context_block.attn.proj"),
        ("attn2.to_out.0", "x_block.attn2.proj"), ("norm1.linear", "x_block.adaLN_modulation.1"),
        ("norm1_context.linear", "context_block.adaLN_modulation.1"), ("ff.net.0.proj", "x_block.mlp.fc1"),
        ("ff.net.2", "x_block.mlp.fc2"), ("ff_context.net.0.proj", "context_block.mlp.fc1"),
        ("ff_context.net.2", "context_block.mlp.fc2"))),
)  # fmt: skip
_SD3_FUSED = {
    "transformer_blocks.N.attn.(to_q to_k to_v)": "joint_blocks.N.x_block.attn.qkv",
    "transformer_blocks.N.attn2.(to_q to_k to_v)": "joint_blocks.N.x_block.attn2.qkv",
    "transformer_blocks.N.attn.(add_q_proj add_k_proj add_v_proj)": "joint_blocks.N.context_block.attn.qkv",
}


def renamed(tensors: Tensors, pairs, fused: Mapping[str, str] | None = None) -> Tensors:
    """Each tensor by the first pair whose left side its name begins with; N is a number, B a word.

    Of `fused`, the tensors in parentheses become one.
    """
    found, rest = {}, dict(tensors)
    for pattern, new in (fused or {}).items():
        outer, inner = pattern[:-1].split("(")
        pieces = inner.split(" ")
        first = re.compile(_pattern(outer + pieces[0]) + r"\.(\w+)$")
        for name in [name for name in rest if first.match(name)]:
            groups = first.match(name).groups()
            names = [name.replace(pieces[0], piece) for piece in pieces]
            found[f"{_filled(new, groups[:-1])}.{groups[-1]}"] = torch.cat([rest.pop(each) for each in names])
    for name, tensor in rest.items():
        for old, new in pairs:
            match = re.match(_pattern(old) + r"(?=\.|$)", name)
            if match:
                found[_filled(new, match.groups()) + name[match.end() :]] = tensor
                break
        else:
            found[name] = tensor
    return found


def _pattern(text: str) -> str:
    return re.escape(text).replace(r"\.N\.", r"\.(\d+)\.").replace(r"B\.", r"(\w+)\.")


def _filled(new: str, groups) -> str:
    for sign, value in zip([each for each in new if each in "NB"], [*groups], strict=False):
        new = new.replace(sign, value, 1)
    return new


def swapped(tensors: Tensors, layer: str) -> Tensors:
    """The same with scale and shift of a layer in the order of the original code."""
    for leaf in ("weight", "bias"):
        if f"{layer}.{leaf}" in tensors:
            scale, shift = tensors[f"{layer}.{leaf}"].chunk(2)
            tensors[f"{layer}.{leaf}"] = torch.cat([shift, scale])
    return tensors


def flux(tensors: Tensors) -> Tensors:
    return swapped(renamed(tensors, _BFL, _BFL_FUSED), "final_layer.adaLN_modulation.1")


def z_image(tensors: Tensors) -> Tensors:
    fused = {"B.N.attention.(to_q to_k to_v)": "B.N.attention.qkv"}
    return renamed(tensors, _Z_IMAGE, fused)


def wan(tensors: Tensors) -> Tensors:
    return renamed(tensors, _WAN)


def krea(tensors: Tensors) -> Tensors:
    found = renamed(tensors, _KREA)
    return {name: each.flatten() if re.match(r"blocks\.\d+\.mod", name) else each for name, each in found.items()}


def anima(tensors: Tensors) -> Tensors:
    return {f"net.{name}": each for name, each in renamed(tensors, _ANIMA).items()}


def sd3(tensors: Tensors) -> Tensors:
    found = renamed(tensors, _SD3, _SD3_FUSED)
    last = max(int(match[1]) for name in found if (match := re.match(r"joint_blocks\.(\d+)", name)))
    swapped(found, f"joint_blocks.{last}.context_block.adaLN_modulation.1")
    return swapped(found, "final_layer.adaLN_modulation.1")


_PIXART = (
    ("pos_embed.proj", "x_embedder.proj"),
    ("caption_projection.linear_1", "y_embedder.y_proj.fc1"),
    ("caption_projection.linear_2", "y_embedder.y_proj.fc2"),
    ("adaln_single.emb.timestep_embedder.linear_1", "t_embedder.mlp.0"),
    ("adaln_single.emb.timestep_embedder.linear_2", "t_embedder.mlp.2"),
    ("adaln_single.linear", "t_block.1"),
    ("proj_out", "final_layer.linear"),
    ("scale_shift_table", "final_layer.scale_shift_table"),
    *((f"transformer_blocks.N.{a}", f"blocks.N.{b}") for a, b in (
        ("attn1.to_out.0", "attn.proj"), ("attn2.to_q", "cross_attn.q_linear"), ("attn2.to_out.0", "cross_attn.proj"),
        ("ff.net.0.proj", "mlp.fc1"), ("ff.net.2", "mlp.fc2"), ("scale_shift_table", "scale_shift_table"))),
)  # fmt: skip
_PIXART_FUSED = {
    "transformer_blocks.N.(attn1.to_q attn1.to_k attn1.to_v)": "blocks.N.attn.qkv",
    "transformer_blocks.N.(attn2.to_k attn2.to_v)": "blocks.N.cross_attn.kv_linear",
}


def pixart(tensors: Tensors) -> Tensors:
    """With the places of a square of 64 cells and the row for an empty text, as in the published file."""
    found = renamed(tensors, _PIXART, _PIXART_FUSED)
    width = found["x_embedder.proj.weight"].shape[0]
    empty = torch.zeros(300, found["y_embedder.y_proj.fc1.weight"].shape[1])
    return found | {"pos_embed": torch.zeros(1, 64 * 64, width), "y_embedder.y_embedding": empty}


def qwen21(tensors: Tensors) -> Tensors:
    found = dict(tensors)
    for name in tensors:
        if name.endswith("img_mlp.gate_layer.weight"):
            gate, up = found.pop(name), found.pop(name.replace("gate_layer", "proj"))
            found[name.replace("gate_layer", "gate_up")] = torch.cat([gate, up])
    return found


def qwen(tensors: Tensors) -> Tensors:
    return tensors


def picture_vae(tensors: Tensors, *, levels: int = 4) -> Tensors:
    own = {name: each for name, each in tensors.items() if not name.startswith("bn.")}
    found = {name.removeprefix("first_stage_model."): each for name, each in original_vae(own, levels=levels).items()}
    return found | {name: each for name, each in tensors.items() if name.startswith("bn.")}


_FILMS = (
    ("encoder.conv_in", "encoder.conv1"),
    ("decoder.conv_in", "decoder.conv1"),
    ("quant_conv", "conv1"),
    ("post_quant_conv", "conv2"),
    *((f"{side}.mid_block.resnets.{n}", f"{side}.middle.{2 * n}") for side in ("encoder", "decoder") for n in (0, 1)),
    *((f"{side}.mid_block.attentions.0", f"{side}.middle.1") for side in ("encoder", "decoder")),
    *((f"{side}.norm_out", f"{side}.head.0") for side in ("encoder", "decoder")),
    *((f"{side}.conv_out", f"{side}.head.2") for side in ("encoder", "decoder")),
    ("encoder.down_blocks", "encoder.downsamples"),
    *((f"decoder.up_blocks.{n}.resnets.{m}", f"decoder.upsamples.{4 * n + m}") for n in range(4) for m in range(3)),
    *((f"decoder.up_blocks.{n}.upsamplers.0", f"decoder.upsamples.{4 * n + 3}") for n in range(3)),
)
_RESIDUAL = {"norm1": "residual.0", "conv1": "residual.2", "norm2": "residual.3", "conv2": "residual.6",
             "conv_shortcut": "shortcut"}  # fmt: skip


def film_vae(tensors: Tensors) -> Tensors:
    found = {}
    for name, tensor in renamed(tensors, _FILMS).items():
        match = re.match(r"(.*\.(?:middle|downsamples|upsamples)\.\d+)\.(\w+)\.(\w+)$", name)
        if match and match[2] in _RESIDUAL:
            name = f"{match[1]}.{_RESIDUAL[match[2]]}.{match[3]}"
        found[name] = tensor
    return found


def nested_film_vae(tensors: Tensors) -> Tensors:
    """Qwen-Image 2.1's, whose levels stand one inside the other: what changes the size is a level's last block."""
    found = {}
    for name, tensor in tensors.items():
        match = re.match(r"(.*)\.(down|up)_blocks\.(\d+)\.(?:resnets\.(\d+)|(?:down|up)sampler)\.(.*)$", name)
        if match:
            side, way, level, block, rest = match.groups()
            block = block or sum(f"{side}.{way}_blocks.{level}.resnets.{n}.conv1.weight" in tensors for n in range(9))
            layer, leaf = rest.split(".", 1)
            found[f"{side}.{way}samples.{level}.{way}samples.{block}.{_RESIDUAL.get(layer, layer)}.{leaf}"] = tensor
        else:
            found |= film_vae({name: tensor})
    return found


def load(folder: Path, part: str) -> Tensors:
    """A part's tensors, by the names that the libraries have for them."""
    stem = "model" if part.startswith("text_encoder") else "diffusion_pytorch_model"
    return load_file(folder / part / f"{stem}.safetensors")


def save(path: Path, tensors: Tensors) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.contiguous().clone() for name, tensor in tensors.items()}, path)
    return path


def language(tensors: Tensors) -> Tensors:
    """A language model's tensors as ComfyUI's files have them: those of the class that writes words, too."""
    found = {}
    for name, tensor in tensors.items():
        bare = re.sub(r"^(model\.)?(language_model\.)?", "", name)
        found[bare if bare.startswith(("visual.", "lm_head.")) else f"model.{bare}"] = tensor
    return found


def open_clip(tensors: Tensors) -> Tensors:
    return original_open_clip(tensors, prefix="")


def write(root: Path, folder: Path, parts: Mapping[str, tuple[str, Callable[[Tensors], Tensors]]]) -> dict[str, Path]:
    """Write a folder's parts as files below `root`, each by its place there and how it is laid out."""
    return {part: save(root / place, change(load(folder, part))) for part, (place, change) in parts.items()}
