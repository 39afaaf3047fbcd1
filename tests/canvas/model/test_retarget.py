"""Words follow their prompt through any edit, in time that grows with the prompt and not with its square."""

from __future__ import annotations

import time

import pytest

from canvas.model import edits
from canvas.model.retarget import equal_blocks, retarget
from canvas.model.scene import Scene, Word
from canvas.model.words import from_utf16, to_utf16, word_spans


@pytest.mark.alone
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\r\n" * 6_000, "a\n" * 6_000),
        ("cat, " * 4_000, "cat; " * 4_000),
        (" ".join(f"w{i}" for i in range(3_500)), " ".join(f"w{i}" for i in reversed(range(3_500)))),
        (" ".join(f"w{i}" for i in range(3_500)), ", ".join(f"w{i}" for i in range(3_000))),
        ("a b " * 5_000, "b  a " * 4_000),
        ("x" * 20_000, "y" * 20_000),
    ],
)
def test_no_edit_takes_long(old: str, new: str) -> None:
    begun = time.process_time()
    words = tuple(Word(f"x{i}", old[a:b], (a, b)) for i, (a, b) in enumerate(word_spans(old)[:256]))
    kept = retarget(old, new, words)
    assert time.process_time() - begun < 3
    assert all(word.span is None or new[slice(*word.span)].lower() == word.phrase.lower() for word in kept)


def test_long_prompts_are_still_compared_word_by_word() -> None:
    old = " ".join(f"w{i}" for i in range(3_000))
    new = old.replace(" ", ", ").replace("w7, ", "gone, ").replace("w2000", "new w2000")
    words = tuple(Word(f"x{i}", old[a:b], (a, b)) for i, (a, b) in enumerate(word_spans(old)))
    kept = retarget(old, new, words)
    assert [word.phrase for word in kept if word.span is None] == ["w7"]
    assert sum(length for _, _, length in equal_blocks(old, new)) > 10_000


@pytest.mark.parametrize("prompt", ["a cat\r\nby a lake\r\n\r\nat night", "\r\n\r\ncat\r\n", "a\rb\r\nc\nd"])
def test_carriage_returns_go_and_every_word_stays_where_it_was(prompt: str) -> None:
    words = tuple(Word(f"x{i}", prompt[a:b], (a, b)) for i, (a, b) in enumerate(word_spans(prompt)))
    lost = Word("lost", "moon", None, anchor=len(prompt))
    plain = edits.with_plain_ends(Scene(prompt, words=(*words, lost)))
    assert plain.prompt == prompt.replace("\r\n", "\n")
    assert [plain.prompt[slice(*word.span)] for word in plain.words if word.span] == [word.phrase for word in words]
    assert plain.words[-1].anchor == len(plain.prompt)


@pytest.mark.alone
def test_a_phrase_over_two_lines_and_a_thousand_lines_at_once() -> None:
    scene, _ = edits.add_word(Scene("a red\r\nhouse"), (2, 12))
    assert edits.with_plain_ends(scene).words[0].phrase == "red\nhouse"
    prompt = "a cat\r\n" * 2_800
    words = tuple(Word(f"x{i}", "cat", (7 * i + 2, 7 * i + 5)) for i in range(1_000))
    begun = time.process_time()
    plain = edits.with_plain_ends(Scene(prompt, words=words))
    assert time.process_time() - begun < 1 and plain.words[-1].span == (6 * 999 + 2, 6 * 999 + 5)
    assert edits.with_plain_ends(plain) is plain


def test_positions_of_a_long_prompt_are_converted_at_once() -> None:
    text = ("a🐱é" * 6_666)[:20_000]
    begun = time.process_time()
    for index in range(0, 20_000, 10):
        assert from_utf16(text, to_utf16(text, index)) == index
    assert time.process_time() - begun < 2
    assert [from_utf16("a🐱b", position) for position in range(6)] == [0, 1, 2, 2, 3, 3]
