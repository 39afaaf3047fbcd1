"""Whether a picture of the world shows what an instruction asked for, by the recogniser and by colours and textures."""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.lab.color_stats import Scale, statistics, to_lab
from engine.lab.statistics import FOUND_PART
from engine.lab.typical_colours import typical_colour
from engine.world.instructions import Instruction
from engine.world.looks import Look
from engine.world.objects import THINGS
from engine.world.scenes import HELD_OUT, NAMES, Render, render_scene

DRAWING = Look("ink", "day")
"""What a drawing looks like."""
_SCALE_SEEDS = HELD_OUT + 16_000_000


def drawn(layout: Render, seed: int = 0) -> np.ndarray:
    """A layout as a drawing, uint8 `[size, size, 3]`."""
    return layout.in_look(Look(DRAWING.medium, DRAWING.light, seed), seed)


@cache
def _scale() -> Scale:
    layouts = [render_scene(_SCALE_SEEDS + index) for index in range(8)]
    return Scale.of([*(layout.rgb for layout in layouts), *(drawn(layout) for layout in layouts)])


def followed(asked: Instruction, before: np.ndarray, after: np.ndarray, labels: np.ndarray) -> bool:
    """Whether a picture is what the instruction asked for.

    Where something is to become another thing or ground, a quarter of its area shows that (as the recogniser labels the
    pixels); where it is to have another colour, that part of it is nearest to this one of the noun's colours, on
    average in CIELAB. A drawing is nearer to the layout drawn than to the picture before, by the statistics of the
    style lab.

    Args:
        before, after: uint8 `[size, size, 3]`. labels: of `after`, `[size, size]`, indices into `NAMES`.
    """
    if asked.kind == "drawing":
        drawing, old, new = (statistics(rgb) for rgb in (drawn(asked.layout), before, after))
        return _scale().distances(new, drawing)[0] < _scale().distances(new, old)[0]
    for item, name, colour in asked.changed:
        shown = item.area & (labels == NAMES.index(name))
        if np.count_nonzero(shown) < FOUND_PART * np.count_nonzero(item.area):
            return False
        if colour is not None:
            seen = to_lab(after[shown]).mean(axis=0)
            colours = THINGS[name].colours
            if min(colours, key=lambda each: float(np.linalg.norm(seen - typical_colour(name, each)))) != colour:
                return False
    return True
