"""Which words of a prompt a model has not learnt, and how it is said."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.cli.model_facts import facts_of
from app.vocabulary import (
    are_one_and_many,
    known_form,
    nearest_first,
    says_unknown,
    unknown_spans,
    unknown_words,
)
from canvas.files import ora
from resources import path

NAMES = ("blue sky", "sunset", "mountains", "hills", "grass", "lake", "moon", "house", "tent", "boat", "tree")
WORDS = ("red", "blue", "a", "an", "the", "old", "by", "at", "over")


@pytest.fixture
def starter():
    """The starter, as if it had learnt only a few words, each in one number."""
    facts = facts_of("starter")
    assert facts is not None and "house" in facts.names
    return replace(facts, names=NAMES, words=WORDS, near={"cottage": "house", "ship": "boat"})


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


def test_the_examples_use_only_what_the_starter_knows():
    starter = facts_of("starter")
    for example in sorted(path("examples").glob("*.ora")):
        assert unknown_words(ora.load(example).prompt, starter) == [], example.name


def test_it_is_said_in_a_sentence_however_many_they_are(starter):
    assert says_unknown(["cat"], starter) == "The starter does not know “cat”."
    assert says_unknown(["cat", "dog"], starter) == "The starter does not know “cat” and “dog”."
    assert says_unknown(list("abcd"), starter) == "The starter does not know “a”, “b”, “c” and “d”."
    assert says_unknown(list("abcdef"), starter) == "The starter does not know “a”, “b”, “c” and 3 more words."


def test_names_like_what_was_written_come_first(starter):
    names = nearest_first(starter, ["mountain", "cat", "Houses"])
    assert names[:2] == ["mountains", "house"] and sorted(names) == sorted(starter.names)


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("hill", "hills"), ("sky", "skies"), ("day", "days"), ("church", "churches"), ("bush", "bushes"),
        ("fox", "foxes"), ("glass", "glasses"), ("leaf", "leaves"), ("knife", "knives"), ("roof", "roofs"),
        ("potato", "potatoes"), ("kimono", "kimonos"),
    ],
)  # fmt: skip
def test_one_and_many_by_the_rules_of_spelling(one, many):
    assert are_one_and_many(one, many) and are_one_and_many(many, one)


@pytest.mark.parametrize(("first", "second"), [("as", "a"), ("sky", "skys"), ("gras", "grass"), ("lake", "lake"),
                                               ("cat", "hills"), ("", "s"), ("sand", "sandals")])  # fmt: skip
def test_no_more_than_that_is_taken_for_one_and_many(first, second):
    assert not are_one_and_many(first, second)


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("hill", "hills"), ("Hill", "Hills"), ("HILL", "HILLS"), ("tents", "tent"), ("skies", "sky"),
        ("hill-house", "hills-house"), ("cat", None), ("hill-cat", None), ("house", None), ("reds", "red"),
        ("🐈", None),
    ],
)  # fmt: skip
def test_the_form_that_the_model_knows(starter, word, known):
    assert known_form(word, starter) == known and known_form(word, None) is None


def test_a_sentence_names_the_form_that_is_known(starter):
    assert says_unknown(["hill", "cat"], starter) == "The starter does not know “hill” (but “hills”) and “cat”."


@pytest.mark.parametrize(("word", "known"), [("Cottage", "House"), ("ship", "boat"), ("idea", None), ("tents", "tent")])
def test_a_name_of_nearest_meaning_stands_in_for_a_word(starter, word, known):
    assert known_form(word, starter) == known
    assert known_form(word, None) is None


def test_the_starter_knows_most_words_in_both_numbers_and_many_more_by_meaning():
    starter = facts_of("starter")
    assert starter is not None and unknown_words("two cats, a cat, cups of tea and ponds", starter) == ["ponds"]
    assert known_form("ponds", starter) == "pond" and known_form("Lighthouse", starter) == "Tower"


def test_a_table_with_a_name_that_the_model_does_not_have_is_refused(tmp_path):
    from engine.errors import ModelIncomplete
    from engine.models.families import inspect

    for each in path("starter").iterdir():
        if each.name != "wordbrush.json":
            (tmp_path / each.name).symlink_to(each)
    own = json.loads(path("starter", "wordbrush.json").read_text())
    (tmp_path / "wordbrush.json").write_text(json.dumps(own | {"near": {"cottage": "palace"}}))
    with pytest.raises(ModelIncomplete, match="near"):
        inspect(tmp_path)
