"""Where words go that nobody painted: stuff around what is painted, things where they may stand, apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.errors import ModelIncomplete
from engine.facts import PLACES
from engine.placing import place_words
from engine.placing.table import table_of
from engine.placing.things import spots_for
from engine.protocol import PaintedWord

SIZE = (512, 384)
ROUND = ["0000", "03c0", "0ff0", "1ff8", "3ffc", "3ffc", "7ffe", "7ffe", "7ffe", "7ffe", "3ffc", "3ffc", "1ff8", "0ff0"]
ROUND += ["03c0", "0000"]


def thing(*words: str, on: tuple[str, ...], height: tuple[float, float] = (0.2, 0.4)) -> dict:
    return {"words": words, "on": on, "height": height, "outline": ROUND}


TOLD = {
    "things": {
        "cat": thing("cat", "cats", on=("ground", "floor")),
        "sun": thing("sun", on=("sky",)),
        "balloon": thing("balloon", "balloons", on=("sky",), height=(0.15, 0.3)),
    },
    "stuff": {
        "blue sky": {"words": ["blue sky", "sky"], "band": "back", "offers": ["sky"]},
        "mountains": {"words": ["mountains"], "band": "far", "offers": []},
        "forest": {"words": ["forest"], "band": "far", "offers": []},
        "hills": {"words": ["hills", "hill"], "band": "far", "offers": ["ground"]},
        "grass": {"words": ["grass"], "band": "ground", "offers": ["ground"]},
        "lake": {"words": ["lake"], "band": "ground", "offers": ["water"]},
    },
    "settings": {"ground": ["blue sky", "grass"], "sky": ["blue sky"], "water": ["blue sky", "lake"]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / PLACES).write_text(json.dumps(TOLD))
    return tmp_path


def placed(folder: Path, prompt: str, *painted: PaintedWord, seed: int = 1) -> dict[str, np.ndarray]:
    made = place_words(folder, prompt, painted, size=SIZE, seed=seed, cell=16)
    assert all(word.mask.shape == SIZE[::-1] and word.mask.dtype == np.uint8 for word in made.words)
    return {(prompt + made.addition)[slice(*word.span)]: word.mask > 0 for word in made.words}


def painted(prompt: str, phrase: str, mask: np.ndarray, strength: float = 1.0) -> PaintedWord:
    start = prompt.index(phrase)
    return PaintedWord(span=(start, start + len(phrase)), mask=mask * np.uint8(255), strength=strength)


def middle(mask: np.ndarray) -> tuple[float, float]:
    """(y, x) of the middle of an area, as shares of the picture."""
    return tuple(float(np.mean(at)) / side for at, side in zip(np.nonzero(mask), mask.shape, strict=True))


@pytest.mark.parametrize("seed", range(12))
def test_a_landscape_has_sky_above_what_is_far_and_ground_below(folder, seed):
    prompt = ("mountains behind a lake and grass under a blue sky", "grass by a lake, mountains, blue sky")[seed % 2]
    made = placed(folder, prompt, seed=seed)
    assert sum(made.values()).max() == 1, "no place has two kinds of stuff"
    assert np.mean(sum(made.values())) == 1, "and each has one"
    order = [middle(made[name])[0] for name in ("blue sky", "mountains", "lake", "grass")]
    assert order == sorted(order)
    assert all(mask.mean() > 0.03 for mask in made.values())


@pytest.mark.parametrize("seed", range(12))
def test_things_stand_and_fly_where_they_may(folder, seed):
    prompt = "a cat on grass under the sun in a blue sky"
    made = placed(folder, prompt, seed=seed)
    foot = np.flatnonzero(made["cat"].any(1))[-1]
    assert made["grass"][foot].mean() > 0.5
    row = round(middle(made["sun"])[0] * SIZE[1])
    assert made["blue sky"][row][~(made["sun"] | made["cat"])[row]].mean() > 0.5, "of what no thing hides"
    assert not (made["cat"] & made["sun"]).any()


def test_few_things_are_large_and_many_small(folder):
    def sides(prompt: str) -> list[int]:
        made = [placed(folder, prompt, seed=seed) for seed in range(8)]
        areas = [np.nonzero(each[word]) for each in made for word in ("cat", "sun")]
        return [round(max(np.ptp(at) + 1 for at in area) / 96) * 96 for area in areas]

    assert np.mean(sides("a cat under the sun")) > 130
    assert set(sides("a cat under the sun, seven balloons")) == {96}


@pytest.mark.parametrize(("place", "offset"), [("ground", 1.0), ("sky", 0.5)])
def test_what_stands_has_its_foot_there_and_what_flies_its_middle(folder, place, offset):
    thing_ = table_of(folder).known["cat" if place == "ground" else "sun"]
    area = np.zeros(SIZE[::-1], bool)
    area[200:204] = True
    rng = np.random.default_rng(0)
    boxes = spots_for(thing_, 20, areas={place: area}, taken=[], crowd=2, cell=16, size=SIZE, rng=rng)
    assert all(abs(top + offset * (bottom - top) - 202) <= 18 for _, top, _, bottom in boxes)


@pytest.mark.parametrize("seed", range(12))
def test_as_many_are_placed_as_are_meant_and_they_can_be_counted(folder, seed):
    from scipy import ndimage

    made = placed(folder, "three balloons in the sky", seed=seed)
    assert ndimage.label(made["balloons"], np.ones((3, 3)))[1] == 3


def test_hills_are_the_ground_where_there_is_no_other(folder):
    made = placed(folder, "a cat on a hill, blue sky")
    assert middle(made["hill"])[0] > 0.6 and made["hill"][-1].all()
    both = placed(folder, "a hill, grass, blue sky")
    assert middle(both["hill"])[0] < middle(both["grass"])[0] and not both["hill"][-1].any()


def test_what_is_painted_stays_and_the_rest_goes_around_it(folder):
    prompt = "a cat and a lake under a blue sky with the sun"
    lake = np.zeros(SIZE[::-1], bool)
    lake[200:] = True
    cat = np.zeros_like(lake)
    cat[120:260, 100:240] = True
    made = placed(folder, prompt, painted(prompt, "lake", lake), painted(prompt, "cat", cat))
    assert set(made) == {"blue sky", "sun"}
    assert np.array_equal(made["blue sky"] | made["sun"] | cat, ~lake | made["sun"] | cat)
    assert not (made["blue sky"] & (cat | made["sun"])).any(), "what things hide is none of it"
    assert not (made["sun"] & cat).any()


def test_a_word_that_is_pushed_out_is_not_in_the_way(folder):
    prompt = "a lake and grass"
    everywhere = np.ones(SIZE[::-1], bool)
    made = placed(folder, prompt, painted(prompt, "lake", everywhere, strength=-1.0))
    assert set(made) == {"grass", "blue sky"} and (made["grass"] | made["blue sky"]).all()


@pytest.mark.parametrize("seed", range(6))
def test_what_is_far_lies_on_the_ground_that_is_painted_one_behind_the_other(folder, seed):
    prompt = "mountains and a forest by a lake, blue sky"
    lake = np.zeros(SIZE[::-1], bool)
    lake[320:] = True
    made = placed(folder, prompt, painted(prompt, "lake", lake), seed=seed)
    assert sum(made.values()).max() == 1
    order = [middle(made[name])[0] for name in ("blue sky", "mountains", "forest")]
    assert order == sorted(order) and all(mask.mean() > 0.03 for mask in made.values())
    assert made["forest"][319].mean() > 0.95 and made["blue sky"][:125].all()


def test_the_same_seed_gives_the_same_places_and_another_one_others(folder):
    first, again, other = (placed(folder, "a cat, the sun, grass", seed=seed) for seed in (3, 3, 4))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["cat"], other["cat"])


def test_a_thing_stays_where_it_is_when_other_words_change(folder):
    before, after = placed(folder, "a cat on grass"), placed(folder, "a little cat stands on wet grass")
    assert np.array_equal(before["cat"], after["little cat"])


@pytest.mark.parametrize(
    ("prompt", "unsaid"),
    [
        ("a cat", {"blue sky", "grass"}),
        ("a cat under a blue sky", {"grass"}),
        ("three balloons", {"blue sky"}),
        ("a cat by a lake", {"blue sky"}),
        ("a cat on a hill", {"blue sky"}),
        ("mountains", {"blue sky", "grass"}),
        ("a cat, grass, sky", set()),
        ("the sun in the sky", set()),
    ],
)
def test_a_page_has_the_sky_and_the_ground_that_nobody_mentions(folder, prompt, unsaid):
    made = place_words(folder, prompt, (), size=SIZE, seed=2, cell=16)
    assert set(filter(None, made.addition.split(", "))) == unsaid
    whole = placed(folder, prompt, seed=2)
    assert unsaid < set(whole)
    assert np.all(np.any(list(whole.values()), 0))


def test_nothing_is_added_where_everything_is_painted(folder):
    prompt = "a cat on grass"
    grass = np.ones(SIZE[::-1], bool)
    made = place_words(folder, prompt, [painted(prompt, "grass", grass)], size=SIZE, seed=0, cell=16)
    assert made.addition == "" and len(made.words) == 1


def test_models_without_a_table_place_nothing(tmp_path):
    assert placed(tmp_path, "a cat on grass") == {}


@pytest.mark.parametrize(
    "damage",
    [
        {"things": {}},
        TOLD | {"settings": {"ground": ["cat"]}},
        TOLD | {"settings": {"ground": ["dog"]}},
        {"things": {"cat": {"words": ["cat"]}}, "stuff": {}, "settings": {}},
        {"things": {"cat": thing("cat", on=("ground",)) | {"outline": ["0000"] * 16}}, "stuff": {}, "settings": {}},
        {"things": {}, "stuff": {"sky": {"words": ["sky"], "band": "up", "offers": []}}, "settings": {}},
        {"things": [], "stuff": []},
    ],
)
def test_a_damaged_table_is_an_error_that_says_so(tmp_path, damage):
    (tmp_path / PLACES).write_text(json.dumps(damage))
    with pytest.raises(ModelIncomplete, match=r"places\.json"):
        place_words(tmp_path, "a cat", (), size=SIZE, seed=0, cell=16)
