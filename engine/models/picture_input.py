"""A UNet's first layer with channels for a picture beside those for the noise: how a file's are read and put in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from engine.errors import UnsupportedModel
from engine.facts import PICTURE_INPUT
from engine.weights.files import incomplete

LAYER = "conv_in.weight"


def read(folder: Path, *, part: str) -> Tensor | None:
    """The weights for the channels of a picture `[out, C, kh, kw]` in an expert's folder; None if it has none.

    Raises:
        ModelIncomplete: the file is damaged, or has other tensors.
    """
    file = folder / PICTURE_INPUT
    if not file.is_file():
        return None
    from safetensors.torch import load_file

    try:
        tensors = load_file(file)
    except Exception as error:  # safetensors raises errors of its own kinds
        raise incomplete(part, f"{file.name} cannot be read", details=str(error)) from error
    extra = tensors.get(LAYER)
    if extra is None or len(tensors) != 1 or extra.ndim != 4 or not bool(torch.isfinite(extra).all()):
        raise incomplete(part, f"{file.name} does not hold {LAYER} alone")
    return extra


def widened(weights: Mapping[str, Tensor], extra: Tensor | None, *, part: str) -> dict[str, Tensor]:
    """A UNet's weights with the channels of a picture behind the others of its first layer; as they are without.

    Raises:
        UnsupportedModel: they were made for another model.
    """
    found = dict(weights)
    if extra is None:
        return found
    own = found.get(LAYER)
    if own is None or own.shape[0] != extra.shape[0] or own.shape[2:] != extra.shape[2:]:
        shapes = tuple(extra.shape), None if own is None else tuple(own.shape)
        raise UnsupportedModel(
            f"The model's {part} does not fit it: its channels for a picture were made for another first layer.",
            hint="Get the one that was made for this model, or remove its folder.",
            details=f"{shapes[0]} beside {shapes[1]}",
        )
    format_ = torch.channels_last if own.is_contiguous(memory_format=torch.channels_last) else torch.contiguous_format
    found[LAYER] = torch.cat([own, extra.to(own)], dim=1).contiguous(memory_format=format_)
    return found
