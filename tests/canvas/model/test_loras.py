"""LoRA files of a scene: tags in its prompt, edits of the list, and what a model is to read."""

from __future__ import annotations

import numpy as np
import pytest

from app.generation.request_builder import request_from_scene
from canvas.model import edits, loras
from canvas.model.errors import SceneError
from canvas.model.lora_tags import find_tags, take_out
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.model.words import word_spans
from engine.protocol import Lora
from resources.settings import LoraChoice


def painted(prompt: str, *phrases: str) -> Scene:
    """A scene in which these phrases (the last occurrence of each) are painted all over."""
    scene = Scene(prompt, size=(16, 16))
    for phrase in phrases:
        start = prompt.rindex(phrase)
        scene, word = edits.add_word(scene, (start, start + len(phrase)))
        scene = edits.fill_word(scene, word)
    return scene


@pytest.mark.parametrize(
    ("prompt", "left"),
    [
        ("a hat <lora:hat:0.8>, by a lake", "a hat, by a lake"),
        ("<lora:hat:0.8>, a hat by a lake", "a hat by a lake"),
        ("a hat <lora:hat:0.8> by a lake", "a hat by a lake"),
        ("a hat by a lake, <lora:hat:0.8>, <lora:sky:1:0.5>", "a hat by a lake"),
        ("a hat\n<lora:hat>\nby a lake ", "a hat\n\nby a lake"),
        ("é😀 <lora:hat:0.8> a hat by a lake", "é😀 a hat by a lake"),
    ],
)
def test_tags_are_not_read_and_painted_words_stay_on_their_text(prompt, left):
    scene = painted(prompt, "a hat" if "a hat" in prompt else "hat", "lake")
    read = loras.as_read(scene)
    assert read.prompt == left == take_out(prompt)[0]
    for before, word in zip(scene.words, read.words, strict=True):
        assert word.phrase == before.phrase and left[slice(*word.span)] == before.phrase
        assert read.masks[word.id] == scene.masks[word.id]
    assert read.settings.loras[0].file == "hat"


def test_a_request_has_the_tags_files_with_the_list_s_and_not_their_text():
    scene = painted("a <lora:hats/hat.v2:-1.5> lake", "lake")
    scene = loras.add(scene, "/home/me/boots.safetensors", 0.5)
    request = request_from_scene(scene, id="1")
    assert request.text.prompt == "a lake" and request.text.words[0].span == (2, 6)
    assert request.adapters.loras == (Lora("/home/me/boots.safetensors", 0.5), Lora("hat.v2", -1.5))
    off = request_from_scene(loras.change(scene, 0, on=False), id="2")
    assert off.adapters.loras == (Lora("hat.v2", -1.5),)


def test_a_word_in_a_tag_is_no_word_and_one_that_was_painted_before_it_became_one_is_left_out():
    prompt = "a lake <lora:hat:1>"
    assert [prompt[slice(*span)] for span in word_spans(prompt)] == ["a", "lake"]
    scene = painted("a lake lora hat", "hat")
    scene = edits.set_prompt(scene, "a lake <lora:hat:1>")
    assert loras.as_read(scene).words[0].span is None
    assert request_from_scene(scene, id="1").text.words == ()


def test_what_only_looks_like_a_tag_is_text():
    for prompt in ("a <lora:>", "a <lora hat>", "a <lora:hat", "a < b", "<hypernet:x:1>"):
        assert find_tags(prompt) == () and loras.as_read(Scene(prompt)).prompt == prompt


def test_a_tag_s_weight_is_written_into_the_prompt_and_what_it_cannot_say_moves_it_into_the_list():
    scene = painted("a <lora:hat:0.8>, lake", "lake")
    (entry,) = loras.entries(scene)
    assert entry.choice == LoraChoice("hat", 0.8) and entry.tag.span == (2, 16)
    other = loras.change(scene, 0, weight=0.35)
    assert other.prompt == "a <lora:hat:0.35>, lake" and other.prompt[slice(*other.words[0].span)] == "lake"
    off = loras.change(other, 0, on=False)
    assert off.prompt == "a, lake" and off.settings.loras == (LoraChoice("hat", 0.35, on=False),)
    assert off.words[0].phrase == "lake" and np.array_equal(*(s.masks["w1"].to_array() for s in (off, scene)))
    bound, word = loras.bind(scene, 0, scene.words[0].span)
    assert word == "w1" and bound.settings.loras == (LoraChoice("hat", 0.8, "w1"),) and "lora" not in bound.prompt
    assert loras.remove(scene, 0).prompt == "a, lake"
    assert loras.remove(Scene("<lora:x:1>, a lake"), 0).prompt == "a lake"


def test_list_entries_change_and_go_one_by_one():
    scene = loras.add(loras.add(Scene("a lake and sky"), "a"), "b", 0.5)
    scene = loras.change(scene, 1, weight=2.0)
    assert [each.choice.weight for each in loras.entries(scene)] == [1.0, 2.0]
    bound, word = loras.bind(scene, 0, (2, 6))
    assert bound.word(word).phrase == "lake" and bound.settings.loras[0].word == word
    # without paint it has no area, and is not asked for
    assert [each.file for each in request_from_scene(bound, id="1").adapters.loras] == ["b"]
    bound = bound.with_mask(word, TiledMask.filled(bound.size))
    assert request_from_scene(bound, id="1").adapters.loras[0] == Lora("a", 1.0, 0)
    assert loras.remove(scene, 0).settings.loras == (LoraChoice("b", 2.0),)
    with pytest.raises(SceneError):
        loras.change(scene, 0, weight=9.0)


@pytest.mark.parametrize(
    ("prompt", "after"), [("a lake", "a lake, red hat"), ("a lake, ", "a lake, red hat"), ("", "red hat")]
)
def test_trigger_words_are_written_at_the_end(prompt, after):
    assert loras.call(Scene(prompt), "red hat").prompt == after
