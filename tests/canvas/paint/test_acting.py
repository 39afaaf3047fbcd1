"""Paint as the model gets it: soft edges, and the three rules for overlaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from app.generation.request_builder import request_from_scene
from canvas.files import ora
from canvas.files.image_io import style_picture
from canvas.model import edits
from canvas.model.errors import SceneError
from canvas.model.scene import Scene, Settings
from canvas.model.tiled_mask import TiledMask
from canvas.paint.acting import acting_masks, dealt, softened
from canvas.paint.cells import Cells, as_the_model_sees, coverage

SIZE = (200, 150)
PICTURE = style_picture(np.full((8, 8, 3), 90, np.uint8))


def box(x0: int, x1: int, value: int = 255) -> TiledMask:
    """A mask of `SIZE` that is painted from one column to another."""
    array = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    array[:, x0:x1] = value
    return TiledMask.from_array(array)


@pytest.fixture(scope="module")
def scene() -> Scene:
    """A lake, and over its right half a house."""
    scene, lake = edits.add_word(Scene("a lake and a house", size=SIZE), (2, 6))
    scene, house = edits.add_word(scene, (13, 18))
    return scene.with_mask(lake, box(0, 100)).with_mask(house, box(50, 150))


def at(scene: Scene, x: int) -> list[int]:
    """What the request has of each word at a column."""
    return [int(word.mask[75, x]) for word in request_from_scene(scene, id="r").text.words]


def with_rule(scene: Scene, rule: str, **of_house: object) -> Scene:
    """The scene with a rule for all, and other values of the upper word."""
    return edits.change_word(edits.set_settings(scene, overlap=rule), scene.words[1].id, **of_house)


def test_without_any_of_it_the_masks_are_the_very_same(scene):
    masks = acting_masks(scene)
    assert all(masks[word.id] is scene.masks[word.id] for word in scene.words)


@pytest.mark.parametrize(
    ("rule", "own", "found"),
    [
        ("add", None, [255, 255]), ("top", None, [0, 255]), ("share", None, [128, 128]),
        ("top", "add", [255, 255]), ("add", "top", [0, 255]), ("add", "share", [128, 128]),
    ],
)  # fmt: skip
def test_the_rule_says_what_happens_where_words_overlap(scene, rule, own, found):
    ruled = with_rule(scene, rule, overlap=own)
    assert at(ruled, 75) == found and at(ruled, 20) == [255, 0] and at(ruled, 120) == [0, 255]


def test_a_word_that_pushes_itself_out_takes_no_place(scene):
    assert at(with_rule(scene, "top", strength=-1.0), 75) == [255, 255]
    muted = with_rule(scene, "top", muted=True)
    assert at(muted, 75) == [255]


def test_shares_are_equal_and_soft_edges_stay_soft():
    full = np.full((1, 1), 255, np.uint8)
    assert [int(each[0, 0]) for each in dealt([full] * 3, ["share"] * 3)] == [85, 85, 85]
    ramp = np.arange(256, dtype=np.uint8)[None]
    below, above = dealt([np.full_like(ramp, 255), ramp], ["add", "share"])
    assert (np.abs(np.diff(below.astype(int))) <= 2).all() and (above <= ramp).all()
    below, above = dealt([np.full_like(ramp, 255), ramp], ["add", "top"])
    assert (below == 255 - ramp).all() and (above == ramp).all()


@pytest.mark.parametrize("feather", [6.0, 40.0])
def test_a_soft_edge_is_the_blur_of_the_whole_mask(feather):
    array = np.zeros((300, 500), np.uint8)
    array[20:260, 60:430] = 255
    array[100:110, 470:480] = 200
    soft = softened(TiledMask.from_array(array), feather)
    whole = ndimage.gaussian_filter(array.astype(np.float32), feather / 2, mode="nearest")
    assert np.abs(soft.to_array().astype(float) - whole).max() <= (0.51 if feather < 12 else 2)
    assert softened(TiledMask.from_array(array), 0.0).to_array().tobytes() == array.tobytes()


def test_the_soft_edge_acts_and_the_paint_stays(scene):
    soft = edits.change_word(scene, scene.words[0].id, feather=20.0)
    assert soft.masks is not scene.masks and soft.masks[scene.words[0].id] is scene.masks[scene.words[0].id]
    assert at(soft, 99)[0] == pytest.approx(128, abs=8) and 0 < at(soft, 110)[0] < 60
    seen = as_the_model_sees(soft, Cells(), 8)
    assert int(seen[9, 13] >> 24) > 0 and np.array_equal(seen[:, :5], as_the_model_sees(scene, Cells(), 8)[:, :5])


def test_the_views_follow_the_rule(scene):
    shown = coverage(scene, Cells())
    assert shown.by_rule == {"add": pytest.approx(0.25)}
    mixed = coverage(with_rule(scene, "top"), Cells())
    assert mixed.by_rule == {"top": pytest.approx(0.25)} and mixed.overlaps == shown.overlaps
    lake = scene.with_word(replace(scene.words[0], color="#ff0000")).with_word(replace(scene.words[1], color="#0000ff"))
    shared = as_the_model_sees(with_rule(lake, "share"), Cells(), 10)
    assert 0 < int(shared[7, 7] >> 16 & 255) < 255, "the lake shows through where they share"
    assert int(as_the_model_sees(lake, Cells(), 10)[7, 7] >> 16 & 255) == 0


def test_a_style_follows_the_paint_of_its_word(scene):
    lake = scene.words[0].id
    scene, style = edits.add_style(scene, "dusk", PICTURE)
    bound = edits.bind_style(scene, style, lake)
    (sent,) = request_from_scene(bound, id="r").conditioning.styles
    assert np.array_equal(sent.mask, bound.masks[lake].to_array())
    moved = bound.with_mask(lake, box(120, 180))
    assert np.array_equal(request_from_scene(moved, id="r").conditioning.styles[0].mask, box(120, 180).to_array())
    for gone in (edits.remove_word(bound, lake), edits.clear_word(bound, lake)):
        assert request_from_scene(gone, id="r").conditioning.styles == ()
    own = edits.set_style_area(bound, style, True)
    assert own.style(style).word is None and own.style(style).area
    assert not edits.bind_style(own, style, lake).style(style).area


def test_all_of_it_is_kept_in_files_and_refused_where_it_cannot_be(scene, tmp_path):
    full, style = edits.add_style(scene, "dusk", PICTURE)
    full = edits.bind_style(full, style, scene.words[0].id)
    full = edits.set_settings(full, overlap="share")
    full = edits.change_word(full, scene.words[0].id, feather=12.5, fidelity=0.0, overlap="top", pattern=3)
    ora.save(tmp_path / "full.ora", full)
    assert ora.load(tmp_path / "full.ora") == full
    for values in ({"feather": -1.0}, {"fidelity": 1.5}, {"overlap": "mix"}):
        with pytest.raises(SceneError):
            edits.change_word(scene, scene.words[0].id, **values)
    with pytest.raises(SceneError, match="mix"):
        Settings(overlap="mix")
