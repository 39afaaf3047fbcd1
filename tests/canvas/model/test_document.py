"""The document: everything can be undone, memory is capped, and one event tells what changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from canvas.model.document import Document
from canvas.model.errors import SceneError
from canvas.model.retarget import Edit
from canvas.model.scene import Scene
from canvas.model.scene_diff import Change
from canvas.model.tiled_mask import TILE, TiledMask
from canvas.paint.brush import Brush
from canvas.paint.stroke import Stroke


class Clock:
    """Seconds that the test moves on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def document(clock: Clock) -> Document:
    return Document(Scene("a cat and a dog", size=(512, 384)), clock=clock)


def heard(document: Document) -> list[Change]:
    changes: list[Change] = []
    document.subscribe(changes.append)
    return changes


def noise(size: tuple[int, int], seed: int) -> TiledMask:
    return TiledMask.from_array(np.random.default_rng(seed).integers(1, 255, size[::-1], dtype=np.uint8))


def paint(document: Document, word_id: str, x: float, y: float, diameter: float = 40.0) -> None:
    stroke = Stroke(document, word_id, Brush(diameter=diameter))
    stroke.begin(x, y)
    stroke.commit()


def test_every_kind_of_edit_can_be_undone_and_done_again(document: Document, clock: Clock) -> None:
    cat = document.add_word((2, 5))
    edits = [
        lambda: document.set_prompt("a cat and two dogs"),
        lambda: document.set_negative("blurry"),
        lambda: document.set_strength(cat, -1.5),
        lambda: document.set_window(cat, (0.0, 0.5)),
        lambda: document.set_color(cat, "#112233"),
        lambda: document.set_visible(cat, False),
        lambda: document.fill_word(cat),
        lambda: document.set_settings(steps=30, guidance=5.0),
        lambda: document.set_size((256, 128)),
        lambda: document.clear_word(cat),
        lambda: paint(document, cat, 50, 50),
        lambda: document.add_word((10, 13)),
        lambda: document.set_prompt("a bird and two dogs"),
        lambda: document.attach_word(cat, (2, 6)),
        lambda: document.remove_word(cat),
    ]
    scenes = [document.scene]
    for edit in edits:
        clock.now += 60
        edit()
        assert document.scene != scenes[-1]
        scenes.append(document.scene)
    labels = []
    for scene in reversed(scenes[:-1]):
        labels.append(document.undo_label)
        document.undo()
        assert document.scene is scene
    assert all(labels) and len(set(labels)) >= len(labels) - 1, "each step says what it undoes"
    for scene, label in zip(scenes[1:], reversed(labels), strict=True):
        assert document.can_redo and document.redo_label == label
        document.redo()
        assert document.scene is scene
    assert not document.can_redo and document.redo_label == ""


def test_undo_with_nothing_to_undo_does_nothing(document: Document) -> None:
    changes = heard(document)
    document.undo()
    document.redo()
    assert not changes and document.undo_label == "" and not document.can_undo


def test_a_new_edit_forgets_what_was_undone(document: Document, clock: Clock) -> None:
    document.set_negative("a")
    document.undo()
    document.set_settings(steps=5)
    assert not document.can_redo and document.undo_label == "Change settings"


def test_the_same_value_is_no_step(document: Document) -> None:
    changes = heard(document)
    document.set_prompt(document.scene.prompt)
    document.set_settings(steps=document.scene.settings.steps)
    assert not changes and not document.can_undo and not document.dirty


def test_typing_and_dragging_are_one_step_until_there_is_a_pause(document: Document, clock: Clock) -> None:
    cat = document.add_word((2, 5))
    for value in (0.9, 0.8, 0.7):
        document.set_strength(cat, value)
        clock.now += 0.1
    clock.now += 10
    document.set_strength(cat, 0.6)
    document.undo()
    assert document.scene.word(cat).strength == 0.7
    document.undo()
    assert document.scene.word(cat).strength == 1.0


def test_edits_of_different_words_or_after_a_release_do_not_merge(document: Document) -> None:
    cat, dog = document.add_word((2, 5)), document.add_word((12, 15))
    document.set_strength(cat, 0.5)
    document.set_strength(dog, 0.5)
    document.end_merge()
    document.set_strength(dog, 0.25)
    for expected in ((0.5, 0.5), (0.5, 1.0), (1.0, 1.0)):
        document.undo()
        assert (document.scene.word(cat).strength, document.scene.word(dog).strength) == expected


def test_an_edit_after_undo_does_not_merge_into_the_step_before(document: Document, clock: Clock) -> None:
    document.set_prompt("one")
    clock.now += 60
    document.set_prompt("two")
    document.undo()
    clock.now = 100.0
    document.set_prompt("three")
    document.undo()
    assert document.scene.prompt == "one"


def test_a_size_typed_digit_by_digit_keeps_the_detail_of_the_paint(document: Document, clock: Clock) -> None:
    cat = document.add_word((2, 5))
    document.apply(document.scene.with_mask(cat, noise((512, 384), 1)), "Paint")
    before = document.scene
    for width in (5, 51, 512):
        clock.now += 10
        document.set_size((width, 384))
    assert document.scene == before
    document.undo()
    assert document.scene is before


