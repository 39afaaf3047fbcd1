"""The colour that a thing of the world has on average when it is drawn in one of its colours."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.lab.color_stats import to_lab
from engine.world.objects import draw_thing


@lru_cache
def typical_colour(noun: str, colour: str) -> np.ndarray:
    """The mean colour of a noun drawn in a colour, details such as roof and windows included: CIELAB, float64 `[3]`."""
    pixels, coverage = draw_thing(
        noun, np.random.default_rng(0), size=128, centre=(0.5, 0.5), height=0.6, colour=colour
    )
    return to_lab(np.round(pixels[coverage > 0.5]).astype(np.uint8)).mean(axis=0)
