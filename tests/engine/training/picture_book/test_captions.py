"""Captions say what is there, each word with its parts, and never where."""

from __future__ import annotations

import numpy as np

from engine.training.picture_book.captions import Mention, write_caption
from engine.training.picture_book.vocabulary import names, new_clip_tokenizer, new_t5_tokenizer, other_words, synonyms
from resources.picture_tokens import part_of


def _captions(parts: list[Mention], count: int = 60) -> list[tuple[str, list[tuple[int, int, tuple[int, ...]]]]]:
    return [write_caption(parts, np.random.default_rng(seed)) for seed in range(count)]


def test_every_part_is_told_by_one_phrase() -> None:
    parts = [
        Mention(name="grass", colour="", group=-1),
        Mention(name="cat", colour="", group=0),
        Mention(name="balloon", colour="red", group=1),
    ]
    for text, spans in _captions(parts):
        assert sorted(number for _, _, numbers in spans for number in numbers) == [0, 1, 2]
        assert all(text[a:b] == text[a:b].strip() for a, b, _ in spans)


def test_several_are_counted_and_colours_tell_two_apart() -> None:
    dogs = [Mention(name="dog", colour="", group=0) for _ in range(3)]
    told = {text[a:b] for text, spans in _captions(dogs) for a, b, _ in spans}
    assert {"three dogs", "dogs"} <= {phrase.lower() for phrase in told}
    two = [Mention(name="balloon", colour=colour, group=0) for colour in ("red", "blue")]
    for text, spans in _captions(two, 20):
        assert len(spans) == 2
        assert "red" in text.lower() and "blue" in text.lower()


def test_what_cannot_be_counted_takes_no_number() -> None:
    bread = [Mention(name="bread", colour="", group=0) for _ in range(2)]
    assert not any("two" in text for text, _ in _captions(bread))


def test_an_article_fits_its_word() -> None:
    apple = [Mention(name="apple", colour="", group=0)]
    texts = [text.lower() for text, _ in _captions(apple, 100)]
    assert any("an apple" in text for text in texts)
    assert not any("a apple" in text.split(" of ")[-1] for text in texts)


def test_every_word_of_the_captions_is_known_to_both_tokenizers() -> None:
    clip, t5 = new_clip_tokenizer(), new_t5_tokenizer()
    long = [word for text in names() for word in text.split() if word.isalpha() and len(clip(word).input_ids) > 3]
    assert not long
    for word in (*other_words(), *(word for text in names() for word in text.split() if word.isalpha())):
        assert len([piece for piece in t5.tokenize(word) if part_of(piece) is None]) == 1, word


def test_synonyms_lead_to_names() -> None:
    found = synonyms()
    assert found["pond"] == "lake" and found["kitten"] == "cat" and found["cats"] == "cat"
    assert set(found.values()) <= set(names())
    assert not set(found) & set(names())
