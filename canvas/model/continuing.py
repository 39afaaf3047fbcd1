"""A larger canvas on which the paint that touched the old edge goes on into the new part."""

from __future__ import annotations

import numpy as np

from canvas.model import edits
from canvas.model.overlap import is_exclusive, pushed
from canvas.model.scene import Scene, Word
from canvas.model.tiled_mask import Size, TiledMask
from resources.continued_paint import continued


def extended(scene: Scene, size: Size, anchor: tuple[float, float]) -> Scene:
    """The scene on a canvas that is larger to some sides, with the paint at its old edges grown into the new part.

    Stuff such as a sky goes on to the new edge, a thing a little as its mirror image (`resources.continued_paint`). As
    under the brush other words make room for things there, and the paint of locked words stays as it is.

    Args:
        size: (width, height), on both sides at least the scene's. anchor: as in `edits.set_size`.
    """
    larger = edits.set_size(scene, size, anchor=anchor)
    left, top = (-each for each in edits.crop_corner(scene.size, larger.size, anchor))
    width, height = scene.size
    if larger is scene or min(left, top, size[0] - left - width, size[1] - top - height) < 0:
        return larger
    grown: dict[str, np.ndarray] = {}
    for each in scene.paintables:
        mask = scene.masks[each.id]
        thing = isinstance(each, Word) and is_exclusive(each)
        if not mask.is_empty and not (isinstance(each, Word) and (each.locked or each.span is None)):
            grown[each.id] = continued(mask.to_array(), larger.size, (left, top), mirrored=thing)
    new = np.ones(larger.size[::-1], bool)
    new[top : top + height, left : left + width] = False
    for word in scene.words:
        if word.id in grown:
            for other in pushed(scene, word.id):
                if other in grown:
                    room = np.where(new, 255 - grown[word.id], 255).astype(np.uint8)
                    grown[other] = np.minimum(grown[other], room)
    masks = {key: TiledMask.from_array(array) for key, array in grown.items()}
    return larger.replace(
        masks={**larger.masks, **{key: mask for key, mask in masks.items() if mask != larger.masks[key]}}
    )
