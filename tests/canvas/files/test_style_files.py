"""Styles in files: pictures and painted areas come back equal, other programs open them, damage is told."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from canvas.files import ora, png
from canvas.files.image_io import png_bytes, style_picture
from canvas.model import edits
from canvas.model.errors import SceneFileError
from canvas.model.scene import Scene, Settings
from canvas.model.tiled_mask import TiledMask

RGB = np.random.default_rng(0).integers(0, 256, (60, 100, 3), dtype=np.uint8)
NOISE = style_picture(np.random.default_rng(1).integers(0, 256, (512, 512, 3), np.uint8))  # larger than one chunk


def sample() -> Scene:
    scene, _ = edits.add_word(Scene("a cat", size=(100, 60), settings=Settings(encoders=(("t5", 0.25),))), (2, 5))
    scene, _ = edits.add_style(scene, "dusk#1", NOISE, strength=0.5, semantic=-1.0)
    scene, painted = edits.add_style(scene, 'oil & "ink"', style_picture(RGB))
    area = TiledMask.from_array(np.random.default_rng(2).integers(0, 256, (60, 100), dtype=np.uint8))
    return edits.change_style(edits.set_style_area(scene, painted, True, area), painted, visible=False)


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, changes: dict[str, bytes | None]) -> Path:
    parts = {name: data for name, data in (entries(path) | changes).items() if data is not None}
    other = path.with_name("other.ora")
    with zipfile.ZipFile(other, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return other


def test_a_scene_file_keeps_pictures_and_areas(tmp_path: Path) -> None:
    path = tmp_path / "scene.ora"
    ora.save(path, sample())
    assert ora.load(path) == sample()
    parts = entries(path)
    assert parts["wordbrush/style-s1.png"] == NOISE and "data/style-s1.png" not in parts
    assert Image.open(io.BytesIO(parts["data/style-s2.png"])).mode == "RGBA"
    assert "name='style oil &amp; \"ink\"'" in parts["stack.xml"].decode()


def test_a_picture_keeps_pictures_and_areas(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    png.save(path, RGB, sample())
    assert png.load_scene(path) == sample()
    looks = [key for key in Image.open(path).text if key.startswith("wordbrush.style.")]
    assert len(looks) >= 3  # two for the large one
    assert all(len(text) <= png.MAX_CHUNK for text in Image.open(path).text.values())


def test_eight_large_styles_are_not_too_much_for_a_picture(tmp_path: Path) -> None:
    scene = Scene("a cat", size=(100, 60))
    for index in range(8):
        scene, _ = edits.add_style(scene, f"look {index}", NOISE)
    png.save(tmp_path / "p.png", RGB, scene)
    assert png.load_scene(tmp_path / "p.png") == scene
    ora.save(tmp_path / "s.ora", scene)
    assert ora.load(tmp_path / "s.ora") == scene


def test_styles_are_no_words_in_a_file_that_another_program_saved(tmp_path: Path) -> None:
    path = tmp_path / "scene.ora"
    painted = edits.set_style_area(sample(), "s1", True)
    ora.save(path, painted)
    foreign = rewritten(path, {"wordbrush/scene.json": None, "wordbrush/style-s1.png": None})
    scene = ora.load(foreign)
    assert [word.phrase for word in scene.words] == ["cat"] and not scene.styles


def test_files_from_before_styles_still_open(tmp_path: Path) -> None:
    path = tmp_path / "scene.ora"
    plain = sample().replace(styles=(), masks={"w1": sample().masks["w1"]})
    ora.save(path, plain)
    assert "styles" not in json.loads(entries(path)["wordbrush/scene.json"])
    assert ora.load(path) == plain


@pytest.mark.parametrize(
    "picture",
    [None, b"text", NOISE[:-60], png_bytes(RGB[..., 0]), png_bytes(np.zeros((2, 900, 3), np.uint8)), bytes(5 * 2**20)],
    ids=["missing", "text", "cut", "grey", "wide", "huge"],
)
def test_a_damaged_picture_in_a_scene_file_is_told(tmp_path: Path, picture: bytes | None) -> None:
    path = tmp_path / "scene.ora"
    ora.save(path, sample())
    with pytest.raises(SceneFileError) as caught:
        ora.load(rewritten(path, {"wordbrush/style-s1.png": picture}))
    assert caught.value.hint


@pytest.mark.parametrize("name", ["../../etc/passwd", "x/y", "s1.png", ""])
def test_a_style_names_no_other_entry(tmp_path: Path, name: str) -> None:
    path = tmp_path / "scene.ora"
    ora.save(path, sample())
    value = json.loads(entries(path)["wordbrush/scene.json"])
    value["styles"][0]["id"] = name
    with pytest.raises(SceneFileError):
        ora.load(rewritten(path, {"wordbrush/scene.json": json.dumps(value).encode()}))


def carrying(path: Path, changes: dict[str, str | None]) -> Path:
    """The picture with other text chunks."""
    image = Image.open(path)
    info = PngImagePlugin.PngInfo()
    for key, text in (dict(image.text) | changes).items():
        if text is not None:
            info.add_itxt(key, text)
    image.save(path.with_name("other.png"), pnginfo=info)
    return path.with_name("other.png")


@pytest.mark.parametrize("text", [None, "!!", "", "QUJD"], ids=["missing", "no base64", "empty", "no picture"])
def test_a_damaged_picture_in_a_picture_is_told(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "picture.png"
    png.save(path, RGB, sample())
    with pytest.raises(SceneFileError) as caught:
        png.load_scene(carrying(path, {"wordbrush.style.0": text}))
    assert caught.value.hint


@pytest.mark.parametrize("numbers", [None, [], [99], ["0"], 0])
def test_chunks_that_no_picture_has_are_told(tmp_path: Path, numbers: object) -> None:
    path = tmp_path / "picture.png"
    png.save(path, RGB, sample())
    value = json.loads(Image.open(path).text["wordbrush"])
    value["styles"][0]["pictures"] = numbers
    with pytest.raises(SceneFileError):
        png.load_scene(carrying(path, {"wordbrush": json.dumps(value)}))
