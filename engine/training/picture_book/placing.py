"""Finds a spot for a thing: with its foot on the ground or its centre in the sky, and not on top of other things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.attention.parts import grid_step, picture_side

Box = tuple[int, int, int, int]
"""(left, top, right, bottom) in pixels; may extend beyond the picture."""

_STANDING = frozenset({"ground", "snow", "road", "floor", "table", "water"})
"""Places on which a thing stands with its foot; in all others its centre is placed."""

_SHADED = frozenset({"ground", "snow", "road", "floor", "table", "wall"})

_TRIES = 12
_WHOLE = 0.95
"""How often a thing must lie completely within the picture."""

CELL = 16
"""Width and height in pixels of the latents' cells."""

_LARGEST = 24
"""The longer side in cells of the largest things; those of others are half of it, a quarter and an eighth.

The squares around them lie on the grid of the latents, too: so there are few ways in which a drawing can be encoded,
and each part of one is exactly where its picture token says.
"""

_COVERED, _SAME_COVERED = 0.3, 0.08
"""How much of a thing's box another thing may cover; less for the same noun, so that they can be counted."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a thing goes.

    Attributes:
        place: of `nouns.PLACES`, "" for anywhere. depth: larger is nearer. shadow: whether it casts one.
    """

    box: Box
    place: str
    depth: float
    shadow: bool

    @property
    def height(self) -> int:
        """The height of the box in pixels."""
        return self.box[3] - self.box[1]

    @property
    def width(self) -> int:
        """The width of the box in pixels."""
        return self.box[2] - self.box[0]

    @property
    def square(self) -> tuple[int, int, int]:
        """The square around the box: its first row, first column and side in cells."""
        left, top = self.box[:2]
        side = max(self.width, self.height)
        return (top - (side - self.height) // 2) // CELL, (left - (side - self.width) // 2) // CELL, side // CELL


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The thing to be placed.

    Attributes:
        heights: smallest and largest height, as shares of the picture's height. aspect: width / height.
        scale: below 1 makes it smaller, to leave room for several.
        smallest: the smallest longer side in pixels. size: the picture's side in pixels.
    """

    heights: tuple[float, float]
    aspect: float
    scale: float = 1.0
    smallest: int = 40
    size: int = 512


def find_spot(
    rng: np.random.Generator, wish: Wish, places: Mapping[str, np.ndarray], taken: Sequence[tuple[Box, bool]]
) -> Spot | None:
    """Find a spot for a thing; None if several attempts fail.

    Args:
        places: where it may stand, each with its area, bool `[size, size]`; if empty, anywhere and at any size.
        taken: the boxes of things that are placed, and whether each is of the same noun.
    """
    for attempt in range(_TRIES):
        smaller = replace(wish, scale=wish.scale * 0.93**attempt)
        spot = _fitting(rng, smaller, places) if places else _anywhere(rng, smaller)
        if all(_overlap(spot.box, box) <= (_SAME_COVERED if same else _COVERED) for box, same in taken):
            return spot
    return None


def _fitting(rng: np.random.Generator, wish: Wish, places: Mapping[str, np.ndarray]) -> Spot:
    names, size = list(places), wish.size
    # The first place of a noun is the most likely one.
    shares = np.array([1.0 / (1 + index) for index in range(len(names))])
    name = names[int(rng.choice(len(names), p=shares / shares.sum()))]
    area = places[name]
    rows = np.flatnonzero(area.any(1))
    share = float(np.exp(rng.uniform(*np.log(wish.heights))))
    if name in _STANDING:
        # The foot somewhere in the area; farther things are smaller.
        row = int(rows[0] + (rows[-1] - rows[0]) * rng.beta(1.6, 1.3))
        share *= 0.8 + 0.6 * (row - rows[0]) / max(1, rows[-1] - rows[0])
    else:
        row = int(rng.choice(rows))
    if not area[row].any():
        row = int(rng.choice(rows))
    column = int(rng.choice(np.flatnonzero(area[row])))
    height, width = _sizes(share, wish)
    column = _kept_in(column, width, size, rng)
    shadow = name in _SHADED
    if name in _STANDING:
        bottom = min(row, size - 2)
        return Spot(box=_box(column, bottom, width, height, size), place=name, depth=bottom, shadow=shadow)
    bottom = _kept_in(row, height, size, rng) + height // 2
    # Things that hang or fly are always behind things that stand.
    return Spot(box=_box(column, bottom, width, height, size), place=name, depth=rng.random(), shadow=shadow)


def _anywhere(rng: np.random.Generator, wish: Wish) -> Spot:
    size = wish.size
    if rng.random() < 0.12:
        share = rng.uniform(0.5, 0.98)
    elif rng.random() < 0.5:
        share = float(np.exp(rng.uniform(np.log(0.08), np.log(0.6))))
    else:
        share = float(np.exp(rng.uniform(*np.log(wish.heights))))
    height, width = _sizes(share, wish)
    column, middle = (_kept_in(int(rng.integers(size)), side, size, rng) for side in (width, height))
    box = _box(column, middle + height // 2, width, height, size)
    return Spot(box=box, place="", depth=rng.uniform(0, size), shadow=False)


def _sizes(share: float, wish: Wish) -> tuple[int, int]:
    """Height and width in pixels; wide things get less height, and nothing is wider than the picture."""
    height = share * wish.scale * wish.size / max(1.0, wish.aspect**0.5)
    longer = max(wish.smallest, height, height * wish.aspect)
    longer = CELL * min(_LARGEST, picture_side(longer / CELL))
    shorter = max(4, round(longer * min(wish.aspect, 1 / wish.aspect)))
    return (shorter, longer) if wish.aspect > 1 else (longer, shorter)


def _kept_in(middle: int, side: int, size: int, rng: np.random.Generator) -> int:
    """Move a centre so that the thing is inside the picture, or sometimes up to a sixth of it beyond the edge."""
    inside = 0.5 if rng.random() < _WHOLE else rng.uniform(1 / 3, 0.5)
    margin = min(int(inside * side), size // 2)
    return int(np.clip(middle, margin, size - margin))


def _box(column: int, bottom: int, width: int, height: int, size: int) -> Box:
    """The box in the middle of a square on the grid."""
    left = _snapped(column - width / 2, width, max(width, height), size)
    top = _snapped(bottom - height, height, max(width, height), size)
    return left, top, left + width, top + height


def _snapped(start: float, length: int, side: int, size: int) -> int:
    """Where a thing starts along an axis if its square lies on the grid; what was within the picture stays there."""
    margin = (side - length) // 2
    step = CELL * grid_step(side // CELL)
    at = step * round((start - margin) / step) + margin
    if at < 0 <= start:
        return at + step
    if at + length > size >= start + length:
        return at - step
    return at


def _overlap(one: Box, other: Box) -> float:
    """The overlap of two boxes, as a share of the smaller one, 0..1."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return wide * high / min(areas)


def window_start(inside: np.ndarray, side: int, rng: np.random.Generator) -> int:
    """Where a window of `side` places begins that holds all places of `inside`, or as many as it can, bool `[n]`."""
    cells = np.flatnonzero(inside)
    first, last = (int(cells[0]), int(cells[-1])) if len(cells) else (0, len(inside) - 1)
    low, high = sorted((first, last - side + 1))
    return int(np.clip(rng.integers(low, high + 1), 0, len(inside) - side))
