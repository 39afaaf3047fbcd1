"""Small pictures of nouns, drawn by the procedural world that the starter learnt them from."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

SIDE = 96  # pixels of a picture, each way
_SEED = 3
_FILLS = 0.9  # of the side, by a thing


@lru_cache(maxsize=256)
def picture_of(name: str) -> np.ndarray | None:
    """A noun as straight RGBA, uint8 `[SIDE, SIDE, 4]`, read-only; None for one that the world does not draw.

    It takes tens of milliseconds, the first one more than a second: not for the window's thread.
    """
    # Here and not above: the world is needed by nobody who never opens the palette.
    from engine.world.objects import THINGS, draw_thing
    from engine.world.textures import STUFF

    rng = np.random.default_rng(_SEED)
    rgba = np.full((SIDE, SIDE, 4), 255, np.uint8)
    if name in THINGS:
        thing = THINGS[name]
        height = min(_FILLS, _FILLS / thing.aspect)
        colour = thing.colours[0] if thing.colours else None
        rgb, coverage = draw_thing(name, rng, size=SIDE, centre=(0.5, 0.5), height=height, colour=colour)
        rgba[..., 3] = np.rint(255 * coverage.clip(0, 1))
    elif name in STUFF:
        rgb = STUFF[name](rng, SIDE)
    else:
        return None
    rgba[..., :3] = np.rint(rgb.clip(0, 255))
    rgba.setflags(write=False)
    return rgba
