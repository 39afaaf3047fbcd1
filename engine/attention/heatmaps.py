"""Heatmaps: where the painted words' attention went (DAAM, arXiv 2210.04885), and how well it kept to the paint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.attention.static_buffers import StaticBuffers

_COLUMNS = 32
"""Words are padded to a multiple of so many, so that another number of words seldom means another shape."""

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.attention.masks import Paint


def words_matrix(positions: Sequence[Sequence[int]], tokens: int) -> Tensor:
    """Return float32 `[tokens, words]`, 1 where a token belongs to a word: it turns tokens' attention into words'."""
    matrix = torch.zeros(tokens, len(positions))
    for word, places in enumerate(positions):
        for place in places:
            matrix[place, word] += 1.0
    return matrix


_AS_PAINTED: ContextVar[bool] = ContextVar("as_painted", default=False)


@contextmanager
def as_painted() -> Iterator[None]:
    """Recorders that are made in here take the attention as it is with the paint's own push, which is what a paint
    weight is measured by; others take what the text asks for without it, see `HeatmapRecorder`."""
    before = _AS_PAINTED.set(True)
    try:
        yield
    finally:
        _AS_PAINTED.reset(before)


Listener = Callable[[tuple[int, int], Tensor], None]
"""`(size, drawn)`: one layer's attention to the words, `[samples, heads, N, words]`, N the cells of `size` (h, w)."""

_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Recorders that are made in here also tell a lab each layer's attention by itself, head by head."""
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)


