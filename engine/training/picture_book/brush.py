"""Areas as people might paint them: exact, larger or smaller, dilated, blurred, or a box or oval around a thing."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

_EXACT, _SIZED, _SHAPED, _SMALL = 0.5, 0.1, 0.25, 0.3
_SMALLEST, _LARGEST = 0.8, 1.25
"""Things come in few sizes, and paint in any: it is up to so much smaller or larger."""

_GROWN = 0.6
"""By how many cells a box or an oval may be larger, on each side."""


def painted(area: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """An object's area, float32 `[side, side]` in 0..1, as somebody might have painted it."""
    draw = rng.random()
    if draw < _EXACT:
        return area
    if draw < _EXACT + _SIZED and area.any():
        return _resized(area, float(np.exp(rng.uniform(np.log(_SMALLEST), np.log(_LARGEST)))))
    if draw < _EXACT + _SIZED + _SHAPED and 0 < area.mean() < _SMALL:
        shape = _box_or_oval(area, rng)
        if shape is not None:
            return shape
    padded = np.pad(area, 1, mode="edge")
    side = area.shape[0]
    near = np.stack([padded[dy : dy + side, dx : dx + side] for dy in range(3) for dx in range(3)])
    return near.max(0) if rng.random() < 0.4 else near.mean(0)


def _resized(area: np.ndarray, scale: float) -> np.ndarray:
    """An area about its centre of mass, `scale` times as large both ways."""
    centre = np.array(ndimage.center_of_mass(area))
    shifted = np.asarray(ndimage.affine_transform(area, np.full(2, 1 / scale), centre * (1 - 1 / scale), order=1))
    return shifted.clip(0, 1)


def _box_or_oval(area: np.ndarray, rng: np.random.Generator) -> np.ndarray | None:
    rows, columns = (np.flatnonzero(area.max(axis) > 0.3) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return None
    y, x = np.mgrid[0 : area.shape[0], 0 : area.shape[1]]
    grown = rng.uniform(0, _GROWN)
    dy = np.abs(y - (rows[0] + rows[-1]) / 2) / ((rows[-1] - rows[0] + 1) / 2 + grown)
    dx = np.abs(x - (columns[0] + columns[-1]) / 2) / ((columns[-1] - columns[0] + 1) / 2 + grown)
    distance = np.maximum(dy, dx) if rng.random() < 0.5 else 0.95 * np.hypot(dy, dx)
    return (distance <= 1).astype(np.float32)
