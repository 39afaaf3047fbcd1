"""A word for a colour is heard where its thing is, painted or placed, as strongly as the table says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.errors import ModelIncomplete
from engine.facts import PLACES
from engine.placing import place_words
from engine.placing.table import table_of
from tests.engine.placing.test_place_words import SIZE, TOLD, painted

PROMPT = "a red cat and a Blue balloon, blue sky, grass"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / PLACES).write_text(json.dumps(TOLD | {"colours": {"red": 0.04, "blue": 0.02}}))
    return tmp_path


def test_a_colour_is_painted_once_more_where_its_thing_is_and_stuff_has_none(folder):
    cat = np.zeros(SIZE[::-1], bool)
    cat[200:300, 60:200] = True
    made = place_words(folder, PROMPT, [painted(PROMPT, "red cat", cat, strength=2.0)], size=SIZE, seed=1, cell=16)
    said = [(PROMPT[slice(*word.span)], word) for word in made.words]
    colours = {text: word for text, word in said if text in ("red", "Blue", "blue")}
    assert set(colours) == {"red", "Blue"}, "the sky's is its own name"
    assert np.array_equal(colours["red"].mask > 0, cat) and colours["red"].strength == pytest.approx(0.08)
    balloon = next(word for text, word in said if text == "Blue balloon")
    assert np.array_equal(colours["Blue"].mask, balloon.mask) and colours["Blue"].strength == pytest.approx(0.02)


def test_what_is_all_painted_is_the_same_for_every_seed(folder):
    cat, everywhere = np.zeros(SIZE[::-1], bool), np.ones(SIZE[::-1], bool)
    cat[200:300, 60:200] = True
    prompt = "a red cat on grass"
    words = [painted(prompt, "red cat", cat), painted(prompt, "grass", everywhere & ~cat)]
    made = place_words(folder, prompt, words, size=SIZE, seed=1, cell=16)
    assert made.words and not made.varies, "its colour alone: such pictures are made together"
    assert place_words(folder, prompt, words[1:], size=SIZE, seed=1, cell=16).varies


def test_tables_without_colours_say_none_and_damaged_ones_are_refused(folder):
    (folder / PLACES).write_text(json.dumps(TOLD))
    assert not table_of(folder).colours
    made = place_words(folder, PROMPT, [], size=SIZE, seed=1, cell=16)
    assert "Blue" not in [PROMPT[slice(*word.span)] for word in made.words]
    (folder / PLACES).write_text(json.dumps(TOLD | {"colours": {"red": "loud"}}))
    with pytest.raises(ModelIncomplete):
        table_of(folder)
