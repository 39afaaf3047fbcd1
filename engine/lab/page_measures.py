"""What a judge sees of a page: what was asked for where it was painted or anywhere, in which colour, and how many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from scipy import ndimage

from engine.lab.color_stats import to_lab
from engine.lab.compositions import Composition
from engine.lab.page_layouts import PAGE, Asked, PageLayout
from engine.lab.statistics import FOUND_PART, found, ious
from engine.scoring.recogniser import LEAST, Recogniser
from engine.world.palette import COLOURS

SIZES = {"40-64": (40, 64), "64+": (64, PAGE + 1)}
"""Sizes of things by the longer side of what is seen of them, in pixels: from the first to below the second."""


def size_of(area: np.ndarray) -> int:
    """The longer side of an area bool `[H, W]`, in pixels of a page."""
    sides = (np.ptp(np.flatnonzero(area.any(axis))) + 1 for axis in (0, 1))
    return round(max(sides) * PAGE / area.shape[1])


def things_of(pages: Sequence[Composition]) -> Iterator[tuple[int, int, str]]:
    """All things that are in one of `SIZES`: the page's number, the part's, and the size's name."""
    for number, page in enumerate(pages):
        for each, part in enumerate(page.parts):
            if part.thing:
                size = size_of(page.area(each, PAGE)) if (page.owner == each).any() else 0
                for name, (low, high) in SIZES.items():
                    if low <= size < high:
                        yield number, each, name


def named_right(page: Composition, rgb: np.ndarray, judge: Recogniser) -> np.ndarray:
    """Whether the judge calls each part's area by its name: bool `[parts]`; rgb uint8 `[PAGE, PAGE, 3]`."""
    areas = np.stack([page.area(number, PAGE) for number in range(len(page.parts))])
    told = judge.recognise(rgb, areas, [part.name for part in page.parts])
    return np.array([seen is not None and seen.name == part.name for seen, part in zip(told, page.parts, strict=True)])


def found_anywhere(page: Composition, labels: np.ndarray, judge: Recogniser) -> dict[str, bool]:
    """Whether each name of a page is in a picture, of the judge's labels `[PAGE, PAGE]`; see `statistics.found`."""
    names = list(dict.fromkeys(part.name for part in page.parts))
    true = page.labels(judge.names, labels.shape[0])
    return dict(zip(names, found(labels, true, [judge.names.index(name) for name in names]).tolist(), strict=True))


def stuff_overlap(page: Composition, labels: np.ndarray, judge: Recogniser) -> float:
    """The mean overlap (IoU) of a page's stuff with where it was painted, 0..1; NaN where it has none."""
    names = list(dict.fromkeys(part.name for part in page.parts if not part.thing))
    scores = ious(labels, page.labels(judge.names, labels.shape[0]), [judge.names.index(name) for name in names])
    return float(scores.mean()) if names else float("nan")


def _painted_pixels(area: np.ndarray, labels: np.ndarray, judge: Recogniser) -> np.ndarray:
    """What of an area, bool `[H, W]`, a thing covers by the judge's labels; all of it if that is hardly anything.

    Paint is wider than things, and what is around a boat has colours, too.
    """
    stuff = [number for number, name in enumerate(judge.names) if name in judge.stuff]
    there = area & ~np.isin(labels, stuff)
    return there if there.sum() >= LEAST * area.sum() else area


@cache
def _palette() -> np.ndarray:
    return to_lab(np.array(list(COLOURS.values()), np.uint8))


def shows_colour(rgb: np.ndarray, area: np.ndarray, colour: str, other: str) -> bool:
    """Whether more of an area's pixels are nearest, in CIELAB, to a colour of the palette than to another one.

    Args:
        rgb: uint8 `[H, W, 3]`. area: bool `[H, W]`. colour, other: of `COLOURS`.
    """
    apart = np.linalg.norm(to_lab(rgb[area])[:, None] - _palette()[None], axis=2)
    counts = np.bincount(apart.argmin(1), minlength=len(COLOURS))
    names = list(COLOURS)
    return bool(counts[names.index(colour)] > counts[names.index(other)])


def two_right(page: PageLayout, rgb: np.ndarray, judge: Recogniser) -> bool:
    """Whether both areas of a page by `two_of` show the noun, each in its own colour rather than in the other's."""
    pair, labels = list(page.things()), judge.predict(rgb[None])[0]
    told = judge.recognise(rgb, np.stack([each.area for each in pair]), [each.name for each in pair])
    return all(
        seen is not None
        and seen.name == each.name
        and shows_colour(rgb, _painted_pixels(each.area, labels, judge), each.colour, other.colour)
        for seen, each, other in zip(told, pair, pair[::-1], strict=True)
    )


def counted_right(page: PageLayout, labels: np.ndarray, judge: Recogniser) -> bool:
    """Whether labels `[PAGE, PAGE]` show as many connected patches of a noun as areas, one in each and none elsewhere.

    A patch counts from `FOUND_PART` of the smallest area on.
    """
    asked: list[Asked] = list(page.things())
    patches, count = ndimage.label(labels == judge.names.index(asked[0].name))
    least = FOUND_PART * min(np.count_nonzero(each.area) for each in asked)
    large = [number for number in range(1, count + 1) if np.count_nonzero(patches == number) >= least]
    inside = [[number for number in large if (each.area & (patches == number)).any()] for each in asked]
    return len(large) == len(asked) and sorted(each for among in inside for each in among) == large


def page_right(page: PageLayout, rgb: np.ndarray, judge: Recogniser) -> tuple[bool, ...]:
    """Whether each thing and stuff that a page asks for is where it was painted, in its colour where it has one.

    A colour is there if at least `FOUND_PART` of what the thing covers is nearest to it.
    """
    asked, labels = [each for _, each in page.asked], judge.predict(rgb[None])[0]
    told = judge.recognise(rgb, np.stack([each.area for each in asked]), [each.name for each in asked])
    right = []
    for seen, each in zip(told, asked, strict=True):
        here = seen is not None and seen.name == each.name
        if here and each.colour:
            pixels = rgb[_painted_pixels(each.area, labels, judge)]
            apart = np.linalg.norm(to_lab(pixels)[:, None] - _palette()[None], axis=2)
            here = bool((apart.argmin(1) == list(COLOURS).index(each.colour)).mean() >= FOUND_PART)
        right.append(here)
    return tuple(right)
