"""Sharpening where a word is by what in the picture belongs together: S^n A, cross-attention times self-attention."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.masking.recording import LooksOfLevels

Size = tuple[int, int]


def looks_together(looks: LooksOfLevels, sizes: Mapping[int, Size]) -> tuple[Tensor, Size] | None:
    """The self-attention of several levels as one, on the grid of the finest, and that grid; None where none was seen.

    As DiffSeg (arXiv 2308.12469) aggregates it: where a cell of a coarser level looks is brought to the finest grid
    bilinearly, who looks there as the cell that it lies in, and levels count in proportion to their resolution.

    Args:
        sizes: (h, w) of each level.

    Returns:
        float32 `[N, N]` on the CPU, who looks by where it looks, rows sum to 1, and (h, w) with h * w = N.
    """
    if not looks.sums:
        return None
    finest = max((sizes[level] for level in looks.sums), key=lambda size: size[0] * size[1])
    height, width = finest
    whole = torch.zeros(height * width, height * width)
    for level, summed in looks.sums.items():
        own = sizes[level]
        maps = (summed.float().cpu() / looks.counts[level]).reshape(1, own[0] * own[1], *own)
        if own != finest:
            maps = F.interpolate(maps, size=finest, mode="bilinear", align_corners=False)
            cells = torch.arange(own[0] * own[1], dtype=torch.float32).reshape(1, 1, *own)
            maps = maps[:, F.interpolate(cells, size=finest, mode="nearest").long().flatten()]
        maps = maps.reshape(height * width, height * width)
        whole += maps / maps.sum(dim=1, keepdim=True).clamp_min(1e-12) * own[0]
    return whole / whole.sum(dim=1, keepdim=True).clamp_min(1e-12), finest


def sharpened(maps: Tensor, looks: Tensor, times: int) -> Tensor:
    """Word maps `[words, h, w]` refined by self-attention S `[N, N]`, whose rows sum to 1: S^times A.

    Each place takes the mean of what the word has at the places that it looks at: once in DiffSegmenter (arXiv
    2309.02773), several times in iSeg (arXiv 2409.03209). It never leaves the range of the map.
    """
    flat = maps.flatten(1)
    for _ in range(times):
        flat = flat @ looks.T
    return flat.reshape(maps.shape)
