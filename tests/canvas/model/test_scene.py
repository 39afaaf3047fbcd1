"""Scenes: values that never change, share what they can, and refuse what cannot be."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from canvas.model import edits
from canvas.model.errors import SceneError
from canvas.model.scene import Scene, Settings, Word, acting_words
from canvas.model.tiled_mask import TiledMask


def scene_of(prompt: str, *spans: tuple[int, int]) -> Scene:
    scene = Scene(prompt, size=(128, 96))
    for span in spans:
        scene, _ = edits.add_word(scene, span)
    return scene


@pytest.mark.parametrize(
    "values",
    [
        {"steps": 0},
        {"steps": 2.5},
        {"steps": True},
        {"guidance": float("nan")},
        {"paint_weight": -1},
        {"paint_weight": float("inf")},
        {"seed": -1},
        {"seed": 2**63},
        {"count": 0},
        {"model": ""},
        {"device": "a\nb"},
    ],
)
def test_settings_out_of_range_are_refused_with_what_to_do(values: dict[str, object]) -> None:
    with pytest.raises(SceneError) as caught:
        Settings(**values)  # type: ignore[arg-type]
    assert caught.value.hint and str(caught.value)


@pytest.mark.parametrize(
    "values",
    [
        {"strength": float("nan")},
        {"strength": float("inf")},
        {"strength": 11},
        {"strength": "1"},
        {"window": (0.5, 0.2)},
        {"window": (0, 1.5)},
        {"color": "red"},
        {"color": "#FFFFFF"},
        {"id": "../evil"},
        {"id": ""},
        {"phrase": "  "},
        {"span": (3, 3)},
        {"span": (-1, 2)},
        {"pattern": -1},
        {"anchor": -1},
    ],
)
def test_words_out_of_range_are_refused_with_what_to_do(values: dict[str, object]) -> None:
    with pytest.raises(SceneError) as caught:
        replace(Word("w1", "cat", (0, 3)), **values)  # type: ignore[arg-type]
    assert caught.value.hint


@pytest.mark.parametrize(
    "values",
    [
        {"size": (0, 4)},
        {"size": (9000, 4)},
        {"size": (4.0, 4)},
        {"prompt": "x" * 20_001},
        {"words": (Word("w1", "cat", (0, 3)),)},
        {"words": (Word("w1", "dog", (2, 5)), Word("w1", "dog", (2, 5)))},
        {"masks": {"w7": TiledMask((256, 256))}},
        {"words": (Word("w1", "dog", (2, 5)),), "masks": {"w1": TiledMask((8, 8))}},
    ],
)
def test_parts_that_do_not_fit_together_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(SceneError) as caught:
        replace(Scene("a dog"), **values)  # type: ignore[arg-type]
    assert caught.value.hint


def test_a_scene_cannot_be_changed_in_place() -> None:
    scene = scene_of("a dog", (2, 5))
    with pytest.raises(FrozenInstanceError):
        scene.prompt = "b"  # type: ignore[misc]
    with pytest.raises(TypeError):
        scene.masks["w1"] = TiledMask((4, 4))  # type: ignore[index]


def test_a_word_without_a_mask_has_an_empty_one() -> None:
    scene = scene_of("a dog", (2, 5))
    assert scene.masks["w1"].is_empty and scene.masks["w1"].size == scene.size


def test_edits_share_what_they_do_not_touch() -> None:
    scene = edits.fill_word(scene_of("a dog, a cat", (2, 5), (9, 12)), "w1")
    other = edits.change_word(edits.set_settings(scene, steps=5), "w2", strength=-1.0)
    assert other.masks["w1"] is scene.masks["w1"]
    assert other.settings.steps == 5 and scene.settings.steps == 20
    assert other.word("w2").strength == -1.0 and scene.word("w2").strength == 1.0
    assert edits.set_prompt(scene, scene.prompt) is scene
    assert edits.set_size(scene, scene.size) is scene


def test_adding_a_word_trims_blanks_and_finds_the_one_that_is_there() -> None:
    scene, word_id = edits.add_word(Scene("a red  dog"), (1, 7))
    assert scene.word(word_id).phrase == "red" and scene.word(word_id).span == (2, 5)
    assert edits.add_word(scene, (2, 5)) == (scene, word_id)


@pytest.mark.parametrize("span", [(0, 0), (1, 2), (3, 99), (-1, 2), (3, 2)])
def test_a_span_without_letters_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(SceneError, match="no word"):
        edits.add_word(Scene("a dog"), span)


def test_ids_and_styles_of_words_differ_even_after_one_was_dropped() -> None:
    prompt = " ".join("abcdefghijklmnopqrst")
    scene = scene_of(prompt, *((2 * i, 2 * i + 1) for i in range(16)))
    assert len({word.color for word in scene.words}) == 16
    assert len({word.pattern for word in scene.words}) == 16
    scene = edits.remove_word(scene, "w3")
    scene, word_id = edits.add_word(scene, (36, 37))
    assert len({word.id for word in scene.words}) == 16 and scene.has_word(word_id)
    assert len({word.color for word in scene.words}) == 16, "the dropped word's colour is used again"
    assert not scene.has_word("w3") and not scene.has_word(None)
    with pytest.raises(KeyError):
        scene.word("w3")


def test_fill_and_clear_touch_one_word() -> None:
    scene = scene_of("a dog, a cat", (2, 5), (9, 12))
    full = edits.fill_word(scene, "w1")
    assert full.masks["w1"].to_array().min() == 255 and full.masks["w2"].is_empty
    assert edits.clear_word(full, "w1") == scene
    with pytest.raises(KeyError):
        edits.fill_word(scene, "w9")


def test_a_lost_word_can_be_given_other_text() -> None:
    scene = edits.fill_word(scene_of("a dog, a cat", (2, 5), (9, 12)), "w1")
    scene = edits.set_prompt(scene, "a fox, a cat")
    assert not scene.word("w1").attached
    attached = edits.attach_word(scene, "w1", (2, 5))
    assert attached.word("w1").phrase == "fox" and not attached.masks["w1"].is_empty
    painted = edits.fill_word(scene, "w2")
    with pytest.raises(SceneError, match="already has paint"):
        edits.attach_word(painted, "w1", (9, 12))


def test_a_word_without_paint_makes_room_for_paint_that_is_attached() -> None:
    scene = edits.fill_word(scene_of("a dog, a cat", (2, 5), (9, 12)), "w1")
    attached = edits.attach_word(edits.set_prompt(scene, "a fox, a cat"), "w1", (9, 12))
    assert [word.id for word in attached.words] == ["w1"] and attached.word("w1").phrase == "cat"


def test_the_rest_is_what_no_other_word_of_the_prompt_has() -> None:
    scene = scene_of("a dog, a cat, a fox", (2, 5), (9, 12), (16, 19))
    half = np.zeros((96, 128), np.uint8)
    half[:, :50] = 255
    half[:, 50:60] = 100
    scene = scene.with_mask("w1", TiledMask.from_array(half))
    filled = edits.fill_rest(scene, "w2")
    assert np.array_equal(filled.masks["w2"].to_array(), 255 - half)
    assert filled.masks["w1"] is scene.masks["w1"]
    assert edits.fill_rest(scene, "w1").masks["w1"] == TiledMask.filled(scene.size)  # nobody else has any
    gone = edits.set_prompt(scene, "a, a cat, a fox")
    assert edits.fill_rest(gone, "w2").masks["w2"] == TiledMask.filled(scene.size)  # what does not act bars nothing


def test_paint_is_given_to_another_word_on_top_of_what_that_has() -> None:
    scene = edits.fill_word(scene_of("a dog, a cat", (2, 5), (9, 12)), "w1")
    given, taker = edits.give_paint(scene, "w1", (9, 12))
    assert taker == "w2" and given.masks["w2"] == scene.masks["w1"] and given.masks["w1"].is_empty
    again, taker = edits.give_paint(edits.set_prompt(given, "a dog, a fox"), "w2", (2, 5))
    assert taker == "w1" and [word.id for word in again.words] == ["w1"]  # the giver was not in the prompt any more
    fresh, taker = edits.give_paint(scene_of("a dog, a cat", (2, 5)), "w1", (9, 12))
    assert fresh.word(taker).phrase == "cat"


def test_who_acts_is_not_who_is_shown() -> None:
    scene = scene_of("a dog, a cat, a fox", (2, 5), (9, 12), (16, 19))
    for word in scene.words:
        scene = edits.fill_word(scene, word.id)

    def acting(**changes: object) -> list[str]:
        return [word.id for word in acting_words(edits.change_word(scene, "w2", **changes))]

    assert acting(visible=False) == ["w1", "w2", "w3"]
    assert acting(muted=True) == ["w1", "w3"] == acting(strength=0.0)
    assert acting(solo=True) == ["w2"]
    assert acting(solo=True, muted=True) == []
    gone = edits.set_prompt(edits.change_word(scene, "w2", solo=True), "a dog, a fox")
    assert [word.id for word in acting_words(gone)] == ["w1", "w3"]  # a solo that is not in the prompt binds nobody


def test_a_canvas_is_cropped_and_extended_about_its_anchor() -> None:
    array = np.arange(96 * 128, dtype=np.uint32).reshape(96, 128).astype(np.uint8)
    scene = scene_of("a dog", (2, 5)).with_mask("w1", TiledMask.from_array(array))
    middle = edits.set_size(scene, (64, 48), anchor=(0.5, 0.5)).masks["w1"].to_array()
    assert np.array_equal(middle, array[24:72, 32:96])
    corner = edits.set_size(scene, (64, 48), anchor=(1, 0)).masks["w1"].to_array()
    assert np.array_equal(corner, array[:48, 64:])
    wider = edits.set_size(scene, (200, 96), anchor=(0, 0)).masks["w1"].to_array()
    assert np.array_equal(wider[:, :128], array) and not wider[:, 128:].any()


def test_another_size_scales_the_paint() -> None:
    scene = edits.fill_word(scene_of("a dog", (2, 5)), "w1")
    bigger = edits.set_size(scene, (300, 200))
    assert bigger.masks["w1"] == TiledMask.filled((300, 200))
    with pytest.raises(SceneError):
        edits.set_size(scene, (0, 7))


def test_scenes_are_equal_by_value() -> None:
    assert scene_of("a dog", (2, 5)) == scene_of("a dog", (2, 5))
    assert scene_of("a dog", (2, 5)) != edits.fill_word(scene_of("a dog", (2, 5)), "w1")


def test_a_word_written_in_another_form_keeps_its_paint_and_so_does_the_phrase_around_it() -> None:
    scene = edits.fill_word(scene_of("a cat on a green hill, a dog", (17, 21), (11, 21), (25, 28)), "w1")
    new = edits.rewrite(scene, (17, 21), "hills")
    assert new.prompt == "a cat on a green hills, a dog" and new.masks["w1"] is scene.masks["w1"]
    assert [(word.phrase, word.span) for word in new.words] == [
        ("hills", (17, 22)), ("green hills", (11, 22)), ("dog", (26, 29)),
    ]  # fmt: skip


def test_another_form_of_a_word_takes_no_place_of_a_word_that_is_gone() -> None:
    gone = edits.set_prompt(scene_of("hills, a hill", (0, 5), (9, 13)), "a hill")
    assert [word.span for word in gone.words] == [None, (2, 6)]
    assert [word.span for word in edits.rewrite(gone, (2, 6), "hills").words] == [None, (2, 7)]
    unpainted = edits.set_prompt(scene_of("hills, a hill", (0, 5)), "a hill")
    assert [word.span for word in edits.rewrite(unpainted, (2, 6), "hills").words] == [(2, 7)]


def test_all_gone_words_are_removed_with_their_paint_and_no_other() -> None:
    scene = edits.fill_word(scene_of("a dog, a cat, a cow", (2, 5), (9, 12), (16, 19)), "w1")
    left = edits.remove_gone(edits.set_prompt(scene, "a cat"))
    assert [word.id for word in left.words] == ["w2"] and set(left.masks) == {"w2"}
