"""From the names that diffusers and transformers have for tensors to those of single files, by the original code."""

from __future__ import annotations

import re

import torch

RESNET = {"in_layers.0": "norm1", "in_layers.2": "conv1", "emb_layers.1": "time_emb_proj", "out_layers.0": "norm2"}
RESNET |= {"out_layers.3": "conv2", "skip_connection": "conv_shortcut"}


def original_unet(weights: dict[str, torch.Tensor], *, levels: int, layers: int) -> dict[str, torch.Tensor]:
    """diffusers' UNet names -> the original ones, written from the layout of the original code."""
    places = {"conv_in": "input_blocks.0.0", "conv_norm_out": "out.0", "conv_out": "out.2"}
    places |= {"time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2"}
    places |= {"mid_block.resnets.0": "middle_block.0", "mid_block.attentions.0": "middle_block.1"}
    places["mid_block.resnets.1"] = "middle_block.2"
    places |= {"add_embedding.linear_1": "label_emb.0.0", "add_embedding.linear_2": "label_emb.0.2"}
    for level in range(levels):
        for layer in range(layers):
            block = 1 + level * (layers + 1) + layer
            places[f"down_blocks.{level}.resnets.{layer}"] = f"input_blocks.{block}.0"
            places[f"down_blocks.{level}.attentions.{layer}"] = f"input_blocks.{block}.1"
        places[f"down_blocks.{level}.downsamplers.0.conv"] = f"input_blocks.{(level + 1) * (layers + 1)}.0.op"
        for layer in range(layers + 1):
            block = level * (layers + 1) + layer
            places[f"up_blocks.{level}.resnets.{layer}"] = f"output_blocks.{block}.0"
            places[f"up_blocks.{level}.attentions.{layer}"] = f"output_blocks.{block}.1"
        attention = any(name.startswith(f"up_blocks.{level}.attentions") for name in weights)
        last = level * (layers + 1) + layers
        places[f"up_blocks.{level}.upsamplers.0.conv"] = f"output_blocks.{last}.{2 if attention else 1}.conv"
    renamed = {}
    for name, tensor in weights.items():
        place = next(place for place in sorted(places, key=len, reverse=True) if name.startswith(place + "."))
        rest = name[len(place) + 1 :]
        if ".resnets." in place:
            module, _, leaf = rest.rpartition(".")
            rest = f"{next(old for old, new in RESNET.items() if new == module)}.{leaf}"
        renamed[f"model.diffusion_model.{places[place]}.{rest}"] = tensor
    return renamed


def original_vae(weights: dict[str, torch.Tensor], *, levels: int) -> dict[str, torch.Tensor]:
    """diffusers' AutoencoderKL names -> the original ones."""
    attention = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
    renamed = {}
    for name, tensor in weights.items():
        new = name.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")
        new = re.sub(r"down_blocks\.(\d+)\.resnets\.", r"down.\1.block.", new)
        new = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0\.", r"down.\1.downsample.", new)
        new = re.sub(r"up_blocks\.(\d+)\.resnets\.", lambda m: f"up.{levels - 1 - int(m[1])}.block.", new)
        new = re.sub(r"up_blocks\.(\d+)\.upsamplers\.0\.", lambda m: f"up.{levels - 1 - int(m[1])}.upsample.", new)
        new = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", new)
        if "mid_block.attentions.0." in new:
            head, tail = new.split("mid_block.attentions.0.")
            module, _, leaf = tail.rpartition(".")
            new = f"{head}mid.attn_1.{attention[module]}.{leaf}"
            if leaf == "weight" and module != "group_norm":
                tensor = tensor[:, :, None, None]
        renamed[f"first_stage_model.{new}"] = tensor
    return renamed


def original_open_clip(weights: dict[str, torch.Tensor], *, prefix: str) -> dict[str, torch.Tensor]:
    """transformers' names of a CLIP text encoder -> those of OpenCLIP."""
    bare = {name.removeprefix("text_model."): tensor for name, tensor in weights.items()}
    renamed = {}
    for name, tensor in bare.items():
        if ".q_proj." in name:
            parts = [bare[name.replace(".q_proj.", f".{part}_proj.")] for part in "qkv"]
            leaf = name.rsplit(".", 1)[1]
            renamed[name.replace(f".q_proj.{leaf}", f".in_proj_{leaf}")] = torch.cat(parts)
        elif ".k_proj." not in name and ".v_proj." not in name and not name.endswith("position_ids"):
            renamed[name] = tensor.T if name == "text_projection.weight" else tensor
    words = {"embeddings.position_embedding.weight": "positional_embedding", "embeddings.token": "token"}
    words |= {"encoder.layers.": "transformer.resblocks.", "final_layer_norm": "ln_final", "layer_norm": "ln_"}
    words |= {"self_attn": "attn", ".fc1.": ".c_fc.", ".fc2.": ".c_proj.", "text_projection.weight": "text_projection"}
    original = {}
    for name, tensor in renamed.items():
        for new, old in words.items():
            name = name.replace(new, old)
        original[prefix + name] = tensor
    return original
