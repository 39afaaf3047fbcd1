"""Picture layers: values, edits, undo, what a run begins from, and that files keep them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from app.generation.request_builder import request_from_scene
from canvas.files import ora, png, reading, scene_json
from canvas.model import edits, picture_edits
from canvas.model.colour_edits import set_colours, set_strength
from canvas.model.document import Document
from canvas.model.errors import SceneError, SceneFileError
from canvas.model.scene import Scene
from canvas.paint.ground import colour_seen, ground_of, laid_on_picture, over

SIZE = (100, 70)


def rgba_of(colour: tuple[int, int, int, int], rows: slice = slice(None)) -> np.ndarray:
    rgba = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    rgba[rows] = colour
    return rgba


@pytest.fixture
def scene() -> Scene:
    """A red picture all over, over it a half green one above row 30."""
    scene, _low = picture_edits.add(Scene("a lake", size=SIZE), rgba_of((200, 0, 0, 255)), "night#1")
    return picture_edits.add(scene, rgba_of((0, 200, 0, 128), slice(0, 30)), "Größe <&>")[0]


def test_a_run_begins_from_pictures_and_from_the_colours_over_them(scene):
    ground = ground_of(scene)
    assert ground[50, 5].tolist() == [200, 0, 0, 255] and ground[5, 5].tolist() == [100, 100, 0, 255]
    scene = set_colours(scene, rgba_of((0, 0, 250, 255), slice(60, 70)))
    request = request_from_scene(scene, id="one")
    assert request.colours is not None and request.colours.strength == scene.colours.strength
    assert request.colours.rgba[65, 5].tolist() == [0, 0, 250, 255] and request.colours.rgba[50, 5].tolist() == [
        200,
        0,
        0,
        255,
    ]
    assert request_from_scene(scene, id="two").colours.rgba is request.colours.rgba  # made once
    faint = picture_edits.change(scene, "p1", opacity=0.5)
    assert request_from_scene(faint, id="three").colours.rgba[50, 5].tolist() == [200, 0, 0, 128]
    hidden = picture_edits.change(picture_edits.change(scene, "p1", visible=False), "p2", opacity=0.0)
    assert np.array_equal(ground_of(hidden), scene.colours.to_array())  # as without pictures, bit for bit
    assert request_from_scene(set_strength(scene, 0.0), id="four").colours is None
    assert request_from_scene(picture_edits.remove(picture_edits.remove(faint, "p1"), "p2"), id="5").colours is not None


def test_what_is_seen_is_what_the_eyedropper_takes(scene):
    assert (colour_seen(scene, 5, 50), colour_seen(scene, 5, 5)) == ("#c80000", "#646400")
    assert colour_seen(picture_edits.change(scene, "p1", visible=False), 5, 50) is None
    seen = laid_on_picture(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), picture_edits.change(scene, "p1", opacity=0.5))
    assert seen[50, 5].tolist() == [100, 0, 0]


def test_over_keeps_what_is_below_where_nothing_lies(scene):
    below = rgba_of((10, 20, 30, 7))
    assert np.array_equal(over(below, np.zeros_like(below)), below)
    assert over(np.zeros_like(below), below)[0, 0].tolist() == [10, 20, 30, 7]


def test_edits_are_steps_that_undo_and_cost_what_they_hold(scene):
    document = Document(scene)
    document.apply(picture_edits.move(scene, "p1", 1), "Move")
    assert [layer.id for layer in document.scene.pictures] == ["p2", "p1"]
    assert picture_edits.move(document.scene, "p1", 1) is document.scene
    assert document.undo_bytes() < 10_000  # the tiles are shared
    document.apply(picture_edits.remove(document.scene, "p1"), "Delete")
    assert document.undo_bytes() > SIZE[0] * SIZE[1] * 4
    document.undo()
    document.undo()
    assert document.scene == scene and not document.can_undo
    again, new = picture_edits.add(scene, rgba_of((1, 2, 3, 4)), " night#1\n")
    assert again.picture(new).name == "night#1 2"
    with pytest.raises(SceneError):
        picture_edits.change(scene, "p1", opacity=1.5)
    with pytest.raises(SceneError):
        picture_edits.add(scene, np.zeros((5, 5, 4), np.uint8), "small")


def test_pictures_follow_the_size_of_the_canvas(scene):
    larger = edits.set_size(scene, (200, 140))
    assert ground_of(larger)[100, 10].tolist() == [200, 0, 0, 255]
    cropped = edits.set_size(scene, (50, 70), anchor=(0.0, 0.0))
    assert cropped.picture("p1").size == (50, 70)
    assert ground_of(edits.set_size(scene, (120, 70), anchor=(0.0, 0.0)))[50, 110].tolist() == [0, 0, 0, 0]


def test_files_keep_them_and_older_programs_refuse_them(scene, tmp_path: Path):
    scene = picture_edits.change(scene, "p2", opacity=0.25, visible=False)
    ora.save(tmp_path / "a.ora", scene)
    png.save(tmp_path / "a.png", np.zeros((SIZE[1], SIZE[0], 3), np.uint8), scene)
    assert ora.load(tmp_path / "a.ora") == scene == png.load_scene(tmp_path / "a.png")
    value = scene_json.to_dict(scene, {})
    assert value["version"] == 2 and scene_json.to_dict(Scene("a lake"), {})["version"] == 1
    with zipfile.ZipFile(tmp_path / "a.ora") as archive:
        stack = archive.read("stack.xml").decode()
    first, second = stack.index("picture Größe &lt;&amp;&gt;"), stack.index("picture night 1")
    assert first < second and 'opacity="0.25" visibility="hidden"' in stack


def test_layers_that_a_painting_program_saved_again_come_back(scene, tmp_path: Path):
    scene, _word = edits.add_word(scene, (2, 6))
    scene = picture_edits.change(scene, "p1", opacity=0.5)
    ora.save(tmp_path / "a.ora", scene)
    with zipfile.ZipFile(tmp_path / "a.ora") as old, zipfile.ZipFile(tmp_path / "b.ora", "w") as new:
        for name in old.namelist():
            if name != ora.JSON_NAME:
                new.writestr(name, old.read(name))
    again = reading.read_all(tmp_path / "b.ora").scene
    assert again is not None and [(each.name, each.opacity) for each in again.pictures] == [
        ("night 1", 0.5), ("Größe <&>", 1.0),
    ]  # fmt: skip
    assert np.array_equal(ground_of(again), ground_of(scene))


@pytest.mark.parametrize("bad", [{"opacity": 2}, {"opacity": "x"}, {"name": ""}, {"id": "../p1"}, {"visible": 3}])
def test_bad_layers_in_a_file_are_refused(scene, bad):
    value = scene_json.to_dict(scene, {})
    value["pictures"][0] |= bad | {"layer": "data/layer-p1.png"}
    with pytest.raises(SceneFileError):
        scene_json.from_dict(value, lambda *_: None, lambda *_: b"no png")
