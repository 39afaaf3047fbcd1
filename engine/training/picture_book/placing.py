"""Finds where a thing may stand: its feet on the ground, its middle in the sky, not on top of what is there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Box = tuple[int, int, int, int]
"""left, top, right, bottom in pixels; may reach beyond the picture."""

_STANDING = frozenset({"ground", "snow", "road", "floor", "table", "water"})
"""Places on which a thing stands with its foot; in all others its middle lies."""

_SHADED = frozenset({"ground", "snow", "road", "floor", "table", "wall"})

_TRIES = 12
_COVERED = 0.3
"""How much of a thing's box another may cover; of its own kind less, so that they can be counted."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a thing goes: its box, the place it stands in ("" for anywhere), how near it is, whether it throws a shadow."""

    box: Box
    place: str
    depth: float
    shadow: bool

    @property
    def height(self) -> int:
        """Pixels."""
        return self.box[3] - self.box[1]


def find_spot(
    rng: np.random.Generator,
    *,
    places: Mapping[str, np.ndarray],
    heights: tuple[float, float],
    aspect: float,
    taken: Sequence[tuple[Box, bool]],
    scale: float,
    smallest: int,
) -> Spot | None:
    """A spot for a thing, or None after some tries.

    Args:
        places: where it may stand, each with its area, bool `[S, S]`; none of them: anywhere, at any size.
        heights: shares of the picture. aspect: width over height.
        taken: boxes of what is there, and whether it is of the same noun.
        scale: makes it smaller, where there shall be room for several. smallest: pixels of its longer side.
    """
    for attempt in range(_TRIES):
        shrink = scale * 0.93**attempt
        spot = (
            _fitting(rng, places, heights, aspect, shrink, smallest)
            if places
            else _anywhere(rng, heights, aspect, shrink, smallest)
        )
        limits = [(_overlap(spot.box, box), 0.08 if same else _COVERED) for box, same in taken]
        if all(share <= limit for share, limit in limits):
            return spot
    return None


def _fitting(
    rng: np.random.Generator,
    places: Mapping[str, np.ndarray],
    heights: tuple[float, float],
    aspect: float,
    shrink: float,
    smallest: int,
) -> Spot:
    names = list(places)
    # The first place of a noun is its likeliest.
    shares = np.array([1.0 / (1 + index) for index in range(len(names))])
    name = names[int(rng.choice(len(names), p=shares / shares.sum()))]
    area = places[name]
    size = area.shape[0]
    rows = np.flatnonzero(area.any(1))
    share = np.exp(rng.uniform(*np.log(heights))) * shrink
    if name in _STANDING:
        # The foot somewhere in the area; what stands farther off is smaller.
        row = int(rows[0] + (rows[-1] - rows[0]) * rng.beta(1.6, 1.3))
        near = (row - rows[0]) / max(1, rows[-1] - rows[0])
        share *= 0.8 + 0.6 * near
    else:
        row = int(rows[int(rng.integers(len(rows)))])
    columns = np.flatnonzero(area[row])
    while not len(columns):
        row = int(rows[int(rng.integers(len(rows)))])
        columns = np.flatnonzero(area[row])
    column = int(columns[int(rng.integers(len(columns)))])
    height, width = _sizes(share, aspect, smallest, size)
    column = _kept_in(column, width, size)
    if name in _STANDING:
        bottom = min(row, size - 2)
        return Spot(box=_box(column, bottom, width, height), place=name, depth=bottom, shadow=name in _SHADED)
    middle = _kept_in(row, height, size)
    # What hangs or flies is behind what stands, whatever its height.
    return Spot(
        box=_box(column, middle + height // 2, width, height), place=name, depth=rng.random(), shadow=name in _SHADED
    )


def _anywhere(
    rng: np.random.Generator, heights: tuple[float, float], aspect: float, shrink: float, smallest: int
) -> Spot:
    from engine.training.picture_book.backdrops import SIZE

    if rng.random() < 0.12:
        share = rng.uniform(0.5, 0.98)
    elif rng.random() < 0.5:
        share = np.exp(rng.uniform(np.log(0.08), np.log(0.6)))
    else:
        share = np.exp(rng.uniform(*np.log(heights)))
    height, width = _sizes(share * shrink, aspect, smallest, SIZE)
    column, middle = (_kept_in(int(rng.integers(SIZE)), side, SIZE) for side in (width, height))
    box = _box(column, middle + height // 2, width, height)
    return Spot(box=box, place="", depth=rng.uniform(0, SIZE), shadow=False)


def _sizes(share: float, aspect: float, smallest: int, size: int) -> tuple[int, int]:
    """Height and width in pixels: a wide thing's width takes the height's part, and nothing is wider than the picture."""
    height = share * size / max(1.0, aspect**0.5)
    height *= max(1.0, smallest / max(height, height * aspect))
    height *= min(1.0, 0.98 * size / max(height, height * aspect))
    return max(4, round(height)), max(4, round(height * aspect))


def _kept_in(middle: int, side: int, size: int) -> int:
    """The middle moved so that at most a sixth of the side is cut off by the picture's edge."""
    margin = min(side // 3, size // 2)
    return int(np.clip(middle, margin, size - margin))


def _box(column: int, bottom: int, width: int, height: int) -> Box:
    left = column - width // 2
    return left, bottom - height, left + width, bottom


def _overlap(one: Box, other: Box) -> float:
    """The share of the smaller box that both cover."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return wide * high / min(areas)
