"""Makes a picture larger: what is new is masked, and filled with what the old picture has at its edges."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from engine.errors import BadRequest

_SOFT = 24
"""What is mirrored is blurred as if seen through so many pixels, so that no face or house is there twice."""
_GRAIN = 10.0
"""Standard deviation, of 255, of the noise over it: models make nothing of what is perfectly smooth."""


def extended(
    rgb: np.ndarray, size: tuple[int, int], place: tuple[int, int], *, overlap: int = 16
) -> tuple[np.ndarray, np.ndarray]:
    """Return a picture on a larger canvas and the mask of what is new, for `StartPicture`.

    Args:
        rgb: uint8 `[h, w, 3]`. size: (width, height) of the canvas. place: (left, top) of the picture on it; what lies
            outside is cut off.
        overlap: pixels of the old picture, from its edge inwards, that are made anew too, less and less, so that new
            and old go over into each other; 0 keeps all of it to the bit.

    Returns:
        the canvas, uint8 `[height, width, 3]`: the picture, around it its mirror image, blurred, with some noise. The
        mask, uint8 `[height, width]`: 255 where it is new, falling to 0 within the overlap.

    Raises:
        BadRequest: none of the picture lies on the canvas.
    """
    width, height = size
    left, top = place
    old_height, old_width = rgb.shape[:2]
    if left >= width or top >= height or left + old_width <= 0 or top + old_height <= 0:
        raise BadRequest("None of the picture lies on the new canvas.", hint="Move it so that a part of it does.")
    # Only edges inside the canvas are edges: where the picture is cut off, it goes on to the canvas's border.
    rows, columns = _mirrored(height, top, old_height), _mirrored(width, left, old_width)
    canvas = rgb[rows][:, columns]
    down, across = np.arange(height) - top, np.arange(width) - left
    depth_down = np.minimum(_depth(down, top > 0), _depth(old_height - 1 - down, top + old_height < height))
    depth_across = np.minimum(_depth(across, left > 0), _depth(old_width - 1 - across, left + old_width < width))
    depth = np.minimum(depth_down[:, None], depth_across[None, :])
    mask = np.clip(255 * (overlap - depth) / (overlap + 1), 0, 255)
    mask[depth < 0] = 255
    new = depth < 0
    blurred = ndimage.gaussian_filter(canvas.astype(np.float32), (_SOFT / 3, _SOFT / 3, 0), mode="nearest")
    grain = np.random.default_rng(0).normal(0, _GRAIN, canvas.shape)
    filled = np.where(new[..., None], np.clip(np.rint(blurred + grain), 0, 255).astype(np.uint8), canvas)
    return filled, np.rint(mask).astype(np.uint8)


def _mirrored(length: int, first: int, old: int) -> np.ndarray:
    """For each of `length` places the pixel of the old picture, which begins at `first`; beyond it, mirrored."""
    turn = (np.arange(length) - first) % (2 * old)
    return np.where(turn < old, turn, 2 * old - 1 - turn)


def _depth(places: np.ndarray, is_edge: bool) -> np.ndarray:
    """How far inside the old picture places are, counted from one edge; without an edge there all are deep inside."""
    return places.astype(np.float64) if is_edge else np.where(places < 0, -1.0, np.inf)
