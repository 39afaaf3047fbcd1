"""Fidelity in scenes: the dial or its pieces, kept in every file, refused where they mean nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from canvas.files import ora, png, scene_json
from canvas.model import edits
from canvas.model.errors import SceneError, SceneFileError
from canvas.model.fidelity import FidelityPieces
from canvas.model.scene import Scene, Settings
from canvas.model.tiled_mask import TiledMask

RGB = np.zeros((64, 64, 3), np.uint8)
PIECES = FidelityPieces(containment=0.25, separation=1.0, gradient_steps=4)


@pytest.mark.parametrize("value", [None, 0.0, 0.35, 1.0, PIECES, FidelityPieces()])
def test_it_comes_back_from_both_kinds_of_files(tmp_path: Path, value):
    scene = Scene("a cat", size=(64, 64), settings=Settings(fidelity=value))
    ora.save(tmp_path / "a.ora", scene, RGB)
    png.save(tmp_path / "a.png", RGB, scene)
    for loaded in (ora.load(tmp_path / "a.ora"), png.load_scene(tmp_path / "a.png")):
        assert loaded == scene and loaded.settings.fidelity == value
        assert type(loaded.settings.fidelity) is type(value)


def test_files_of_before_have_no_such_key_and_open():
    value = scene_json.to_dict(Scene("a cat"), {})
    assert "fidelity" not in value["settings"]
    assert scene_json.from_dict(value, lambda *_: TiledMask((256, 256))).settings.fidelity is None


BAD_PIECES = [{"containment": 2}, {"containment": "x"}, {"separation": None}, {"gradient_steps": 1.5},
              {"gradient_steps": 11}, {"gradient_steps": True}]  # fmt: skip


@pytest.mark.parametrize("value", [-0.1, 1.01, "much", True, [0.5], *BAD_PIECES])
def test_what_a_file_says_is_not_believed(value):
    said = scene_json.to_dict(Scene("a cat"), {})
    said["settings"]["fidelity"] = value
    with pytest.raises(SceneFileError, match=r"fidelity|containment|separation|gradient"):
        scene_json.from_dict(json.loads(json.dumps(said)), lambda *_: TiledMask((256, 256)))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, "0.5"])
def test_what_is_no_fidelity_is_refused(value):
    with pytest.raises(SceneError):
        Settings(fidelity=value)
    with pytest.raises(SceneError):
        Settings(fidelity=FidelityPieces(containment=value))


def test_a_change_of_it_is_a_change_of_the_scene():
    scene = Scene("a cat")
    assert edits.set_settings(scene, fidelity=0.5) != scene
