"""Which words are watched, and which map belongs to which word of a prompt that has changed since."""

from __future__ import annotations

import numpy as np
import pytest

from app.image_info.heatmaps import MOST_WATCHED, Heatmaps, heatmaps_of, watched_spans
from canvas.model import edits
from canvas.model.scene import Scene

PROMPT = "a red house by the lake and a house"
SPANS = ((2, 11), (2, 5), (6, 11), (19, 23), (30, 35))


def maps(count: int) -> np.ndarray:
    """Map i has a spot of i + 1 in cell i."""
    found = np.zeros((count, 3, 4), np.float32)
    for index in range(count):
        found[index].flat[index] = index + 1
    return found


def test_the_scenes_words_are_watched_and_every_other_word_that_names_something():
    scene, _ = edits.add_word(Scene(PROMPT), (2, 11))
    assert watched_spans(scene) == SPANS
    assert watched_spans(Scene("the and of")) == () and watched_spans(Scene("")) == ()


def test_a_word_that_is_gone_is_not_watched():
    scene, _ = edits.add_word(Scene("a cat"), (2, 5))
    assert watched_spans(edits.set_prompt(scene, "a dog")) == ((2, 5),)


def test_a_prompt_without_end_is_watched_in_part_the_scenes_words_first():
    prompt = "lake " * 1000 + "sky"
    scene, _ = edits.add_word(Scene(prompt), (5000, 5003))
    spans = watched_spans(scene)
    assert len(spans) == MOST_WATCHED and spans[0] == (5000, 5003)


def test_signs_are_watched_too():
    assert watched_spans(Scene("🦊 on a ☃")) == ((0, 1), (7, 8))


def test_each_occurrence_has_its_own_map():
    found = Heatmaps(PROMPT, SPANS, maps(5))
    for index, span in enumerate(SPANS):
        assert found.of(PROMPT, span)[index // 4, index % 4] == index + 1


def test_words_that_moved_keep_their_maps_and_new_ones_have_none():
    found = Heatmaps(PROMPT, SPANS, maps(5))
    now = "evening, a red house by the small lake and a house"
    assert found.of(now, (34, 38)).max() == 4
    assert found.of(now, (28, 33)) is None and found.of(now, (0, 7)) is None
    assert found.of("something else", (0, 9)) is None


def test_a_phrase_that_was_not_watched_is_the_sum_of_its_words():
    found = Heatmaps(PROMPT, SPANS[1:], maps(4))
    both = found.of(PROMPT, (2, 11))
    assert both[0, 0] == 1 and both[0, 1] == 2 and both.sum() == 3


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, -1.0])
def test_a_map_without_heat_is_none(value):
    found = Heatmaps("a cat", ((2, 5),), np.full((1, 2, 2), value, np.float32))
    assert found.of("a cat", (2, 5)) is None


def test_a_model_without_heatmaps_has_none_and_neither_has_one_that_answers_something_else():
    assert heatmaps_of(PROMPT, SPANS, None) is None
    assert heatmaps_of(PROMPT, SPANS, maps(4)) is None
    assert heatmaps_of(PROMPT, (), maps(0)) is None
    assert heatmaps_of(PROMPT, SPANS, maps(5)[0]) is None
    assert heatmaps_of(PROMPT, SPANS, maps(5)).of(PROMPT, (2, 11)) is not None
