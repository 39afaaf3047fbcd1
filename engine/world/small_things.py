"""Landscapes with three small things, smaller than any that the world's other scenes have."""

from __future__ import annotations

import numpy as np

from engine.world.objects import SKY_THINGS, THINGS, draw_thing
from engine.world.pairs import put_ground
from engine.world.scenes import Drawing, Render, finish
from engine.world.textures import GROUNDS, SKIES

LONGER = (0.105, 0.124)
"""The longer side of a thing, as a share of the picture's width."""


def small_scene(seed: int, size: int = 256) -> Render:
    """Draw a sky, a ground, and three different things side by side, where they belong."""
    rng = np.random.default_rng((seed, 4))
    picture = Drawing(size)
    sky, ground = str(rng.choice(list(SKIES))), str(rng.choice(list(GROUNDS)))
    picture.put(sky, None, SKIES[sky](rng, size), np.ones((size, size), np.float32))
    put_ground(picture, rng, ground, rng.uniform(0.4, 0.6))
    for place, name in enumerate(str(each) for each in rng.choice(list(THINGS), 3, replace=False)):
        thing = THINGS[name]
        height = rng.uniform(*LONGER) / max(1.0, thing.aspect)
        y = rng.uniform(0.12, 0.3) if name in SKY_THINGS else rng.uniform(0.7, 0.88)
        colour = str(rng.choice(list(thing.colours))) if thing.colours else None
        centre = ((place + rng.uniform(0.3, 0.7)) / 3, y)
        picture.put(name, colour, *draw_thing(name, rng, size=size, centre=centre, height=height, colour=colour))
    return finish(picture, rng)
