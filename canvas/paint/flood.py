"""Fills the place about a point up to the paint of other words, as a bucket does."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from canvas.model.colour_layer import COLOURS, ColourLayer
from canvas.model.scene import Scene, Word
from canvas.model.tiled_mask import TiledMask, united
from canvas.paint.laying import Patch

BOUND = 128  # coverage of another word from which its paint holds the fill back
ALIKE = 32  # of 255, by how much each of red, green, blue and alpha may differ in one filled area of colour
_GROWN = 2  # pixels that a fill goes under the soft edge of what bounds it, so that no seam is left


def flood(scene: Scene, word_id: str, x: int, y: int) -> Patch | None:
    """What a fill at a pixel covers: everything that can be reached from it without crossing other words' paint.

    Soft edges of the others are filled up softly. None where another word's paint lies there.

    Args:
        word_id: of the word, or style with an area, that is filled; its own paint does not bound it. On the colour
            layer everything of nearly the same colour is filled.
    """
    if not (0 <= x < scene.size[0] and 0 <= y < scene.size[1]):
        return None
    if word_id == COLOURS:
        return _alike(scene.colours, x, y)
    taken = bounding(scene, word_id).to_array()
    if taken[y, x] >= BOUND:
        return None
    free = taken < BOUND
    labels, _count = ndimage.label(free)
    reached = labels == labels[y, x]
    grown = reached | (ndimage.binary_dilation(reached, iterations=_GROWN) & ~free)
    coverage = np.where(grown, 255 - taken, 0).astype(np.uint8)
    coverage.setflags(write=False)
    return Patch(0, 0, coverage)


def _alike(layer: ColourLayer, x: int, y: int) -> Patch:
    """What can be reached from a pixel over nearly its own colour, and the edge of what bounds it."""
    rgba = layer.to_array()
    away = np.abs(rgba.astype(np.int16) - rgba[y, x].astype(np.int16)).max(axis=2)
    alike = away <= ALIKE
    if not rgba[y, x, 3]:
        alike = rgba[..., 3] <= ALIKE  # what is hardly painted has no colour to speak of
    labels, _count = ndimage.label(alike)
    reached = labels == labels[y, x]
    grown = reached | (ndimage.binary_dilation(reached) & ~alike)
    coverage = np.where(grown, 255, 0).astype(np.uint8)
    coverage.setflags(write=False)
    return Patch(0, 0, coverage)


def bounding(scene: Scene, word_id: str) -> TiledMask:
    """The paint that bounds a word's: of the other words of the prompt that are shown; for a style, of other styles."""
    thing = scene.paintable(word_id)
    kind = Word if isinstance(thing, Word) else type(thing)
    taken = TiledMask(scene.size)
    for other in scene.paintables:
        if isinstance(other, kind) and other.id != word_id and other.visible:
            taken = united(taken, scene.masks[other.id])
    return taken
