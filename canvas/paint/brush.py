"""The brush: its values, and precomputed dabs with soft falloff and sub-pixel places."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from canvas.model.errors import SceneError, scene_errors
from resources.checking import check
from resources.limits import Color

MIN_DIAMETER, MAX_DIAMETER = 1.0, 1024.0
# Dabs up to this diameter are drawn at quarter-pixel places, larger ones at half-pixel places, where they are symmetric
# and one quadrant gives all four.
EXACT = 64.0
"""The diameter above which a dab's coverage falls exactly with the distance: its places are on halves of a pixel."""
_CACHE_BYTES = 24 * 2**20


LIMITS: dict[str, tuple[float, float]] = {
    "diameter": (MIN_DIAMETER, MAX_DIAMETER),
    "hardness": (0.0, 1.0),
    "opacity": (0.0, 1.0),
    "flow": (0.01, 1.0),
    "smoothing": (0.0, 1.0),
    "gap": (0.0, 4.0),
    "turns": (1, 16),
    "pressure_gamma": (0.25, 4.0),
    "pressure_floor": (0.0, 0.9),
}
"""The lowest and the highest value of each number of a brush."""


@dataclass(frozen=True)
class Brush:
    """What a stroke is painted with. Raises SceneError out of range.

    Attributes:
        diameter: 1..1024 pixels of the canvas.
        hardness: 0 soft from the centre .. 1 hard up to the edge.
        opacity: 0..1, the cap of the whole stroke: dabs of one stroke do not add up.
        erase: take paint away instead.
        pressure_size, pressure_opacity: whether pressure scales the diameter or the opacity.
        flow: 0..1, what each dab leaves of what is still missing; at 1 dabs of one stroke do not add up.
        smoothing: 0..1, how long the string is by which the pointer pulls the brush.
        gap: from the middle of one dab to the next, in diameters: from 1 on dabs stand apart. 0 is as close as makes a
            stroke smooth (`spacing`).
        mirror_x, mirror_y: whether the stroke is painted on the other side of the axis too, left to right or top to
            bottom.
        turns: how many times the stroke is painted around the crossing of the axes; 1 is once, as it is drawn.
        axis: where the upright axis and the level one lie, as shares of the canvas, 0..1.
        colour: "#rrggbb" in lower case, what it lays on the colour layer; words have colours of their own.
        pressure_gamma, pressure_floor: the pen's pressure p counts as floor + (1 - floor) * p ** gamma.
    """

    diameter: float = 64.0
    hardness: float = 0.8
    opacity: float = 1.0
    erase: bool = False
    pressure_size: bool = True
    pressure_opacity: bool = False
    flow: float = 1.0
    smoothing: float = 0.0
    gap: float = 0.0
    mirror_x: bool = False
    mirror_y: bool = False
    turns: int = 1
    axis: tuple[float, float] = (0.5, 0.5)
    pressure_gamma: float = 1.0
    pressure_floor: float = 0.0
    colour: str = "#1f6fb2"

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not (math.isfinite(value) and low <= value <= high):
                raise SceneError(
                    f"The brush's {name} cannot be {value}.", hint=f"Use a number from {low:g} to {high:g}."
                )
        if not all(math.isfinite(place) and 0 <= place <= 1 for place in self.axis):
            raise SceneError(
                f"The brush's axes cannot be at {self.axis}.", hint="Use shares of the canvas from 0 to 1."
            )
        with scene_errors():
            check(self.colour, Color, "The brush's colour", advice="Write a colour as #rrggbb in lower case.")

    def pressed(self, pressure: float) -> float:
        """What a pen's pressure, above 0..1, counts as."""
        if self.pressure_gamma == 1.0 and self.pressure_floor == 0.0:
            return pressure
        return float(self.pressure_floor + (1 - self.pressure_floor) * pressure**self.pressure_gamma)

    def spacing(self, diameter: float) -> float:
        """Pixels between dabs: the rim of a row of dabs is never more than about a quarter pixel from a true capsule,
        unless the brush has a gap of its own.

        From the sagitta s²/8r of a chord s: s = sqrt(diameter) gives 0.25; at least four dabs to a small diameter.
        """
        if self.gap:
            return max(0.5, self.gap * diameter)
        return max(0.5, min(math.sqrt(diameter), diameter / 4))


