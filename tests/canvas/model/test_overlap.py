"""Things keep their area to themselves, stuff shares; what the painter says counts more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from canvas.model import edits
from canvas.model.overlap import barriers, is_exclusive, is_thing, pushed
from canvas.model.scene import Scene


@pytest.mark.parametrize("phrase", ["house", "red house", "two dogs", "Haus", "the old king’s castle"])
def test_a_thing_has_a_shape_of_its_own(phrase):
    assert is_thing(phrase)


@pytest.mark.parametrize("phrase", ["sky", "blue sky", "wild grass", "red", "golden", "!", ""])
def test_stuff_and_qualities_are_no_things(phrase):
    assert not is_thing(phrase)


def scene_of(*phrases: str) -> tuple[Scene, list[str]]:
    scene, ids = Scene(prompt=" and ".join(phrases), size=(64, 64)), []
    for phrase in phrases:
        start = scene.prompt.index(phrase)
        scene, word_id = edits.add_word(scene, (start, start + len(phrase)))
        ids.append(word_id)
    return scene, ids


def test_a_thing_pushes_all_others_and_stuff_stops_at_it():
    scene, (house, sky, tree) = scene_of("house", "sky", "tree")
    assert pushed(scene, house) == (sky, tree) and barriers(scene, house) == ()
    assert pushed(scene, sky) == () and barriers(scene, sky) == (house, tree)


def test_what_the_painter_says_counts_more_than_the_noun():
    scene, (house, sky) = scene_of("house", "sky")
    scene = scene.with_word(replace(scene.word(house), exclusive=False))
    assert not is_exclusive(scene.word(house)) and pushed(scene, house) == () and barriers(scene, sky) == ()


def test_a_locked_word_neither_makes_room_nor_is_painted_over():
    scene, (house, sky, tree) = scene_of("house", "sky", "tree")
    scene = scene.with_word(replace(scene.word(sky), locked=True))
    assert pushed(scene, house) == (tree,) and barriers(scene, house) == (sky,)


def test_words_of_the_same_letters_may_lie_on_one_another():
    scene = Scene(prompt="a red house", size=(64, 64))
    scene, whole = edits.add_word(scene, (2, 11))
    scene, part = edits.add_word(scene, (6, 11))
    assert pushed(scene, whole) == () and barriers(scene, part) == ()
