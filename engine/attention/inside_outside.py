"""Inside-outside attention: a shape's own words and cells keep to it, all others keep out (arXiv 2212.00210)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.attention.control import level_of
from engine.attention.mask_reduction import Size, reduce_mask
from engine.attention.processor import finish, split_heads
from engine.attention.self_attention import SeparatedAttention
from engine.errors import InternalError, UnsupportedModel

_OUT = -1e4
"""Stands for minus infinity: finite in float16, and exp of it is 0 in every dtype."""
_STOCK = ("AttnProcessor", "AttnProcessor2_0")


@dataclass(frozen=True, eq=False)
class ShapeSides:
    """Which tokens of a context belong to the shape.

    Attributes:
        mask: uint8 `[height, width]` at picture size, the shape. inside, outside: positions in the context; what is in
            neither, such as a text's beginning and end, is seen from everywhere.
    """

    mask: np.ndarray
    inside: tuple[int, ...]
    outside: tuple[int, ...]


def cells_inside(mask: np.ndarray, size: Size) -> np.ndarray:
    """Which cells of a level belong to a shape: bool `[h, w]`.

    A cell does that the shape covers by half, as the paper's nearest neighbour has it in the mean. Where the shape is
    so small that it covers none by half, those do that it covers at least half as much as the one it covers most.
    """
    share = reduce_mask(mask, size)
    found: np.ndarray = share >= min(0.5, max(float(share.max()) / 2, 1e-6))
    return found


def sides_bias(sides: ShapeSides, sizes: Sequence[Size], used: Collection[int], tokens: int) -> list[Tensor]:
    """What is added to the scores of each level for the prompt's rows: float32 `[N or 1, tokens]`, 0 or a number that
    leaves nothing; the cells inside see the words inside, and those outside the words outside.

    Args:
        sizes: `(h, w)` of each level. used: the levels with attention layers; the others have one row of 0.
        tokens: length of the context.
    """
    levels = []
    for number, size in enumerate(sizes):
        inner = cells_inside(sides.mask, size).reshape(-1) if number in used else np.zeros(1, bool)
        bias = torch.zeros(len(inner), tokens)
        if inner.any() and not inner.all():
            within = torch.from_numpy(inner)
            bias[~within] += _marked(sides.inside, tokens)
            bias[within] += _marked(sides.outside, tokens)
        levels.append(bias)
    return levels


def with_sides(
    keys: Sequence[Tensor] | None, bias: Sequence[Tensor], halves: Sequence[int], batch: int
) -> list[Tensor]:
    """A bias on the scores, float32 `[rows, 1 or N, T]` for each level, with that of a shape in the prompt's rows.

    Args:
        keys: what was there before, see `engine.text.token_bias.key_bias`; None is nothing.
        bias: see `sides_bias`. halves: 0 the negative prompt, 1 the prompt, each `batch` times.
    """
    rows = torch.tensor([half for half in halves for _ in range(batch)], dtype=torch.float32)[:, None, None]
    found = [rows * each[None] for each in bias]
    if keys is not None:
        found = [(one + other).clamp_min(_OUT) for one, other in zip(found, keys, strict=True)]
    return found


def _marked(positions: Sequence[int], tokens: int) -> Tensor:
    row = torch.zeros(tokens)
    row[list(positions)] = _OUT
    return row


@dataclass
class _Run:
    """What the layers share: for each level the indices of the cells inside and of those outside, `[n]` each."""

    cells: dict[int, tuple[Tensor, Tensor]] = field(default_factory=dict)


class InsideOutsideAttention:
    """The processor of one self-attention layer: cells inside look at those inside, all others at one another.

    As the two sides know nothing of one another, each is an attention of its own: no map is ever written down, and both
    together are fewer operations than one over all cells.

    Args:
        inner: the processor that the layer had; `SeparatedAttention`'s bias acts within each side.
    """

    def __init__(self, inner: Any, run: _Run, level: int) -> None:
        self.inner, self._run, self._level = inner, run, level

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        """Return the layer's output for `hidden_states`, both `[rows, N, C]`.

        Raises:
            InternalError: the layer is called in a way that Wordbrush does not support.
        """
        sides = self._run.cells.get(self._level)
        if sides is None:
            found: Tensor = self.inner(attn, hidden_states, encoder_hidden_states, attention_mask, temb)
            return found
        if attention_mask is not None or hidden_states.ndim != 3 or encoder_hidden_states is not None:
            raise InternalError(
                "A shape cannot be kept in an attention layer of a kind that Wordbrush does not know.",
                hint="Repaint without keeping to the shape, and please report this model.",
            )
        query, keys, values = (
            split_heads(attn, project(hidden_states)) for project in (attn.to_q, attn.to_k, attn.to_v)
        )
        query = query if attn.norm_q is None else attn.norm_q(query)
        keys = keys if attn.norm_k is None else attn.norm_k(keys)
        bias = self.inner.bias(query, keys) if isinstance(self.inner, SeparatedAttention) else None
        out = torch.empty_like(query)
        for cells in sides:
            own = None if bias is None else bias[:, :, cells][..., cells]
            out[:, :, cells] = F.scaled_dot_product_attention(
                query[:, :, cells], keys[:, :, cells], values[:, :, cells], attn_mask=own
            )
        return finish(attn, out.transpose(1, 2).flatten(2), hidden_states)


class ShapeControl:
    """Keeps a UNet's self-attention within a shape and without it, from `begin` to `end`, in all rows."""

    def __init__(self, unet: nn.Module) -> None:
        self._unet = unet
        self._before: dict[str, Any] = {}
        self._run = _Run()

    def begin(self, mask: np.ndarray, sizes: Sequence[Size], device: torch.device) -> None:
        """Start a run, after the separation of areas has.

        Args:
            mask: uint8 `[height, width]`, the shape. sizes: `(h, w)` of each attention level.

        Raises:
            UnsupportedModel: the model's self-attention is of an unknown kind.
        """
        self.end()
        layers = {path: module for path, module in self._unet.named_modules() if path.endswith(".attn1")}
        for path, module in layers.items():
            stock: Any = module
            processor = stock.get_processor()
            known = type(processor).__name__ in _STOCK or isinstance(processor, SeparatedAttention)
            if not known or stock.group_norm is not None or stock.spatial_norm is not None:
                raise UnsupportedModel(
                    "This model's self-attention is of a kind in which a shape cannot be kept.",
                    hint="Repaint without keeping to the shape, or choose another Stable Diffusion model.",
                    details=f"{path}: {type(processor).__name__}",
                )
        for level, size in enumerate(sizes):
            inner = torch.from_numpy(cells_inside(mask, size).reshape(-1))
            if inner.any() and not inner.all():
                sides = (inner.nonzero()[:, 0], (~inner).nonzero()[:, 0])
                self._run.cells[level] = (sides[0].to(device), sides[1].to(device))
        for path, module in layers.items():
            stock = module
            self._before[path] = stock.get_processor()
            level = level_of(self._unet, path)
            stock.set_processor(InsideOutsideAttention(self._before[path], self._run, level))

    def end(self) -> None:
        """End the run: every layer gets the processor back that it had."""
        for path, processor in self._before.items():
            self._unet.get_submodule(path).set_processor(processor)
        self._before = {}
        self._run.cells.clear()
