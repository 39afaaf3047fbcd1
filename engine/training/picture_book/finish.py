"""The last step of a composition: applies the look of its seed's style."""

from __future__ import annotations

import numpy as np

from engine.training.picture_book.canvas import Scene
from engine.training.picture_book.styles import style_of
from engine.world.looks import PLAIN, apply_look


def in_style(scene: Scene, seed: int) -> np.ndarray:
    """The scene's picture in the look of its seed, uint8 `[512, 512, 3]`; areas do not change."""
    look = style_of(seed).look
    if look == PLAIN:
        return scene.rgb
    owner, things = scene.layers()
    return apply_look(scene.rgb, owner, things, look, np.random.default_rng((seed, 25)))
