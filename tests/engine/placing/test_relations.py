"""Words between two phrases say where a thing is to another: read from the prompt, and seen in what is placed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.facts import PLACES
from engine.placing.mentions import mentions
from engine.placing.relations import candidates, relations
from tests.engine.placing.test_place_words import SIZE, TOLD, painted, placed, thing

OTHERS = {
    "tree": thing("tree", "trees", on=("ground",), height=(0.4, 0.5)),
    "bird": thing("bird", "birds", on=("sky",), height=(0.12, 0.16)),
    "house": thing("house", "houses", on=("ground",), height=(0.3, 0.4)),
}
KNOWN = TOLD | {"things": TOLD["things"] | OTHERS}
SEEDS = range(8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / PLACES).write_text(json.dumps(KNOWN))
    return tmp_path


def read(prompt: str) -> list[tuple[str, str, str]]:
    """(thing, how, other) of all relations that a prompt says."""
    words = {word: name for kind in ("things", "stuff") for name, own in KNOWN[kind].items() for word in own["words"]}
    said = mentions(prompt, words)
    found = zip(said, relations(prompt, said), strict=True)
    return [(one.name, how.kind, said[how.other].name) for one, how in found if how is not None]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a cat on a house", [("cat", "on", "house")]),
        ("a bird in a tree on grass", [("bird", "in", "tree"), ("tree", "on", "grass")]),
        ("a cat in front of a house", [("cat", "before", "house")]),
        ("a cat behind a house", [("cat", "behind", "house")]),
        ("a cat next to the big old tree", [("cat", "beside", "tree")]),
        ("a cat and a bird on a house", [("cat", "on", "house"), ("bird", "on", "house")]),
        ("a cat, a bird and a house", []),
        ("a cat with a house", []),
        ("a cat by a barn with a house", []),
        ("a cat by a barn, a house", []),
        ("a cat on top of the house", [("cat", "on", "house")]),
        ("a cat", []),
    ],
)
def test_prepositions_say_how_a_thing_is_to_the_next(prompt, expected):
    assert read(prompt) == expected


def box(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_on_another_thing_stands_on_its_top_and_hides_some_of_it(folder, seed):
    made = placed(folder, "a bird on a house, grass, blue sky", seed=seed)
    (left, _, right, foot), (outer_left, top, outer_right, bottom) = box(made["bird"]), box(made["house"])
    assert outer_left <= (left + right) / 2 <= outer_right
    assert top - 16 <= foot <= (top + bottom) / 2 + 16
    assert right - left <= 0.8 * (outer_right - outer_left)
    assert not (made["bird"] & made["house"]).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_beside_is_apart_on_the_same_ground_and_behind_is_hidden_in_part(folder, seed):
    beside = placed(folder, "a cat beside a house, grass, blue sky", seed=seed)
    cat, house = box(beside["cat"]), box(beside["house"])
    assert abs(cat[3] - house[3]) <= 32 and not (beside["cat"] & beside["house"]).any()
    assert max(cat[0] - house[2], house[0] - cat[2]) <= 64
    behind = placed(folder, "a tree behind a house, grass, blue sky", seed=seed)
    tree, house = box(behind["tree"]), box(behind["house"])
    assert tree[0] < house[2] and house[0] < tree[2] and not (behind["tree"] & behind["house"]).any()


def test_what_is_painted_is_stood_on_too_and_stays(folder):
    prompt = "a bird on a house, grass, blue sky"
    house = np.zeros(SIZE[::-1], bool)
    house[200:300, 60:160] = True
    made = placed(folder, prompt, painted(prompt, "house", house))
    left, _, right, foot = box(made["bird"])
    assert 60 <= (left + right) / 2 <= 160 and 184 <= foot <= 250


def test_what_flies_is_not_beside_what_stands(folder):
    for seed in SEEDS:
        made = placed(folder, "a bird beside a tree, grass, blue sky", seed=seed)
        assert box(made["bird"])[1] < box(made["grass"])[1], "it is in the sky"


def test_what_stands_is_not_right_below_what_flies(folder):
    apart = []
    for seed in SEEDS:
        made = placed(folder, "a cat under a bird, grass, blue sky", seed=seed)
        (left, _, right, _), (bird_left, _, bird_right, _) = box(made["cat"]), box(made["bird"])
        apart.append(bird_right <= left or right <= bird_left)
    assert any(apart)


def test_there_is_room_beside_what_is_beside_a_thing():
    near, _, further, _ = candidates("beside", 100, 100, (200, 100, 300, 200), np.ones((16, 16), bool))
    assert near[0] - 50 > 300 and further[0] - 50 >= near[0] + 50


def test_on_stuff_is_within_its_area(folder):
    for seed in SEEDS:
        made = placed(folder, "a cat on a hill, grass, blue sky", seed=seed)
        left, _, right, foot = box(made["cat"])
        assert made["hill"][max(0, foot - 24) : foot + 24, left:right].any()
        made = placed(folder, "a cat and a bird on grass, blue sky", seed=seed)
        assert made["grass"][box(made["cat"])[3]].any()
        assert box(made["bird"])[1] < box(made["grass"])[1], "it is none of those that stand"


@pytest.mark.parametrize("kind", ["on", "in", "under", "above", "beside", "behind", "before"])
def test_every_relation_has_several_spots(kind):
    assert list(candidates(kind, 60, 80, (100, 100, 200, 300), np.eye(16, 1, dtype=bool))), "of any outline"
    spots = list(candidates(kind, 60, 80, (100, 100, 200, 300), np.ones((16, 8), bool)))
    assert len(set(spots)) == len(spots) >= 2
    middle, foot = spots[0]
    assert {
        "on": foot < 150, "in": foot < 200, "under": foot >= 300, "above": foot < 100, "beside": middle > 200,
        "behind": foot < 300, "before": foot > 300,
    }[kind]  # fmt: skip
