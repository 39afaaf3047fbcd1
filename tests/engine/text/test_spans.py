"""Phrases find their characters, and characters their tokens: this occurrence and no other."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import numpy as np
import pytest

from canvas.model import words as canvas_words
from engine.errors import BadRequest, UnsupportedModel, WordNotInPrompt
from engine.text.spans import check_span, find_span, find_spans, token_positions, tokenize
from tests.tiny import tiny_tokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return tiny_tokenizer()


def texts(tokenizer, tokenized, positions) -> list[str]:
    """What the tokenizer itself says stands at these positions."""
    ids = tokenized.input_ids.reshape(-1)
    return [tokenizer.convert_ids_to_tokens(int(ids[position])) for position in positions]


def test_the_nth_occurrence_is_found_from_the_left():
    prompt = "a cat and a cat and a Cat"
    assert [find_span(prompt, "cat", n) for n in (1, 2, 3)] == [(2, 5), (12, 15), (22, 25)]


def test_only_whole_words_match():
    assert find_span("sunset over the sun", "sun") == (16, 19)
    assert find_span("sun_dial, sun2, resun, sun.", "sun") == (23, 26)


def test_a_phrase_matches_over_any_white_space_and_case():
    assert find_span("A RED \n balloon", "red balloon") == (2, 15)


def test_overlapping_occurrences_all_count():
    assert list(find_spans("la la la", "la la")) == [(0, 5), (3, 8)]


def test_spans_count_code_points_not_utf16_units():
    prompt = "🌋🌋 a lake"
    assert find_span(prompt, "lake") == (5, 9)
    assert prompt[slice(*find_span(prompt, "🌋", 1))] == "🌋"


@pytest.mark.parametrize(("prompt", "phrase"), [("une CAFÉ", "café"), ("eine STRASSE", "straße"), ("İzmir", "i̇zmir")])
def test_case_folding_that_changes_lengths_still_gives_the_prompts_own_span(prompt, phrase):
    start, end = find_span(prompt, phrase)
    assert prompt[start:end].casefold() == phrase.casefold()


def test_composed_and_decomposed_accents_are_the_same_word():
    prompt = unicodedata.normalize("NFD", "un café noir")
    assert find_span(prompt, unicodedata.normalize("NFC", "café")) == (3, 8)


def test_a_word_does_not_match_where_its_accent_is_missing():
    with pytest.raises(WordNotInPrompt):
        find_span(unicodedata.normalize("NFD", "un café"), "cafe")


def test_half_of_a_folded_character_is_no_match():
    with pytest.raises(WordNotInPrompt):
        find_span("ß", "s")


def test_scripts_without_spaces_are_matched_inside_a_run():
    assert find_span("黒い猫と湖", "猫") == (2, 3)


def test_a_missing_phrase_names_its_near_matches():
    with pytest.raises(WordNotInPrompt, match='"mountian" is not in the prompt') as caught:
        find_span("a lake under a mountain", "mountian")
    assert '"mountain"' in caught.value.hint


def test_a_missing_phrase_of_two_words_names_phrases_of_two_words():
    with pytest.raises(WordNotInPrompt) as caught:
        find_span("a red balloon", "red baloon")
    assert '"red balloon"' in caught.value.hint


def test_too_large_a_number_says_how_many_there_are():
    with pytest.raises(WordNotInPrompt, match="2 times") as caught:
        find_span("cat cat", "cat", 3)
    assert "1 to 2" in caught.value.hint


@pytest.mark.parametrize("phrase", ["", "   ", "\n"])
def test_an_empty_phrase_is_refused(phrase):
    with pytest.raises(WordNotInPrompt, match="no text") as caught:
        find_span("a lake", phrase)
    assert caught.value.hint


def test_occurrences_below_one_are_refused():
    with pytest.raises(BadRequest, match="counted from 1"):
        find_span("a lake", "lake", 0)


@pytest.mark.parametrize("span", [(-1, 2), (3, 3), (4, 2), (0, 99), (1, 2)])
def test_a_span_that_names_nothing_is_refused(span):
    with pytest.raises(WordNotInPrompt) as caught:
        check_span("a lake", span)
    assert caught.value.hint


def test_special_characters_of_patterns_are_plain_text():
    assert find_span("what (is) this? c++", "(is)") == (5, 9)
    assert find_span("c++ and c", "c", 1) == (0, 1)


@pytest.mark.parametrize(
    ("prompt", "phrase"),
    [("a cat and a Cat", "cat"), ("la la la", "la la"), ("黒い猫と猫", "猫"), ("un CAFÉ, cafe", "café"), ("ß s", "s")],
)
def test_canvas_and_engine_number_the_same_occurrences(prompt, phrase):
    assert list(find_spans(prompt, phrase)) == canvas_words.occurrences(prompt, phrase)


def test_spans_need_no_torch():
    code = "import sys, engine.text.spans, engine.attention.masks; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Tokens


def test_a_short_prompt_gets_the_ids_of_the_stock_pipelines(tokenizer):
    prompt = "a lake and a house under the sky"
    stock = tokenizer(prompt, padding="max_length", max_length=77, truncation=True, return_tensors="np").input_ids
    tokenized = tokenize(tokenizer, prompt)
    np.testing.assert_array_equal(tokenized.input_ids, stock)
    assert tokenized.input_ids.dtype == np.int64 and len(tokenized.offsets) == 77


def test_an_empty_prompt_is_one_chunk_of_begin_and_end(tokenizer):
    tokenized = tokenize(tokenizer, "")
    assert tokenized.input_ids.shape == (1, 77) and set(tokenized.offsets) == {None}
    stock = tokenizer("", padding="max_length", max_length=77, return_tensors="np").input_ids
    np.testing.assert_array_equal(tokenized.input_ids, stock)


def test_each_occurrence_has_its_own_token(tokenizer):
    prompt = "a lake and a lake"
    tokenized = tokenize(tokenizer, prompt)
    first = token_positions(tokenized, find_span(prompt, "lake", 1))
    second = token_positions(tokenized, find_span(prompt, "lake", 2))
    assert first == (2,) and len(second) == 1 and first != second
    assert texts(tokenizer, tokenized, first + second) == ["lake</w>", "lake</w>"]


def test_a_word_split_into_pieces_gets_all_its_pieces(tokenizer):
    prompt = "a lake, skyhouse"
    tokenized = tokenize(tokenizer, prompt)
    positions = token_positions(tokenized, find_span(prompt, "skyhouse"))
    assert len(positions) > 1
    assert "".join(texts(tokenizer, tokenized, positions)) == "skyhouse</w>"


def test_a_phrase_gets_the_tokens_of_all_its_words_and_no_others(tokenizer):
    prompt = "sky and lake house sky"
    tokenized = tokenize(tokenizer, prompt)
    positions = token_positions(tokenized, find_span(prompt, "lake house"))
    assert texts(tokenizer, tokenized, positions) == ["lake</w>", "house</w>"]


def test_signs_that_touch_a_word_are_not_part_of_it(tokenizer):
    tokenized = tokenize(tokenizer, "sky,lake-house")
    assert texts(tokenizer, tokenized, token_positions(tokenized, (4, 8))) == ["lake</w>"]


@pytest.mark.parametrize(
    ("prompt", "word", "spelt"),
    [
        ("un café noir", "café", "café"),
        (unicodedata.normalize("NFD", "un café noir"), "café", "café"),
        ("a 🌋 and lake", "🌋", "🌋"),
        ("黒い 猫 lake", "猫", "猫"),
        ("İZMİR lake", "İZMİR", "i̇zmi̇r"),
        ("🌋 𝔸 ÀÉ lake", "lake", "lake"),
    ],
)
def test_non_ascii_words_get_exactly_their_own_bytes(tokenizer, prompt, word, spelt):
    tokenized = tokenize(tokenizer, prompt)
    positions = token_positions(tokenized, find_span(prompt, word))
    ids = tokenized.input_ids.reshape(-1)[list(positions)]
    decoded = tokenizer.decode(ids).replace(" ", "")
    assert unicodedata.normalize("NFC", decoded) == unicodedata.normalize("NFC", spelt)
    assert positions == tuple(range(positions[0], positions[-1] + 1))


def test_long_prompts_fill_chunks_and_positions_run_on(tokenizer):
    prompt = " ".join(["sky"] * 100) + " lake"
    tokenized = tokenize(tokenizer, prompt)
    assert tokenized.chunks == 2 and tokenized.input_ids.shape == (2, 77) and len(tokenized.offsets) == 154
    (position,) = token_positions(tokenized, find_span(prompt, "lake"))
    assert position == 77 + 1 + 25
    assert texts(tokenizer, tokenized, [position]) == ["lake</w>"]
    (last_of_first,) = token_positions(tokenized, find_span(prompt, "sky", 75))
    (first_of_second,) = token_positions(tokenized, find_span(prompt, "sky", 76))
    assert (last_of_first, first_of_second) == (75, 78)
    for row in tokenized.input_ids:
        assert row[0] == tokenizer.bos_token_id and row[-1] in (tokenizer.eos_token_id, tokenizer.pad_token_id)


def test_no_token_is_lost_or_repeated_over_the_chunks(tokenizer):
    prompt = "house " * 120 + "strange words, too; lake"
    tokenized = tokenize(tokenizer, prompt)
    ids = tokenized.input_ids.reshape(-1)
    kept = [int(ids[i]) for i, place in enumerate(tokenized.offsets) if place]
    assert kept == tokenizer(prompt, add_special_tokens=False, verbose=False)["input_ids"]


def test_a_word_is_not_torn_between_chunks(tokenizer):
    prompt = " ".join(["sky"] * 73) + " zebras lake"
    tokenized = tokenize(tokenizer, prompt)
    positions = token_positions(tokenized, find_span(prompt, "zebras"))
    assert len(positions) > 2 and positions[0] == 78


def test_one_word_longer_than_a_chunk_is_cut_and_keeps_all_its_tokens(tokenizer):
    prompt = "x" * 200
    tokenized = tokenize(tokenizer, prompt)
    assert tokenized.chunks == 3
    assert len(token_positions(tokenized, (0, 200))) == 200


def test_the_negative_prompt_can_be_padded_to_as_many_chunks(tokenizer):
    tokenized = tokenize(tokenizer, "lake", chunks=3)
    assert tokenized.input_ids.shape == (3, 77)
    np.testing.assert_array_equal(tokenized.input_ids[1], tokenize(tokenizer, "").input_ids[0])
    assert token_positions(tokenized, (0, 4)) == (1,)


def test_a_tokenizer_without_offsets_is_refused():
    class Slow:
        is_fast = False

    with pytest.raises(UnsupportedModel) as caught:
        tokenize(Slow(), "a lake")
    assert caught.value.hint
