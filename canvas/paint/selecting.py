"""Selections as soft masks: put together, grown, shrunk, feathered, turned round, and taken from paint."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from canvas.model.scene import Scene
from canvas.model.tiled_mask import Size, TiledMask, united
from canvas.paint.laying import Patch, lay

REPLACE, ADD, SUBTRACT, INTERSECT = "replace", "add", "subtract", "intersect"


def combined(selection: TiledMask | None, mask: TiledMask, mode: str) -> TiledMask | None:
    """Two selections put together; None is the whole canvas, and so is what would hold nothing.

    Args:
        mode: "replace", "add", "subtract" or "intersect".
    """
    if mode == REPLACE or (selection is None and mode in (ADD, INTERSECT)):
        found = mask
    elif mode == ADD:
        assert selection is not None
        found = united(selection, mask)
    else:
        before = (selection or TiledMask.filled(mask.size)).to_array()
        other = mask.to_array()
        found = TiledMask.from_array(np.minimum(before, 255 - other if mode == SUBTRACT else other))
    return None if found.is_empty else found


def of_patch(patch: Patch | None, size: Size) -> TiledMask:
    """The selection of a drawn shape; empty for None."""
    return TiledMask(size) if patch is None else lay(TiledMask(size), patch)


def of_word(scene: Scene, word_id: str) -> TiledMask:
    """The area where a word, a style or the colours are painted."""
    return scene.painted(word_id)


def inverted(selection: TiledMask | None, size: Size) -> TiledMask | None:
    """All that is not selected; None where that is everything or nothing."""
    if selection is None:
        return None
    turned = TiledMask.from_array(255 - selection.to_array())
    return None if turned.is_empty else turned


def grown(selection: TiledMask, pixels: int) -> TiledMask:
    """Its edge moved outwards by a number of pixels, or inwards where that is negative; soft edges stay soft.

    By distance from the edge, which rounds corners as a painter expects.
    """
    values = selection.to_array()
    if pixels < 0:
        return TiledMask.from_array(255 - _by_distance(255 - values, -pixels))
    return TiledMask.from_array(_by_distance(values, pixels)) if pixels else selection


def _by_distance(values: np.ndarray, reach: int) -> np.ndarray:
    """Full within `reach` of what is more than half selected; softer edges are kept where they reach farther."""
    inside = values >= 128
    if not inside.any():
        return values
    away = ndimage.distance_transform_edt(~inside)
    soft = ((reach + 1 - away).clip(0, 1) * 255).astype(np.uint8)
    return np.maximum(values, soft)


def feathered(selection: TiledMask, pixels: float) -> TiledMask:
    """Its edge made soft: a Gaussian blur whose spread is half of `pixels`, as Krita and GIMP feather."""
    values = ndimage.gaussian_filter(selection.to_array().astype(np.float32), pixels / 2, mode="nearest")
    return TiledMask.from_array(np.rint(values).clip(0, 255).astype(np.uint8))
