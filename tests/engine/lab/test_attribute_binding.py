"""Two of a noun: the verdict is right on the world's own drawings and wrong wherever a painter would say so."""

from __future__ import annotations

import numpy as np
import pytest

from engine.lab import attribute_binding
from engine.lab.attribute_binding import able_nouns, count_right, is_right, summary, typical_colour
from engine.lab.segmentation_eval import load_judge
from engine.world.pairs import NOUNS, pair_scene
from engine.world.scenes import HELD_OUT, NAMES, Render
from tests.engine.lab.test_layout import ColourJudge, Oracle


@pytest.fixture(scope="module")
def pairs() -> list[Render]:
    """Four of each noun."""
    return [pair_scene(HELD_OUT + 50 + seed, nouns=[noun]) for noun in NOUNS for seed in range(4)]


def test_the_worlds_own_drawings_are_right_and_wrong_once_the_colours_are_exchanged(pairs: list[Render]) -> None:
    rgb, judge = np.stack([pair.rgb for pair in pairs]), Oracle(pairs)
    assert count_right(pairs, rgb, judge).all()
    assert not count_right(pairs, rgb, judge, exchanged=True).any()


def test_the_programs_own_judge_never_takes_one_colour_for_the_other(pairs: list[Render]) -> None:
    rgb, judge = np.stack([pair.rgb for pair in pairs]), load_judge()
    assert count_right(pairs, rgb, judge, exchanged=True).mean() < 0.05


def test_pictures_with_the_two_swapped_or_both_in_one_colour_are_wrong(pairs: list[Render]) -> None:
    for pair in pairs[::4]:
        one, other = attribute_binding.same_noun_items(pair)
        for wrong in ("swapped", "alike"):
            rgb = pair.rgb.copy()
            tint = typical_colour_rgb(other), typical_colour_rgb(one if wrong == "swapped" else other)
            rgb[one.area], rgb[other.area] = tint
            assert not is_right(pair, rgb, pair.labels), wrong
        rgb = pair.rgb.copy()
        rgb[one.area], rgb[other.area] = typical_colour_rgb(one), typical_colour_rgb(other)
        assert is_right(pair, rgb, pair.labels)


def typical_colour_rgb(item: attribute_binding.Item) -> np.ndarray:
    """The mean of the noun's drawing in its colour, uint8 `[3]`."""
    pair = pair_scene(3, nouns=[item.name])
    seed = 3
    while item.colour not in (own := {each.colour: each for each in attribute_binding.same_noun_items(pair)}):
        seed += 1
        pair = pair_scene(seed, nouns=[item.name])
    return pair.rgb[own[item.colour].area].mean(axis=0).astype(np.uint8)


def test_one_of_the_two_missing_or_too_small_is_wrong(pairs: list[Render]) -> None:
    pair = pairs[0]
    item = attribute_binding.same_noun_items(pair)[1]
    cells = np.flatnonzero(item.area)
    for share, right in ((0.2, False), (0.3, True)):
        labels = pair.labels.copy()
        labels.flat[cells[int(share * len(cells)) :]] = len(NAMES)
        rgb = pair.rgb.copy()
        rgb[item.area] = typical_colour_rgb(item)
        assert is_right(pair, rgb, labels) is right


def test_the_typical_colour_is_the_nouns_with_its_roof_and_windows() -> None:
    red, blue = typical_colour("house", "red"), typical_colour("house", "blue")
    assert red[1] > 20 and blue[2] < 0 and 30 < red[0] < 60
    assert not np.allclose(red, typical_colour("balloon", "red"))


def test_nouns_that_the_judge_cannot_tell_are_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attribute_binding, "CHECKS", 2)
    judge = Oracle(
        [
            pair_scene(attribute_binding._CHECK_SEEDS + i, nouns=[noun])
            for k, noun in enumerate(NOUNS)
            for i in (2 * k, 2 * k + 1)
        ]
    )
    assert able_nouns(judge) == NOUNS
    blind = NAMES.index("kite")
    for key, labels in judge.labels.items():
        judge.labels[key] = np.where(labels == blind, 0, labels)
    assert able_nouns(judge) == tuple(noun for noun in NOUNS if noun != "kite")
    assert able_nouns(ColourJudge()) == NOUNS, "who can tell none is asked for all, and the ceiling says it"


def test_a_summary_counts_and_has_the_interval_and_the_ceiling() -> None:
    found = summary(np.array([True] * 80 + [False] * 20), 0.97)
    assert (found["n"], found["right"], found["ceiling"]) == (100, 0.8, 0.97)
    assert 0.68 < found["right_ci"][0] < 0.8 < found["right_ci"][1] < 0.9
