"""Low-rank deltas (LoRA) as diffusers writes them for a denoiser, and its weights with them merged in."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import UnsupportedModel
from engine.weights.files import incomplete, read_header
from engine.weights.loading import no_weights
from engine.weights.offload import page_locked

_METADATA = "lora_adapter_metadata"
_NAMES = re.compile(r"(?P<of>unet|transformer)\.(?P<layer>.+)\.(?P<kind>lora_A\.weight|lora_B\.weight|alpha)")


@dataclass(frozen=True, eq=False)
class Delta:
    """The change to one layer's weight: `scale * up @ down` is added.

    Attributes:
        down: A, `[rank, in]`, for a convolution `[rank, in, kh, kw]`.
        up: B, `[out, rank]` or `[out, rank, 1, 1]`.
        of: what the file calls the network, before the names of its layers: "unet" or "transformer".
    """

    down: Tensor
    up: Tensor
    scale: float
    of: str = "unet"


def layers(file: Path, *, part: str) -> frozenset[str]:
    """Return the module paths of the layers that the deltas in a file change; no weights are read.

    Raises:
        ModelIncomplete: the file is missing or damaged, or one of a layer's two factors is missing.
        UnsupportedModel: it holds something other than low-rank deltas of a denoiser; the message names the tensor.
    """
    names = [name for name in read_header(file, part=part) if name != "__metadata__"]
    kinds: dict[str, set[str]] = {}
    of = ""
    for name in names:
        match = _NAMES.fullmatch(name)
        if match is None:
            raise _misfit(part, name, "which is not a low-rank delta of a denoiser's layer")
        of = of or match["of"]
        if match["of"] != of:
            raise _misfit(part, name, f"beside layers of a network called {of}")
        kinds.setdefault(match["layer"], set()).add(match["kind"])
    for layer, present in kinds.items():
        for kind in ("lora_A.weight", "lora_B.weight"):
            if kind not in present:
                raise incomplete(part, f"{of}.{layer}.{kind} is missing from {file.name}")
    if not kinds:
        raise incomplete(part, f"{file.name} contains no tensors")
    return frozenset(kinds)


def read_deltas(file: Path, *, part: str) -> dict[str, Delta]:
    """Return the deltas in a file, by the module path of their layer; see `layers` for the errors.

    A layer's scale is alpha / rank. alpha is the layer's own alpha tensor, else the value in the file's metadata, else
    the rank itself.
    """
    found = layers(file, part=part)
    from safetensors import safe_open

    try:
        with safe_open(file, framework="pt") as handle:
            metadata = json.loads((handle.metadata() or {}).get(_METADATA, "{}"))
            tensors = {name: handle.get_tensor(name) for name in handle.keys()}  # noqa: SIM118 (no mapping)
    except (OSError, ValueError) as error:
        raise incomplete(part, f"{file.name} cannot be read", details=str(error)) from error
    for name, tensor in tensors.items():
        if not tensor.is_floating_point() or not bool(torch.isfinite(tensor).all()):
            raise incomplete(part, f"{name} in {file.name} holds NaN or infinity")
    of = "transformer" if next(iter(tensors)).startswith("transformer.") else "unet"
    deltas = {}
    for layer in sorted(found):
        down, up = (tensors[f"{of}.{layer}.lora_{side}.weight"] for side in "AB")
        alpha = tensors.get(f"{of}.{layer}.alpha")
        rank = max(1, down.shape[0] if down.ndim else 1)
        if alpha is not None and alpha.numel() != 1:
            raise _misfit(part, f"{of}.{layer}.alpha", "which is not a single number")
        scale = _scale(metadata, of, layer, rank) if alpha is None else float(alpha) / rank
        deltas[layer] = Delta(down, up, scale, of)
    return deltas


def _scale(metadata: Any, of: str, layer: str, rank: int) -> float:
    """Return alpha / rank from the metadata that trainers write into the file; 1 if there are none."""
    if not isinstance(metadata, Mapping) or metadata.get(f"{of}.lora_alpha") is None:
        return 1.0
    patterns = metadata.get(f"{of}.alpha_pattern") or {}
    named = [value for path, value in patterns.items() if layer == path or layer.endswith(f".{path}")]
    alpha = float(named[0] if named else metadata[f"{of}.lora_alpha"])
    return alpha / (math.sqrt(rank) if metadata.get(f"{of}.use_rslora") else rank)


def merge(weights: Mapping[str, Tensor], deltas: Mapping[str, Delta], *, part: str) -> dict[str, Tensor]:
    """Return `weights` with the deltas added: changed tensors are new, with the same dtype, device and memory format;
    the others are shared.

    Raises:
        UnsupportedModel: the model has no layer for a delta, or the shapes differ; the message names the tensor.
    """
    return merge_into(dict(weights), deltas, part=part)


@torch.no_grad()
def merge_into(weights: dict[str, Tensor], deltas: Mapping[str, Delta], *, part: str) -> dict[str, Tensor]:
    """As `merge`, but the changed tensors take their place in `weights` one by one, so that those which nobody else
    keeps are gone before the next one is made. Where the factors are page-locked it is queued on a device."""
    for layer, delta in deltas.items():
        name = f"{layer}.weight"
        check_fits(weights.get(name), layer, delta, part=part)
        weights[name] = _added(weights[name], delta)
    return weights


def locked(deltas: Mapping[str, Delta]) -> dict[str, Delta]:
    """The same with their factors in page-locked memory, from which a device copies them without a wait."""
    return {
        layer: replace(each, down=page_locked(each.down), up=page_locked(each.up)) for layer, each in deltas.items()
    }


def check_fits(weight: Tensor | None, layer: str, delta: Delta, *, part: str) -> None:
    """Check that a delta fits the weight of its layer; see `merge` for the error."""
    if weight is None or weight.ndim not in (2, 4, 5):
        raise _misfit(part, f"{delta.of}.{layer}.lora_A.weight", "for which the model has no layer")
    down, up = delta.down, delta.up
    kernel = tuple(weight.shape[2:])
    rank = down.shape[0] if down.ndim else 0
    fits_down = tuple(down.shape[1:]) == tuple(weight.shape[1:]) or (
        down.ndim == 2 and down.shape[1] == weight.shape[1] and all(side == 1 for side in kernel)
    )
    if not fits_down or not rank:
        raise _misfit(part, f"{delta.of}.{layer}.lora_A.weight", _shapes(down, weight))
    if tuple(up.shape) not in ((weight.shape[0], rank), (weight.shape[0], rank, *[1] * len(kernel))):
        raise _misfit(part, f"{delta.of}.{layer}.lora_B.weight", _shapes(up, weight))


def _added(weight: Tensor, delta: Delta) -> Tensor:
    down, up = (factor.to(weight.device, non_blocking=True) for factor in (delta.down, delta.up))
    # Added in float32, so that half precision rounds only once.
    product = up.float().flatten(1) @ down.float().flatten(1)
    total = weight.float() + delta.scale * product.reshape(weight.shape)
    return torch.empty_like(weight).copy_(total)


def with_weights(unet: Any, weights: Mapping[str, Tensor]) -> nn.Module:
    """Return a new UNet of the same architecture that uses these tensors, with stock attention, in eval mode; its first
    layer may have other channels."""
    from diffusers.models.attention_processor import AttnProcessor2_0

    with torch.device("meta"):
        other = type(unet).from_config(_config(unet.config, in_channels=int(weights["conv_in.weight"].shape[1])))
    other.load_state_dict(weights, assign=True)
    other.set_attn_processor(AttnProcessor2_0())
    return other.eval().requires_grad_(False)


def _config(config: Mapping[str, Any], **other: Any) -> Mapping[str, Any]:
    if all(config.get(name) == value for name, value in other.items()):
        return config
    # Without diffusers' note of what was left at its default, by which it would drop the new value.
    return {name: value for name, value in config.items() if name != "_use_default_values"} | other


def transformer_with_weights(kind: Any, config: Mapping[str, Any], weights: Mapping[str, Tensor]) -> nn.Module:
    """Return a new transformer of a diffusers class that uses these tensors, with stock attention, in eval mode.

    Args:
        config: as its config.json has it; that of a network in use may have been changed for its own work.
    """
    with no_weights():
        other: nn.Module = kind.from_config(config)
    other.load_state_dict(weights, assign=True)
    device = next(iter(weights.values())).device
    for name, buffer in other.named_buffers():
        if name not in weights:  # tables that no file holds
            buffer.data = buffer.data.to(device)
    return other.eval().requires_grad_(False)


def _shapes(factor: Tensor, weight: Tensor) -> str:
    return f"whose shape {list(factor.shape)} does not fit the layer's {list(weight.shape)}"


def _misfit(part: str, name: str, why: str) -> UnsupportedModel:
    return UnsupportedModel(
        f"The model's {part} does not fit it: it holds {name}, {why}.",
        hint="Get the expert that was made for this model, or choose the base alone.",
    )
