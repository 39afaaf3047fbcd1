"""Variants of where a law's bias acts in joint attention: in which layers, and whether text looks back at its paint.

The default is none of them: all layers, and image cells' queries alone (`transformer_control`). Labs compare them
(`engine/lab/attention.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from engine.attention.laws import Law
from engine.attention.split_softmax import spread_heads
from engine.attention.token_layout import TokenLayout
from engine.attention.transformer_control import PLACEMENT


@dataclass(frozen=True, kw_only=True)
class Placement:
    """One variant.

    Attributes:
        title: one line that describes it to people.
        blocks: which painted layers are biased: all; "double", those whose text has weights of its own; or "second",
            the first and every second after it, in the network's order.
        both: whether text tokens' queries are biased towards the image cells of their paint too.
    """

    title: str
    blocks: Literal["all", "double", "second"] = "all"
    both: bool = False

    def layers(self, paths: Sequence[str]) -> frozenset[str]:
        """Which of the painted layers, given by their module paths in the network's order, take the bias."""
        if self.blocks == "double":
            return frozenset(path for path in paths if "single" not in path)
        return frozenset(paths[:: 2 if self.blocks == "second" else 1])

    def looking_back(self, query: Tensor, key: Tensor, value: Tensor, **run: Any) -> Tensor:
        """See the function of that name."""
        return looking_back(query, key, value, **run)


PLACEMENTS = {
    "image": Placement(title="image cells' queries, all layers (the default)"),
    "both": Placement(title="text tokens' queries too, all layers", both=True),
    "double": Placement(title="image cells' queries, double blocks", blocks="double"),
    "second": Placement(title="image cells' queries, every second layer", blocks="second"),
    "both-second": Placement(title="text tokens' queries too, every second layer", blocks="second", both=True),
}


@contextmanager
def placed(placement: Placement) -> Iterator[None]:
    """Runs of transformers that begin in here have their bias placed so."""
    before = PLACEMENT.set(placement)
    try:
        yield
    finally:
        PLACEMENT.reset(before)


def looking_back(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    *,
    layout: TokenLayout,
    law: Law,
    paint: Tensor,
    gain: Tensor,
    seen: slice | Tensor,
    mask: Tensor | None,
    scale: float | None,
) -> Tensor:
    """What text tokens gather, `[B, T, heads, d]`, with the bias on the image cells of their paint.

    The scores of the block text queries x image keys, turned so that they read `[B, heads, N, T]`, get the law's bias
    as those of image queries x text keys do; the largest score is that of this block. In one softmax, by hand.

    Args:
        query, key, value: `[B, length, heads or fewer, d]` of the whole sequence.
        paint: A of the `seen` tokens, float32 `[B or 1, 1, N, seen]`.
        mask: the model's own, bool or added: `[B, S]`, `[B, queries, S]` or `[B, heads, queries, S]`.
    """
    image, text = slice(*layout.image), slice(*layout.text)
    own, keys, values = (each.transpose(1, 2).float() for each in (query[:, text], key, value))
    keys, values = spread_heads(keys, own.shape[1]), spread_heads(values, own.shape[1])
    scores = own @ keys.transpose(-1, -2) * (query.shape[-1] ** -0.5 if scale is None else scale)
    block = scores[..., image].transpose(-1, -2)
    added = torch.zeros_like(block)
    added[..., seen] = law.bias(block[..., seen], paint, gain).to(block.dtype).expand_as(block[..., seen])
    scores[..., image] += added.transpose(-1, -2)
    if mask is not None:
        scores = _hidden(scores, mask, text)
    return (torch.softmax(scores, dim=-1) @ values).transpose(1, 2).to(value.dtype)


def _hidden(scores: Tensor, mask: Tensor, text: slice) -> Tensor:
    part: Any = mask
    while part.ndim < 4:
        part = part.unsqueeze(1)
    if part.shape[2] != 1:
        part = part[:, :, text]
    return scores.masked_fill(~part, -torch.inf) if part.dtype == torch.bool else scores + part
