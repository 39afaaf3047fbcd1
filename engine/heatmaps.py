"""Heatmaps: where the painted words' attention went (DAAM, arXiv 2210.04885), and how well it kept to the paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.masks import Paint


class HeatmapTap:
    """Sums the attention of chosen tokens over layers, heads and steps; hand it to `AttentionControl.begin`.

    Args:
        positions: for each word its token positions in the context.
        sizes: `(h, w)` of each attention level.
    """

    def __init__(self, positions: Sequence[Sequence[int]], sizes: Sequence[tuple[int, int]]) -> None:
        self._positions = [list(places) for places in positions]
        self._sizes = list(sizes)
        self._sums: dict[int, Tensor] = {}

    def add(self, level: int, shares: Tensor) -> None:
        """Add one layer's attention: `[samples, heads, N, T]` float32, each row's shares sum to 1."""
        mean = shares.mean(dim=1)
        kept = self._sums.get(level)
        if kept is None:
            self._sums[level] = mean
        else:
            kept.add_(mean)

    def clear(self) -> None:
        """Forget what was added."""
        self._sums.clear()

    def heatmaps(self) -> dict[int, np.ndarray]:
        """Return, for each level that has layers, float32 `[samples, words, h, w]`: what each word drew, summed.

        A pixel's value is its share of attention (mean over heads, sum over the word's tokens), summed over layers and
        steps. Empty where nothing was added.
        """
        maps = {}
        for level, kept in self._sums.items():
            words = [kept[..., places].sum(dim=-1) for places in self._positions]
            maps[level] = torch.stack(words, dim=1).unflatten(-1, self._sizes[level]).cpu().numpy()
        return maps


def together(parts: Sequence[Mapping[int, np.ndarray]]) -> dict[int, np.ndarray]:
    """Return the heatmaps of several denoisers of one run, summed; each counts as much as it looked."""
    levels = sorted({level for maps in parts for level in maps})
    return {level: np.sum([maps[level] for maps in parts if level in maps], axis=0) for level in levels}


def obedience(heatmaps: Mapping[int, np.ndarray], paint: Paint) -> list[list[float | None]]:
    """Return for each sample and word the share of the word's attention that lies in its paint, 0..1.

    Each level is judged at its own resolution, where a cell counts as painted as far as its coverage reaches the word's
    fullest cell there: thin paint and small paint can be obeyed wholly. Levels are added by area. For a word with
    negative strength it is the share outside its paint; None where a word has no paint, no strength, or no attention at
    all.

    Args:
        heatmaps: `[samples, words, h, w]` of each level, from `HeatmapTap.heatmaps`.
        paint: the words that were painted, in the same order.
    """
    samples = max((maps.shape[0] for maps in heatmaps.values()), default=1)
    inside = np.zeros((samples, len(paint.words)))
    total = np.zeros_like(inside)
    for level, maps in heatmaps.items():
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
