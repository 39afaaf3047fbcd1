"""Finds numbers that are not finite, continues in a wider format where that helps, and names the part at fault."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from engine.errors import NotFinite

T = TypeVar("T")
_log = logging.getLogger(__name__)

_DAMAGED = "Its weights file is damaged or was saved after a failed training: get the model again, or choose another."


def all_finite(values: Any) -> bool:
    """Whether a tensor, or all of a nest of tuples and lists of tensors (None counts as finite), has no NaN and no
    infinity. Waits for the device."""
    if isinstance(values, Tensor):
        return bool(torch.isfinite(values).all())
    return values is None or all(all_finite(value) for value in values)


def damaged_weights(network: nn.Module) -> list[str]:
    """Names of the weights that hold NaN or infinity."""
    weights = {name: weight for name, weight in network.state_dict().items() if weight.is_floating_point()}
    # No kernel looks into numbers of 8 bits.
    readable = {name: weight.half() if weight.itemsize == 1 else weight for name, weight in weights.items()}
    return [name for name, weight in readable.items() if not all_finite(weight)]


def wider(dtype: torch.dtype, device: torch.device) -> torch.dtype | None:
    """The next number format in which larger values fit: bfloat16 for float16 where the device is fast in it, else
    float32; None where there is none."""
    if dtype == torch.float16 and device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16
    return torch.float32 if dtype in (torch.float16, torch.bfloat16) else None


def check_weights(part: str, network: nn.Module) -> None:
    """Looks for the cause of numbers that are not finite.

    Raises:
        NotFinite: the weights themselves are damaged, so that no number format helps.
    """
    damaged = damaged_weights(network)
    if damaged:
        raise NotFinite.of(part, hint=_DAMAGED, details=f"{len(damaged)} tensors, such as {', '.join(damaged[:4])}")


def computed(part: str, network: nn.Module, compute: Callable[[], T], *, tensors: Callable[[T], Iterable[Any]]) -> T:
    """What `compute` returns; if that is not finite, what it returns after `network` was moved to float32 for good.

    Args:
        part: the network in words, for errors and the log.
        compute: runs the network in whatever dtype it has. tensors: what of its result must be finite.

    Raises:
        NotFinite: its weights are damaged, or not even float32 helps.
    """
    result = compute()
    if all_finite(tensors(result)):
        return result
    check_weights(part, network)
    before = next(network.parameters()).dtype
    if before != torch.float32:
        _log.warning("the %s overflowed in %s; it goes on in float32", part, str(before).removeprefix("torch."))
        network.to(torch.float32)
        result = compute()
        if all_finite(tensors(result)):
            return result
    raise NotFinite.of(part, details=f"in {str(before).removeprefix('torch.')}")