@dataclass(frozen=True, eq=False)
class Dab:
    """Coverage of one dab: uint8 `[h, w]`, read-only, whose first pixel lies at canvas pixel (x, y)."""

    x: int
    y: int
    coverage: np.ndarray
    centre: tuple[float, float]


_cache: OrderedDict[tuple[float, float, float, float], np.ndarray] = OrderedDict()
_cache_bytes = 0


def quantised(diameter: float) -> float:
    """The diameter that is really drawn: steps of 1/8 pixel, and of 1/128 of itself where that is more."""
    diameter = min(max(diameter, MIN_DIAMETER), MAX_DIAMETER)
    step = max(0.125, 2.0 ** math.floor(math.log2(diameter)) / 128)
    return round(diameter / step) * step


def make_dab(x: float, y: float, diameter: float, hardness: float) -> Dab:
    """The dab whose centre is at canvas point (x, y), where pixel (i, j) covers [i, i+1) x [j, j+1).

    Full up to `hardness` of the radius, then a smooth step down to the rim; at least one pixel of antialiasing.
    """
    diameter = quantised(diameter)
    grain = 1.0 if diameter < 2 else 0.25 if diameter <= EXACT else 0.5
    offset = 0.5 if grain == 1.0 else 0.0
    px, py = (math.floor((v - offset) / grain + 0.5) * grain + offset for v in (x, y))
    base_x, base_y = math.floor(px), math.floor(py)
    reach = math.ceil(diameter / 2 + 1)
    coverage = _raster(diameter, round(hardness, 2), px - base_x, py - base_y)
    return Dab(base_x - reach, base_y - reach, coverage, (px, py))


def prepare_dabs(brush: Brush) -> Iterator[None]:
    """Make the dabs that a stroke at full pressure will want, one at a time: a large one takes milliseconds."""
    diameter, hardness = quantised(brush.diameter), round(brush.hardness, 2)
    if diameter > EXACT:
        for fx in (0.0, 0.5):
            for fy in (0.0, 0.5):
                _raster(diameter, hardness, fx, fy)
                yield


def _raster(diameter: float, hardness: float, fx: float, fy: float) -> np.ndarray:
    """Cached coverage of a dab whose centre lies at (reach + fx, reach + fy) of its own array."""
    global _cache_bytes
    key = (diameter, hardness, fx, fy)
    found = _cache.get(key)
    if found is not None:
        _cache.move_to_end(key)
        return found
    reach = math.ceil(diameter / 2 + 1)
    xs, ys = (np.arange(2 * reach + 1, dtype=np.float32) + np.float32(0.5 - reach - f) for f in (fx, fy))
    if diameter > EXACT:
        made = _mirrored(xs, ys, diameter, hardness)
    else:
        made = _falloff(xs[None, :] ** 2 + ys[:, None] ** 2, diameter, hardness)
    made.setflags(write=False)
    _cache[key] = made
    _cache_bytes += made.nbytes
    while _cache_bytes > _CACHE_BYTES and len(_cache) > 1:
        _cache_bytes -= _cache.popitem(last=False)[1].nbytes
    return made


def _mirrored(xs: np.ndarray, ys: np.ndarray, diameter: float, hardness: float) -> np.ndarray:
    """The same from one quadrant: at half-pixel places the coordinates below zero are those above it, turned round."""
    reach = len(xs) // 2  # index of the first coordinate that is not negative
    quadrant = _falloff(xs[None, reach:] ** 2 + ys[reach:, None] ** 2, diameter, hardness)
    skip_x, skip_y = (0 if v[reach] else 1 for v in (xs, ys))
    made = np.empty((len(ys), len(xs)), np.uint8)
    made[reach:, reach:] = quadrant
    made[reach:, :reach] = quadrant[:, skip_x : reach + skip_x][:, ::-1]
    made[:reach] = made[reach + skip_y : 2 * reach + skip_y][::-1]
    return made


def _falloff(squared: np.ndarray, diameter: float, hardness: float) -> np.ndarray:
    radius = diameter / 2
    outer = radius + 0.5
    inner = max(0.0, min(hardness * radius, radius - 0.5))
    value = np.sqrt(squared, dtype=np.float32)
    np.subtract(outer, value, out=value)
    value *= 1.0 / (outer - inner)
    np.clip(value, 0.0, 1.0, out=value)
    if outer - inner > 1.001:
        value *= value * (3.0 - 2.0 * value)
    value *= 255.0
    value += 0.5
    return value.astype(np.uint8)
