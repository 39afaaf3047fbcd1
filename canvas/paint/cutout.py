"""Cutting a word out of its picture: its heatmap becomes an alpha whose edges follow those of the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from canvas.model.errors import MaskError
from canvas.paint.heatmap_mask import KEPT_SHARE, grown
from canvas.paint.parting import Found, parted
from resources.guided_filter import EPSILON, coefficients, guided

RADII = (0.12, 0.12, 0.06, 0.03)
"""Shares of the picture's longer side: the edge is looked for far off first, as a heatmap's cells are coarse."""
STEEP = 3.0
"""How much steeper the alpha becomes about its middle each time."""
AREA = (0.7, 1.6)
"""Between which shares of the heatmap's own area a cut-out stays: steepened again and again, one with a narrow peak
would vanish and a broad one take the whole picture."""
FEW, MANY = 0.001, 0.97
"""Between which shares of the picture a cut-out is worth having."""
PARTED = 128
"""Pixels of the longer side at which a picture is parted between its words."""
MOST = 512
"""Pixels of the longer side at which edges are looked for; larger pictures take the coefficients found there."""


def cut_out(
    values: np.ndarray, rgb: np.ndarray, *, paint: np.ndarray | None = None, others: Sequence[Found] = ()
) -> np.ndarray:
    """A word's alpha in its picture.

    Args:
        values: its heatmap, usable (`heatmap_mask.usable`), `[h, w]` of any size.
        rgb: the picture, uint8 RGB `[H, W, 3]`.
        paint: the paint uint8 `[h, w]` that the word had in it, of any size.
        others: the other words of the picture. With them each pixel goes to the word that has most of it, see
            `parting.parted`; without, the heatmap alone says how much of the picture is the word.

    Returns:
        uint8 `[H, W]`: 255 is the word.

    Raises:
        MaskError: next to nothing is left, or next to everything.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, MOST / max(height, width))
    small = max(1, round(width * scale)), max(1, round(height * scale))
    coarse = np.asarray(Image.fromarray(rgb).resize(small, Image.Resampling.BOX)) if scale < 1 else rgb
    guide = coarse.astype(np.float32) / 255
    *far, near = (max(1, round(max(small) * share)) for share in RADII)
    if others:
        cover, far = _among((Found(values, paint), *others), coarse, small), []
    else:
        cover = np.clip((grown(values, small) - KEPT_SHARE) / KEPT_SHARE + 0.5, 0, 1)
    area = float((cover >= 0.5).mean())
    for radius in far:
        cover = _steeper(guided(cover, guide, radius), area)
    slopes, offset = coefficients(cover, guide, near, EPSILON)
    alpha = _sized(offset, (width, height)).copy()
    for channel in range(3):
        alpha += _sized(slopes[..., channel], (width, height)) * (rgb[..., channel].astype(np.float32) / 255)
    found: np.ndarray = np.rint(_steeper(alpha, area) * 255).astype(np.uint8)
    share = float((found > 127).mean())
    if share < FEW:
        raise MaskError(
            "There is almost nothing of this word in the picture to cut out.",
            hint="Select it with the lasso by hand, and keep the picture as a layer.",
        )
    if share > MANY:
        raise MaskError(
            "This word covers almost the whole picture: nothing would be cut away.",
            hint="Keep the picture itself as a layer.",
        )
    return found


def _among(words: Sequence[Found], coarse: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """How much the first word has of each pixel of a picture `coarse`, uint8 RGB, of that size: float `[h, w]`."""
    scale = min(1.0, PARTED / max(size))
    part = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
    guide = np.asarray(Image.fromarray(coarse).resize(part, Image.Resampling.BOX), np.float32) / 255
    mine = parted(words, guide)[0]
    return np.clip((_sized(mine.astype(np.float32), size) - 0.5) * STEEP + 0.5, 0, 1)


def with_alpha(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Uint8 RGBA `[h, w, 4]` of a picture and its alpha."""
    return np.dstack([rgb, alpha])


def _steeper(alpha: np.ndarray, area: float) -> np.ndarray:
    """Steeper about a half, or about the level at which it keeps to its area, a share of the picture."""
    highest, lowest = (float(np.quantile(alpha, max(0.0, 1 - share * area))) for share in AREA)
    return np.clip((alpha - min(max(0.5, lowest), highest)) * STEEP + 0.5, 0, 1)


def _sized(array: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    if array.shape[::-1] == size:
        return array
    return np.asarray(Image.fromarray(array.astype(np.float32)).resize(size, Image.Resampling.BILINEAR))
