"""Styles, encoders and experts as values of a scene: what is refused, and that JSON keeps all of it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from canvas.files import scene_json
from canvas.files.image_io import png_bytes
from canvas.model.errors import SceneError, SceneFileError
from canvas.model.experts import Expert
from canvas.model.scene import Scene, Settings
from canvas.model.style import Style
from canvas.model.tiled_mask import TiledMask
from resources.limits import MAX_STYLES

PICTURE = png_bytes(np.full((4, 4, 3), 90, np.uint8))
TRIO = (
    Expert("high", part="high", low=3.2),
    Expert("middle", low=0.2, high=3.2, guidance=4.0),
    Expert("low", model="other", low=0.0, high=0.2),
)


def style(**changes) -> Style:
    return Style(**{"id": "s1", "name": "dusk.png", "picture": PICTURE, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "a b"},
        {"name": ""},
        {"picture": b"no"},
        {"picture": PICTURE + bytes(5 * 2**20)},
        {"strength": math.nan},
        {"strength": 3},
        {"semantic": -2},
        {"area": 1},
        {"color": "red"},
        {"pattern": 1.5},
    ],
)
def test_a_style_out_of_range_is_refused(changes):
    with pytest.raises(SceneError) as caught:
        style(**changes)
    assert caught.value.hint


@pytest.mark.parametrize(
    "experts",
    [
        (Expert("a", low=1.0),),
        (Expert("a", low=1.0), Expert("b", low=0.0, high=0.5)),
        (Expert("a", low=1.0), Expert("b", low=0.0, high=2.0)),
        (Expert("a", low=0.0, high=2.0),),
        ("base",),
        tuple(Expert(str(i), low=i, high=i + 1 if i < 19 else math.inf) for i in range(20)),
    ],
)
def test_experts_must_share_all_noise(experts):
    with pytest.raises(SceneError):
        Settings(experts=experts)


@pytest.mark.parametrize("bounds", [(1.0, 1.0), (2.0, 1.0), (math.nan, 1.0), (-1.0, 1.0), (0.0, math.nan)])
def test_an_expert_needs_room(bounds):
    with pytest.raises(SceneError):
        Settings(experts=(Expert("a", low=bounds[0], high=bounds[1]),))


@pytest.mark.parametrize("encoders", [(("clip", 2),), (("bert", 1),), (("clip", 1), ("clip", 1)), ("clip",), "clip"])
def test_encoders_are_known_and_weighed(encoders):
    with pytest.raises(SceneError):
        Settings(encoders=encoders)


def test_a_scene_holds_few_styles_of_different_ids():
    with pytest.raises(SceneError):
        Scene(styles=(style(), style()))
    with pytest.raises(SceneError):
        Scene(styles=tuple(style(id=f"s{i}") for i in range(MAX_STYLES + 1)))


def test_only_a_painted_style_has_a_mask():
    mask = TiledMask.from_array(np.full((512, 512), 255, np.uint8))
    with pytest.raises(SceneError):
        Scene(styles=(style(),), masks={"s1": mask})
    assert Scene(styles=(style(area=True),)).masks["s1"].is_empty
    assert Scene(styles=(style(area=True),), masks={"s1": mask}).masks["s1"] is mask


def test_json_keeps_all_of_it():
    mask = TiledMask.from_array(np.full((512, 512), 255, np.uint8))
    settings = Settings(encoders=(("clip", 0.5), ("t5", 1.0)), experts=TRIO)
    styles = (style(area=True, strength=1.5, semantic=-0.25), style(id="s2", visible=False, pattern=3))
    scene = Scene("a lake", settings=settings, styles=styles, masks={"s1": mask})
    text = scene_json.dumps(scene_json.to_dict(scene, {}))
    back = scene_json.from_dict(json.loads(text), lambda key, entry: mask, lambda key, entry: PICTURE)
    assert back == scene


def test_what_was_not_chosen_is_not_written():
    value = scene_json.to_dict(Scene("a lake"), {})
    assert "styles" not in value and not {"encoders", "experts"} & value["settings"].keys()
    base = Scene(settings=Settings(experts=()))
    assert scene_json.from_dict(scene_json.to_dict(base, {}), lambda key, entry: None).settings.experts == ()


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("settings", {"encoders": "clip"}),
        ("settings", {"encoders": [["clip"]]}),
        ("settings", {"experts": [1]}),
        ("settings", {"experts": [{"low": "x"}]}),
        ("settings", {"experts": [{"name": "a", "low": 1}]}),
        ("styles", 7),
        ("styles", [7]),
        ("styles", [{"name": 3}]),
        ("styles", [{"name": "a", "strength": "much"}]),
    ],
)
def test_damaged_values_are_told(part, value):
    entry = scene_json.to_dict(Scene("a lake"), {}) | {part: value}
    with pytest.raises(SceneFileError):
        scene_json.from_dict(entry, lambda key, e: TiledMask((512, 512)), lambda key, e: PICTURE)


def test_experts_models_are_written_without_folders():
    settings = Settings(experts=(Expert("a", model="/home/me/models/other"),))
    assert scene_json.to_dict(Scene(settings=settings), {})["settings"]["experts"][0]["model"] == "other"
