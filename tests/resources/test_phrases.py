"""Phrases are found by whole characters and whole words, as a reader sees them, and without long waits."""

from __future__ import annotations

import time

import pytest

from canvas.model.words import find_phrase, phrase_number, word_at, word_spans
from canvas.model.words import occurrences as canvas_occurrences
from engine.errors import WordNotInPrompt
from engine.text.spans import find_span
from engine.text.spans import find_spans as engine_spans
from resources.phrases import find_spans, near_matches

HEART, FAMILY, ENGLAND = "❤️", "👨‍👩‍👧", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.alone
@pytest.mark.parametrize(
    ("prompt", "phrase", "found"),
    [
        (f"i {HEART} you", "❤", [HEART]),
        ("i ❤ you", HEART, ["❤"]),
        (f"{HEART}love", "love", ["love"]),
        (f"love{HEART}", "love", ["love"]),
        (f"a {FAMILY} and a 👨", "👨", ["👨"]),
        (f"a {FAMILY}", FAMILY, [FAMILY]),
        ("👍🏽 or 👍", "👍", ["👍"]),
        ("🇩🇪🇫🇷🇩🇪", "🇩🇪", ["🇩🇪", "🇩🇪"]),
        ("🇩🇪🇫🇷", "🇪🇫", []),
        (f"{ENGLAND} and 🏴", "🏴", ["🏴"]),
        ("1️⃣ cat", "cat", ["cat"]),
        ("赤い家が湖にある", "家", ["家"]),
        ("赤い家が湖にある", "赤い家", ["赤い家"]),
        ("ラーメンを食べる猫", "猫", ["猫"]),
        ("고양이가 자는 집", "고양이", ["고양이"]),
        ("고양이가 자는 집", "양이", []),
        ("ที่บ้านสีแดง", "บ้าน", ["บ้าน"]),
        ("a red\u200b house", "red house", ["red\u200b house"]),
        ("a red \u200bhouse", "red house", ["red \u200bhouse"]),
        ("a red\u00adhouse", "red", []),
        ("a cat\u200d and", "cat", ["cat\u200d"]),
        ("the red_house", "red", []),
        ("the red_house", "red_house", ["red_house"]),
        ("(red:1.2), [house]", "red", ["red"]),
        ("ﬁne ﬁsh", "fish", ["ﬁsh"]),
        ("naïve", "nai\u0308ve", ["naïve"]),
        ("cafe\u0301 cafe", "cafe", ["cafe"]),
        ("a\r\ncat", "a cat", ["a\r\ncat"]),
        ("cat", "\u200b", []),
        ("", "cat", []),
    ],
)
def test_what_is_found(prompt: str, phrase: str, found: list[str]) -> None:
    assert [prompt[slice(*span)] for span in find_spans(prompt, phrase)] == found
    assert list(engine_spans(prompt, phrase)) == canvas_occurrences(prompt, phrase) == list(find_spans(prompt, phrase))


@pytest.mark.parametrize(
    ("prompt", "phrase", "meant"),
    [
        ("the red_house", "red house", "red_house"),
        ("a red, house", "red house", "red, house"),
        ("a (red) house", "red house", "red) house"),
        ("a red\u200bhouse", "red house", "red\u200bhouse"),
        ("a red house", "red hose", "red house"),
    ],
)
def test_a_hint_says_how_it_stands_in_the_prompt(prompt: str, phrase: str, meant: str) -> None:
    assert near_matches(prompt, phrase)[0] == meant
    with pytest.raises(WordNotInPrompt) as caught:
        find_span(prompt, phrase)
    assert meant in caught.value.hint and find_span(prompt, meant)


@pytest.mark.parametrize("joint", ["_", ", ", "-", " (", "\u200b", "\u2060", "/", "\u00ad", ". "])
def test_a_hint_never_repeats_the_request(joint: str) -> None:
    prompt, phrase = f"a red{joint}house", "red house"
    try:
        find_span(prompt, phrase)
    except WordNotInPrompt as error:
        assert f'"{phrase}"' not in error.hint
        assert all(list(find_spans(prompt, text)) for text in near_matches(prompt, phrase))


def test_every_character_is_clicked_whole() -> None:
    prompt = f"a {HEART} 🇩🇪🇫🇷 {FAMILY} 고양이가"
    assert [prompt[slice(*span)] for span in word_spans(prompt)] == ["a", HEART, "🇩🇪", "🇫🇷", FAMILY, "고양이가"]
    assert word_at(prompt, 3) == (2, 4) and word_at(prompt, 4) == (2, 4) and word_at("a  b", 2) is None


@pytest.mark.parametrize(
    ("prompt", "phrase"),
    [
        ("la " * 6_600, "la " * 3_000),
        ("a" * 20_000, "a" * 9_999),
        ("aab" * 6_000, "aa" * 4_000),
        ("é " * 10_000, "é é é"),
        ("a" + "\u0301" * 19_000, "á"),
        ("👨‍" * 9_000, "👨"),
        ("\u200b" * 20_000 + "cat", "cat"),
        ("a" * 20_000, " ".join("a" * 9_000)),
    ],
)
def test_no_prompt_takes_long(prompt: str, phrase: str) -> None:
    begun = time.process_time()
    list(find_spans(prompt, phrase))
    near_matches(prompt, phrase[:100])
    word_spans(prompt)
    assert time.process_time() - begun < 3


@pytest.mark.alone
def test_hundreds_of_words_in_a_long_prompt_are_numbered_at_once() -> None:
    prompt = " ".join(f"wörd{i % 300}" for i in range(2400))
    spans = [span for span in word_spans(prompt)][:300]
    for _ in range(3):
        begun = time.process_time()
        assert [phrase_number(prompt, span) for span in spans] == [1] * 300
        taken = time.process_time() - begun
    assert taken < 0.1, "as after each stroke"
    assert find_phrase(prompt, "wörd7", 8) is not None
