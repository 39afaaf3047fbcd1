"""Pairs of one noun: two areas that keep apart, each in a colour that the caption tells."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from engine.world.objects import SKY_THINGS, THINGS
from engine.world.pairs import NOUNS, pair_scene
from engine.world.scenes import HELD_OUT, NAMES, Render


@pytest.fixture(scope="module")
def scenes() -> list[Render]:
    return [pair_scene(HELD_OUT + seed) for seed in range(24)]


def test_each_scene_has_two_of_one_noun_in_two_colours_and_its_caption_tells_both(scenes: list[Render]) -> None:
    for scene in scenes:
        first, second = (item for item in scene.items if item.name in NOUNS)
        assert first.name == second.name and first.colour != second.colour
        for item in (first, second):
            assert item.colour in THINGS[item.name].colours
            assert f"{item.colour} {item.name}" in scene.caption
            assert np.all(scene.labels[item.area] == NAMES.index(item.name))
            assert 0.01 < item.area.mean() < 0.25


def test_one_is_in_each_half_and_their_areas_keep_apart(scenes: list[Render]) -> None:
    for scene in scenes:
        areas = sorted((np.nonzero(item.area)[1] for item in scene.items if item.name in NOUNS), key=np.mean)
        assert areas[0].max() < 128 <= areas[1].min()


def test_the_widest_things_keep_to_their_halves_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(THINGS, "house", dataclasses.replace(THINGS["house"], heights=(0.46, 0.46)))
    for seed in range(6):
        houses = [item.area for item in pair_scene(seed, nouns=["house"]).items if item.name == "house"]
        left, right = sorted((np.nonzero(area)[1] for area in houses), key=np.mean)
        assert left.max() < 128 <= right.min()


def test_the_caption_tells_nothing_of_which_is_where(scenes: list[Render]) -> None:
    left_first = []
    for scene in scenes:
        first, second = (item for item in scene.items if item.name in NOUNS)
        left_first.append(np.nonzero(first.area)[1].mean() < np.nonzero(second.area)[1].mean())
    assert 4 < sum(left_first) < 20


def test_what_flies_hangs_in_the_sky_and_what_stands_reaches_the_ground() -> None:
    for noun in NOUNS:
        scene = pair_scene(HELD_OUT + 1, nouns=[noun])
        lowest = max(np.nonzero(item.area)[0].max() for item in scene.items if item.name == noun)
        ground = scene.items[[item.name in NAMES[10:18] for item in scene.items].index(True)]
        top = np.nonzero(ground.area)[0].min()
        assert (lowest < top + 24) if noun in SKY_THINGS else (lowest > top), noun


def test_the_same_seed_is_the_same_scene() -> None:
    one, other = pair_scene(7), pair_scene(7)
    assert one.caption == other.caption and np.array_equal(one.rgb, other.rgb)
    assert pair_scene(8).caption != one.caption
