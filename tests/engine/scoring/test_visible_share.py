"""The verdict says how probable it is that a word's paint shows it, and nothing where the recogniser is not sure."""

from __future__ import annotations

import numpy as np
import pytest

from engine.protocol import Finished, PaintedWord
from engine.scoring import visible_share
from engine.scoring.visible_share import name_in, names_in, seen
from tests.colour_recogniser import COLOURS, landscape, recogniser_of_colours
from tests.engine.test_pipeline import painted

PROMPT = "a sky, a red house, a meadow, a sun"
SPANS = {name: (PROMPT.index(said), PROMPT.index(said) + len(said)) for name, said in
         {"sky": "sky", "house": "red house", "grass": "meadow", "sun": "sun"}.items()}  # fmt: skip


@pytest.fixture(autouse=True)
def judge(monkeypatch):
    judge = recogniser_of_colours()
    monkeypatch.setattr(visible_share, "recogniser", lambda: judge)
    return judge


def word(name: str, mask: np.ndarray, strength: float = 1.0) -> PaintedWord:
    return PaintedWord(span=SPANS[name], mask=mask, strength=strength)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("red house", "house"),
        ("House", "house"),
        ("a night  sky", "night sky"),
        ("two kittens", "cat"),
        ("a house by a cat", "house"),
        ("a cat in the sky", "sky"),
        ("cloudy evening", None),
        ("househould", None),
        ("", None),
    ],
)
def test_a_phrase_means_the_longest_name_in_it_of_equally_long_ones_the_last(phrase, name):
    assert name_in(phrase, ("sky", "house", "night sky", "cat"), {"kittens": "cat"}) == name


def test_a_text_has_names_in_one_number_or_the_other_and_by_other_words():
    names = ("hill", "sky", "night sky", "cat")
    assert names_in("Kittens on hills under a night sky", names, {"kitten": "cat"}) == [
        "hill",
        "sky",
        "night sky",
        "cat",
    ]
    assert names_in("", names) == []


def test_words_are_seen_where_they_are_and_not_beside_them():
    rgb, places = landscape()
    inside = seen(rgb, PROMPT, [word(name, mask) for name, mask in places.items()], known=tuple(COLOURS))
    assert min(inside) > 0.9
    beside = seen(rgb, PROMPT, [word("sun", places["house"]), word("house", places["sky"])], known=tuple(COLOURS))
    assert max(beside) < 0.1


def test_a_word_that_is_pushed_out_obeys_where_it_is_not_seen():
    rgb, places = landscape()
    words = [word("house", places["house"], strength) for strength in (1.0, -1.0)]
    there, out = seen(rgb, PROMPT, words, known=tuple(COLOURS))
    assert out == pytest.approx(1 - there)


def test_what_cannot_be_told_is_none():
    rgb, places = landscape()
    words = [
        word("house", np.zeros_like(places["house"])),
        word("house", places["house"], 0.0),
        PaintedWord(span=(0, 1), mask=places["house"]),
    ]
    assert seen(rgb, PROMPT, words, known=tuple(COLOURS)) == (None, None, None)


def test_nothing_is_said_where_the_recogniser_is_not_sure():
    rgb, places = landscape()
    # Between the sky's colour and the grass's it could be either.
    rgb[places["house"] > 0] = np.mean([COLOURS["sky"], COLOURS["grass"]], 0)
    assert seen(rgb, PROMPT, [word("sky", places["house"])], known=tuple(COLOURS)) == (None,)


def test_pictures_and_paint_of_any_size_are_judged():
    rgb, places = landscape(200)
    found = seen(rgb[:150], PROMPT, [word("house", places["house"][:150])], known=tuple(COLOURS))
    assert found[0] > 0.9


def test_other_models_have_no_verdict():
    rgb, places = landscape()
    words = [word("house", places["house"])]
    assert seen(rgb, PROMPT, words, known=()) == ()
    assert seen(rgb, PROMPT, words, known=("cathedral",)) == ()


def test_without_a_recogniser_there_is_none(monkeypatch):
    rgb, places = landscape()
    monkeypatch.setattr(visible_share, "recogniser", lambda: None)
    assert seen(rgb, PROMPT, [word("house", places["house"])], known=tuple(COLOURS)) == ()


def test_a_recogniser_that_is_not_installed_is_none(monkeypatch, tmp_path):
    monkeypatch.undo()
    monkeypatch.setattr("resources.path", lambda name: tmp_path / name)
    visible_share.recogniser.cache_clear()
    try:
        assert visible_share.recogniser() is None
    finally:
        visible_share.recogniser.cache_clear()


def test_a_generation_of_a_model_without_names_has_none(run):
    events = run(words=(painted(),), obedience=True)
    assert isinstance(events[-1], Finished) and events[-1].images[0].seen == ()
