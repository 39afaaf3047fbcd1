"""wordbrush render --heatmaps: one grey picture for each painted word, and what keeps it from being written."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli import heatmap_files
from app.cli.heatmap_files import NoHeatmaps, word_names
from engine.protocol import GenerateRequest, ImageReady, PaintedWord
from tests.app.conftest import PROMPT, save_mask


def test_each_painted_word_of_each_picture_has_one_of_the_pictures_size(render, tmp_path):
    size = (96, 64)
    mask = save_mask(Path("wide.png"), size=size)
    paint = [each for phrase in ("lake", "lake#2", "house") for each in ("--paint", f"{phrase}={mask}")]
    ended = render("--prompt", PROMPT, *paint, "--size", "96x64", "--count", "2", "--heatmaps", "new/heat")
    assert ended.code == 0
    names = ["lake", "lake-2", "house"]
    expected = {f"{stem}.{name}.png" for stem in ("out", "out-1") for name in names}
    assert {path.name for path in Path("new/heat").iterdir()} == expected
    for path in Path("new/heat").iterdir():
        picture = Image.open(path)
        assert picture.mode == "L" and picture.size == size and np.asarray(picture).max() == 255
    result = ended.result
    assert result["images"][1]["heatmaps"] == [str(Path("new/heat") / f"out-1.{name}.png") for name in names]
    house = result["words"][2]
    assert house["heatmaps"] == [str(Path("new/heat") / f"{stem}.house.png") for stem in ("out", "out-1")]
    assert "seen" in house and len(result["images"][0]["obedience"]) == 3


def test_without_the_flag_there_are_none_and_the_keys_are_there(render, mask):
    result = render("--prompt", PROMPT, "--paint", f"house={mask}").result
    assert result["images"][0]["heatmaps"] == [] and result["words"][0]["heatmaps"] == []
    assert result["words"][0]["seen"] is None and result["images"][0]["seen"] == []


def test_a_painted_word_of_no_strength_has_one_too_and_a_word_without_paint_has_none(render, mask):
    blank = save_mask(Path("blank.png"), right=0)
    paint = ("--paint", f"house={mask}:0", "--paint", f"lake={blank}", "--paint", f"lake#2={mask}")
    ended = render("--prompt", PROMPT, *paint, "--heatmaps", "heat")
    assert sorted(os.listdir("heat")) == ["out.house.png", "out.lake-2.png"]
    house, lake, second = ended.result["words"]
    assert house["heatmaps"] == ["heat/out.house.png"] and house["obedience"] is None
    assert lake["heatmaps"] == [] and second["heatmaps"] == ["heat/out.lake-2.png"]


def test_nothing_painted_is_said_and_is_no_failure(render):
    ended = render("--prompt", PROMPT, "--heatmaps", "heat")
    assert ended.code == 0 and "No word is painted" in ended.err and os.listdir("heat") == []


def test_a_folder_that_cannot_be_written_is_told_before_any_work(render, mask, monkeypatch):
    Path("closed").mkdir()
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "closed" and real(path, mode))
    ended = render("--prompt", PROMPT, "--paint", f"house={mask}", "--heatmaps", "closed")
    assert ended.code == 1 and ended.error["type"] == "SaveError" and "closed" in ended.error["message"]
    assert not Path("out.png").exists()


def test_a_folder_that_cannot_be_made_is_told(render, mask):
    Path("file").write_text("")
    ended = render("--prompt", PROMPT, "--paint", f"house={mask}", "--heatmaps", "file/heat")
    assert ended.code == 1 and ended.error["type"] == "SaveError"
    ended = render("--prompt", PROMPT, "--paint", f"house={mask}", "--heatmaps", "file")
    assert ended.code == 2 and "is a file" in ended.error["message"]


def test_a_heatmap_that_cannot_be_written_is_told(render, mask):
    Path("heat/out.house.png").mkdir(parents=True)
    ended = render("--prompt", PROMPT, "--paint", f"house={mask}", "--heatmaps", "heat")
    assert ended.code == 1 and ended.error["type"] == "SaveError" and "out.house.png" in ended.error["message"]


def test_names_are_readable_and_no_two_are_the_same():
    prompt = "Red House, red house, lake 2, lake, lake, 湖, 🦊, ☃"
    spans = [(0, 9), (11, 20), (22, 28), (22, 26), (30, 34), (36, 40), (42, 43), (45, 46), (48, 49)]
    names = word_names(prompt, spans)
    assert names[:4] == ["red-house", "red-house-2", "lake-2", "lake"] and names[6] == "湖"
    assert len(set(names)) == len(names)
    assert names[7:] == ["word", "word-2"]
    long = word_names("é" * 300, [(0, 300)])[0]
    assert 0 < len(long.encode()) <= heatmap_files.LONGEST_NAME


def test_a_model_without_heatmaps_is_told(tmp_path):
    word = PaintedWord(span=(2, 5), mask=np.full((8, 8), 255, np.uint8))
    request = GenerateRequest.of(id="r", prompt="a cat", words=(word,), watched=((2, 5),))
    event = ImageReady(request_id="r", image=0, seed=0, rgb=np.zeros((8, 8, 3), np.uint8))
    with pytest.raises(NoHeatmaps, match="cannot show"):
        heatmap_files.write(tmp_path, Path("a.png"), event, request)


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_a_word_that_went_nowhere_is_black(tmp_path, value):
    request = GenerateRequest.of(id="r", prompt="a cat", watched=((2, 5),))
    maps = np.full((1, 2, 2), value, np.float32)
    event = ImageReady(request_id="r", image=0, seed=0, rgb=np.zeros((8, 6, 3), np.uint8), heatmaps=maps)
    (path,) = heatmap_files.write(tmp_path, Path("a.png"), event, request)
    grey = np.asarray(Image.open(path))
    assert grey.shape == (8, 6) and grey.max() == 0


def test_sixty_four_words_on_the_same_and_the_smallest_areas_at_all_limits(render):
    everything, one = save_mask(Path("all.png"), right=64), Path("one.png")
    dot = np.zeros((64, 64), np.uint8)
    dot[40, 9] = 255
    Image.fromarray(dot).save(one)
    prompt = " ".join(f"thing{index}" for index in range(64))
    paint = []
    for index in range(64):
        mask, strength = (one, everything)[index % 2], (2, -2)[index // 2 % 2]
        paint += ["--paint", f"thing{index}={mask}:{strength}"]
    ended = render("--prompt", prompt, *paint, "--fidelity", "1", "--heatmaps", "heat")
    assert ended.code == 0, ended.err
    assert len(os.listdir("heat")) == 64 and "NaN" not in ended.out
    assert all(word["obedience"] is None or 0 <= word["obedience"] <= 1 for word in ended.result["words"])
