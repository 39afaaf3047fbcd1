"""`wordbrush mask`: what it writes, where, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli.main import main
from app.cli.mask_command import picture_of
from canvas.files import ora
from canvas.model.scene import Scene
from engine.world.scenes import HELD_OUT, render_scene
from engine.world.textures import STUFF


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    rgb = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(rgb).save(tmp_path / "any.png")
    return tmp_path / "any.png"


def test_masks_and_cut_outs_are_written(picture, tiny_sd_folder, tmp_path, capsys):
    how = ["--model", str(tiny_sd_folder), "--device", "cpu", "--noise", "0.5", "--json"]
    prompt = ["--prompt", "a lake and sky"]
    out = tmp_path / "masks"
    assert main(["mask", str(picture), "lake", "tent", "--out", str(out), *prompt, *how]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1 and told["prompt"] == "a lake and sky, tent" and told["sharpened"] == 1
    assert [row["phrase"] for row in told["masks"]] == ["lake", "tent"] and told["masks"][0]["span"] == [2, 6]
    for row in told["masks"]:
        with Image.open(row["path"]) as mask:
            assert (mask.mode, mask.size) == ("L", (64, 64))
            assert row["area"] == pytest.approx((np.asarray(mask) > 127).mean())
    assert main(["mask", str(picture), "lake", "--out", str(tmp_path / "lake.png"), "--cut-out", *prompt, *how]) == 0
    with Image.open(tmp_path / "lake.png") as cut:
        assert cut.mode == "RGBA"
        assert np.array_equal(np.asarray(cut)[..., :3], np.asarray(Image.open(picture)))


def test_a_picture_in_a_scene_brings_its_prompt(tmp_path):
    rgb = np.zeros((64, 64, 3), np.uint8)
    scene = Scene(prompt="a lake", size=(64, 64))
    ora.save(tmp_path / "s.ora", scene, picture=rgb, made_by=scene)
    assert picture_of(tmp_path / "s.ora", None)[1] == "a lake" and picture_of(tmp_path / "s.ora", "sky")[1] == "sky"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.png", "lake", "--out", "o.png"], "There is no file"),
        (["{picture}", "lake", "--out", "o.jpg"], "does not end in .png"),
        (["{picture}", "lake", "sky", "--out", "o.png"], "need a folder"),
        (["{picture}", " ", "--out", "o.png"], "No word was named"),
        (["{picture}", "lake#2", "--out", "o.png"], "lake"),
        (["{picture}", "lake", "--out", "o.png", "--sharpen", "99"], "Sharpening 99 times"),
        (["{picture}", "lake", "--out", "o.png", "--noise", "nan"], "this noise"),
        (["{picture}", "lake", "--out", "o.png", "--model", "no such"], "no such"),
    ],
)
def test_bad_use_is_said_and_exits_2(arguments, said, picture, capsys):
    assert main(["mask", *(each.format(picture=picture) for each in arguments)]) == 2
    assert said in capsys.readouterr().err


def test_a_picture_is_described_as_a_scene(tmp_path, capsys):
    scene = render_scene(HELD_OUT + 20_000_003)
    stuff = [item.name for item in scene.items if item.name in STUFF]
    prompt = f"{stuff[0]}, a robot"
    ora.save(tmp_path / "s.ora", Scene(prompt=prompt, size=(256, 256)), picture=scene.rgb)
    assert main(["describe", str(tmp_path / "s.ora"), "--out", str(tmp_path / "told.ora"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(stuff) <= {word["phrase"] for word in told["words"]}
    assert told["missing"] == ["a robot"]
    made = ora.read_all(tmp_path / "told.ora").scene
    assert made is not None and made.prompt == told["prompt"] and made.size == (256, 256)
    assert all(not made.masks[word.id].is_empty for word in made.words) and len(made.words) == len(told["words"])
    assert main(["describe", str(tmp_path / "s.ora"), "--out", "o.png"]) == 2
    assert "does not end in .ora" in capsys.readouterr().err
