"""Cutting a word out of its picture: its heatmap becomes an alpha whose edges follow those of the picture."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from canvas.paint.heatmap_mask import KEPT_SHARE, grown

RADIUS_SHARE = 0.03
"""Of the picture's longer side: how far the heatmap's edge may be from the picture's."""
EPSILON = 1e-3
"""Contrasts below its root, of 1, are no edge."""
STEEP = 6.0
"""How steep the alpha becomes about its middle once it follows the edges."""
MOST = 1024
"""Pixels of the longer side at which edges are followed; larger pictures take the coefficients of that size."""


def guided(values: np.ndarray, guide: np.ndarray, radius: int, epsilon: float = EPSILON) -> np.ndarray:
    """A soft map float `[h, w]` filtered so that it has the edges of a grey guide float `[h, w]`, 0..1.

    The guided filter of He, Sun and Tang (2010), eq. 5 and 6, with the means over squares of side `2 * radius + 1`.
    """
    slope, offset = _coefficients(values, guide, radius, epsilon)
    return slope * guide + offset


def cut_out(values: np.ndarray, rgb: np.ndarray) -> np.ndarray:
    """A word's alpha in its picture.

    Args:
        values: its heatmap, usable (`heatmap_mask.usable`), `[h, w]` of any size.
        rgb: the picture, uint8 RGB `[H, W, 3]`.

    Returns:
        uint8 `[H, W]`: 255 is the word.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, MOST / max(height, width))
    small = max(1, round(width * scale)), max(1, round(height * scale))
    coarse = np.asarray(Image.fromarray(rgb).resize(small, Image.Resampling.BOX)) if scale < 1 else rgb
    cover = np.clip((grown(values, small) - KEPT_SHARE) / KEPT_SHARE + 0.5, 0, 1)
    radius = max(1, round(max(small) * RADIUS_SHARE))
    # Each colour channel has edges that the others lack: the steepest answer of the three counts.
    answers = []
    for channel in range(3):
        slope, offset = _coefficients(cover, coarse[..., channel].astype(np.float32) / 255, radius, EPSILON)
        full = rgb[..., channel].astype(np.float32) / 255
        answers.append(_sized(slope, (width, height)) * full + _sized(offset, (width, height)))
    away = np.abs(np.stack(answers) - 0.5)
    mixed = (np.stack(answers) * (away + 1e-6)).sum(axis=0) / (away + 1e-6).sum(axis=0)
    alpha = np.clip((mixed - 0.5) * STEEP + 0.5, 0, 1)
    return np.rint(alpha * 255).astype(np.uint8)


def with_alpha(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Uint8 RGBA `[h, w, 4]` of a picture and its alpha."""
    return np.dstack([rgb, alpha])


def _coefficients(values: np.ndarray, guide: np.ndarray, radius: int, epsilon: float) -> tuple[np.ndarray, np.ndarray]:
    def mean(array: np.ndarray) -> np.ndarray:
        found: np.ndarray = ndimage.uniform_filter(array, 2 * radius + 1, mode="nearest")
        return found

    values, guide = values.astype(np.float32), guide.astype(np.float32)
    middle, level = mean(guide), mean(values)
    spread = mean(guide * guide) - middle * middle
    slope = (mean(guide * values) - middle * level) / (spread + epsilon)
    return mean(slope), mean(level - slope * middle)


def _sized(array: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    if array.shape[::-1] == size:
        return array
    return np.asarray(Image.fromarray(array.astype(np.float32)).resize(size, Image.Resampling.BILINEAR))
