"""Heatmaps of words as numbers: grown smoothly to any size, and cut into a mask where they are strong."""

from __future__ import annotations

import numpy as np
from PIL import Image

from canvas.model.tiled_mask import Size, TiledMask

KEPT_SHARE = 0.35
"""From which share of its own peak on a heatmap becomes paint: on the starter's first pictures it fits things best."""
SPREAD = 0.85
SOFT = 0.12
"""Over which span of shares around it the paint's edge is soft."""


def usable(values: object) -> bool:
    """Whether these are numbers `[h, w]` of which something can be seen: finite, and not all of them zero or less."""
    if not isinstance(values, np.ndarray) or values.ndim != 2 or values.size == 0:
        return False
    return bool(np.isfinite(values).all()) and float(values.max()) > 0


def is_spread(values: np.ndarray) -> bool:
    """Whether a usable heatmap is about as strong everywhere: the word is nowhere in particular."""
    return float((values >= KEPT_SHARE * float(values.max())).mean()) > SPREAD


def grown(values: np.ndarray, size: Size) -> np.ndarray:
    """A usable heatmap `[h, w]` as float32 at `size` (w, h), bicubic, in shares 0..1 of its own peak."""
    # The largest first: even the smallest float32 then has a share of 1.
    shares = (values.astype(np.float64) / float(values.max())).astype(np.float32)
    big = np.array(Image.fromarray(shares).resize(size, Image.Resampling.BICUBIC))
    big *= np.float32(1 / max(float(big.max()), 1e-6))
    return np.clip(big, 0, 1, out=big)


def kept_mask(values: np.ndarray, size: Size, share: float = KEPT_SHARE) -> TiledMask:
    """The paint that keeps a word where its heatmap (see `usable`) is at `share` of its peak or more, edges soft."""
    shares = grown(values, size)
    cover = np.clip((shares - share) / SOFT + 0.5, 0, 1)
    return TiledMask.from_array(np.rint(cover * 255).astype(np.uint8))
