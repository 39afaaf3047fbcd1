"""The layers of a model under all names that LoRA files have for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

_TEXT = {
    "text_encoder": ("lora_te", "lora_te1", "text_encoder"),
    "text_encoder_2": ("lora_te2", "text_encoder_2"),
    "text_encoder_3": ("lora_te3", "text_encoder_3"),
    "text_conditioner": ("text_conditioner", "diffusion_model.llm_adapter", "lora_unet.llm_adapter", "llm_adapter"),
}
_UNET = ("lora_unet", "lycoris", "unet", "diffusion_model", "model.diffusion_model", "base_model.model", "")
BEFORE_TRANSFORMER = (*_UNET, "transformer", "lora_transformer", "base_model.model.transformer")
_T5 = ("lora_te3", "lora_te2")
"""kohya's names for a T5 encoder, whichever number its part has."""
_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_TOP = {
    "conv_in": "input_blocks.0.0",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
_BLOCK = re.compile(
    r"(?P<side>down_blocks|up_blocks|mid_block)(?:\.(?P<block>\d+))?"
    r"\.(?P<kind>resnets|attentions|downsamplers|upsamplers)\.(?P<index>\d+)(?:\.(?P<rest>.+))?"
)


@dataclass(frozen=True)
class Place:
    """Where a layer of a file belongs in a model.

    Attributes:
        part, path: the network and the path of the module in it. rows: half-open ranges of the outputs of the file's
            layer that the module has, in its order; () is all. whole: how many outputs the file's layer has, then.
    """

    part: str
    path: str
    rows: tuple[tuple[int, int], ...] = ()
    whole: int = 0


def layer_names(networks: Mapping[str, Any]) -> dict[str, tuple[Place, ...]]:
    """Return every name of each layer, with dots as underscores -> where it belongs.

    kohya and LyCORIS write `lora_unet_` and a path of diffusers' or of the original model; diffusers and peft a path
    of the network itself, after `unet.`, `transformer.`, `base_model.model.` or nothing.

    Args:
        networks: by part: "unet" or "transformer", "text_encoder", "text_encoder_2" and so on.
    """
    found: dict[str, tuple[Place, ...]] = {}
    for part, network in networks.items():
        for path in layers_of(network):
            for name in _spellings(part, network, path):
                found.setdefault(flat(name), (Place(part, path),))
    return found


def flat(name: str) -> str:
    """A layer's name as `layer_names` has it: without what older versions of diffusers put into it."""
    name = name.replace(".processor.", ".")
    name = re.sub(r"to_(q|k|v)_lora$", r"to_\1", name)
    return re.sub(r"to_out_lora$", "to_out.0", name).replace(".", "_")


def layers_of(network: Any) -> dict[str, tuple[int, int]]:
    """Return the outputs and inputs of each module with a weight, by its path."""
    return {
        path: (module.weight.shape[0], module.weight.shape[1] if module.weight.ndim > 1 else 1)
        for path, module in network.named_modules()
        if isinstance(getattr(module, "weight", None), nn.Parameter)
    }


def _spellings(part: str, network: Any, path: str) -> Iterator[str]:
    if part == "unet":
        original = original_path(path, int(_layers_per_block(network)))
        for beginning in _UNET:
            for each in filter(None, (path, original)):
                yield f"{beginning}.{each}" if beginning else each
    elif part == "transformer":
        for beginning in BEFORE_TRANSFORMER:
            yield f"{beginning}.{path}" if beginning else path
    else:
        bare = path.removeprefix("text_model.")
        is_t5 = ".layer.0.SelfAttention." in path or ".layer.1." in path
        for beginning in (*_TEXT[part], *_T5) if is_t5 else _TEXT[part]:
            yield f"{beginning}.{bare}"
            yield f"{beginning}.text_model.{bare}"


def _layers_per_block(unet: Any) -> Any:
    layers = unet.config.layers_per_block
    return layers if isinstance(layers, int) else layers[0]


def original_path(path: str, layers: int) -> str | None:
    """Return the path that a layer of diffusers' UNet has in Stability's original model; None if it has none.

    Args:
        layers: residual layers of a block on the way down; there is one more of them on the way up.
    """
    if path in _TOP:
        return _TOP[path]
    match = _BLOCK.fullmatch(path)
    if match is None:
        return None
    kind, index, rest = match["kind"], int(match["index"]), match["rest"] or ""
    if kind == "resnets":
        head, _, tail = rest.partition(".")
        rest = ".".join(filter(None, (_RESNET.get(head, head), tail)))
    if match["side"] == "mid_block":
        return f"middle_block.{2 * index if kind == 'resnets' else 1}.{rest}"
    block = int(match["block"])
    if match["side"] == "down_blocks":
        if kind == "downsamplers":
            return f"input_blocks.{(block + 1) * (layers + 1)}.0.op"
        return f"input_blocks.{1 + block * (layers + 1) + index}.{int(kind == 'attentions')}.{rest}"
    place = block * (layers + 1) + index
    if kind == "upsamplers":
        return f"output_blocks.{block * (layers + 1) + layers}.2.conv"
    return f"output_blocks.{place}.{int(kind == 'attentions')}.{rest}"
