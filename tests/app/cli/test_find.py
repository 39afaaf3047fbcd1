"""`wordbrush find`: pictures of a folder by words and by a picture, and what is refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.world.scenes import HELD_OUT, NAMES, render_scene


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine"
    folder.mkdir()
    for number in range(3):
        Image.fromarray(render_scene(HELD_OUT + 60 + number).rgb).save(folder / f"{number}.png")
    (folder / "broken.jpg").write_bytes(b"no picture")
    return folder


def test_words_and_pictures_find_and_the_second_time_nothing_is_read(wordbrush, folder):
    counts = np.bincount(render_scene(HELD_OUT + 60).labels.ravel(), minlength=len(NAMES))
    name = NAMES[int(counts.argmax())]
    found = wordbrush("find", f"a wide {name}", "--folder", folder, "--count", "2", "--json").result
    assert found["schema"] == 1 and str(folder / "0.png") in [each["path"] for each in found["found"]]
    assert found["words_by"] == "seen" and found["query"] == {"words": f"a wide {name}"}
    index = found["index"]
    assert (index["pictures"], index["read"], index["kept"]) == (3, 3, True)
    assert [each["file"] for each in index["faults"]] == ["broken.jpg"]
    again = wordbrush("find", folder / "1.png", "--folder", folder, "--json").result
    assert again["index"]["read"] == 0 and len(again["found"]) == 2
    assert [*Path(folder.parent / "home" / "picture-index").glob("*.pictures")]
    text = wordbrush("find", "zeppelin", "--folder", folder).out
    assert "Nothing was found" in text and "1 file cannot be read" in text


def test_a_folder_is_read_in_advance(wordbrush, folder):
    index = wordbrush("index", folder, "--json").result["index"]
    assert (index["pictures"], index["read"], index["kept"]) == (3, 3, True)
    assert wordbrush("find", "tree", "--folder", folder, "--json").result["index"]["read"] == 0
    told = wordbrush("index", folder).out
    assert told.startswith("3 pictures, 0 read just now") and "1 file cannot be read" in told
    assert "There is no folder" in wordbrush("index", "gone", "--json").error["message"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tree"], "--folder"),
        (["tree", "--folder", "gone"], "There is no folder"),
        (["tree", "--folder", "mine", "--count", "0"], "--count is 0"),
        ([" ", "--folder", "mine"], "nothing to search for"),
        (["tree", "--folder", "mine/0.png"], "not a folder"),
        (["tree", "--folder", "mine", "--model", "nobody"], "nobody"),
    ],
)
def test_what_cannot_be_searched_is_refused_in_words(wordbrush, folder, arguments, says):
    ended = wordbrush("find", *arguments, "--json")
    assert ended.code in (1, 2) and says in ended.error["message"] + ended.error["hint"]


def test_render_takes_pictures_for_words_that_are_not_known(folder):
    from app.cli import render
    from app.cli.paint_option import parse_paint
    from canvas.model.words import word_title

    Image.new("L", (64, 64), 255).save("all.png")
    Image.new("RGB", (20, 20), "red").save(folder / "lighthouse.png")
    scene = render.scene_of(
        file=None,
        prompt="a lighthouse and a zeppelin by a lake",
        paint=[parse_paint("lighthouse=all.png")],
        changes={"find": folder, "size": (64, 64)},
    )
    (style,) = scene.styles
    assert style.name == "lighthouse" and word_title(scene.prompt, scene.words[0]) == "lighthouse"
    assert style.word == scene.words[0].id
