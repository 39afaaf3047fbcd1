"""Where things go: on what they stand on, beside what is painted, in the sizes that the model knows them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from PIL import Image

from engine.attention.parts import grid_step, picture_side
from engine.placing.table import Thing

Box = tuple[int, int, int, int]
"""(left, top, right, bottom) in pixels."""

STANDING = frozenset({"ground", "snow", "road", "floor", "table", "water", "seabed"})
"""Places on which a thing stands with its foot; in all others its centre is placed."""

_USUAL = {"sky": (0.12, 0.4), "space": (0.15, 0.6), "wall": (0.15, 0.45), "underwater": (0.25, 0.8)}
"""Where centres are without an area that offers the place, as shares of the picture's height."""

_FEET = (0.66, 0.94)
_TRIES = 120
_LARGEST = 12
"""The longer side in cells of the largest things: larger ones are seldom, and a model knows them less well."""

_CROWDED = 0.3
"""How much worse it is to touch another thing or the picture's edge, against covering as much of a thing."""

_HIDDEN = 0.15
"""How much of things may be hidden where there is room for smaller ones."""

_MANY = 7
"""So many things have smaller sizes, see `_sizes`."""

_SAME = 8.0
"""How much worse it is to cover a thing of the same word, which could not be counted then."""


def spots_for(
    thing: Thing,
    count: int,
    *,
    areas: Mapping[str, np.ndarray],
    taken: list[Box],
    crowd: int,
    cell: int,
    size: tuple[int, int],
    rng: np.random.Generator,
) -> list[Box]:
    """Boxes for `count` things of one kind; they are added to `taken`.

    Args:
        areas: bool `[H, W]` by the place that they offer. taken: the boxes of what is there. crowd: how many things the
            picture has in all. cell: pixels of a cell of the latents, along a side. size: (width, height).
    """
    own: list[Box] = []
    rows = {place: np.flatnonzero(areas[place].any(1)) for place in thing.on if place in areas}
    for _ in range(count):
        tries = [_spot(thing, areas, rows, crowd, cell, size, rng) for _ in range(_TRIES)]
        best = min(tries, key=lambda box: _cost(box, taken, own, size))
        if sum(_overlap(best, other) for other in taken) > _HIDDEN:  # there may be room for a smaller one
            tries = [best, *(_spot(thing, areas, rows, _MANY, cell, size, rng) for _ in range(_TRIES))]
            best = min(tries, key=lambda box: _cost(box, taken, own, size))
        own.append(best)
        taken.append(best)
    return own


