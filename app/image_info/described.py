"""A description of a picture as a scene: its caption is the prompt, and its words are painted where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from canvas.model import edits
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask

if TYPE_CHECKING:
    from engine.protocol import Description


def scene_of(scene: Scene, found: Description) -> Scene:
    """The scene with the caption as its prompt and its words in place of its own; all else stays."""
    for word in scene.words:
        scene = edits.remove_word(scene, word.id)
    scene = edits.set_prompt(scene, found.caption)
    for told in found.words:
        scene, word_id = edits.add_word(scene, told.span)
        mask = told.mask
        if mask.shape[::-1] != scene.size:
            mask = np.asarray(Image.fromarray(mask).resize(scene.size, Image.Resampling.BILINEAR))
        scene = edits.set_mask(scene, word_id, TiledMask.from_array(mask))
    return scene
