"""Heatmaps: where the painted words' attention went (DAAM, arXiv 2210.04885), and how well it kept to the paint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.attention.masks import Paint


class HeatmapTap:
    """Sums the attention of all tokens over layers, heads and steps; hand it to `AttentionControl.begin`.

    Args:
        positions: for each word its token positions in the context.
        sizes: `(h, w)` of each attention level.
    """

    def __init__(self, positions: Sequence[Sequence[int]], sizes: Sequence[tuple[int, int]]) -> None:
        self._positions = [list(places) for places in positions]
        self._sizes = list(sizes)
        self._sums: dict[int, Tensor] = {}
        self._looks = 0

    def add(self, level: int, shares: Tensor) -> None:
        """Add one layer's attention: `[samples, heads, N, T]` float32, each row's shares sum to 1."""
        mean = shares.mean(dim=1)
        kept = self._sums.get(level)
        if kept is None:
            self._sums[level] = mean
        else:
            kept.add_(mean)
        self._looks += 1

    def clear(self) -> None:
        """Forget what was added."""
        self._sums.clear()
        self._looks = 0

    def heatmaps(self) -> Heatmaps:
        """Return what each word drew so far: shares of attention, mean over heads, sum over its tokens."""
        levels = {}
        for level, kept in self._sums.items():
            words = [kept[..., places].sum(dim=-1) for places in self._positions]
            levels[level] = torch.stack(words, dim=1).unflatten(-1, self._sizes[level]).cpu().numpy()
        return Heatmaps(levels=levels, looks=self._looks)


@dataclass(frozen=True, kw_only=True, eq=False)
class Heatmaps:
    """Where words' attention went.

    Attributes:
        levels: for each attention level that has layers, float32 `[samples, words, h, w]`, summed over layers and
            steps.
        looks: how many layers in how many steps were summed, over all levels.
    """

    levels: Mapping[int, np.ndarray]
    looks: int

    def whole(self, size: tuple[int, int]) -> np.ndarray:
        """Return one map for each word: float32 `[samples, words, h, w]` of that size, 0..1.

        As in DAAM (eq. 8) every level is brought to one size by bicubic interpolation; then the mean over all layers
        and steps is taken. Empty, `[0, 0, h, w]`, where nothing was looked at.
        """
        total = torch.zeros(0, 0, *size)
        for maps in self.levels.values():
            grown = F.interpolate(torch.from_numpy(maps), size=size, mode="bicubic", align_corners=False)
            total = grown if not total.numel() else total + grown
        return (total / max(self.looks, 1)).clamp(0.0, 1.0).numpy()

    def of(self, words: slice) -> Heatmaps:
        """Return those of some of the words."""
        return Heatmaps(levels={level: maps[:, words] for level, maps in self.levels.items()}, looks=self.looks)


def together(parts: Sequence[Heatmaps]) -> Heatmaps:
    """Return the heatmaps of several denoisers of one run, summed; each counts as much as it looked."""
    levels = sorted({level for part in parts for level in part.levels})
    summed = {level: np.sum([p.levels[level] for p in parts if level in p.levels], axis=0) for level in levels}
    return Heatmaps(levels=summed, looks=sum(part.looks for part in parts))


def obedience(heatmaps: Heatmaps, paint: Paint) -> list[list[float | None]]:
    """Return for each sample and word the share of the word's attention that lies in its paint, 0..1.

    Each level is judged at its own resolution, where a cell counts as painted as far as its coverage reaches the word's
    fullest cell there: thin paint and small paint can be obeyed wholly. Levels are added by area. For a word with
    negative strength it is the share outside its paint; None where a word has no paint, no strength, or no attention at
    all.

    Args:
        heatmaps: of the words that were painted. paint: those words, in the same order.
    """
    samples = max((maps.shape[0] for maps in heatmaps.levels.values()), default=1)
    inside = np.zeros((samples, len(paint.words)))
    total = np.zeros_like(inside)
    for level, maps in heatmaps.levels.items():
        area = 4.0**level
        for index in range(len(paint.words)):
            coverage = paint.coverage(index, level)
            member = coverage / max(float(coverage.max()), 1e-12)
            inside[:, index] += area * (maps[:, index] * member).sum(axis=(1, 2))
            total[:, index] += area * maps[:, index].sum(axis=(1, 2))
    return [
        [_score(paint, index, *pair) for index, pair in enumerate(zip(*row, strict=True))]
        for row in zip(inside, total, strict=True)
    ]


def _score(paint: Paint, index: int, inside: float, total: float) -> float | None:
    """Return one word's obedience from what lies inside its paint and what there is."""
    word = paint.words[index]
    if not word.strength or not word.mask.any() or total <= 0.0:
        return None
    share = min(max(float(inside / total), 0.0), 1.0)
    return share if word.strength > 0 else 1.0 - share
