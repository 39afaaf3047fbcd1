"""Words: numbered and found alike everywhere, and still theirs after the prompt was edited."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from canvas.model import edits
from canvas.model.colors import PALETTE
from canvas.model.retarget import Edit, retarget
from canvas.model.scene import Scene, Word
from canvas.model.words import (
    PATTERN_COUNT,
    find_phrase,
    from_utf16,
    is_whole,
    occurrences,
    phrase_number,
    to_utf16,
    word_at,
    word_spans,
)
from canvas.paint.patterns import PATTERN_NAMES, pattern_alpha
from engine.text.spans import find_spans

PROMPTS = [
    "a cat and a Cat",
    "cats, cat's cat-like concat CAT",
    "Straße STRASSE strasse ss",
    "cafe\u0301 caf\u00e9 cafe",
    "猫と犬、猫",
    "la la la",
    "red car, red  car, red\ncar",
    "🐱 cat 🐱🐱",
    "I İ i ı",
    "İstanbul istanbul",
    "",
]


def words_of(prompt: str, *phrases: str) -> tuple[Word, ...]:
    """A word for each PHRASE or PHRASE#N."""
    words = []
    for index, text in enumerate(phrases):
        phrase, _, number = text.partition("#")
        span = find_phrase(prompt, phrase, int(number or 1))
        assert span is not None
        words.append(Word(f"w{index + 1}", prompt[slice(*span)], span))
    return tuple(words)


def spans_after(old: str, new: str, *phrases: str, edit: Edit | None = None) -> list[tuple[int, int] | None]:
    return [word.span for word in retarget(old, new, words_of(old, *phrases), edit)]


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize(
    "phrase", ["cat", "CAT", "ss", "ß", "cafe", "café", "猫", "la la", "red car", "🐱", "i", "a", " ", ""]
)
def test_occurrences_are_those_of_the_command_line(prompt: str, phrase: str) -> None:
    assert occurrences(prompt, phrase) == list(find_spans(prompt, phrase))


def test_phrase_numbers_count_whole_words_from_the_left() -> None:
    prompt = "a cat, concat, a Cat, cats and a cat"
    assert [prompt[s:e] for s, e in occurrences(prompt, "cat")] == ["cat", "Cat", "cat"]
    assert [phrase_number(prompt, span) for span in occurrences(prompt, "cat")] == [1, 2, 3]
    assert find_phrase(prompt, "cat", 3) == (33, 36)
    assert find_phrase(prompt, "cat", 4) is None and find_phrase(prompt, "cat", 0) is None
    assert phrase_number(prompt, (10, 13)) == 2, "a part of a word counts as after the one before it"


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a red-haired cat's toy", ["a", "red-haired", "cat's", "toy"]),
        ("žluťoučký kůň_2", ["žluťoučký", "kůň_2"]),
        ("cafe\u0301, ok", ["cafe\u0301", "ok"]),
        ("猫と犬", ["猫", "と", "犬"]),
        ("a 👩🏽‍🚀 in ☀️!", ["a", "👩🏽‍🚀", "in", "☀️"]),
        ("- 'x' --", ["x"]),
        ("", []),
    ],
)
def test_clickable_words(prompt: str, expected: list[str]) -> None:
    assert [prompt[slice(*span)] for span in word_spans(prompt)] == expected


def test_a_click_finds_the_word_under_or_just_before_it() -> None:
    assert [word_at("ab, c", i) for i in range(6)] == [(0, 2), (0, 2), (0, 2), None, (4, 5), (4, 5)]


def test_utf16_positions_are_converted_both_ways() -> None:
    text = "a🐱b👩🏽‍🚀c"
    for index in range(len(text) + 1):
        position = to_utf16(text, index)
        assert position == len(text[:index].encode("utf-16-le")) // 2
        assert from_utf16(text, position) == index
    assert from_utf16(text, 2) == 2, "inside of a pair is after it"
    assert from_utf16(text, 99) == len(text)


def test_text_inserted_before_moves_a_word_and_after_does_not() -> None:
    assert spans_after("a cat", "a big black cat", "cat") == [(12, 15)]
    assert spans_after("a cat", "🐱🐱 a cat!", "cat") == [(5, 8)]
    assert spans_after("a cat", "a cat on a mat", "cat") == [(2, 5)]