def spots_at(
    thing: Thing,
    count: int,
    feet: Callable[[int, int], Iterable[tuple[int, int]]],
    *,
    taken: list[Box],
    longest: float,
    crowd: int,
    cell: int,
    size: tuple[int, int],
    rng: np.random.Generator,
) -> list[Box]:
    """As `spots_for`, where something else says where things may be.

    Args:
        feet: of a width and height in pixels, the likeliest first: columns of the middle and rows of the foot.
        longest: the longer side in pixels beyond which it is made smaller, if it can be.
    """
    wide, high = _sizes(thing, crowd, cell, min(size), rng, 0.5)
    while max(wide, high) > longest and max(wide, high) // 2 >= picture_side(1) * cell:
        wide, high = max(cell, wide // 2), max(cell, high // 2)
    own: list[Box] = []
    smaller = (max(cell, wide // 2), max(cell, high // 2))
    for _ in range(count):
        boxes = [box_at(column, foot, wide, high, cell, size) for column, foot in feet(wide, high)]
        best = min(boxes, key=lambda box: _cost(box, taken, own, size))
        if sum(_overlap(best, other) for other in taken) > _HIDDEN and max(smaller) >= picture_side(1) * cell:
            boxes = [best, *(box_at(column, foot, *smaller, cell, size) for column, foot in feet(*smaller))]
            best = min(boxes, key=lambda box: _cost(box, taken, own, size))
        own.append(best)
        taken.append(best)
    return own


def box_of(mask: np.ndarray) -> Box:
    """The box around what is painted in a mask `[H, W]`, which must be something."""
    (top, bottom), (left, right) = (
        (int(at[0]), int(at[-1]) + 1) for at in map(np.flatnonzero, (mask.any(1), mask.any(0)))
    )
    return left, top, right, bottom


def outlined(thing: Thing, box: Box, size: tuple[int, int]) -> np.ndarray:
    """The thing's outline in a box: uint8 `[H, W]`, 0 or 255."""
    left, top, right, bottom = box
    shape = Image.fromarray(thing.outline.astype(np.uint8) * 255).resize(
        (right - left, bottom - top), Image.Resampling.BICUBIC
    )
    mask = Image.new("L", size)
    mask.paste(shape, (left, top))
    return np.where(np.asarray(mask) > 127, 255, 0).astype(np.uint8)


def _spot(
    thing: Thing,
    areas: Mapping[str, np.ndarray],
    rows: Mapping[str, np.ndarray],
    crowd: int,
    cell: int,
    size: tuple[int, int],
    rng: np.random.Generator,
) -> Box:
    width, height = size
    place = _first_likely(list(rows) or thing.on, rng)
    depth = rng.uniform()
    if place in rows:
        # Not at the upper edge of what it stands on; of a sky in the upper part, as what is lower is behind things.
        first, span = (0.15, 0.8) if place in STANDING else (0.12, 0.5)
        top, bottom = rows[place][[0, -1]]
        row = int(top + (first + span * depth) * (bottom - top))
        columns = np.flatnonzero(areas[place][row])
        column = int(rng.choice(columns)) if len(columns) else int(rng.integers(width))
    else:
        first, last = _USUAL.get(place, _FEET)
        row, column = int(height * (first + (last - first) * depth)), int(rng.integers(width))
    wide, high = _sizes(thing, crowd, cell, min(size), rng, depth if place in STANDING else 0.5)
    foot = row if place in STANDING else row + high // 2
    return box_at(column, foot, wide, high, cell, size)


def _first_likely(places: Sequence[str], rng: np.random.Generator) -> str:
    shares = 1.0 / (1.0 + np.arange(len(places))) ** 2
    return places[int(rng.choice(len(places), p=shares / shares.sum()))]


def _sizes(thing: Thing, crowd: int, cell: int, side: int, rng: np.random.Generator, depth: float) -> tuple[int, int]:
    """Width and height in pixels: larger where there are few things, and where they are near."""
    rows, columns = thing.outline.shape
    aspect = columns / rows
    low, high = np.log(thing.height)
    at = rng.uniform(0.8, 1.0) if crowd <= 3 else rng.uniform(0.7, 1.0) if crowd <= 6 else rng.uniform(0.1, 0.6)
    share = float(np.exp(low + at * (high - low))) * (0.85 + 0.4 * depth) / max(1.0, aspect**0.5)
    longer = max(share, share * aspect) * side / cell
    cells = picture_side(longer)
    if crowd <= 6:  # in the smallest size little of a thing can be seen
        cells = max(cells, picture_side(6))
    while cells > _LARGEST or cells * cell > 0.95 * side:
        cells //= 2
    pixels = cells * cell
    other = max(cell, round(pixels * min(aspect, 1 / aspect)))
    return (pixels, other) if aspect > 1 else (other, pixels)


def box_at(column: int, bottom: int, wide: int, high: int, cell: int, size: tuple[int, int]) -> Box:
    """The box in the middle of a square on the grid of the latents, within the picture."""
    side = max(wide, high)
    step = cell * grid_step(side // cell)
    starts = []
    for at, length, whole in ((column - wide / 2, wide, size[0]), (bottom - high, high, size[1])):
        margin = (side - length) // 2
        start = step * round((at - margin) / step) + margin
        while start + length > whole:
            start -= step
        while start < 0:
            start += step
        starts.append(int(start))
    left, top = starts
    return left, top, left + wide, top + high


def _cost(box: Box, taken: Sequence[Box], own: Sequence[Box], size: tuple[int, int]) -> float:
    """How much of it and of others would be hidden, or crowded, or lies beyond the picture's edge."""
    wider = _wider(box)
    cost = sum(_overlap(box, other) for other in taken) + _SAME * sum(_overlap(wider, other) for other in own)
    crowded = sum(_overlap(wider, other) for other in taken) + 1 - _overlap(wider, (0, 0, *size))
    beyond = max(0, box[2] - size[0]) + max(0, box[3] - size[1])
    return cost + _CROWDED * crowded + beyond / min(size)


def _wider(box: Box) -> Box:
    margin = max(8, (box[2] - box[0]) // 12)
    return box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin


def _overlap(one: Box, other: Box) -> float:
    """The overlap of two boxes, as a share of the smaller one, 0..1."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
