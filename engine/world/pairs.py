"""Landscapes with two things of the same noun in different colours, one on each side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.world.objects import SKY_THINGS, THINGS, draw_thing
from engine.world.scenes import Drawing, Render, finish
from engine.world.textures import GROUNDS, SKIES, profile

NOUNS: tuple[str, ...] = tuple(name for name, thing in THINGS.items() if len(thing.colours) > 1)
"""Things that come in several colours."""

_TOP, _FOOT = 0.03, 0.97
"""The top and bottom limits for things, as shares of the picture's height."""


def put_ground(picture: Drawing, rng: np.random.Generator, ground: str, horizon: float) -> None:
    """Draw a ground below a horizon, given as a share of the picture's height, with a soft winding edge."""
    size = picture.size
    rows = np.arange(size, dtype=np.float32)[:, None] / size
    line = horizon + 0.06 * (profile(rng, size, 3) - 0.5)
    land = np.clip((rows - line[None]) * size + 0.5, 0, 1)
    picture.put(ground, None, GROUNDS[ground](rng, size), land)


def pair_scene(seed: int, size: int = 256, *, nouns: Sequence[str] = NOUNS) -> Render:
    """Draw a sky, a ground, and two things of one noun; the caption names both colours but not their positions.

    Things of the sky are above the horizon and things on land reach below it, as in
    `engine.world.scenes.render_scene`; the two do not overlap, so that each area has only one colour.

    Args:
        nouns: the nouns to choose from, a subset of `NOUNS`.
    """
    rng = np.random.default_rng((seed, 2))
    picture = Drawing(size)
    sky, ground, noun = (str(rng.choice(list(names))) for names in (SKIES, GROUNDS, nouns))
    picture.put(sky, None, SKIES[sky](rng, size), np.ones((size, size), np.float32))
    high = noun in SKY_THINGS
    horizon = rng.uniform(0.62, 0.78) if high else rng.uniform(0.34, 0.62)
    put_ground(picture, rng, ground, horizon)
    thing = THINGS[noun]
    colours = [str(colour) for colour in rng.choice(list(thing.colours), 2, replace=False)]
    for colour, x in zip(colours, (rng.uniform(0.23, 0.28), rng.uniform(0.72, 0.77)), strict=True):
        # Even the widest thing stays within its half.
        height = min(rng.uniform(*thing.heights), 0.44 / thing.aspect)
        bottom = rng.uniform(height + _TOP, horizon) if high else rng.uniform(horizon + 0.1, _FOOT)
        centre = (x, max(bottom - height / 2, _TOP + height / 2))
        pixels, coverage = draw_thing(noun, rng, size=size, centre=centre, height=height, colour=colour)
        picture.put(noun, colour, pixels, coverage)
    return finish(picture, rng)
