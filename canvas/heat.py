"""Heatmaps of words as numbers: grown smoothly to any size, and cut into a mask where they are strong."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from canvas.masks import Size, TiledMask

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
    height, width = values.shape
    # The largest first: even the smallest float32 then has a share of 1.
    shares = (values.astype(np.float64) / float(values.max())).astype(np.float32)
    big: np.ndarray = _cubic_matrix(height, size[1]) @ shares @ _cubic_matrix(width, size[0]).T
    big *= np.float32(1 / max(float(big.max()), 1e-6))
    return np.clip(big, 0, 1, out=big)


def kept_mask(values: np.ndarray, size: Size, share: float = KEPT_SHARE) -> TiledMask:
    """The paint that keeps a word where its heatmap (see `usable`) is at `share` of its peak or more, edges soft."""
    shares = grown(values, size)
    cover = np.clip((shares - share) / SOFT + 0.5, 0, 1)
    return TiledMask.from_array(np.rint(cover * 255).astype(np.uint8))


@lru_cache(maxsize=32)
def _cubic_matrix(length: int, target: int) -> np.ndarray:
    """Float32 `[target, length]`: Catmull-Rom between cell centres, edges repeated; a mean where it shrinks."""
    scale = length / target
    centres = (np.arange(target) + 0.5) * scale - 0.5
    reach = max(1.0, scale)  # shrinking, the kernel widens to take every cell in
    first = np.floor(centres - 2 * reach).astype(int)
    matrix = np.zeros((target, length), np.float32)
    rows = np.arange(target)
    for step in range(int(np.ceil(4 * reach)) + 2):
        cells = first + step
        np.add.at(matrix, (rows, cells.clip(0, length - 1)), _kernel((cells - centres) / reach))
    return (matrix / matrix.sum(axis=1, keepdims=True)).astype(np.float32)


def _kernel(distance: np.ndarray) -> np.ndarray:
    d = np.abs(distance)
    near = 1.5 * d**3 - 2.5 * d**2 + 1
    far = -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2
    return np.where(d < 1, near, np.where(d < 2, far, 0.0)).astype(np.float32)
