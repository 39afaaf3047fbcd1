"""Marks of a prompt: strengths, choices by the seed, comments; and words that keep to their text meanwhile."""

from __future__ import annotations

import itertools
import random

import pytest

from canvas.model import edits
from canvas.model.loras import as_read
from canvas.model.prompt_marks import cuts_of, find_weights, has_marks, take_weight
from canvas.model.scene import Scene


def read(prompt: str, seed: int = 0) -> str:
    return as_read(edits.set_settings(Scene(prompt=prompt), seed=seed)).prompt


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("a (red house:1.3) by a lake", "a red house by a lake"),
        ("( lake :.5), (hills:-1)", "lake, hills"),
        ("a lake # with fog\nand hills", "a lake\nand hills"),
        ("# notes\na lake", "a lake"),
        ("a lake #", "a lake"),
        ("<lora:fog:0.5> (lake:1.2)", "lake"),
    ],
)
def test_marks_are_not_read(prompt, wanted):
    assert read(prompt) == wanted and has_marks(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "a (red) house",
        "at 10:30 (noon)",
        "{one}",
        "C# and #fog",
        "a {b",
        "a|b",
        "(a:b)",
        "(:1.2)",
        r"\(lake:1.2)",
        "()",
    ],
)
def test_what_only_looks_like_a_mark_is_text(prompt):
    assert read(prompt) == prompt and not has_marks(prompt)


def test_choices_go_by_the_seed_and_each_is_made():
    prompt = "a {red|blue|green} {house|ship}"
    found = {read(prompt, seed) for seed in range(60)}
    assert found == {f"a {color} {thing}" for color in ("red", "blue", "green") for thing in ("house", "ship")}
    assert read(prompt, 7) == read(prompt, 7)
    assert {read("{a {x|y}|b}", seed) for seed in range(40)} == {"a x", "a y", "b"}
    assert {read("a {|very }old tree", seed) for seed in range(20)} == {"a old tree", "a very old tree"}


def test_words_stay_on_their_text_and_what_was_not_chosen_has_no_place():
    prompt = "# sketch\na {lake|sea} under (hills:1.5) # end"
    scene = Scene(prompt=prompt)
    ids = {}
    for phrase in ("lake", "sea", "under", "hills"):
        start = prompt.index(phrase)
        scene, ids[phrase] = edits.add_word(scene, (start, start + len(phrase)))
    scene = edits.change_word(scene, ids["hills"], strength=0.5)
    for seed in range(6):
        found = as_read(edits.set_settings(scene, seed=seed))
        for phrase, word_id in ids.items():
            word = found.word(word_id)
            if phrase in found.prompt:
                assert word.span is not None and found.prompt[slice(*word.span)] == word.phrase == phrase
            else:
                assert word.span is None
        assert found.word(ids["hills"]).strength == 0.75


def test_a_typed_strength_becomes_the_words_and_the_mark_goes():
    scene, lake = edits.add_word(Scene(prompt="(lake:1.3) and hills"), (1, 5))
    found, word_id = take_weight(scene, find_weights(scene.prompt)[0])
    assert (found.prompt, word_id, found.word(lake).strength) == ("lake and hills", lake, 1.3)
    assert found.word(lake).span == (0, 4)


def test_any_text_is_cut_in_order_and_apart():
    rng = random.Random(4)
    for _ in range(300):
        prompt = "".join(rng.choice("ab(){}|:1.#\n <") for _ in range(rng.randrange(40)))
        cuts = cuts_of(prompt, 1)
        assert all(a < b for a, b in cuts) and all(b < c for (_, b), (c, _) in itertools.pairwise(cuts))