def test_undo_memory_is_capped_in_bytes_and_the_last_step_always_stays() -> None:
    limit = 40 * TILE * TILE
    document = Document(Scene("a cat", size=(256, 256)), undo_limit=limit)
    cat = document.add_word((2, 5))
    for seed in range(30):
        document.apply(document.scene.with_mask(cat, noise((256, 256), seed)), f"Paint {seed}")
        assert document.undo_bytes() <= limit + 17 * TILE * TILE
    steps = 0
    while document.can_undo:
        document.undo()
        steps += 1
    assert 1 <= steps <= 3
    tiny = Document(Scene("a cat", size=(256, 256)), undo_limit=1)
    tiny.add_word((2, 5))
    tiny.fill_word("w1")
    tiny.undo()
    assert tiny.scene.masks["w1"].is_empty


def test_undo_memory_is_that_of_the_tiles_not_shared(document: Document) -> None:
    cat = document.add_word((2, 5))
    document.apply(document.scene.with_mask(cat, noise((512, 384), 1)), "Paint")
    before = document.undo_bytes()
    for _ in range(5):
        paint(document, cat, 32, 32, diameter=10)
    assert 5 * TILE * TILE <= document.undo_bytes() - before <= 5 * (TILE * TILE + 4096)
    for _ in range(5):
        document.undo()
    assert document.undo_bytes() - before >= 5 * TILE * TILE, "redo is counted too"
    document.load(Scene())
    assert document.undo_bytes() == 0 and not document.can_undo


def test_two_hundred_strokes_cost_little(document: Document) -> None:
    cat = document.add_word((2, 5))
    rng = np.random.default_rng(0)
    for _ in range(200):
        paint(document, cat, rng.uniform(0, 512), rng.uniform(0, 384), diameter=60)
    assert document.undo_bytes() < 200 * 5 * TILE * TILE


def test_changes_say_what_and_where(document: Document, clock: Clock) -> None:
    changes = heard(document)
    cat = document.add_word((2, 5))
    document.fill_word(cat)
    document.set_prompt("a bird and a dog")
    document.set_settings(steps=3)
    document.set_strength(cat, 0.5)
    document.set_size((256, 192))
    document.load(Scene("x", size=(64, 64)))
    kinds = [set(change.kinds) for change in changes]
    assert kinds == [
        {"words"},
        {"masks"},
        {"prompt", "words"},
        {"settings"},
        {"words"},
        {"all", "size", "masks"},
        {"all"},
    ]
    assert changes[1].rect == (0, 0, 512, 384) and changes[1].word_ids == {cat}
    assert changes[2].word_ids == {cat} and changes[2].rect is None
    assert changes[6].rect == (0, 0, 64, 64)


def test_undo_of_a_stroke_tells_only_its_rect(document: Document) -> None:
    cat = document.add_word((2, 5))
    paint(document, cat, 200, 100, diameter=20)
    changes = heard(document)
    document.undo()
    assert changes == [Change(frozenset({"masks"}), frozenset({cat}), (128, 64, 128, 64))]


def test_a_listener_that_left_hears_nothing(document: Document) -> None:
    changes: list[Change] = []
    leave = document.subscribe(changes.append)
    leave()
    leave()
    document.set_negative("x")
    assert not changes


def test_dirty_follows_the_scene_not_the_number_of_edits(document: Document, tmp_path: Path, clock: Clock) -> None:
    assert not document.dirty and document.path is None
    document.set_negative("a")
    assert document.dirty
    document.mark_saved(tmp_path / "a.ora")
    assert not document.dirty and document.path == tmp_path / "a.ora"
    clock.now += 60
    document.set_negative("b")
    assert document.dirty
    document.undo()
    assert not document.dirty, "undone to what the file holds"
    document.undo()
    assert document.dirty
    document.set_negative("a")
    assert not document.dirty, "equal to what the file holds"


def test_what_was_written_counts_as_saved_even_when_edits_went_on(document: Document) -> None:
    written = document.scene
    document.set_negative("typed while the file was being written")
    document.mark_saved("scene.ora", scene=written)
    assert document.dirty
    document.undo()
    assert not document.dirty


def test_a_recovered_scene_is_dirty_from_the_start(document: Document) -> None:
    document.load(Scene("recovered"), saved=False)
    assert document.dirty and not document.can_undo


def test_an_edit_that_cannot_be_leaves_everything_as_it_was(document: Document) -> None:
    cat = document.add_word((2, 5))
    scene, changes = document.scene, heard(document)
    with pytest.raises(SceneError):
        document.set_strength(cat, float("nan"))
    with pytest.raises(SceneError):
        document.set_settings(steps=0)
    with pytest.raises(SceneError):
        document.set_size((0, 9))
    assert document.scene is scene and not changes


def test_paint_survives_prompt_edits_and_their_undo(document: Document, clock: Clock) -> None:
    dog = document.add_word((12, 15))
    document.fill_word(dog)
    document.set_prompt("a dog, a cat and a dog", edit=Edit(0, 0, 7))
    assert document.scene.word(dog).span == (19, 22)
    clock.now += 60
    document.set_prompt("a dog")
    assert document.scene.word(dog).span is None and document.scene.masks[dog] == TiledMask.filled((512, 384))
    document.undo()
    assert document.scene.word(dog).span == (19, 22)
