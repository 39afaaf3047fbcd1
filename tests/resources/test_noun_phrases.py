"""Which words belong together: noun phrases between the small words, and phrases that were chosen."""

from __future__ import annotations

import pytest

from resources.noun_phrases import count_in, noun_phrases, phrases_of


@pytest.mark.parametrize(
    ("prompt", "phrases"),
    [
        ("a red house and a blue house on grass", ["a red house", "a blue house"]),
        ("Two tall trees beside the old man's red-brick mill", ["Two tall trees", "the old man's red-brick mill"]),
        ("red car, blue car; sky", ["red car", "blue car"]),
        ("a lake", []),  # all of the prompt
        ("grass under sky", []),  # a word alone has nothing to keep
        ("", []),
    ],
)
def test_noun_phrases_are_the_words_between_small_words_and_marks(prompt, phrases):
    assert [prompt[slice(*span)] for span in noun_phrases(prompt)] == phrases


@pytest.mark.parametrize(
    ("chosen", "phrases"),
    [
        ([], ["a blue house", "a red house"]),
        (["house"], ["a blue house", "a red house"]),  # its noun phrase stands for it
        (["grass"], ["a blue house", "a red house", "grass"]),
        (["house and a blue"], ["a red house and a blue house"]),
        (["red house", "a red house and a blue house"], ["a red house and a blue house", "a red house"]),
    ],
)
def test_chosen_words_take_their_noun_phrases_along_and_the_inner_comes_last(chosen, phrases):
    prompt = "a red house and a blue house on grass"
    spans = [(prompt.index(each), prompt.index(each) + len(each)) for each in chosen]
    assert [prompt[slice(*span)] for span in phrases_of(prompt, spans)] == phrases


@pytest.mark.parametrize(
    ("phrase", "count"),
    [("balloons", 3), ("three red balloons", 3), ("boats", 2), ("house", None), ("dogs", None), ("Ten", 10)],
)
def test_a_number_in_its_phrase_says_how_many_things_a_word_means(phrase, count):
    prompt = "Ten ants, three red balloons over a house and 2 boats, two by two, some dogs"
    start = prompt.index(phrase)
    assert count_in(prompt, (start, start + len(phrase))) == count
