"""Edits of styles: add, change, remove, reorder, and give an area that is painted as a word is."""

from __future__ import annotations

import numpy as np
import pytest

from canvas.files.image_io import STYLE_SIDE, checked_style_picture, open_png, png_bytes, style_picture
from canvas.model import edits
from canvas.model.document import Document
from canvas.model.errors import SceneError, SceneFileError
from canvas.model.scene import Scene, Word
from canvas.model.scene_diff import compare, unshared_bytes
from canvas.model.style import Style
from canvas.model.tiled_mask import TiledMask
from resources.limits import MAX_STYLES

PICTURE = style_picture(np.full((4, 4, 3), 90, np.uint8))


def with_styles(count: int) -> Scene:
    scene = Scene("a lake", size=(128, 96))
    for index in range(count):
        scene, _ = edits.add_style(scene, f"look {index}", PICTURE)
    return scene


def test_a_style_is_added_with_a_colour_that_no_word_has():
    scene, word = edits.add_word(Scene("a lake"), (2, 6))
    scene, style_id = edits.add_style(scene, "dusk", PICTURE, strength=0.5)
    style = scene.style(style_id)
    assert (style.name, style.picture, style.strength, style.area) == ("dusk", PICTURE, 0.5, False)
    assert style.color != scene.word(word).color and style.pattern != scene.word(word).pattern
    assert scene.words and style_id not in scene.masks


def test_ids_of_words_and_styles_never_meet():
    scene = Scene(styles=(Style("w1", "a", PICTURE), Style("s2", "b", PICTURE)), prompt="a lake")
    scene, style_id = edits.add_style(scene, "c", PICTURE)
    scene, word_id = edits.add_word(scene, (2, 6))
    assert len({"w1", "s2", style_id, word_id}) == 4
    scene, other = edits.add_style(edits.remove_style(scene, "s2"), "d", PICTURE)
    assert len({style.id for style in scene.styles}) == 3 and other not in ("w1", style_id, word_id)


def test_there_are_at_most_eight():
    scene = with_styles(MAX_STYLES)
    with pytest.raises(SceneError) as caught:
        edits.add_style(scene, "one more", PICTURE)
    assert "Remove" in caught.value.hint


def test_a_style_is_changed_moved_and_removed():
    scene = with_styles(3)
    first, second, third = (style.id for style in scene.styles)
    assert edits.change_style(scene, second, semantic=-0.5).style(second).semantic == -0.5
    assert [style.id for style in edits.move_style(scene, third, 0).styles] == [third, first, second]
    assert [style.id for style in edits.move_style(scene, first, 99).styles] == [second, third, first]
    assert [style.id for style in edits.remove_style(scene, second).styles] == [first, third]
    with pytest.raises(SceneError):
        edits.change_style(scene, first, strength=9)


def test_an_area_is_given_painted_and_taken():
    scene = with_styles(1)
    style_id = scene.styles[0].id
    assert not scene.can_paint(style_id)
    scene = edits.set_style_area(scene, style_id, True)
    assert scene.can_paint(style_id) and scene.masks[style_id].is_empty
    scene = edits.fill_word(scene, style_id)
    assert scene.masks[style_id].to_array().min() == 255
    mask = scene.masks[style_id]
    everywhere = edits.set_style_area(scene, style_id, False)
    assert not everywhere.masks and not everywhere.style(style_id).area
    assert edits.set_style_area(everywhere, style_id, True, mask).masks[style_id] is mask
    assert edits.clear_word(scene, style_id).masks[style_id].is_empty
    assert not edits.remove_style(scene, style_id).masks


def test_paintables_are_the_words_over_the_painted_styles():
    scene = with_styles(2)
    scene, word = edits.add_word(scene, (2, 6))
    painted = scene.styles[1].id
    scene = edits.set_style_area(scene, painted, True)
    assert [thing.id for thing in scene.paintables] == [painted, word]
    assert [thing.title for thing in scene.paintables] == ["look 1", "lake"]
    assert isinstance(scene.paintable(word), Word) and not scene.can_paint(None)
    with pytest.raises(KeyError):
        scene.paintable(scene.styles[0].id)


def test_an_area_follows_the_size_of_the_canvas():
    scene = edits.fill_word(edits.set_style_area(with_styles(1), "s1", True), "s1")
    assert edits.set_size(scene, (64, 48)).masks["s1"].size == (64, 48)


def test_a_change_tells_which_styles_and_undo_brings_them_back():
    document, told = Document(with_styles(1)), []
    document.subscribe(told.append)
    before = document.scene
    document.apply(edits.change_style(before, "s1", strength=2.0), "Strength")
    assert told[-1].kinds == {"styles"} and told[-1].word_ids == {"s1"}
    document.undo()
    assert document.scene == before and told[-1].kinds == {"styles"}


def test_a_kept_picture_counts_as_memory_where_the_neighbour_has_it_not():
    scene = with_styles(1)
    noise = style_picture(np.random.default_rng(0).integers(0, 255, (256, 256, 3), np.uint8))
    other, _ = edits.add_style(scene, "noise", noise)
    assert unshared_bytes(other, scene) - unshared_bytes(scene, other) == len(noise)
    assert compare(scene, other).rect is None


def test_pictures_are_kept_small_and_known_again():
    wide = style_picture(np.zeros((100, 3000, 3), np.uint8))
    assert open_png(wide, "x").size == (STYLE_SIDE, 17) and checked_style_picture(wide, "x") == wide
    for bad in (b"text", wide[:-30], png_bytes(np.zeros((8, 8), np.uint8)), png_bytes(np.zeros((8, 600, 3), np.uint8))):
        with pytest.raises(SceneFileError):
            checked_style_picture(bad, "A style's picture")


def test_the_same_mask_is_no_change():
    scene = edits.set_style_area(with_styles(1), "s1", True)
    assert edits.set_style_area(scene, "s1", True, TiledMask.filled(scene.size)) is scene
