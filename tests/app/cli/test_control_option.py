"""`wordbrush render --control`: taken apart, and a picture that follows it, with the control picture in its scene."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli import render, render_command
from app.cli.control_option import parse_control
from app.cli.output import CommandError
from canvas.files import png
from tests.tiny import tiny_unet
from tests.tiny_controls import save_control


@pytest.mark.parametrize(
    ("text", "file", "kind", "prepare", "strength", "window", "model"),
    [
        ("a.png", "a.png", "other", "none", 1.0, (0, 1), ""),
        ("a.png:scribble:0.8", "a.png", "scribble", "none", 0.8, (0, 1), ""),
        ("a.png:sketch@my sketch", "a.png", "scribble", "none", 1.0, (0, 1), "my sketch"),
        ("C:\\a.png:depth:0-0.5:2", "C:\\a.png", "depth", "none", 2.0, (0, 0.5), ""),
        ("a.png:edges", "a.png", "canny", "edges", 1.0, (0, 1), ""),
        ("a.png:lines:0.25-0.75@x", "a.png", "scribble", "lines", 1.0, (0.25, 0.75), "x"),
        ("a:b.png", "a:b.png", "other", "none", 1.0, (0, 1), ""),
    ],
)
def test_it_is_taken_apart(text, file, kind, prepare, strength, window, model):
    option = parse_control(text)
    assert (option.file, option.kind, option.prepare) == (Path(file), kind, prepare)
    assert (option.strength, option.window, option.model) == (strength, window, model)


@pytest.mark.parametrize("text", ["", ":scribble:0.8", "a.png@"])
def test_what_names_nothing_is_told(text):
    with pytest.raises(CommandError) as caught:
        parse_control(text)
    assert "--control FILE:KIND:STRENGTH" in caught.value.hint


def test_a_picture_follows_its_control_and_carries_it(tmp_path, tiny_sd_folder, capsys):
    net = save_control(tmp_path / "tiny-scribble", tiny_unet())
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb[20:40, 30:34] = 255
    Image.fromarray(rgb).save(tmp_path / "sketch.png")
    asked = ["--prompt", "a lake", "--model", str(tiny_sd_folder), "--steps", "2", "--size", "64x64", "--device", "cpu"]
    control = ["--control", f"{tmp_path / 'sketch.png'}:scribble:1.5", "--control-model", str(net)]
    assert render_command.run([*asked, "--out", str(tmp_path / "plain.png")]) == 0
    capsys.readouterr()
    assert render_command.run([*asked, *control, "--json", "--out", str(tmp_path / "led.png")]) == 0
    (said,) = json.loads(capsys.readouterr().out)["controls"]
    assert (said["name"], said["kind"], said["model"], said["strength"]) == ("sketch", "scribble", "tiny-scribble", 1.5)
    plain, led = (np.array(Image.open(tmp_path / name)) for name in ("plain.png", "led.png"))
    assert not np.array_equal(plain, led)
    (kept,) = png.load_scene(tmp_path / "led.png").controls
    assert (kept.name, kept.kind, kept.strength, kept.model) == ("sketch", "scribble", 1.5, "tiny-scribble")
    # From the scene in the picture alone: the model's name is found where the user names it again.
    again = [str(tmp_path / "led.png"), "--model", str(tiny_sd_folder), "--control-model", str(net), "--device", "cpu"]
    assert render_command.run([*again, "--out", str(tmp_path / "again.png")]) == 0
    assert np.array_equal(np.array(Image.open(tmp_path / "again.png")), led)


def test_a_file_that_is_missing_is_told(tmp_path):
    changes = {"control": [parse_control(str(tmp_path / "no.png"))]}
    with pytest.raises(CommandError, match="no file"):
        render.scene_of(file=None, prompt="a lake", paint=[], changes=changes)
