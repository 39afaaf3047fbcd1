"""Heatmaps: where the painted words' attention went (DAAM, arXiv 2210.04885), and how well it kept to the paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        """Add one layer's attention, `[samples, heads, N, T]`, rows summing to 1."""
        mean = shares.mean(dim=1, dtype=torch.float32)
        kept = self._sums.get(level)
        if kept is None:
            self._sums[level] = mean
        else:
            kept.add_(mean)

    def heatmaps(self) -> np.ndarray:
        """Return where each word's attention went: float32 `[samples, words, h, w]` at latent size, in arbitrary units.

        Zero everywhere, with one sample, when nothing was added.
        """
        size = self._sizes[0]
        total: Tensor | None = None
        for level, kept in self._sums.items():
            words = torch.stack([kept[..., places].sum(dim=-1) for places in self._positions], dim=1)
            maps = words.unflatten(-1, self._sizes[level])
            maps = F.interpolate(maps, size=size, mode="bilinear", align_corners=False)
            total = maps if total is None else total + maps
        if total is None:
            return np.zeros((1, len(self._positions), *size), dtype=np.float32)
        return total.cpu().numpy()


def obedience(heatmaps: np.ndarray, paint: Paint) -> list[list[float | None]]:
    """Return for each sample and word the share of the word's attention that lies in its paint, 0..1.

    For a word with negative strength it is the share outside its paint. None where a word has no paint, no strength, or no
    attention at all.

    Args:
        heatmaps: `[samples, words, h, w]` at latent size, as `HeatmapTap.heatmaps` returns them.
        paint: the words that were painted, in the same order.
    """
    scores: list[list[float | None]] = []
    for sample in heatmaps:
        row: list[float | None] = []
        for index, word in enumerate(paint.words):
            coverage = paint.coverage(index, 0)
            total = float(sample[index].sum())
            if not coverage.any() or not word.strength or total <= 0.0:
                row.append(None)
                continue
            inside = float((sample[index] * coverage).sum()) / total
            row.append(min(max(inside if word.strength > 0 else 1.0 - inside, 0.0), 1.0))
        scores.append(row)
    return scores