def test_occurrences_keep_their_identity_when_the_same_word_is_inserted_before_them() -> None:
    assert spans_after("a cat, a dog", "a cat, a cat, a dog", "cat", "dog") == [(2, 5), (16, 19)]
    edit = Edit(0, 0, 4)
    assert spans_after("cat cat", "cat cat cat", "cat#1", "cat#2", edit=edit) == [(4, 7), (8, 11)]
    assert spans_after("cat cat", "cat cat cat", "cat#1", "cat#2", edit=Edit(7, 0, 4)) == [(0, 3), (4, 7)]


def test_an_edit_that_is_not_true_is_not_believed() -> None:
    for edit in (Edit(0, 3, 1), Edit(50, 0, 2), Edit(-1, 0, 0), Edit(0, 0, 99), Edit(2, -4, 0)):
        assert spans_after("a cat", "a big cat", "cat", edit=edit) == [(6, 9)]


def test_a_word_whose_text_is_gone_is_kept_and_comes_back_with_it() -> None:
    words = retarget("a cat and a dog", "a bird and a dog", words_of("a cat and a dog", "cat", "dog"))
    assert words[0].span is None and words[0].phrase == "cat" and words[1].span == (13, 16)
    words = retarget("a bird and a dog", "a cat and a dog", words)
    assert [word.span for word in words] == [(2, 5), (12, 15)]


def test_a_word_that_becomes_part_of_a_longer_one_is_gone_until_it_stands_alone_again() -> None:
    words = retarget("a cat", "a cats", words_of("a cat", "cat"))
    assert words[0].span is None
    assert retarget("a cats", "a cat s", words)[0].span == (2, 5)


def test_a_word_survives_another_one_being_typed_before_it_letter_by_letter() -> None:
    old, words = "a cat and a cat", words_of("a cat and a cat", "cat#2")
    for length in range(1, len("big ") + 1):
        new = "a cat and a " + "big "[:length] + "cat"
        words = retarget(old, new, words, Edit(12 + length - 1, 0, 1))
        old = new
    assert words[0].span == (16, 19), "it is the second cat, not the first"


def test_paint_does_not_jump_to_another_occurrence_that_was_there_before() -> None:
    assert spans_after("a cat, a cat", "a cat, a ", "cat#2") == [None]
    assert spans_after("a cat, a cat", ", a cat", "cat#1") == [None]


def test_two_lost_words_of_one_phrase_come_back_to_their_own_places() -> None:
    old = "a cat, some grass, a cat"
    words = retarget(old, "a , some grass, a ", words_of(old, "cat#1", "cat#2"))
    assert [word.span for word in words] == [None, None]
    words = retarget("a , some grass, a ", "a , some grass, a cat", words)
    assert [word.span for word in words] == [None, (18, 21)]
    words = retarget("a , some grass, a cat", old, words)
    assert [word.span for word in words] == [(2, 5), (21, 24)]


def test_the_place_of_a_lost_word_moves_with_the_text_around_it() -> None:
    old = "a cat, some grass, a cat"
    words = retarget(old, "a , some grass, a ", words_of(old, "cat#1", "cat#2"))
    words = retarget("a , some grass, a ", "by the old mill, a , some grass, a ", words)
    words = retarget("by the old mill, a , some grass, a ", "by the old mill, a cat, some grass, a ", words)
    assert [word.span for word in words] == [(19, 22), None], "the first cat's place is nearer"


def test_words_follow_when_the_prompt_is_turned_round() -> None:
    assert spans_after("a cat and a dog", "a dog and a cat", "cat", "dog") == [(12, 15), (2, 5)]


def test_case_and_spacing_alone_do_not_lose_a_word() -> None:
    words = retarget("a cat on a red car", "A CAT on a red  car", words_of("a cat on a red car", "cat", "red car"))
    assert [(word.span, word.phrase) for word in words] == [((2, 5), "CAT"), ((11, 19), "red  car")]


def test_letters_that_change_their_length_with_their_case_do_not_shift_what_follows() -> None:
    assert spans_after("İİ cat", "i\u0307i\u0307 cat", "cat") == [(5, 8)]


def test_a_phrase_is_gone_when_something_is_written_into_it() -> None:
    assert spans_after("a red car", "a red fast car", "red car") == [None]


def test_a_hand_picked_part_of_a_word_stays_while_its_text_does() -> None:
    word = Word("w1", "rain", (0, 4))
    assert retarget("rainbow", "a rainbow", [word])[0].span == (2, 6)


