"""From how much of each cell a word has to its mask: words against one another, the rest, and the picture's edges."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from resources.guided_filter import Guide

LOW = 0.05
"""The quantile of a word's map that is nothing: what it draws everywhere is taken off."""
REST = 0.7
"""From which share of Otsu's threshold on a pixel may be a word's: what lies below is the rest of the picture's."""
RADII = (0.094, 0.047, 0.023)
"""Shares of the picture's longer side: how far about a cell's edge the picture's own is looked for."""
EPSILON = 1e-4
STEEP = 3.0
MOST = 512
"""Pixels of the longer side at which edges are looked for; larger pictures take the coefficients found there."""
SPREAD_FROM, SPREAD = 0.35, 0.85
"""A map that is above this share of its own largest value in more than this share of its cells is spread."""
_BINS = 128


def words_of(levels: dict[int, Tensor], grid: tuple[int, int]) -> Tensor:
    """The words' maps of all levels as one: float32 `[words, h, w]` on a grid of (h, w).

    Each level is resized bicubically and their mean is taken, as in DAAM (arXiv 2210.04885, eq. 8); levels of less than
    half the grid's resolution are left out, as one of their cells holds several things.
    """
    kept = [maps for maps in levels.values() if 2 * maps.shape[1] >= grid[0] and 2 * maps.shape[2] >= grid[1]]
    grown = [F.interpolate(maps[None].float(), size=grid, mode="bicubic", align_corners=False)[0] for maps in kept]
    return torch.stack(grown).mean(dim=0).clamp_min(0.0)


def is_spread(word: Tensor) -> bool:
    """Whether a word's map `[h, w]` is about as strong everywhere: it is no thing of the picture ("painting")."""
    return float((word >= SPREAD_FROM * word.max()).float().mean()) > SPREAD


def standing_out(maps: Tensor) -> Tensor:
    """Each word's map `[words, h, w]` from what it has everywhere (0) to where it has most (1)."""
    low = torch.quantile(maps.flatten(1), LOW, dim=1)[:, None, None]
    high = maps.flatten(1).amax(dim=1)[:, None, None]
    return ((maps - low) / (high - low).clamp_min(1e-12)).clamp(0.0, 1.0)


def otsu(values: np.ndarray) -> float:
    """The threshold that parts numbers into the two classes that differ most (Otsu 1979): the variance between them,
    (m w_k - m_k)^2 / (w_k (1 - w_k)), is largest."""
    counts, edges = np.histogram(values, _BINS)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1].astype(np.float64)
    summed = np.cumsum(counts * middles)
    total = float(counts.sum())
    between = (summed[-1] * below / total - summed[:-1]) ** 2 / np.maximum(below * (total - below), 1.0)
    return float(middles[int(between.argmax())])


def masks_of(maps: Tensor, rgb: np.ndarray, wanted: int) -> np.ndarray:
    """The masks of the first `wanted` words, uint8 `[wanted, H, W]`: 255 is the word.

    A pixel is a word's where that word stands out there more than all others, and enough to be none of the rest of the
    picture: by `REST` of Otsu's threshold, or by the threshold itself where there is no other word to tell. Then a
    guided filter looks for the picture's own edge, from far off to near.

    Args:
        maps: `[words, h, w]`, see `words_of`; the words that are wanted, and then those beside them.
        rgb: the picture, uint8 `[H, W, 3]`.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, MOST / max(height, width))
    small = max(1, round(height * scale)), max(1, round(width * scale))
    shares = F.interpolate(standing_out(maps)[None], size=small, mode="bicubic", align_corners=False)[0].numpy()
    winner = shares.argmax(axis=0)
    coarse = rgb if scale == 1 else np.asarray(Image.fromarray(rgb).resize(small[::-1], Image.Resampling.BOX))
    guide = coarse.astype(np.float32) / 255
    *far, near = (Guide(guide, max(1, round(max(small) * share)), EPSILON) for share in RADII)
    found = np.zeros((wanted, height, width), np.uint8)
    for word in range(wanted):
        least = otsu(shares[word]) * (REST if len(shares) > 1 else 1.0)
        cover = ((winner == word) & (shares[word] > least)).astype(np.float32)
        for each in far:
            cover = _steeper(each.filtered(cover))
        slopes, offset = near.coefficients(cover)
        alpha = _sized(offset, (width, height)).copy()
        for channel in range(3):
            alpha += _sized(slopes[..., channel], (width, height)) * (rgb[..., channel].astype(np.float32) / 255)
        found[word] = np.rint(_steeper(alpha) * 255)
    return found


def _steeper(cover: np.ndarray) -> np.ndarray:
    return np.clip((cover - 0.5) * STEEP + 0.5, 0, 1)


def _sized(array: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    if array.shape[::-1] == size:
        return array
    return np.asarray(Image.fromarray(array.astype(np.float32)).resize(size, Image.Resampling.BILINEAR))
