"""What was made anew laid over the picture: bit for bit as it was outside the mask, with a soft edge."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from engine.attention.mask_reduction import reduce_mask

_FEATHER = 8
"""Pixels from a mask's edge over which the old picture goes over into the new one."""


def soft_edge(mask: np.ndarray, *, feather: int = _FEATHER) -> np.ndarray:
    """How much of the new picture is shown: float32 `[h, w]`, 0 where the uint8 mask is 0, 1 well inside it.

    In masks that are narrower than two feathers (of pixels) it rises up to 1 in their middle.
    """
    depth = ndimage.distance_transform_edt(mask > 0) if not mask.all() else np.full(mask.shape, np.inf)
    width = min(float(feather), float(depth.max()) / 2)
    return np.minimum(depth / (width + 1), 1.0).astype(np.float32)


def soft_surroundings(area: np.ndarray) -> np.ndarray:
    """How much of the new picture is shown where all of an area is new, and what lies around it goes over softly:
    float32 `[h, w]`, 1 in the bool area, 0 from a feather's width on, and everywhere if the area is empty."""
    if not area.any():
        return np.zeros(area.shape, np.float32)
    away = ndimage.distance_transform_edt(~area)
    return np.maximum(1.0 - away / (_FEATHER + 1), 0.0).astype(np.float32)


def laid_over(old: np.ndarray, new: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Return uint8 `[h, w, 3]`: `old` where `shown` is 0, `new` where it is 1, mixed between."""
    share = shown[..., None]
    mixed = np.rint(old + (new.astype(np.float32) - old) * share).astype(np.uint8)
    return np.where(share > 0, mixed, old)


def cells_of(mask: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A mask at the size of the latents, float32 `[h, w]` 0..1: a cell that is covered by half counts as all covered.

    So that a line thinner than a cell is not lost, and an edge that crosses a cell lies within half a cell of where the
    new and the old meet. No cell counts more than its largest pixel.

    Args:
        mask: uint8 `[height, width]`. size: (height, width) of the latents.
    """
    height, width = mask.shape
    rows = np.minimum(np.arange(size[0]) * height // size[0], height - 1)
    columns = np.minimum(np.arange(size[1]) * width // size[1], width - 1)
    largest = np.maximum.reduceat(np.maximum.reduceat(mask, rows, axis=0), columns, axis=1) / np.float32(255)
    return np.minimum(2 * reduce_mask(mask, size), largest)
