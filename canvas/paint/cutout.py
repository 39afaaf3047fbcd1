"""Cutting a word out of its picture: its heatmap becomes an alpha whose edges follow those of the picture."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from canvas.paint.heatmap_mask import KEPT_SHARE, grown

RADII = (0.12, 0.12, 0.06, 0.03)
"""Shares of the picture's longer side: the edge is looked for far off first, as a heatmap's cells are coarse."""
EPSILON = 1e-3
"""Contrasts below its root, of 1, are no edge."""
STEEP = 3.0
"""How much steeper the alpha becomes about its middle each time."""
AREA = (0.7, 1.6)
"""Between which shares of the heatmap's own area a cut-out stays: steepened again and again, one with a narrow peak
would vanish and a broad one take the whole picture."""
MOST = 512
"""Pixels of the longer side at which edges are looked for; larger pictures take the coefficients found there."""


def guided(values: np.ndarray, guide: np.ndarray, radius: int, epsilon: float = EPSILON) -> np.ndarray:
    """A soft map float `[h, w]` with the edges of a picture, float RGB `[h, w, 3]`, 0..1.

    The guided filter of He, Sun and Tang (2010), eq. 14 to 16, with means over squares of side `2 * radius + 1`.
    """
    slopes, offset = _coefficients(values, guide, radius, epsilon)
    return np.einsum("hwc,hwc->hw", slopes, guide) + offset


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
    guide = coarse.astype(np.float32) / 255
    cover = np.clip((grown(values, small) - KEPT_SHARE) / KEPT_SHARE + 0.5, 0, 1)
    area = float((cover >= 0.5).mean())
    *far, near = (max(1, round(max(small) * share)) for share in RADII)
    for radius in far:
        cover = _steeper(guided(cover, guide, radius), area)
    slopes, offset = _coefficients(cover, guide, near, EPSILON)
    alpha = _sized(offset, (width, height)).copy()
    for channel in range(3):
        alpha += _sized(slopes[..., channel], (width, height)) * (rgb[..., channel].astype(np.float32) / 255)
    return np.rint(_steeper(alpha, area) * 255).astype(np.uint8)


def with_alpha(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Uint8 RGBA `[h, w, 4]` of a picture and its alpha."""
    return np.dstack([rgb, alpha])


def _steeper(alpha: np.ndarray, area: float) -> np.ndarray:
    """Steeper about a half, or about the level at which it keeps to its area, a share of the picture."""
    highest, lowest = (float(np.quantile(alpha, max(0.0, 1 - share * area))) for share in AREA)
    return np.clip((alpha - min(max(0.5, lowest), highest)) * STEEP + 0.5, 0, 1)


def _coefficients(values: np.ndarray, guide: np.ndarray, radius: int, epsilon: float) -> tuple[np.ndarray, np.ndarray]:
    """The linear map of colours to the soft map about each pixel: slopes `[h, w, 3]` and offsets `[h, w]`."""

    def mean(array: np.ndarray) -> np.ndarray:
        found: np.ndarray = ndimage.uniform_filter(array, 2 * radius + 1, mode="nearest")
        return found

    values = values.astype(np.float32)
    colours = [guide[..., channel].astype(np.float32) for channel in range(3)]
    middles, level = [mean(colour) for colour in colours], mean(values)
    spread = np.zeros((*values.shape, 3, 3), np.float32)
    for first in range(3):
        for second in range(first, 3):
            both = mean(colours[first] * colours[second]) - middles[first] * middles[second]
            spread[..., first, second] = spread[..., second, first] = both
    spread += epsilon * np.eye(3, dtype=np.float32)
    shared = np.stack([mean(colours[c] * values) - middles[c] * level for c in range(3)], axis=-1)
    slopes = np.linalg.solve(spread, shared[..., None])[..., 0]
    offset = level - sum(slopes[..., c] * middles[c] for c in range(3))
    return np.stack([mean(slopes[..., c]) for c in range(3)], axis=-1), mean(offset)


def _sized(array: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    if array.shape[::-1] == size:
        return array
    return np.asarray(Image.fromarray(array.astype(np.float32)).resize(size, Image.Resampling.BILINEAR))
