"""One reading of a file brings everything in it: scene, picture, what made it, its notes, and what was left out."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from canvas.files import ora, png, reading, scene_json
from canvas.model import edits
from canvas.model.errors import SceneFileError
from canvas.model.scene import Scene
from tests.canvas.scenes import random_scene

RGB = np.random.default_rng(0).integers(0, 256, (60, 100, 3), dtype=np.uint8)


def painted(prompt: str = "a red house by a lake") -> Scene:
    scene, word = edits.add_word(Scene(prompt, size=(100, 60)), (2, 5))
    return edits.fill_word(scene, word)


@pytest.mark.parametrize("seed", range(6))
def test_a_scene_file_in_one_reading(tmp_path: Path, seed: int) -> None:
    scene, made_by = random_scene(seed), painted("a red barn")
    rgb = np.zeros((scene.size[1], scene.size[0], 3), np.uint8) + 7
    ora.save(tmp_path / "a.ora", scene, picture=rgb, made_by=made_by, notes={"scores": '{"w1": 1}'})
    opened = reading.read_all(tmp_path / "a.ora")
    assert opened.scene == scene and opened.made_by == made_by and opened.own
    assert np.array_equal(opened.picture, rgb) and opened.notes == {"scores": '{"w1": 1}'}
    assert opened.remarks == () and opened.fault is None


def test_a_picture_in_one_reading(tmp_path: Path) -> None:
    png.save(tmp_path / "a.png", RGB, painted(), "words\nSteps: 3", notes={"scores": "x"})
    opened = reading.read_all(tmp_path / "a.png")
    assert opened.scene == opened.made_by == painted() and not opened.own
    assert np.array_equal(opened.picture, RGB) and opened.notes == {"scores": "x"}
    assert opened.parameters == "words\nSteps: 3"


def test_nothing_is_opened_or_decoded_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, made_by = painted(), painted("a red barn")
    ora.save(tmp_path / "a.ora", scene, picture=RGB, made_by=made_by)
    png.save(tmp_path / "a.png", RGB, scene)
    opened: list[object] = []
    real, real_zip = Image.open, zipfile.ZipFile.__init__
    monkeypatch.setattr(Image, "open", lambda *a, **k: opened.append("picture") or real(*a, **k))
    monkeypatch.setattr(zipfile.ZipFile, "__init__", lambda *a, **k: opened.append("zip") or real_zip(*a, **k))
    reading.read_all(tmp_path / "a.png")
    assert opened == ["picture", "picture"], "the picture, and its scene's one mask"
    opened.clear()
    reading.read_all(tmp_path / "a.ora")
    assert sorted(opened) == ["picture", "picture", "picture", "zip"], "layer, picture, the mask in it"


def test_a_picture_with_a_damaged_scene_is_a_picture(tmp_path: Path) -> None:
    png.save(tmp_path / "a.png", RGB, painted())
    data = (tmp_path / "a.png").read_bytes()
    info = png.PngImagePlugin.PngInfo()
    info.add_itxt("wordbrush", '{"version": 1, "prompt": 7}')
    Image.fromarray(RGB).save(tmp_path / "b.png", pnginfo=info)
    opened = reading.read_all(tmp_path / "b.png")
    assert opened.scene is None and opened.fault is not None and np.array_equal(opened.picture, RGB)
    (tmp_path / "c.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(SceneFileError):
        reading.read_all(tmp_path / "c.png")


def test_a_scene_whose_last_picture_is_damaged_is_opened_and_says_so(tmp_path: Path) -> None:
    ora.save(tmp_path / "a.ora", painted(), picture=RGB)
    with zipfile.ZipFile(tmp_path / "a.ora") as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries["data/picture.png"] = entries["data/picture.png"][:300]
    with zipfile.ZipFile(tmp_path / "b.ora", "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    opened = reading.read_all(tmp_path / "b.ora")
    assert opened.scene == painted() and opened.picture is None and opened.own
    assert len(opened.remarks) == 1 and "left out" in opened.remarks[0]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "BMP", "TIFF", "GIF"])
def test_a_picture_of_another_kind_has_no_scene(tmp_path: Path, kind: str) -> None:
    Image.fromarray(np.full((60, 100, 3), 200, np.uint8)).save(tmp_path / "a.dat", kind)
    opened = reading.read_all(tmp_path / "a.dat")
    assert opened.scene is None and opened.picture.shape == (60, 100, 3) and abs(int(opened.picture[9, 9, 0]) - 200) < 3


def test_what_is_in_a_file_counts_and_not_its_name(tmp_path: Path) -> None:
    ora.save(tmp_path / "a.png", painted())
    png.save(tmp_path / "a.ora", RGB, painted())
    assert reading.read_all(tmp_path / "a.png").own and not reading.read_all(tmp_path / "a.ora").own


def test_a_pipe_a_folder_and_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.ora")
    for name in ("a.ora", ".", "none.ora", "x" * 300, "a\0b"):
        for read in (reading.read_all, ora.load, png.load_scene, ora.read_all, png.read_all):
            with pytest.raises(SceneFileError) as caught:
                read(tmp_path / name)
            assert caught.value.hint


def test_see_through_pictures_lie_on_white(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (9, 9, 9, 0)).save(out, "PNG")
    (tmp_path / "a.png").write_bytes(out.getvalue())
    assert (reading.read_all(tmp_path / "a.png").picture == 255).all()


def test_a_mask_that_many_words_name_is_read_once(tmp_path: Path) -> None:
    scene = Scene(" ".join(["cat"] * 64), size=(100, 60))
    for index in range(64):
        scene, _ = edits.add_word(scene, (4 * index, 4 * index + 3))
    for save in (ora.save, lambda path, scene: png.save(path, RGB, scene)):
        save(tmp_path / "a", edits.fill_word(scene, "w1"))
        assert reading.read_all(tmp_path / "a").scene.masks["w1"].bounds() == (0, 0, 100, 60)
    value = scene_json.to_dict(scene, {f"w{i}": {"layer": "data/word-w1.png"} for i in range(1, 65)})
    with zipfile.ZipFile(tmp_path / "b.ora", "w") as archive, zipfile.ZipFile(tmp_path / "a2.ora", "w"):
        archive.writestr("mimetype", ora.MIMETYPE)
        archive.writestr("wordbrush/scene.json", scene_json.dumps(value))
        out = io.BytesIO()
        Image.new("RGBA", (100, 60), (1, 2, 3, 4)).save(out, "PNG")
        archive.writestr("data/word-w1.png", out.getvalue())
    masks = reading.read_all(tmp_path / "b.ora").scene.masks
    assert len(masks) == 64 and len({id(mask) for mask in masks.values()}) == 1


def test_an_empty_mask_is_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = edits.clear_word(painted(), "w1")
    ora.save(tmp_path / "a.ora", scene)
    monkeypatch.setattr(ora, "_mask", lambda *_: pytest.fail("decoded"))
    assert ora.load(tmp_path / "a.ora") == scene


def test_bytes_are_read_as_files_are(tmp_path: Path) -> None:
    ora.save(tmp_path / "a.ora", painted(), picture=RGB, private=True)
    png.save(tmp_path / "a.png", RGB, painted())
    Image.fromarray(RGB).save(tmp_path / "a.jpg")
    assert (tmp_path / "a.ora").stat().st_mode & 0o077 == 0
    for name, own in (("a.ora", True), ("a.png", False)):
        opened = reading.read_all((tmp_path / name).read_bytes(), name)
        assert opened.scene == painted() and opened.own is own and np.array_equal(opened.picture, RGB)
    assert reading.read_all((tmp_path / "a.jpg").read_bytes(), "a.jpg").picture.shape == RGB.shape
    for data in (b"", b"text", b"PK\x03\x04 cut", b"\x89PNG\r\n\x1a\n cut"):
        with pytest.raises(SceneFileError, match=r"x\.dat"):
            reading.read_all(data, "x.dat")


def test_the_thumbnail_alone(tmp_path: Path) -> None:
    ora.save(tmp_path / "a.ora", painted(), RGB)
    assert np.array_equal(ora.load_thumbnail(tmp_path / "a.ora"), RGB)
    (tmp_path / "b.ora").write_bytes(b"no archive")
    assert ora.load_thumbnail(tmp_path / "b.ora") is None
