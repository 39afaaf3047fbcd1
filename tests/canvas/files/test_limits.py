"""What is written opens again: one set of limits for both; and what is beyond them is said before anything is lost."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from canvas.files import archive, ora, png, reading, scene_json
from canvas.files.image_io import open_png
from canvas.model import edits
from canvas.model.errors import SaveError, SceneError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from resources.limits import MAX_SIDE, MAX_WORDS

RGB = np.zeros((64, 64, 3), np.uint8)


def many(count: int) -> Scene:
    scene = Scene("cat " * count, size=(64, 64))
    for index in range(count):
        scene, word = edits.add_word(scene, (4 * index, 4 * index + 3))
        scene = edits.fill_word(scene, word)
    return scene


def test_three_hundred_painted_words_come_back_from_both_kinds_of_file(tmp_path: Path) -> None:
    scene = many(300)
    ora.save(tmp_path / "a.ora", scene)
    png.save(tmp_path / "a.png", RGB, scene)
    assert reading.read_all(tmp_path / "a.ora").scene == scene == reading.read_all(tmp_path / "a.png").scene


def test_a_scene_never_has_more_words_than_a_file(tmp_path: Path) -> None:
    scene = many(3)
    words = tuple(scene.words[0].__class__(f"x{i}", "cat", None) for i in range(MAX_WORDS + 1))
    with pytest.raises(SceneError, match="words to paint") as caught:
        scene.replace(words=words, masks={})
    assert str(MAX_WORDS) in caught.value.hint


def test_the_largest_picture_that_a_scene_can_have_fits() -> None:
    noise = MAX_SIDE * MAX_SIDE * 3 * 1.001  # what a PNG takes for pixels that do not pack
    assert noise + png.MAX_TEXT < archive.MAX_ENTRY, "the last picture, and what made it"
    assert 2 * noise + png.MAX_TEXT + scene_json.MAX_JSON < archive.MAX_TOTAL, "the merged picture lies beside it"
    assert MAX_WORDS + 100 < archive.MAX_ENTRIES


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (archive, "MAX_TOTAL", 9000),
        (archive, "MAX_ENTRY", 3000),
        (scene_json, "MAX_JSON", 300),
        (scene_json, "MAX_PAINT", 4000),
        (scene_json, "MAX_MASK_PIXELS", 64 * 64),
    ],
)
def test_what_would_not_be_read_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str, value: int
) -> None:
    noise = np.random.default_rng(0).integers(1, 256, (64, 64), dtype=np.uint8)
    scene = many(2).with_mask("w1", TiledMask.from_array(noise))
    ora.save(tmp_path / "a.ora", scene)
    before = (tmp_path / "a.ora").read_bytes()
    monkeypatch.setattr(module, name, value)
    with pytest.raises(SaveError) as caught:
        ora.save(tmp_path / "a.ora", scene, notes={})
    assert caught.value.hint and (tmp_path / "a.ora").read_bytes() == before


def test_a_json_that_packs_very_well_is_not_taken_for_a_bomb(tmp_path: Path) -> None:
    scene = Scene("a" * 20_000, size=(64, 64))
    for _ in range(100):
        scene, _ = edits.add_word(scene, (0, 20_000))
        scene = scene.replace(words=(*scene.words[:-1], scene.words[-1]))
    scene = scene.replace(words=tuple(scene.words[0].__class__(f"w{i}", "a" * 20_000, (0, 20_000)) for i in range(99)))
    ora.save(tmp_path / "a.ora", scene)
    assert ora.load(tmp_path / "a.ora") == scene


def test_a_png_says_that_its_scene_is_too_much_and_an_ora_still_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(png, "MAX_TEXT", 300)
    scene = many(2)
    with pytest.raises(SaveError) as caught:
        png.save(tmp_path / "a.png", RGB, scene)
    assert ".ora" in caught.value.hint and not (tmp_path / "a.png").exists()
    ora.save(tmp_path / "a.ora", scene, picture=RGB, made_by=scene, notes={"scores": "s"})
    opened = ora.read_all(tmp_path / "a.ora")
    assert opened.scene == scene and opened.made_by is None and opened.notes == {"scores": "s"}


def test_the_limit_of_a_png_is_pillows() -> None:
    info = PngImagePlugin.PngInfo()
    for number in range(png.MAX_TEXT // png.MAX_CHUNK):
        info.add_itxt(f"{png.MASK}{number}", "A" * png.MAX_CHUNK)
    info.add_itxt("wordbrush", "A" * (png.MAX_TEXT % png.MAX_CHUNK))
    out = io.BytesIO()
    Image.new("L", (1, 1)).save(out, "PNG", pnginfo=info)
    assert sum(map(len, open_png(out.getvalue(), "x").text.values())) == png.MAX_TEXT


@pytest.mark.parametrize(
    "text", ["[" * 900 + "]" * 900, '{"version": 1, "a": ' + "[" * 60 + "]" * 60 + "}", "1" * 9000]
)
def test_deep_and_huge_json_is_damaged(text: str) -> None:
    with pytest.raises(scene_json.SceneFileError):
        scene_json.loads(text)


def test_a_huge_number_makes_no_huge_message() -> None:
    value = {"version": 1, "prompt": "", "size": [64, 64], "settings": {"steps": int("9" * 4000)}}
    with pytest.raises(scene_json.SceneFileError) as caught:
        scene_json.from_dict(value, lambda *_: TiledMask((64, 64)))
    assert len(caught.value.message) < 500


@pytest.mark.parametrize(("name", "value"), [("MAX_PAINT", 4000), ("MAX_MASK_PIXELS", 64 * 64)])
def test_more_paint_than_may_be_written_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    noise = np.random.default_rng(0).integers(1, 256, (64, 64), dtype=np.uint8)
    scene = many(2).with_mask("w1", TiledMask.from_array(noise))
    ora.save(tmp_path / "a.ora", scene)
    png.save(tmp_path / "a.png", RGB, scene)
    monkeypatch.setattr(scene_json, name, value)
    for read in (ora.load, png.load_scene):
        with pytest.raises(scene_json.SceneFileError, match="too much paint"):
            read(tmp_path / ("a.ora" if read is ora.load else "a.png"))


@pytest.mark.parametrize("key", ["sampler", "model", "law", "device"])
def test_a_lone_surrogate_is_no_text(key: str) -> None:
    value = {"version": 1, "prompt": "", "size": [64, 64], "settings": {key: "\ud800"}}
    with pytest.raises(scene_json.SceneFileError):
        scene_json.from_dict(value, lambda *_: TiledMask((64, 64)))
    words = [{"phrase": "cat", "span": None, "id": "\ud800", "color": "\ud800"}]
    with pytest.raises(scene_json.SceneFileError):
        scene_json.from_dict(value | {"settings": {}, "words": words}, lambda *_: TiledMask((64, 64)))
