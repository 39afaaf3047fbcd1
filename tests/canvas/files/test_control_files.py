"""Control pictures in files: they come back equal from .ora and PNG, without folders; damage is told."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from canvas.files import ora, png
from canvas.files.image_io import control_picture
from canvas.model import edits
from canvas.model.control import Control
from canvas.model.errors import SceneError, SceneFileError
from canvas.model.scene import Scene
from canvas.model.scene_diff import compare, unshared_bytes
from resources.limits import MAX_CONTROLS


def picture(value: int = 200) -> bytes:
    rgb = np.zeros((30, 40, 3), np.uint8)
    rgb[10:20] = value
    return control_picture(rgb)


@pytest.fixture
def scene() -> Scene:
    first = Control("sketch", picture(), kind="scribble", prepare="lines", strength=0.8, window=(0.0, 0.5))
    second = Control("street", picture(90), kind="depth", model="/home/me/control/depth.safetensors")
    scene = edits.add_control(Scene(prompt="a lake", size=(64, 48)), first)
    return edits.add_control(scene, second)


def without_folders(scene: Scene) -> Scene:
    return edits.change_control(scene, 1, model="depth.safetensors")


def test_an_ora_holds_the_pictures(tmp_path, scene):
    ora.save(tmp_path / "s.ora", scene)
    assert ora.load(tmp_path / "s.ora") == without_folders(scene)
    assert b"/home/me" not in zipfile.ZipFile(tmp_path / "s.ora").read(ora.JSON_NAME)


def test_a_png_holds_them_too(scene):
    rgb = np.zeros((48, 64, 3), np.uint8)
    assert png.read_all(png.to_bytes(rgb, scene), "p.png").scene == without_folders(scene)


def test_scenes_without_them_are_written_as_ever(tmp_path):
    ora.save(tmp_path / "s.ora", Scene(prompt="a lake"))
    assert "controls" not in json.loads(zipfile.ZipFile(tmp_path / "s.ora").read(ora.JSON_NAME))


def test_a_picture_that_is_gone_is_told(tmp_path, scene):
    ora.save(tmp_path / "s.ora", scene)
    with zipfile.ZipFile(tmp_path / "s.ora") as old, zipfile.ZipFile(tmp_path / "t.ora", "w") as new:
        for name in old.namelist():
            if name != "wordbrush/control-1.png":
                new.writestr(name, old.read(name))
    with pytest.raises(SceneFileError):
        ora.load(tmp_path / "t.ora")


def test_values_out_of_range_are_refused(scene):
    for wrong in ({"strength": 2.5}, {"kind": "mood"}, {"prepare": "magic"}, {"window": (0.8, 0.2)}, {"picture": b""}):
        with pytest.raises(SceneError):
            edits.change_control(scene, 0, **wrong)
    with pytest.raises(SceneError, match="too many"):
        scene.replace(controls=scene.controls[:1] * (MAX_CONTROLS + 1))


def test_a_change_is_told_and_costs_what_it_keeps(scene):
    changed = edits.change_control(scene, 0, strength=1.5)
    assert compare(scene, changed).kinds == {"controls"}
    less = edits.remove_control(scene, 0)
    assert [control.name for control in less.controls] == ["street"]
    assert unshared_bytes(scene, less) - unshared_bytes(changed, scene) == len(scene.controls[0].picture)
