"""Records self-attention while a denoiser works: which places of a picture look at which others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.attention.control import level_of
from engine.attention.processor import finish, scaled_scores, split_heads
from engine.attention.split_softmax import spread_heads
from engine.attention.token_layout import TokenLayout
from engine.attention.transformer_control import TransformerControl
from engine.errors import UnsupportedModel

MOST_CELLS = 4096
"""Larger levels are not recorded: a map has a number for each pair of its cells, 64 MiB for so many."""

_STOCK = ("AttnProcessor", "AttnProcessor2_0")


class LooksOfLevels:
    """Sums of self-attention maps.

    Attributes:
        sums: for each level that was recorded float32 `[N, N]` on the device: who looks by where it looks, the mean
            over heads. counts: how many maps were added up; each row of a sum sums to it.
    """

    def __init__(self) -> None:
        self.sums: dict[int, Tensor] = {}
        self.counts: dict[int, int] = {}

    def add(self, level: int, query: Tensor, key: Tensor) -> None:
        """Add one layer's map, of `[1, heads, N, d]` each; levels of more than `MOST_CELLS` cells are left out."""
        if query.shape[2] <= MOST_CELLS:
            heads = query.shape[1]
            # Head by head: of a large level all heads together would take gigabytes.
            for head in range(heads):
                own = slice(head, head + 1)
                shares = torch.softmax(scaled_scores(query[:, own], key[:, own]), dim=-1)[0, 0].div_(heads)
                self.sums[level] = self.sums[level].add_(shares) if level in self.sums else shares
            self.counts[level] = self.counts.get(level, 0) + 1


class _Recording:
    """The processor of one self-attention layer: the stock computation, whose map is added up beside it."""

    def __init__(self, looks: LooksOfLevels, level: int) -> None:
        self._looks, self._level = looks, level

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        """Return the layer's output for `hidden_states`, both `[rows, N, C]`."""
        query, keys, values = (
            split_heads(attn, project(hidden_states)) for project in (attn.to_q, attn.to_k, attn.to_v)
        )
        if attn.norm_q is not None:
            query = attn.norm_q(query)
        if attn.norm_k is not None:
            keys = attn.norm_k(keys)
        self._looks.add(self._level, query[-1:], keys[-1:])
        out = F.scaled_dot_product_attention(query, keys, values)
        return finish(attn, out.transpose(1, 2).flatten(2), hidden_states)


@contextmanager
def recording(family: Any) -> Iterator[LooksOfLevels]:
    """In here the self-attention of a family's denoiser is recorded, of the last row of each call.

    Yields:
        what was recorded so far; nothing for a transformer whose text is read by cross-attention alone (PixArt, Wan,
        Anima): there the layers with words do not tell which cells belong together.

    Raises:
        UnsupportedModel: a UNet's self-attention is of an unknown kind.
    """
    if isinstance(family.control, TransformerControl):
        with _joint(family.control) as looks:
            yield looks
    else:
        with _unet(family.unet) as looks:
            yield looks


@contextmanager
def _joint(control: TransformerControl) -> Iterator[LooksOfLevels]:
    """The rows of image cells and columns of image cells of joint attention, made to sum to 1 by themselves."""
    looks = LooksOfLevels()

    def beside(query: Tensor, key: Tensor, scale: float | None, layout: TokenLayout) -> None:
        if layout.cross:
            return
        first = layout.tokens if layout.apart else layout.image[0]
        cells = slice(first, first + layout.cells)
        asked, read = (each[-1:].transpose(1, 2) for each in (query[:, slice(*layout.image)], key[:, cells]))
        if scale is not None:  # `scaled_scores` divides by the root of d itself
            asked = asked * (scale * asked.shape[-1] ** 0.5)
        looks.add(0, asked, spread_heads(read, asked.shape[1]))

    with control.watched_by(beside):
        yield looks


@contextmanager
def _unet(unet: nn.Module) -> Iterator[LooksOfLevels]:
    layers: dict[str, Any] = {path: each for path, each in unet.named_modules() if path.endswith(".attn1")}
    stock = {path: module.get_processor() for path, module in layers.items()}
    for path, module in layers.items():
        kind = type(stock[path]).__name__
        if kind not in _STOCK or module.group_norm is not None or module.spatial_norm is not None:
            raise UnsupportedModel(
                "Wordbrush cannot see which places of a picture belong together for this model.",
                hint="Find words with a Stable Diffusion model without adapters, such as the starter.",
                details=f"{path}: {kind}",
            )
    looks = LooksOfLevels()
    try:
        for path, module in layers.items():
            module.set_processor(_Recording(looks, level_of(unet, path)))
        yield looks
    finally:
        for path, module in layers.items():
            module.set_processor(stock[path])
