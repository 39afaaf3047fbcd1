"""Weights in 8 bits that were scaled to fit (ComfyUI's "fp8 scaled"): multiplied by their scales, and checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

from engine.errors import ModelIncomplete, UnsupportedModel
from engine.weights.headers import parse_json

_FP8 = {"float8_e4m3fn", "float8_e5m2"}
_SCALES = ("scale_weight", "weight_scale", "weight_scale_inv")
"""Names for one and the same thing: what a stored weight is multiplied by."""
MARKS = (*_SCALES, "scale_input", "input_scale", "comfy_quant", "scaled_fp8")
"""Suffixes of the tensors that accompany a weight scaled to fit 8 bits; the input's only serve 8-bit arithmetic."""
_LAYERS = "_quantization_metadata"
"""Where a file's metadata may name the format of each layer, instead of `comfy_quant` tensors."""


def is_mark(name: str) -> bool:
    """Whether a tensor of that name is no weight, but says how one is stored."""
    return name.rpartition(".")[2] in MARKS


def are_scaled(names: Iterable[str]) -> bool:
    """Whether weights among tensors of these names must be multiplied by scales."""
    return any(is_mark(name) for name in names)


def check_formats(marks: Mapping[str, Tensor], notes: Mapping[str, str], file_name: str) -> None:
    """Make sure that every format named in a file is 8-bit floating point with a scale.

    Args:
        marks: the tensors for which `is_mark` holds. notes: the file's metadata.

    Raises:
        UnsupportedModel: another one is named, or none can be read. ModelIncomplete: a layer lacks the scale that it
            needs; cast without one its weights would be wrong by that factor.
    """
    formats = {
        name.rpartition(".")[0]: _format(bytes(tensor.to(torch.uint8).flatten().tolist()), name, file_name)
        for name, tensor in marks.items()
        if name.endswith("comfy_quant")
    }
    if _LAYERS in notes:
        formats |= _named_formats(notes[_LAYERS], file_name)
    for layer, form in formats.items():
        if form not in _FP8:
            raise _packed(f"{layer} says {form[:40]!r}", file_name)
        if not any(f"{layer}.{scale}" in marks for scale in _SCALES):
            raise ModelIncomplete(
                f'The weights of "{file_name}" are incomplete: a scale of its 8-bit weights is missing.',
                hint="Get the file again, or the model in fp16 or bf16.",
                details=f"{layer} has no weight_scale",
            )


def _format(data: bytes, name: str, file_name: str) -> str:
    try:
        return str(json.loads(data.decode("utf-8")).get("format"))
    except (ValueError, AttributeError) as error:
        raise _packed(f"{name} cannot be read", file_name) from error


def _named_formats(text: str, file_name: str) -> dict[str, str]:
    try:
        layers: Mapping[str, Any] = parse_json(text.encode("utf-8"), depth=8)["layers"]
        return {layer: str(entry["format"]) for layer, entry in layers.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _packed(f"its {_LAYERS} cannot be read", file_name) from error


def unscale(
    name: str, weight: Tensor, marks: Mapping[str, Tensor], file_name: str, *, dtype: torch.dtype = torch.float32
) -> Tensor:
    """Return a weight multiplied by its scale, in `dtype`; as it is where it has none.

    The scale is one number, one for each row (the first axis), or one for each block of equal size along every axis:
    a weight `[out, in]` with scales `[out / 128, in / 128]` has blocks of 128 x 128. A last block may be smaller, where
    the length of a block is taken for a power of two.

    Args:
        name: of the weight, "layer.weight". marks: see `check_formats`.

    Raises:
        UnsupportedModel: the scale fits in none of these ways.
    """
    layer = name.rpartition(".")[0]
    found = [f"{layer}.{kind}" for kind in _SCALES if f"{layer}.{kind}" in marks]
    if not found or not name.endswith(".weight"):
        return weight
    scale = marks[found[0]].float()
    return (weight.float() * _spread(scale, weight, found[0], file_name)).to(dtype)


def _spread(scale: Tensor, weight: Tensor, name: str, file_name: str) -> Tensor:
    """Return a scale in a shape that a weight can be multiplied by."""
    if scale.numel() == 1:
        return scale.reshape(())
    if scale.ndim == 1 and weight.ndim > 1:
        scale = scale.reshape(-1, *[1] * (weight.ndim - 1))
    if scale.ndim == weight.ndim:
        for axis, (blocks, length) in enumerate(zip(scale.shape, weight.shape, strict=True)):
            size = _block(length, blocks)
            if not size:
                break
            if blocks not in (1, length):
                scale = scale.repeat_interleave(size, dim=axis).narrow(axis, 0, length)
        else:
            return scale
    raise _packed(f"{name} has the shape {list(scale.shape)} for weights of {list(weight.shape)}", file_name)


def _block(length: int, blocks: int) -> int:
    """The length of a block, of which the last may be smaller; 0 where there is none. Real ones are powers of two."""
    if not 0 < blocks <= length:
        return 0
    size = -(-length // blocks)
    for found in (1 << (size - 1).bit_length(), size):
        if -(-length // found) == blocks:
            return found
    return 0


def _packed(details: str, file_name: str) -> UnsupportedModel:
    return UnsupportedModel(
        f'The weights of "{file_name}" are packed in a way that Wordbrush does not read.',
        hint="Get the model in fp16, bf16, fp8 or GGUF.",
        details=details,
    )
