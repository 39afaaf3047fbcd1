"""A picture at its place on a canvas that was cut, extended or scaled after it was made."""

from __future__ import annotations

import numpy as np
from PIL import Image

from canvas.model.edits import WHOLE, Place
from canvas.model.tiled_mask import Size

PAPER_GREY = 128
"""What a file has where the canvas has no picture."""
LIGHT, DARK, SQUARES = 255, 204, 48
"""The levels of a checkerboard, and how many of its squares lie along a picture's longer side."""


def placed(rgb: np.ndarray, place: Place, size: Size) -> np.ndarray:
    """What of a picture lies on a canvas, uint8 RGB `[h, w, 3]` of the canvas' `size` (width, height), on grey paper.

    Where it is as large on the canvas as it was made, its pixels are copied, else it is scaled bicubically. Each edge
    lies at the nearest whole pixel, as in the view.

    Args:
        rgb: uint8 `[height, width, 3]`, any size. place: where it lies, beyond which it may reach.
    """
    width, height = size
    if place == WHOLE and rgb.shape[:2] == (height, width):
        return rgb
    return _laid(rgb, place, np.full((height, width, 3), PAPER_GREY, np.uint8))


def laid_at(rgba: np.ndarray, place: Place, size: Size) -> np.ndarray:
    """As `placed`, straight RGBA uint8 `[h, w, 4]`; beyond the picture the canvas is see-through. A new array."""
    if place == WHOLE and rgba.shape[:2] == (size[1], size[0]):
        return rgba.copy()
    return _laid(rgba, place, np.zeros((size[1], size[0], 4), np.uint8))


def _laid(picture: np.ndarray, place: Place, canvas: np.ndarray) -> np.ndarray:
    """The canvas, with the picture at its place on it."""
    height, width = canvas.shape[:2]
    left, top, wide, high = place
    x0, y0 = round(left * width), round(top * height)
    x1, y1 = max(round((left + wide) * width), x0 + 1), max(round((top + high) * height), y0 + 1)
    across, down = slice(max(x0, 0), min(x1, width)), slice(max(y0, 0), min(y1, height))
    if across.start >= across.stop or down.start >= down.stop:
        return canvas
    if picture.shape[:2] == (y1 - y0, x1 - x0):
        canvas[down, across] = picture[down.start - y0 : down.stop - y0, across.start - x0 : across.stop - x0]
        return canvas
    to_x, to_y = picture.shape[1] / (x1 - x0), picture.shape[0] / (y1 - y0)
    box = ((across.start - x0) * to_x, (down.start - y0) * to_y, (across.stop - x0) * to_x, (down.stop - y0) * to_y)
    seen = (across.stop - across.start, down.stop - down.start)
    canvas[down, across] = np.asarray(Image.fromarray(picture).resize(seen, Image.Resampling.BICUBIC, box))
    return canvas


def on_checkerboard(rgba: np.ndarray) -> np.ndarray:
    """A straight RGBA picture, uint8 `[h, w, 4]`, as RGB on the white and grey squares that mean see-through."""
    height, width = rgba.shape[:2]
    side = max(4, max(height, width) // SQUARES)
    odd = (np.arange(height)[:, None] // side + np.arange(width)[None, :] // side) % 2
    ground = np.where(odd[..., None] == 0, LIGHT, DARK).astype(np.float32)
    share = rgba[..., 3:].astype(np.float32) / 255
    return np.rint(ground + (rgba[..., :3] - ground) * share).astype(np.uint8)
