"""Scenes of earlier versions: values that no model could be asked for become the nearest that can, and that is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from canvas.files import ora, png, scene_json
from canvas.files.reading import read_all
from canvas.model.errors import SceneFileError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask

RGB = np.zeros((64, 64, 3), np.uint8)
SCENE = Scene("a lake", size=(64, 64))


def opened(settings: dict[str, Any]) -> tuple[Scene, list[str]]:
    value = scene_json.to_dict(SCENE, {})
    value["settings"] |= settings
    remarks: list[str] = []
    return scene_json.from_dict(value, lambda *_: TiledMask((64, 64)), remarks=remarks), remarks


@pytest.mark.parametrize(
    ("name", "was", "now"), [("guidance", 40, 30.0), ("guidance", 0.5, 1.0), ("paint_weight", 99.5, 10.0)]
)
def test_what_earlier_versions_let_pass_becomes_the_nearest(name: str, was: float, now: float):
    scene, remarks = opened({name: was})
    assert getattr(scene.settings, name) == now
    assert len(remarks) == 1 and f"was {was:g} and is {now:g} now" in remarks[0] and remarks[0].endswith(".")


def test_an_experts_guidance_too():
    scene, remarks = opened({"experts": [{"name": "all", "low": 0, "high": None, "guidance": 50}]})
    assert scene.settings.experts is not None and scene.settings.experts[0].guidance == 30.0
    assert "of the expert “all”" in remarks[0]


def test_what_is_in_range_is_left_alone():
    scene, remarks = opened({"guidance": 30, "paint_weight": 0})
    assert (scene.settings.guidance, scene.settings.paint_weight, remarks) == (30.0, 0.0, [])


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        ({"guidance": 101}, "Guidance cannot be 101", "1 to 30"),
        ({"steps": 0}, "The number of steps cannot be 0", "1 to 1000"),
        ({"steps": "many"}, "The number of steps cannot be 'many'", "1 to 1000"),
        ({"fidelity": {"separation": 3}}, "The separation cannot be 3", "0 to 1"),
        ({"experts": [7]}, "The experts cannot be 7", "timeline"),
    ],
)
def test_what_never_was_a_value_is_refused_by_name(settings: dict[str, Any], message: str, hint: str):
    with pytest.raises(SceneFileError) as caught:
        opened(settings)
    assert message in caught.value.message and hint in caught.value.hint


@pytest.mark.parametrize("ending", [".ora", ".png"])
def test_both_kinds_of_files_open_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str):
    to_dict = scene_json.to_dict

    def old(*arguments: Any) -> dict[str, Any]:
        value = to_dict(*arguments)
        return json.loads(json.dumps(value | {"settings": value["settings"] | {"guidance": 40}}))

    monkeypatch.setattr(scene_json, "to_dict", old)
    path = tmp_path / f"old{ending}"
    if ending == ".ora":
        ora.save(path, SCENE)
    else:
        png.save(path, RGB, SCENE)
    found = read_all(path)
    assert found.scene is not None and found.scene.settings.guidance == 30.0
    assert len(found.remarks) == 1 and "Guidance was 40" in found.remarks[0]
