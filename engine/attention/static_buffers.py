"""Tensors that stay where they are from run to run, so that a compiled or recorded step may be bound to them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import torch
from torch import Tensor

_ALIGNED = 8
"""Elements that a row of a mask must be a multiple of: the fused kernels copy any other mask in every call."""


def aligned(tokens: int) -> int:
    """Return the length of a row in which so many tokens have room and the next row is aligned."""
    return -(-tokens // _ALIGNED) * _ALIGNED


class StaticBuffers:
    """Buffers by name: written in place run after run, allocated again only if shape, dtype or device changed."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Tensor] = {}

    def get(self, key: Hashable, shape: tuple[int, ...], *, dtype: torch.dtype, device: torch.device) -> Tensor:
        """Return the buffer of that name; it holds what was written last, zeros where it is new."""
        kept = self._kept.get(key)
        if kept is None or tuple(kept.shape) != shape or kept.dtype != dtype or kept.device != device:
            # Never an inference tensor: those could not be written from outside of inference mode.
            with torch.inference_mode(False):
                kept = self._kept[key] = torch.zeros(shape, dtype=dtype, device=device)
        return kept

    def write(self, key: Hashable, source: Tensor, *, dtype: torch.dtype, device: torch.device) -> Tensor:
        """Return the buffer of that name with a copy of `source` in it."""
        return self.get(key, tuple(source.shape), dtype=dtype, device=device).copy_(source)

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self._kept.values())
