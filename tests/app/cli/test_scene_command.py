"""wordbrush scene: any file that opens becomes a scene file, and colour maps go in and out."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from canvas.files import ora, png
from canvas.model.scene import Scene

SKY, SEA = (0x75, 0x9E, 0xDF), (0x38, 0x4F, 0x83)


@pytest.fixture
def colour_map(tmp_path):
    rgb = np.full((64, 64, 3), SKY, np.uint8)
    rgb[32:] = SEA
    Image.fromarray(rgb).save(tmp_path / "map.png")
    return tmp_path / "map.png"


def test_a_map_becomes_a_scene_and_a_map_again(wordbrush, colour_map, tmp_path):
    made = wordbrush("scene", "--from-map", colour_map, "--prompt", "a calm sea", "--out", tmp_path / "a.ora", "--json")
    assert made.code == 0 and made.result["prompt"] == "a calm sea, sky"
    scene = ora.load(tmp_path / "a.ora")
    assert {word.phrase: int(scene.masks[word.id].to_array().sum()) for word in scene.words} == {
        "sky": 255 * 32 * 64, "sea": 255 * 32 * 64,
    }  # fmt: skip
    assert wordbrush("scene", tmp_path / "a.ora", "--to-map", tmp_path / "b.png").code == 0
    assert "sea,1" in (tmp_path / "b.colours.txt").read_text()
    again = wordbrush("scene", "--from-map", tmp_path / "b.png", "--out", tmp_path / "b.ora", "--json")
    assert {word["phrase"] for word in again.result["words"]} == {"sky", "sea"}, "the table beside it is read"


def test_a_table_and_a_palette_say_what_colours_mean(wordbrush, colour_map, tmp_path):
    table = tmp_path / "table.txt"
    table.write_text(f'{{{SKY}: "aurora,0.5", {SEA}: "ice,-0.5"}}')
    made = wordbrush("scene", "--from-map", colour_map, "--table", table, "--out", tmp_path / "a.ora", "--json").result
    assert [(word["phrase"], word["strength"]) for word in made["words"]] == [("aurora", 0.5), ("ice", -0.5)]
    refused = wordbrush("scene", "--from-map", colour_map, "--palette", "ade20k", "--out", tmp_path / "b.ora", "--json")
    assert refused.code == 1 and "palette" in refused.error["hint"]


def test_a_picture_becomes_a_scene_file(wordbrush, tmp_path):
    png.save(tmp_path / "a.png", np.zeros((64, 64, 3), np.uint8), Scene("a lake", size=(64, 64)))
    assert wordbrush("scene", tmp_path / "a.png", "--out", tmp_path / "a.ora").code == 0
    assert ora.load(tmp_path / "a.ora").prompt == "a lake"


@pytest.mark.parametrize(
    "arguments",
    [(), ("a.png",), ("a.png", "--from-map", "b.png", "--out", "c.ora"), ("a.png", "--prompt", "x", "--out", "c.ora"),
     ("--from-map", "b.png", "--out", "c.png"), ("--from-map", "b.png", "--palette", "x", "--out", "c.ora")],
)  # fmt: skip
def test_bad_use_is_said(wordbrush, arguments):
    refused = wordbrush("scene", *arguments, "--json")
    assert refused.code == 2 and refused.error["hint"]
