"""What a judge sees of a page: places, colours, counts and sizes; each measure says no when the page is wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from engine.lab.page_layouts import COUNTED, PAGE, PAIRED, PageLayout, the_page, three_of, two_of
from engine.lab.page_measures import (
    counted_right,
    found_anywhere,
    named_right,
    page_right,
    shows_colour,
    size_of,
    stuff_overlap,
    things_of,
    two_right,
)
from engine.scoring.recogniser import Recognised
from engine.world.palette import COLOURS
from tests.engine.lab.test_compositions import page

NAMES = (
    "blue sky",
    "cloudy sky",
    "grass",
    "sand",
    "snow",
    "hills",
    "lake",
    "rainbow",
    "sailing boat",
    *COUNTED,
    *PAIRED,
)
CODES = {name: ((index * 37) % 200 + 20, (index * 91) % 256, 7) for index, name in enumerate(dict.fromkeys(NAMES))}


class Reads:
    """Sees the name whose code an area mostly has, see `drawn`."""

    names = tuple(CODES)
    stuff = frozenset(NAMES[:7])

    def labels(self, rgb: np.ndarray) -> np.ndarray:
        """The name at each place, -1 for none."""
        found = np.full(rgb.shape[:2], -1)
        for index, code in enumerate(CODES.values()):
            found[(rgb == code).all(-1)] = index
        return found

    def predict(self, rgb: np.ndarray) -> np.ndarray:
        """Of pictures `[B, H, W, 3]`."""
        return np.stack([self.labels(picture) for picture in rgb])

    def recognise(self, rgb: np.ndarray, areas: np.ndarray, asked: Sequence[str]) -> list[Recognised | None]:
        """The most frequent name of each area; where a thing was asked for, of those that are no stuff, if any."""
        labels, told = self.labels(rgb), []
        for area, name in zip(areas, asked, strict=True):
            things = area & ~np.isin(labels, [self.names.index(each) for each in self.stuff])
            there = things if name not in self.stuff and things.any() else area
            told.append(Recognised(self.names[np.bincount(labels[there] + 1).argmax() - 1], 1.0))
        return told


JUDGE = Reads()


def drawn(layout: PageLayout) -> np.ndarray:
    """A picture of a page in the codes of its names."""
    rgb = np.zeros((PAGE, PAGE, 3), np.uint8)
    for _, each in layout.asked:
        rgb[each.area] = CODES[each.name]
    return rgb


def in_colours(layout: PageLayout, rgb: np.ndarray) -> np.ndarray:
    """The picture with a third of each thing in its colour."""
    rgb = rgb.copy()
    for _, each in layout.asked:
        if each.colour:
            part = each.area.copy()
            part[:, ::3] = part[:, 1::3] = False
            rgb[part] = COLOURS[each.colour]
    return rgb


def test_parts_are_right_where_they_are_called_by_their_names():
    made = page()
    rgb = np.zeros((PAGE, PAGE, 3), np.uint8)
    for number, part in enumerate(made.parts):
        rgb[made.area(number, PAGE)] = CODES[part.name]
    assert named_right(made, rgb, JUDGE).all()
    assert set(found_anywhere(made, JUDGE.labels(rgb), JUDGE).values()) == {True}
    assert stuff_overlap(made, JUDGE.labels(rgb), JUDGE) == 1
    moved = np.roll(rgb, 256, axis=0)
    assert not named_right(made, moved, JUDGE)[:2].any() and stuff_overlap(made, JUDGE.labels(moved), JUDGE) < 0.2
    assert all(found_anywhere(made, JUDGE.labels(moved), JUDGE).values())
    rgb[made.area(3, PAGE)] = CODES["grass"]
    assert named_right(made, rgb, JUDGE).tolist() == [True, True, True, False]
    rgb[made.area(2, PAGE)] = CODES["grass"]
    assert found_anywhere(made, JUDGE.labels(rgb), JUDGE)["cat"] is False


def test_sizes_are_by_the_longer_side_and_small_things_are_apart():
    area = np.zeros((PAGE, PAGE), bool)
    area[10:60, 100:120] = True
    assert size_of(area) == 50
    assert list(things_of([page()])) == [(0, 2, "64+"), (0, 3, "64+")]


def test_a_colour_is_what_more_of_an_area_is_near_to():
    area = np.ones((4, 6), bool)
    rgb = np.full((4, 6, 3), COLOURS["red"], np.uint8)
    rgb[:, :2] = COLOURS["blue"]
    assert shows_colour(rgb, area, "red", "blue") and not shows_colour(rgb, area, "blue", "red")
    assert shows_colour(rgb, area, "blue", "green")


@pytest.mark.parametrize("seed", range(6))
def test_two_of_a_noun_are_right_in_their_own_colours_only(seed):
    layout = two_of(seed)
    first, second = layout.things()
    assert first.name == second.name in PAIRED and first.colour != second.colour
    assert f"{first.colour} {first.name}" in layout.prompt and not (first.area & second.area).any()
    assert [layout.prompt[slice(*word.span)] for word in layout.words(0)][:2] == [
        f"{each.colour} {each.name}" for each in (first, second)
    ]
    rgb = in_colours(layout, drawn(layout))
    assert two_right(layout, rgb, JUDGE)
    exchanged = rgb.copy()
    for one, other in ((first, second), (second, first)):
        exchanged[one.area & (rgb == COLOURS[one.colour]).all(-1)] = COLOURS[other.colour]
    assert not two_right(layout, exchanged, JUDGE)
    rgb[second.area] = CODES["lake"]
    assert not two_right(layout, rgb, JUDGE)


def test_a_thing_that_is_smaller_than_its_paint_is_right_and_its_colour_is_its_own():
    layout = the_page()
    rgb = in_colours(layout, drawn(layout))
    house, boat = layout.asked[0][1], layout.asked[4][1]
    assert (house.name, boat.name) == ("house", "sailing boat")
    around = {"house": "hills", "sailing boat": "lake"}
    for each in (house, boat):
        rows = np.flatnonzero(each.area.any(1))
        inside = each.area & (np.arange(PAGE)[:, None] > rows[len(rows) * 2 // 3])
        assert 0.2 < inside.sum() / each.area.sum() < 0.35
        rgb[each.area & ~inside] = CODES[around[each.name]]
    assert all(page_right(layout, rgb, JUDGE))
    rgb[house.area & (rgb == COLOURS["red"]).all(-1)] = COLOURS["blue"]
    assert page_right(layout, rgb, JUDGE) == (False, *[True] * 7)


@pytest.mark.parametrize("seed", range(6))
def test_three_are_three_patches_one_in_each_place(seed):
    layout = three_of(seed)
    areas = [each.area for each in layout.things()]
    noun = next(layout.things()).name
    assert layout.prompt.startswith(f"three {COUNTED[noun]} ") and np.sum(areas, axis=0).max() == 1
    assert np.array_equal(layout.words(0)[0].mask > 0, np.any(areas, axis=0))
    labels = JUDGE.labels(drawn(layout))
    assert counted_right(layout, labels, JUDGE)
    missing = np.where(areas[1], -1, labels)
    assert not counted_right(layout, missing, JUDGE)
    more = labels.copy()
    more[-80:-4, :80] = JUDGE.names.index(noun)
    assert not counted_right(layout, more, JUDGE)


def test_the_page_asks_for_eight_things_and_every_one_counts():
    layout = the_page()
    assert len(layout.asked) == 8 and "red house" in layout.prompt
    assert np.sum([each.area for _, each in layout.asked], axis=0).max() == 1
    assert np.any([each.area for _, each in layout.asked], axis=0).all()
    rgb = in_colours(layout, drawn(layout))
    assert all(page_right(layout, rgb, JUDGE))
    for number, (_, each) in enumerate(layout.asked):
        wrong = rgb.copy()
        wrong[each.area] = CODES["sand"]
        right = page_right(layout, wrong, JUDGE)
        assert not right[number] and sum(right) == 7
    assert not page_right(layout, drawn(layout), JUDGE)[0]  # a house, and not a red one
