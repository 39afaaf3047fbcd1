"""A LoRA that only one word hears, in a transformer: at the word's cells and tokens, wherever those stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.attention.mask_reduction import reduce_mask
from engine.attention.token_layout import LayerSides, TokenLayout
from engine.models.adapters.word_adapter import Hooks, WordAdapter, change_of

_CONVOLUTIONS = (nn.Conv2d, nn.Conv3d)


class RunPlaces:
    """How much each place of a layer's output hears a word's file in a run, 0..1.

    Args:
        layout: of the run's sequence. counts: of the text's tokens in each row of a call. rows: the conditional ones.
        mask: uint8 `[H, W]` at picture size. positions: of the word's tokens in the context.
        paused: whether the call at hand is of the negative prompt alone, whose tokens are no word's.
    """

    def __init__(
        self,
        layout: TokenLayout,
        counts: Sequence[int],
        rows: slice,
        mask: np.ndarray,
        positions: Sequence[int],
        *,
        paused: Callable[[], bool],
    ) -> None:
        self._layout, self._counts, self._rows, self._paused = layout, tuple(counts), rows, paused
        self._cells = torch.from_numpy(reduce_mask(mask, layout.grid))
        self._positions = list(positions)
        self._made: dict[tuple[Any, ...], Tensor | None] = {}

    def of(self, side: str, out: Tensor, *, convolution: bool) -> Tensor | None:
        """Return factors that broadcast to a layer's output; None where it hears nothing.

        Args:
            side: see `LayerSides.of`. convolution: whether channels come behind the rows instead of last.
        """
        paused = self._paused()
        key = (side, tuple(out.shape), convolution, paused, out.dtype, out.device)
        if key not in self._made:
            made = self._make(side, out, convolution, paused)
            self._made[key] = None if made is None else made.to(out.device, out.dtype)
        return self._made[key]

    def _make(self, side: str, out: Tensor, convolution: bool, paused: bool) -> Tensor | None:
        if side == "text":
            return None if paused else self._in_text(out)
        grid = self._layout.grid
        if convolution:  # [rows, C, h, w] or [rows, C, 1, h, w]
            return self._cells.reshape([1] * (out.ndim - 2) + [*grid])
        if out.ndim == 2:  # the rows' cells, filled up, one after the other
            filled = self._filled(self._layout.cells)
            one = torch.cat([self._cells.flatten(), torch.zeros(filled - self._layout.cells)])
            return one.repeat(len(out) // filled)[:, None]
        if out.ndim == 5:  # [rows, 1, h, w, C]
            return self._cells.reshape(1, 1, *grid, 1)
        return self._in_sequence(out, with_text=side == "both" and not paused)

    def _in_sequence(self, out: Tensor, *, with_text: bool) -> Tensor:
        """`[rows, length, C]`: cells, with tokens before or behind them, or alone."""
        layout, (rows, length) = self._layout, out.shape[:2]
        made = torch.zeros(rows, length, 1)
        text_comes_first = layout.text[0] == 0 and (layout.image[0] > 0 or layout.apart)
        first = length - layout.cells if text_comes_first else 0
        made[:, first : first + layout.cells, 0] = self._cells.flatten()
        if with_text and length > layout.cells:
            made[self._rows, [layout.text[0] + place for place in self._positions]] = 1.0
        return made

    def _in_text(self, out: Tensor) -> Tensor:
        rows = len(self._counts)
        if out.ndim == 2:  # the rows' tokens, each row filled up, one after the other
            flat = torch.zeros(len(out), 1)
            starts = [0, *accumulate(self._filled(count) for count in self._counts)]
            for row in range(rows)[self._rows]:
                flat[[starts[row] + place for place in self._positions]] = 1.0
            return flat
        tokens = out.shape[1] if len(out) == rows else len(out) // rows
        made = torch.zeros(rows, tokens)
        made[self._rows, self._positions] = 1.0
        if len(out) != rows:  # each token by itself
            return made.reshape([-1] + [1] * (out.ndim - 1))
        return made.reshape([rows, tokens] + [1] * (out.ndim - 2))

    def _filled(self, count: int) -> int:
        filled_to = self._layout.filled_to
        return -(-count // filled_to) * filled_to


def hear_in_sequence(
    hooks: Hooks, network: nn.Module, adapter: WordAdapter, sides: LayerSides, places: RunPlaces
) -> None:
    """Let a transformer hear an adapter for a run.

    With V a layer's difference at strength 1, w the weight, and m what `RunPlaces` gives: y_i = W x_i + w m_i V x_i for
    each cell or token i. m is the word's mask at cells, in all rows; 1 at the word's tokens in the prompt's rows, and
    0 at other tokens and at filling. Layers of the time and of modulation, which belong to no place, stay as they are.

    Raises:
        UnsupportedModel: a change does not fit its layer, or is of a layer that cannot act in one area alone.
    """
    for path, change in adapter.changes.get("transformer", {}).items():
        side = sides.of(path)
        if side == "neither":
            continue
        layer = network.get_submodule(path)
        work = change_of(adapter, path, layer, change)
        convolution = isinstance(layer, _CONVOLUTIONS)

        def at_places(
            _module: nn.Module,
            args: tuple[Tensor, ...],
            out: Tensor,
            work: Callable[[Tensor], Tensor] = work,
            side: str = side,
            convolution: bool = convolution,
        ) -> Tensor:
            share = places.of(side, out, convolution=convolution)
            return out if share is None else out + share * work(args[0])

        hooks.add(layer, at_places)