def test_emptying_the_prompt_loses_no_word_and_writing_it_again_finds_all() -> None:
    prompt = "🐱 on a mat, a cat, a cat"
    words = words_of(prompt, "🐱", "mat", "cat#1", "cat#2")
    lost = retarget(prompt, "", words)
    assert [word.span for word in lost] == [None] * 4
    assert {word.span for word in retarget("", prompt, lost)} == {word.span for word in words}


def test_random_edits_never_break_a_span_and_never_move_untouched_text() -> None:
    rng = random.Random(7)
    alphabet = ["cat", "dog", " ", " ", ", ", "🐱", "é", "x", "Cat"]
    for _ in range(300):
        prompt = "".join(rng.choices(alphabet, k=rng.randint(1, 25)))
        spans = [span for span in word_spans(prompt) if rng.random() < 0.6]
        words = tuple(Word(f"w{i}", prompt[slice(*span)], span) for i, span in enumerate(spans))
        for _ in range(4):
            start = rng.randint(0, len(prompt))
            removed = rng.randint(0, min(6, len(prompt) - start))
            added = "".join(rng.choices(alphabet, k=rng.randint(0, 3)))
            new = prompt[:start] + added + prompt[start + removed :]
            exact = rng.random() < 0.5
            after = retarget(prompt, new, words, Edit(start, removed, len(added)) if exact else None)
            standing = [word.span for word in after if word.span is not None]
            assert len(set(standing)) == len(standing), "two words never share a span"
            for before, word in zip(words, after, strict=True):
                if word.span is not None:
                    assert new[slice(*word.span)] == word.phrase and is_whole(new, word.span)
                if exact and before.span is not None and before.span[1] < start:
                    assert word.span == before.span
                if exact and before.span is not None and before.span[0] > start + removed:
                    shift = len(added) - removed
                    assert word.span == (before.span[0] + shift, before.span[1] + shift)
            prompt, words = new, after


# Machado, Oliveira, Fernandes 2009: linear RGB as seen without the green or the red receptor.
SIGHTS = (
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
)
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def as_seen(color: str, sight: tuple[tuple[float, ...], ...]) -> np.ndarray:
    """CIELAB of a colour as someone of that sight sees it."""
    value = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.array(sight) @ linear, 0, 1) / np.array([0.9505, 1, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_sixteen_colours_tell_apart_for_everyone() -> None:
    assert len(set(PALETTE)) == 16 == PATTERN_COUNT == len(PATTERN_NAMES)
    for first, second in itertools.combinations(PALETTE, 2):
        for sight in SIGHTS:
            assert np.linalg.norm(as_seen(first, sight) - as_seen(second, sight)) > 15, f"{first} and {second}"
    assert all(45 <= as_seen(color, SIGHTS[0])[0] <= 92 for color in PALETTE), "patterns show on dark and on light"


def test_no_two_of_forty_words_share_colour_or_pattern() -> None:
    scene = Scene(" ".join(f"word{index:02d}" for index in range(40)))
    for start, end in word_spans(scene.prompt):
        scene, _ = edits.add_word(scene, (start, end))
    colors, patterns = [word.color for word in scene.words], [word.pattern for word in scene.words]
    assert tuple(colors[:16]) == PALETTE and patterns == list(range(40)) and len(set(colors)) == 40
    for first, second in itertools.combinations(colors, 2):
        assert np.linalg.norm(as_seen(first, SIGHTS[0]) - as_seen(second, SIGHTS[0])) > 10, f"{first} and {second}"
    alphas = [pattern_alpha(pattern) for pattern in patterns]
    assert not any(np.array_equal(first, second) for first, second in itertools.combinations(alphas, 2))


@pytest.mark.parametrize(
    ("phrase", "channel"), [("red house", 0), ("Red", 0), ("green hills", 1), ("a blue sky", 2), ("redwood", None)]
)
def test_a_colour_that_the_phrase_names_is_the_colour_of_its_paint(phrase: str, channel: int | None) -> None:
    scene, word_id = edits.add_word(Scene(phrase), (0, len(phrase)))
    color = scene.word(word_id).color
    if channel is None:
        assert color == PALETTE[0]
    else:
        assert int(np.argmax([int(color[i : i + 2], 16) for i in (1, 3, 5)])) == channel


def test_two_red_things_are_two_reds() -> None:
    scene, first = edits.add_word(Scene("a red house, a red boat"), (2, 11))
    scene, second = edits.add_word(scene, (15, 23))
    a, b = (as_seen(scene.word(word).color, SIGHTS[0]) for word in (first, second))
    assert np.linalg.norm(a - b) > 15 and a[1] > 30 and b[1] > 30
