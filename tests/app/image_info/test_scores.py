"""Scores of a picture: whose they are, what they say, and when they are of yesterday."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from app.image_info.scores import (
    SHOWN,
    UNDRAWN,
    UNDRAWN_TIMES,
    UNSEEN,
    Reading,
    Score,
    Verdict,
    WordScore,
    read,
    scores_of,
)
from canvas.model import edits
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask


def half(size=(64, 64)) -> TiledMask:
    array = np.zeros((size[1], size[0]), np.uint8)
    array[:, :32] = 255
    return TiledMask.from_array(array)


@pytest.fixture
def scene() -> Scene:
    """A lake on the left, a sky everywhere, a house without paint."""
    scene = Scene("a lake, a sky, a house", size=(64, 64))
    for span in ((2, 6), (10, 13), (17, 22)):
        scene, _ = edits.add_word(scene, span)
    return edits.fill_word(edits.set_mask(scene, "w1", half()), "w2")


def test_scores_go_to_the_words_that_acted(scene):
    scene = edits.change_word(scene, "w1", strength=0.0)  # then it is not in the request
    assert scores_of(scene, (0.7,), (0.9,)) == {"w2": Score(0.7, 0.9)}


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_is_no_number_is_not_known(scene, value):
    assert scores_of(scene, (value, 0.5), (value, None)) == {"w2": Score(0.5)}
    assert scores_of(scene, (), ()) == {}
    assert scores_of(scene, (-0.2, 1.7), ()) == {"w1": Score(0.0), "w2": Score(1.0)}


@pytest.mark.parametrize(
    ("score", "verdict"),
    [
        (Score(0.9, 0.9), Verdict.GOOD),
        (Score(None, SHOWN), Verdict.GOOD),
        (Score(0.1, SHOWN), Verdict.GOOD),  # a small thing draws little, where it is too
        (Score(0.9, SHOWN - 0.01), Verdict.UNSURE),
        (Score(UNDRAWN - 0.01, UNSEEN - 0.01), Verdict.WEAK),
        (Score(UNDRAWN, UNSEEN - 0.01), Verdict.UNSURE),
        (Score(UNDRAWN - 0.01, UNSEEN), Verdict.UNSURE),
        (Score(None, 0.0), Verdict.UNSURE),
        (Score(0.99), Verdict.UNSURE),
        (Score(0.01), Verdict.UNSURE),
        (Score(), Verdict.UNSURE),
    ],
)
def test_a_verdict_is_given_only_where_the_signs_agree(score, verdict):
    assert score.verdict is verdict
    assert WordScore(score, stale=True).verdict is Verdict.UNSURE


def measured() -> list[tuple[str, str, Score]]:
    """Painted words of pictures of the starter: the word, what a person saw of it, and what was measured."""
    with (Path(__file__).parent / "words_looked_at.csv").open() as file:
        return [
            (row["word"], row["looked"], Score(float(row["obedience"]), float(row["seen"]) if row["seen"] else None))
            for row in csv.DictReader(file)
        ]


def test_no_light_is_wrong_about_the_words_that_were_looked_at_and_most_are_lit():
    found = Counter((looked, score.verdict) for _word, looked, score in measured())
    assert found == {
        ("right", Verdict.GOOD): 85, ("right", Verdict.UNSURE): 7,
        ("wrong", Verdict.WEAK): 14, ("wrong", Verdict.UNSURE): 13,
        ("unclear", Verdict.GOOD): 16, ("unclear", Verdict.UNSURE): 4,
    }  # fmt: skip


def test_a_perfect_sky_is_always_called_good():
    skies = [score for word, looked, score in measured() if word.endswith("sky") and looked == "right"]
    assert len(skies) > 10 and {score.verdict for score in skies} == {Verdict.GOOD}


@pytest.mark.parametrize(
    ("obedience", "seen", "verdict"),
    [(0.95, 1.0, Verdict.GOOD), (0.9, 0.3, Verdict.WEAK), (0.9, 0.7, Verdict.UNSURE), (0.5, 1.0, Verdict.UNSURE)],
)
def test_a_word_that_is_pushed_out_is_judged_by_what_stayed_outside(scene, obedience, seen, verdict):
    scene = edits.change_word(scene, "w1", strength=-1.0)
    score = scores_of(scene, (obedience, 0.8), (seen, 1.0))["w1"]
    assert score == Score(obedience, seen, pushed=True) and score.verdict is verdict


def test_the_whole_is_the_mean_of_what_is_known(scene):
    reading = read(scores_of(scene, (0.4, 0.8), (None, 0.6)), scene, scene)
    assert reading.whole.obedience == pytest.approx(0.6) and reading.whole.seen == 0.6
    assert not reading.stale and not any(word.stale for word in reading.words.values())


def test_nothing_measured_is_an_empty_reading(scene):
    assert read({}, scene, scene) == Reading() and read({"w1": Score(0.5)}, None, scene) == Reading()
    assert not Reading().whole.known


def test_other_paint_makes_that_word_and_the_whole_stale(scene):
    reading = read(scores_of(scene, (0.4, 0.8), ()), scene, edits.fill_word(scene, "w1"))
    assert reading.stale and reading.words["w1"].stale and not reading.words["w2"].stale


@pytest.mark.parametrize("change", [
    lambda scene: edits.change_word(scene, "w2", strength=1.5),
    lambda scene: edits.change_word(scene, "w2", window=(0.0, 0.5)),
    lambda scene: edits.set_prompt(scene, "a lake, a sky, a house, fog"),
    lambda scene: edits.set_negative(scene, "fog"),
    lambda scene: edits.set_size(scene, (96, 64)),
    lambda scene: edits.remove_word(scene, "w2"),
    lambda scene: edits.fill_word(scene, "w3"),
])  # fmt: skip
def test_anything_else_of_paint_and_prompt_makes_the_whole_stale(scene, change):
    assert read(scores_of(scene, (0.4, 0.8), ()), scene, change(scene)).stale


def test_what_changes_no_layout_leaves_it_fresh(scene):
    other = edits.set_settings(edits.change_word(scene, "w1", color="#112233", visible=False), seed=9)
    assert not read(scores_of(scene, (0.4, 0.8), ()), scene, other).stale


def test_undo_of_a_stroke_makes_it_fresh_again_even_where_the_mask_is_another_object(scene):
    again = edits.set_mask(edits.fill_word(scene, "w1"), "w1", half())
    assert not read(scores_of(scene, (0.4, 0.8), ()), scene, again).stale


def test_words_of_another_scene_with_the_same_ids_get_no_scores(scene):
    other, _ = edits.add_word(Scene("two birds", size=(64, 64)), (4, 9))
    assert other.words[0].id == "w1"
    reading = read(scores_of(scene, (0.4, 0.8), ()), scene, edits.fill_word(other, "w1"))
    assert reading.words == {} and reading.stale


@pytest.mark.parametrize(
    ("score", "area", "undrawn"),
    [
        (Score(0.12), 0.3, True),
        (Score(UNDRAWN), 0.3, False),
        (Score(0.03), 0.03 / UNDRAWN_TIMES + 0.001, True),
        (Score(0.03), 0.03 / UNDRAWN_TIMES - 0.001, False),  # a small thing that draws more than chance
        (Score(0.0), 0.0, False),
        (Score(0.01, pushed=True), 0.3, False),
        (Score(None), 0.3, False),
    ],
)
def test_attention_alone_names_words_that_draw_little_and_less_than_twice_by_chance(score, area, undrawn):
    assert WordScore(score, stale=False, area=area).undrawn is undrawn
    assert not WordScore(score, stale=True, area=area).undrawn
    assert score.verdict is Verdict.UNSURE, "it lights nothing"


def test_attention_alone_is_asked_only_where_no_word_was_looked_for(scene):
    assert read(scores_of(scene, (0.05, 0.9), ()), scene, scene).undrawn == {"w1"}
    assert read(scores_of(scene, (0.05, 0.9), (None, 0.9)), scene, scene).undrawn == set()
    assert read(scores_of(scene, (0.05, 0.9), ()), scene, edits.clear_word(scene, "w1")).undrawn == set()
