"""Parting a picture between its words: where each is, by its heatmap, its paint and the colours found there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from canvas.paint.heatmap_mask import grown

LOW = 0.2
"""The quantile of a heatmap that is nothing: what a word has everywhere is taken off."""
NEAR = 0.02
"""How far about its paint a word is looked for, as a share of the longer side."""
BEYOND = 0.05
"""What is left of a heatmap's word away from its paint."""
BINS = 12
TRUST = 0.5
"""The power of what colours say: below 1, as two words may share a colour."""
ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Found:
    """What is known of where a word is: its usable heatmap `[h, w]`, and the paint uint8 `[h, w]` it was asked with."""

    values: np.ndarray
    paint: np.ndarray | None = None


def parted(words: Sequence[Found], guide: np.ndarray) -> np.ndarray:
    """The share of each word in each pixel, float `[words, h, w]`, summing to 1.

    A heatmap of a thing has a narrow peak in it and one of a sky a broad one, so no threshold fits both: words are
    weighed against one another. In rounds, each word learns the colours of where it is likely, as a histogram, and is
    likely where those are (expectation maximisation over colour models, as in GrabCut, Rother et al. 2004).

    Args:
        words: one or more. guide: the picture, float RGB `[h, w, 3]`, 0..1.
    """
    height, width = guide.shape[:2]
    prior = np.stack([_prior(word, (width, height)) for word in words]).reshape(len(words), -1)
    prior /= prior.sum(axis=0)
    bins = tuple(np.minimum((guide.reshape(-1, 3) * BINS).astype(int), BINS - 1).T)
    shares = prior
    for _ in range(ROUNDS):
        likely = np.stack([_colours(share, bins) for share in shares])
        shares = prior * likely**TRUST
        shares /= shares.sum(axis=0)
    return shares.reshape(len(words), height, width)


def _prior(word: Found, size: tuple[int, int]) -> np.ndarray:
    low = float(np.quantile(word.values, LOW))
    above = np.maximum(word.values - low, 0)
    prior = np.sqrt(grown(above, size)) if above.max() > 0 else np.ones(size[::-1], np.float32)
    if word.paint is not None and word.paint.any():
        paint = np.asarray(Image.fromarray(word.paint).resize(size, Image.Resampling.BOX), np.float32) / 255
        near = ndimage.gaussian_filter(paint, NEAR * max(size))
        prior = (prior + near) * 0.6 * np.clip(near * 4 + BEYOND, 0, 1)
    return prior.astype(np.float64) + 0.02


def _colours(share: np.ndarray, bins: tuple[np.ndarray, ...]) -> np.ndarray:
    counts = np.zeros((BINS, BINS, BINS))
    np.add.at(counts, bins, share**2)  # squared: where it is sure of itself counts most
    counts = ndimage.gaussian_filter(counts, 0.8)
    found: np.ndarray = counts[bins] / counts.sum() + 1e-4
    return found
