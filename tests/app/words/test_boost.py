"""Boost weak words: who is raised, by how much, up to where, and what is said of it."""

from __future__ import annotations

import pytest

from app.image_info.scores import Reading, read, scores_of
from app.words.boost import MOST, plan, strengthened
from canvas.model import edits
from canvas.model.scene import Scene


def scene_of(*strengths: float) -> Scene:
    """A scene whose words are painted all over, one strength each."""
    names = [f"thing{index}" for index in range(len(strengths))]
    scene = Scene(" ".join(names), size=(64, 64))
    at = 0
    for name, strength in zip(names, strengths, strict=True):
        scene, word = edits.add_word(scene, (at, at + len(name)))
        scene = edits.change_word(edits.fill_word(scene, word), word, strength=strength)
        at += len(name) + 1
    return scene


def planned(scene: Scene, *seen: float | None):
    """The plan for words of which so much is seen, and which draw as little attention as missing ones do."""
    return plan(scene, read(scores_of(scene, [0.05] * len(seen), seen), scene, scene))


def test_only_what_strays_is_raised():
    todo = planned(scene_of(1.0, 1.0, 0.4), 0.9, 0.0, 0.01)
    assert [(each.word_id, each.before, each.after) for each in todo.raises] == [("w2", 1.0, 1.5), ("w3", 0.4, 0.6)]
    assert "“thing1” 1.00 → 1.50" in todo.text and "same seed" in todo.text


def test_a_word_whose_signs_differ_is_left_as_it_is():
    scene = scene_of(1.0, 1.0, 1.0)
    todo = plan(scene, read(scores_of(scene, (0.1, 0.9, 0.1), (0.8, 0.0, 0.0)), scene, scene))
    assert [each.word_id for each in todo.raises] == ["w3"]


def test_nobody_goes_past_the_end_of_the_slider():
    todo = planned(scene_of(1.6, 2.0, 5.0), 0.0, 0.0, 0.0)
    assert [(each.phrase, each.after) for each in todo.raises] == [("thing0", MOST)]
    assert todo.at_limit == ("“thing1”", "“thing2”")
    assert "“thing1” and “thing2” are at the limit of 2.00" in todo.text


def test_all_at_the_limit_is_said_with_another_way_out():
    todo = planned(scene_of(2.0), 0.0)
    assert not todo.raises and "is at the limit" in todo.text and "fidelity" in todo.text


def test_nothing_that_strays_is_said():
    todo = planned(scene_of(1.0, 1.0), 0.9, None)
    assert not todo.raises and todo.text.startswith("No word is known to be weak")


def test_a_word_that_is_pushed_out_is_pushed_harder():
    todo = planned(scene_of(-1.0, -1.5, -2.0), 0.1, 0.1, 0.1)
    assert [each.after for each in todo.raises] == [-1.5, -2.0] and todo.at_limit == ("“thing2”",)


def test_without_eyes_it_falls_back_on_attention_and_says_so():
    scene = scene_of(1.0, 1.0, 2.0, -1.0)
    todo = plan(scene, read(scores_of(scene, (0.05, 0.6, 0.1, 0.05), ()), scene, scene))
    assert [(each.word_id, each.after) for each in todo.raises] == [("w1", 1.5)]
    assert todo.at_limit == ("“thing2”",) and todo.guessed
    assert "attention alone" in todo.text and "same seed" in todo.text
    told = planned(scene_of(1.0), 0.0)
    assert not told.guessed and "attention alone" not in told.text


def test_nothing_measured_and_changes_since_are_told_apart():
    scene = scene_of(1.0)
    assert "not measured" in plan(scene, Reading()).text
    old = read(scores_of(scene, (0.1,), ()), scene, edits.clear_word(scene, "w1"))
    assert "has changed since" in plan(scene, old).text and not plan(scene, old).raises


def test_many_words_are_counted_and_not_listed():
    todo = planned(scene_of(*[1.0] * 64), *[0.0] * 64)
    assert len(todo.raises) == 64 and "60 more" in todo.text and len(todo.text) < 250


@pytest.mark.parametrize("strength", [0.01, 0.05, 1.99, -0.01])
def test_a_raise_is_always_one_that_counts(strength):
    (change,) = planned(scene_of(strength), 0.0).raises
    assert abs(change.after) > abs(change.before)


def test_the_scene_gets_the_strengths():
    scene = strengthened(scene_of(1.0, 1.0), {"w2": 1.5})
    assert [word.strength for word in scene.words] == [1.0, 1.5]
