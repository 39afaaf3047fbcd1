"""The outlines of what is painted, white lines on black, as a sketch to keep to."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from canvas.model.scene import Scene, acting_words

_PEN = 5
"""Pixels that a line is wide at 512 pixels."""
_HALF = 128


def outlines(scene: Scene) -> np.ndarray:
    """Return the outlines of the painted words that act, uint8 RGB `[h, w, 3]` of the scene's size."""
    width, height = scene.size
    lines = np.zeros((height, width), bool)
    for word in acting_words(scene):
        painted = scene.masks[word.id].to_array() >= _HALF
        beside = np.pad(painted, 1, mode="edge")  # paint that reaches the canvas' edge has no outline there
        inner = beside[:-2, 1:-1] & beside[2:, 1:-1] & beside[1:-1, :-2] & beside[1:-1, 2:]
        lines |= painted & ~inner
    pen = max(1, round(_PEN * max(scene.size) / 512)) | 1
    image = Image.fromarray(np.where(lines, 255, 0).astype(np.uint8))
    return np.repeat(np.array(image.filter(ImageFilter.MaxFilter(pen)) if pen > 1 else image)[..., None], 3, axis=2)
