"""A scene file names models and experts; a path that stands in one is taken for a name and never for a path."""

from __future__ import annotations

import dataclasses
import json

import pytest

from canvas.files import scene_json
from canvas.model.experts import Expert
from canvas.model.scene import Scene, Settings

PATHS = ["//host/share/lake", "/dev/fd/lake", "C:\\models\\lake", "../../lake", "~root/lake"]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_in_a_file_is_only_a_name(path: str) -> None:
    experts = (Expert(name="all", model="other"),)
    scene = Scene("a lake", size=(64, 64), settings=dataclasses.replace(Settings(), experts=experts))
    value = scene_json.to_dict(scene, {})
    value["settings"]["model"] = path
    value["settings"]["experts"][0]["model"] = path
    settings = scene_json.from_dict(json.loads(json.dumps(value)), lambda entry: None).settings
    assert settings.model == "lake" and settings.experts is not None and settings.experts[0].model == "lake"
