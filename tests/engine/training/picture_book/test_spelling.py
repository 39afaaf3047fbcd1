"""T5 reads picture tokens after every noun, in training as in the program."""

from __future__ import annotations

from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerFast

from engine.text.encoders import load_tokenizer
from engine.text.spans import token_positions, tokenize_whole
from engine.training.picture_book.vocabulary import new_t5_tokenizer
from resources.picture_tokens import COUNT, part_of, picture_tokens


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return new_t5_tokenizer()


def pictured(tokenizer: PreTrainedTokenizerFast, text: str) -> list[str]:
    """The nouns whose picture tokens a text has, in order."""
    pieces = [piece for piece in tokenizer.tokenize(text) if part_of(piece) is not None]
    names = [piece[1:-1].rpartition("·")[0] for piece in pieces[::COUNT]]
    assert pieces == [piece for name in names for piece in picture_tokens(name)]
    return names


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("a red cat by a lake", ["cat"]),
        ("Three kittens, and a Dog", ["cat", "dog"]),
        ("a police car and a car", ["police_car", "car"]),
        ("fire engines by a fire", ["fire_engine", "campfire"]),
        ("a cup of tea, a cup", ["coffee", "coffee"]),
        ("to scatter caterpillars", ["caterpillar"]),
        ("a T-shirt", ["T-shirt"]),
        ("an orange cat, an orange", ["cat", "orange"]),
        ("an Orange on a dog, orange and white", ["orange", "dog", "orange"]),
        ("a flower bed, a flower", ["flower"]),
        ("", []),
    ],
)
def test_nouns_alone_have_picture_tokens_whole_names_before_their_words(
    tokenizer: PreTrainedTokenizerFast, text: str, nouns: list[str]
) -> None:
    assert pictured(tokenizer, text) == nouns


def test_the_program_reads_them_from_the_file_and_gives_them_to_their_word(
    tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    tokenizer.save_pretrained(tmp_path)
    text = "A house under two Balloons"
    read = tokenize_whole(load_tokenizer(tmp_path), text)
    assert read.input_ids[0].tolist() == tokenizer(text).input_ids
    for word in ("house", "Balloons"):
        start = text.index(word)
        places = token_positions(read, (start, start + len(word)))
        parts = dict(read.pictures)
        assert len(places) == 1 + COUNT and [parts[place] for place in places[1:]] == list(range(COUNT))
    assert len(token_positions(read, (8, 13))) == 1, "under"


def test_a_piece_tells_its_part() -> None:
    assert [part_of(piece) for piece in picture_tokens("hot dog")] == list(range(COUNT))
    assert picture_tokens("hot dog")[3] == "⟨hot_dog·3⟩"
    for other in ("▁cat", "⟨", "⟨cat⟩", "⟨cat·64⟩", "⟨cat·x⟩", "cat·1"):
        assert part_of(other) is None
