"""Reads a ControlNet from its folder or file, shaped for the UNet that it is to work beside."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from engine.errors import ModelIncomplete, UnsupportedModel
from engine.models.controls.kinds import ControlModel
from engine.weights import loading
from engine.weights.tensors import read_tensors

_SHARED = ("cross_attention_dim", "block_out_channels", "layers_per_block", "addition_embed_type", "in_channels")
"""What a ControlNet and its UNet must have in common: else what one gives does not fit the other."""


def read_control(model: ControlModel, unet: Any, *, dtype: torch.dtype) -> Any:
    """Return the network, in eval mode on the CPU.

    Args:
        unet: a `UNet2DConditionModel`; single files hold no config, so theirs is made from it and the tensors' shapes.

    Raises:
        UnsupportedModel: it was made for UNets of another shape. ModelIncomplete: its files are damaged.
    """
    kind = _class_of(model)
    if model.path.is_dir():
        check_fits(model, kind.load_config(model.path, local_files_only=True), unet)
        try:
            return loading.load_part(kind, model.path.parent, model.path.name, dtype=dtype)
        except ModelIncomplete as error:
            raise _damaged(model, error.message) from error
    tensors = _in_diffusers_names(read_tensors(model.files, part="ControlNet", dtype=dtype), unet)
    settings = config_for(tensors, unet)
    check_fits(model, settings, unet)
    with torch.device("meta"):  # random weights would take time and are replaced at once
        network = kind(**{name: value for name, value in settings.items() if name in _settings_of(kind)})
    wanted = network.state_dict()
    wrong = [name for name, tensor in tensors.items() if name in wanted and wanted[name].shape != tensor.shape]
    if wrong:
        raise _misfit(model, f"{wrong[0]} has another shape")
    lacks = [name for name in wanted if name not in tensors]
    if lacks:
        raise _damaged(model, f"{len(lacks)} of its tensors are missing, such as {lacks[0]}")
    network.load_state_dict(tensors, strict=False, assign=True)
    return network.to(dtype).eval().requires_grad_(False)


def check_fits(model: ControlModel, config: Mapping[str, Any], unet: Any) -> None:
    """Raise UnsupportedModel where a ControlNet of that config was made for other UNets than this one."""
    for name in _SHARED:
        ours, theirs = _plain(unet.config.get(name)), _plain(config.get(name))
        if ours != theirs:
            raise _misfit(model, f"its {name} is {theirs}, the model's {ours}")


def config_for(tensors: Mapping[str, Tensor], unet: Any) -> dict[str, Any]:
    """Return the config of a ControlNet: its UNet's, but for what the shapes of its own tensors tell."""
    first = unet.config.block_out_channels
    layers = [_layers_in(tensors, f"down_blocks.{block}.attentions.0") for block in range(len(first))]
    text = next((each for name, each in tensors.items() if name.endswith("attn2.to_k.weight")), None)
    settings = dict(unet.config) | {
        "down_block_types": tuple("CrossAttnDownBlock2D" if count else "DownBlock2D" for count in layers),
        "conditioning_embedding_out_channels": _hint_channels(tensors),
        "conditioning_channels": tensors["controlnet_cond_embedding.conv_in.weight"].shape[1],
    }
    if text is not None:
        settings["cross_attention_dim"] = text.shape[1]
    channels = [_rows(tensors, f"down_blocks.{block}.resnets.0.conv1.weight") for block in range(len(first))]
    settings["block_out_channels"] = tuple(each or ours for each, ours in zip(channels, first, strict=True))
    middle = _layers_in(tensors, "mid_block.attentions.0")
    if "mid_block.resnets.0.conv1.weight" in tensors:
        settings["mid_block_type"] = "UNetMidBlock2DCrossAttn" if middle else "UNetMidBlock2D"
    # The middle block has as many layers as the last one on the way down.
    settings["transformer_layers_per_block"] = tuple([max(1, count) for count in layers[:-1]] + [max(1, middle)])
    if "task_embedding" in tensors:
        types, width = tensors["task_embedding"].shape
        settings |= {"num_control_type": types, "num_trans_channel": width}
        settings["num_trans_layer"] = _layers_in(tensors, "transformer_layes", inner="")
        settings["num_proj_channel"] = tensors["spatial_ch_projs.weight"].shape[0]
        settings["addition_time_embed_dim"] = unet.config.get("addition_time_embed_dim")
    if "add_embedding.linear_1.weight" not in tensors:
        settings |= {"addition_embed_type": None}
    elif settings.get("addition_embed_type") is None:
        settings["addition_embed_type"] = "text_time"
    return settings


def _layers_in(tensors: Mapping[str, Tensor], beginning: str, *, inner: str = ".transformer_blocks") -> int:
    pattern = re.compile(rf"{re.escape(beginning + inner)}\.(\d+)\.")
    return len({match[1] for name in tensors if (match := pattern.match(name))})


def _hint_channels(tensors: Mapping[str, Tensor]) -> tuple[int, ...]:
    found = [_rows(tensors, "controlnet_cond_embedding.conv_in.weight")]
    number = 1
    while rows := _rows(tensors, f"controlnet_cond_embedding.blocks.{number}.weight"):
        found.append(rows)
        number += 2
    return tuple(found)


def _rows(tensors: Mapping[str, Tensor], name: str) -> int:
    return int(tensors[name].shape[0]) if name in tensors else 0


def _in_diffusers_names(tensors: dict[str, Tensor], unet: Any) -> dict[str, Tensor]:
    from diffusers.loaders.single_file_utils import convert_controlnet_checkpoint

    if "controlnet_cond_embedding.conv_in.weight" in tensors:
        return tensors
    found = convert_controlnet_checkpoint(dict(tensors), config={"layers_per_block": unet.config.layers_per_block})
    return {name: tensor for name, tensor in found.items() if tensor is not None}


def _class_of(model: ControlModel) -> Any:
    if model.is_union:
        from diffusers.models.controlnets.controlnet_union import ControlNetUnionModel

        return ControlNetUnionModel
    from diffusers.models.controlnets.controlnet import ControlNetModel

    return ControlNetModel


def _settings_of(kind: Any) -> set[str]:
    return set(inspect.signature(kind.__init__).parameters)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _misfit(model: ControlModel, why: str) -> UnsupportedModel:
    made_for = f"it was made for {model.made_for}" if model.made_for else "it was made for other models"
    return UnsupportedModel(
        f'The ControlNet "{model.name}" does not fit this model: {made_for}.',
        hint="Choose a ControlNet of the model's own family, or another model.",
        details=why,
    )


def _damaged(model: ControlModel, why: str) -> ModelIncomplete:
    return ModelIncomplete(f'The ControlNet "{model.name}" is damaged: {why}', hint="Get its files again.")
