"""Which words of a prompt a model has not learnt, and how it is said."""

from __future__ import annotations

import pytest

from app.known_words import facts_of, nearest_first, says_unknown, unknown_spans, unknown_words
from canvas import ora
from resources import path


@pytest.fixture
def starter():
    facts = facts_of("starter")
    assert facts is not None and "house" in facts.names
    return facts


@pytest.mark.parametrize(
    ("prompt", "unknown"),
    [
        ("a cat and a Dog near a house, a cat", ["cat", "Dog"]),
        ("An old RED house by the lake at sunset", []),
        ("a sunset-sky over the moon's lake", ["moon's"]),
        ("a mountain, 3 tents 🐈", ["mountain", "3", "tents", "🐈"]),
        ("", []),
    ],
)
def test_only_words_that_were_not_learnt_are_found(starter, prompt, unknown):
    assert unknown_words(prompt, starter) == unknown


def test_their_spans_are_those_of_the_prompt(starter):
    prompt = "🏔 a cat, a lake"
    assert [prompt[slice(*span)] for span in unknown_spans(prompt, starter)] == ["🏔", "cat"]


def test_a_model_that_names_nothing_or_cannot_be_read_marks_nothing(tiny_sd_folder):
    assert unknown_words("a cat", facts_of(str(tiny_sd_folder))) == []
    assert facts_of("no such model") is None and unknown_words("a cat", None) == []


def test_the_examples_use_only_what_the_starter_knows(starter):
    for example in sorted(path("examples").glob("*.ora")):
        assert unknown_words(ora.load(example).prompt, starter) == [], example.name


def test_it_is_said_in_a_sentence_however_many_they_are(starter):
    assert says_unknown(["cat"], starter) == "The starter does not know “cat”."
    assert says_unknown(["cat", "dog"], starter) == "The starter does not know “cat” and “dog”."
    assert says_unknown(list("abcd"), starter) == "The starter does not know “a”, “b”, “c” and “d”."
    assert says_unknown(list("abcdef"), starter) == "The starter does not know “a”, “b”, “c” and 3 more words."


def test_names_like_what_was_written_come_first(starter):
    names = nearest_first(starter.names, ["mountain", "cat", "Houses"])
    assert names[:2] == ["mountains", "house"] and sorted(names) == sorted(starter.names)