class HeatmapRecorder:
    """Sums the attention of all tokens over layers, heads and steps; pass it to `AttentionControl.begin`.

    `add` works the same at every step, so that a compiled step stays one graph; the host counts steps with `count`.

    Args:
        positions: for each word its token positions in the context.
        sizes: `(h, w)` of each attention level.
        layers: the number of attention layers at each level that has any; see `AttentionControl.layers`.
        samples: number of conditional rows. tokens: length of the context. device: where attention is computed.
        undoable: whether `keep` and `undo` will be used; this doubles the memory.
        buffers: memory for the sums, so that the next run uses the same (for a compiled step). Another recorder with
            the same buffers overwrites them.

    Attributes:
        columns: float32 `[tokens, columns]`, `words_matrix` and then zeros, where sums are kept per word instead of per
            token, which is cheapest with fused attention. None on the CPU, and where there are too many words for it
            to save anything.
        as_painted: whether the attention that is given to `add` includes the bias of the paint.
    """

    def __init__(
        self,
        positions: Sequence[Sequence[int]],
        sizes: Sequence[tuple[int, int]],
        *,
        layers: Mapping[int, int],
        samples: int,
        tokens: int,
        device: torch.device,
        undoable: bool = False,
        buffers: StaticBuffers | None = None,
    ) -> None:
        self.as_painted, self._listener = _AS_PAINTED.get(), _LISTENER.get()
        self._sizes = list(sizes)
        words = words_matrix(positions, tokens)
        width = -(-len(positions) // _COLUMNS) * _COLUMNS
        buffers = StaticBuffers() if buffers is None else buffers
        kind = {"dtype": torch.float32, "device": device}
        self.columns: Tensor | None = None
        if device.type != "cpu" and 2 * width <= tokens:
            wide = F.pad(words, (0, width - len(positions)))
            self.columns = buffers.write("columns", wide, **kind)
        self._words = words.to(device)
        self._layers = sum(layers.values())
        summed = tokens if self.columns is None else width
        self._sums = {
            level: buffers.get(("sums", level), (samples, sizes[level][0] * sizes[level][1], summed), **kind).zero_()
            for level in sorted(layers)
        }
        self._good = {level: torch.zeros_like(sums) for level, sums in self._sums.items()} if undoable else {}
        self._steps = 0

    def add(self, level: int, shares: Tensor) -> None:
        """Add one layer's attention: `[samples, heads, N, T]`, each row's shares sum to 1; added up in float32."""
        if self._listener is not None:
            self._listener(self._sizes[level], shares.float() @ self._words)
        shares = shares.mean(dim=1, dtype=torch.float32)
        self._sums[level].add_(shares if self.columns is None else shares @ self.columns)

    def add_drawn(self, level: int, drawn: Tensor) -> None:
        """Add the attention that one layer's words got: `[samples, heads, N, columns]`, attention times `columns`."""
        if self._listener is not None:
            self._listener(self._sizes[level], drawn[..., : self._words.shape[1]].float())
        self._sums[level].add_(drawn.mean(dim=1, dtype=torch.float32))

    def count(self) -> None:
        """Count one more step in which every layer was recorded."""
        self._steps += 1

    def keep(self, good: Tensor) -> None:
        """Let `undo` go back to these sums if `good`, a 0-d bool on the device, is true; waits for nothing."""
        for level, kept in self._good.items():
            kept.copy_(torch.where(good, self._sums[level], kept))

    def undo(self) -> None:
        """Take out the one step that was added after the last good one."""
        self._steps -= 1
        for level, kept in self._good.items():
            self._sums[level].copy_(kept)

    def clear(self) -> None:
        """Start again from zero."""
        for sums in (*self._sums.values(), *self._good.values()):
            sums.zero_()
        self._steps = 0

    def heatmaps(self) -> Heatmaps:
        """Return each word's attention so far, on the device: the mean over heads, summed over the word's tokens.

        Later calls of `add` do not change what was returned.
        """
        if not self._steps:
            return Heatmaps(levels={}, looks=0)
        # One product for all words: a gather and a sum for each word would wait for the device every time.
        levels = {
            level: self._drawn(sums).transpose(1, 2).contiguous().unflatten(-1, self._sizes[level])
            for level, sums in self._sums.items()
        }
        return Heatmaps(levels=levels, looks=self._steps * self._layers)

    def _drawn(self, sums: Tensor) -> Tensor:
        # A copy, since the sums go on.
        return sums @ self._words if self.columns is None else sums[..., : self._words.shape[1]].clone()


@dataclass(frozen=True, kw_only=True, eq=False)
class Heatmaps:
    """Where words' attention went.

    Attributes:
        levels: for each attention level that has layers, float32 `[samples, words, h, w]`, summed over layers and
            steps, on any device.
        looks: how many attention maps were summed: one for each layer and step, over all levels.
    """

    levels: Mapping[int, Tensor]
    looks: int

    def whole(self, size: tuple[int, int]) -> Tensor:
        """Return one map for each word: float32 `[samples, words, h, w]` of that size, 0..1, on the levels' device.

        As in DAAM (eq. 8) every level is resized bicubically; then the mean over all steps and layers, including those
        of the middle block, is taken and clamped to 0..1. Empty, `[0, 0, h, w]`, if nothing was recorded.
        """
        total: Tensor | None = None
        for maps in self.levels.values():
            grown = F.interpolate(maps, size=size, mode="bicubic", align_corners=False)
            total = grown if total is None else total + grown
        return torch.zeros(0, 0, *size) if total is None else (total / max(self.looks, 1)).clamp(0.0, 1.0)

    def of(self, words: slice) -> Heatmaps:
        """Return the heatmaps of some of the words."""
        return Heatmaps(levels={level: maps[:, words] for level, maps in self.levels.items()}, looks=self.looks)

    def on_host(self) -> Heatmaps:
        """Return the heatmaps on the CPU; all levels are copied at once."""
        if all(maps.device.type == "cpu" for maps in self.levels.values()):
            return self
        flat = torch.cat([maps.flatten() for maps in self.levels.values()]).cpu()
        parts = flat.split([maps.numel() for maps in self.levels.values()])
        levels = {level: part.view(maps.shape) for (level, maps), part in zip(self.levels.items(), parts, strict=True)}
        return Heatmaps(levels=levels, looks=self.looks)


def together(parts: Sequence[Heatmaps]) -> Heatmaps:
    """Return the sum of the heatmaps of several denoisers of one run; each counts by how many maps it summed."""
    levels = sorted({level for part in parts for level in part.levels})
    summed = {}
    for level in levels:
        first, *others = (part.levels[level] for part in parts if level in part.levels)
        for other in others:
            first = first + other
        summed[level] = first
    return Heatmaps(levels=summed, looks=sum(part.looks for part in parts))


def obedience(heatmaps: Heatmaps, paint: Paint, count: int | None = None) -> list[list[float | None]]:
    """Return for each sample and word the share of the word's attention that lies in its paint, 0..1.

    Each level is scored at its own resolution. A cell counts in proportion to its coverage, relative to the word's
    fullest cell at that level, so that faint or small paint can score 1 too. Levels are weighted by area. For a word
    with negative strength it is the share outside its paint; None where a word has no paint, no strength, or no
    attention at all.

    Args:
        heatmaps: of the words that were painted. paint: those words, in the same order, perhaps with more after them.
        count: how many they are; by default all of the paint's.
    """
    count = len(paint.words) if count is None else count
    samples = max((maps.shape[0] for maps in heatmaps.levels.values()), default=1)
    inside = np.zeros((samples, count))
    total = np.zeros_like(inside)
    for level, tensor in heatmaps.on_host().levels.items():
        area, maps = 4.0**level, tensor.numpy()
        for index in range(count):
            coverage = paint.coverage(index, level)
            member = coverage / max(float(coverage.max()), 1e-12)
            inside[:, index] += area * (maps[:, index] * member).sum(axis=(1, 2))
            total[:, index] += area * maps[:, index].sum(axis=(1, 2))
    return [
        [_score(paint, index, *pair) for index, pair in enumerate(zip(*row, strict=True))]
        for row in zip(inside, total, strict=True)
    ]


def _score(paint: Paint, index: int, inside: float, total: float) -> float | None:
    """Return one word's obedience from its attention inside the paint and in total."""
    word = paint.words[index]
    if not word.strength or not word.mask.any() or not total > 0.0:
        return None
    share = min(max(float(inside / total), 0.0), 1.0)
    return share if word.strength > 0 else 1.0 - share
