"""Attention to reference pictures beside the text's own, as IP-Adapters add it (arXiv 2308.06721, equation 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.attention.static_buffers import StaticBuffers


@dataclass(frozen=True, kw_only=True, eq=False)
class ImageKeys:
    """Reference pictures that share one attention.

    Attributes:
        keys, values: for each cross-attention layer, in the order of the UNet's modules, `[2, T, heads * d]`: what the
            negative prompt's rows see, then what the prompt's see.
        scale: by which its output is multiplied; 1 is what the adapter was trained with.
        token_bias: added to the scores of its tokens, float32 `[T]`, if anything.
        shares: for each level, how much of it each pixel sees, float32 `[N]`, 0..1; None is all of it everywhere.
    """

    keys: Sequence[Tensor]
    values: Sequence[Tensor]
    scale: float
    token_bias: Tensor | None = None
    shares: Sequence[Tensor] | None = None


@dataclass(frozen=True, eq=False)
class _Seen:
    """One of them at one layer: K and V `[rows, heads, T, d]`, bias `[1, 1, 1, T]`, and scale times share `[N, 1]` or
    `[1, 1]`, all in the UNet's dtype."""

    keys: Tensor
    values: Tensor
    bias: Tensor | None
    weight: Tensor


class ImageAttention:
    """What one cross-attention layer sees of the run's reference pictures."""

    def __init__(self, seen: Sequence[_Seen]) -> None:
        self._seen = tuple(seen)

    def added(self, query: Tensor, part: slice | Tensor | None) -> Tensor:
        """Return what is added to the text's output, `[rows, N, heads * d]`.

        Args:
            query: `[rows, heads, N, d]`. part: which of the run's rows these are; None is all.
        """
        total: Tensor | None = None
        for each in self._seen:
            keys, values = (each.keys, each.values) if part is None else (each.keys[part], each.values[part])
            out = F.scaled_dot_product_attention(query, keys, values, attn_mask=each.bias)
            out = out.transpose(1, 2).flatten(2) * each.weight
            total = out if total is None else total + out
        assert total is not None, "a layer that sees nothing has no image attention"
        return total


def at_layers(
    pictures: Sequence[ImageKeys],
    layers: Sequence[tuple[nn.Module, int]],
    halves: Sequence[int],
    *,
    like: Tensor,
    buffers: StaticBuffers,
) -> Iterator[ImageAttention]:
    """Yield the image attention of each layer.

    Args:
        pictures: at least one. layers: (attention module, level). halves: for each row of the run, 0 where it is the
            negative prompt's, 1 where the prompt's. like: a tensor of the UNet's dtype on its device.
        buffers: where all of it is kept, so that a compiled step may be bound to it.
    """
    made = {"dtype": like.dtype, "device": like.device}
    rows = list(halves)
    for index, (attn, level) in enumerate(layers):
        seen = []
        for number, picture in enumerate(pictures):
            pair = [
                buffers.write((f"image {name}", number, index), _with_heads(each[index], rows, attn.heads), **made)
                for name, each in (("K", picture.keys), ("V", picture.values))
            ]
            bias = None
            if picture.token_bias is not None:
                bias = buffers.write(("image bias", number), picture.token_bias.reshape(1, 1, 1, -1), **made)
            share = torch.ones(1) if picture.shares is None else picture.shares[level]
            weight = buffers.write(("image share", number, level), share[:, None] * picture.scale, **made)
            seen.append(_Seen(pair[0], pair[1], bias, weight))
        yield ImageAttention(seen)


def _with_heads(projected: Tensor, rows: list[int], heads: int) -> Tensor:
    return projected[rows].unflatten(-1, (heads, -1)).transpose(1, 2)
