"""Where stuff goes: sky at the top, what is far on the horizon, ground below it; all around what was painted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.placing.table import BACK, FAR, GROUND, Stuff

_HORIZON = {"underwater": (0.72, 0.85), "space": (0.7, 0.85), "wall": (0.5, 0.6)}
"""Where the ground begins, in shares of the height, behind what offers such a place."""

_LANDSCAPE = (0.42, 0.56)
_FAR_HEIGHT = (0.12, 0.22)


def place_stuff(stuff: Sequence[Stuff], taken: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Areas for stuff in the order in which it is mentioned, bool `[H, W]` each; some may be empty.

    Args:
        taken: bool `[H, W]`, where other stuff is painted.
    """
    height, width = taken.shape
    kinds = _kinds(stuff)
    rows = np.arange(height)[:, None]
    free, areas = ~taken, [np.zeros_like(taken) for _ in stuff]
    back, far, ground = ([number for number, own in enumerate(kinds) if own == kind] for kind in (BACK, FAR, GROUND))
    ground.sort(key=lambda number: "water" not in stuff[number].offers)  # a beach lies before its sea
    above = bool(back or far or taken.any())
    offered = {place for number in back for place in stuff[number].offers}
    low, high = next((_HORIZON[place] for place in _HORIZON if place in offered), _LANDSCAPE)
    horizon = height * (rng.uniform(low, high) if above else 0.0)
    if not ground:
        horizon = _top_of(taken, height)
    lines = [horizon + _wave(width, 0.02 * height, rng)]
    # Each further ground begins lower, as far from the one before as the last from the bottom.
    for number, _ in enumerate(ground[1:], 1):
        depth = number / len(ground)
        lines.append(horizon + depth * (height - horizon) + _wave(width, 0.05 * height, rng))
    for place, number in enumerate(ground):
        below = rows < lines[place + 1] if place + 1 < len(ground) else np.ones_like(free)
        areas[number] = free & below & (rows >= (lines[place] if above else -1))
    over = free & ~np.any([areas[number] for number in ground], 0) if ground else free
    tops = [horizon - rng.uniform(*_FAR_HEIGHT) * height * (len(far) - at) for at in range(len(far))]
    for at, number in enumerate(far):
        top = tops[at] + _wave(width, 0.05 * height, rng)
        areas[number] = over & (rows >= top)
        for other in far[:at]:
            areas[other] &= ~areas[number]
    rest = over & ~np.any([areas[number] for number in far], 0) if far else over
    for number in back:
        areas[number] = rest
    return areas


def _kinds(stuff: Sequence[Stuff]) -> list[str]:
    """The band of each; what is far and can be stood on is the ground where there is no other."""
    kinds = [each.band for each in stuff]
    standing = [number for number, each in enumerate(stuff) if each.band == FAR and each.offers]
    if standing and not any(each.band == GROUND and "water" not in each.offers for each in stuff):
        kinds[standing[0]] = GROUND
    return kinds


def _top_of(taken: np.ndarray, height: int) -> float:
    """The horizon where all ground is painted already: its top, or the middle of the picture's lower part."""
    painted = np.flatnonzero(taken.mean(1) > 0.5)
    return float(painted[0]) if len(painted) and painted[0] > 0.2 * height else 0.8 * height


def _wave(width: int, most: float, rng: np.random.Generator) -> np.ndarray:
    """A smooth line about 0, `[1, width]`, at most so far from it."""
    x = np.linspace(0, 2 * np.pi, width)[None]
    waves = [np.sin(number * x + rng.uniform(0, 2 * np.pi)) / number for number in (1, 2, 3)]
    return np.asarray(most * rng.uniform(0.4, 1.0) * sum(waves) / 1.8)
