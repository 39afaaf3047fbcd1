"""Pictures carry their scene and A1111's parameters, in chunks that readers accept, and nothing private."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from canvas.files import png
from canvas.model import edits
from canvas.model.errors import SceneError
from canvas.model.scene import Scene, Settings
from canvas.model.tiled_mask import TiledMask
from tests.canvas.scenes import random_scene

RGB = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)


@pytest.mark.parametrize("seed", range(25))
def test_any_scene_comes_back_as_it_was(tmp_path: Path, seed: int) -> None:
    scene, path = random_scene(seed), tmp_path / "picture.png"
    text = png.parameters_text(scene, seed=5)
    png.save(path, RGB, scene, text)
    assert png.load_scene(path) == scene
    assert png.read_parameters(path) == text
    assert np.array_equal(np.asarray(Image.open(path)), RGB)


def chunks(path: Path) -> list[tuple[bytes, bytes]]:
    """Type and content of each chunk, read by hand."""
    data, found = path.read_bytes()[8:], []
    while data:
        length = int.from_bytes(data[:4], "big")
        found.append((data[4:8], data[8 : 8 + length]))
        data = data[12 + length :]
    return found


def test_large_masks_are_cut_into_uncompressed_chunks_of_at_most_half_a_mebibyte(tmp_path: Path) -> None:
    scene = Scene("a cat", size=(1024, 1024))
    scene, cat = edits.add_word(scene, (2, 5))
    scene, article = edits.add_word(scene, (0, 1))
    noise = np.random.default_rng(1).integers(0, 256, (1024, 1024), dtype=np.uint8)
    scene = scene.with_mask(cat, TiledMask.from_array(noise)).with_mask(article, TiledMask.filled((1024, 1024)))
    path = tmp_path / "big.png"
    png.save(path, RGB, scene)
    assert png.load_scene(path) == scene
    texts = {}
    for kind, content in chunks(path):
        if kind == b"iTXt":
            key, rest = content.split(b"\0", 1)
            assert rest[:2] == b"\0\0", "not compressed"
            assert len(rest) - 4 <= 512 * 1024
            texts[key.decode()] = rest[4:]
    masks = [key for key in texts if key.startswith("wordbrush.mask.")]
    assert masks == [f"wordbrush.mask.{k}" for k in range(len(masks))] and len(masks) >= 4
    words = json.loads(texts["wordbrush"])["words"]
    whole = base64.b64decode(b"".join(texts[f"wordbrush.mask.{k}"] for k in words[0]["masks"]))
    assert whole.startswith(b"\x89PNG")


def test_text_comes_before_the_pixels_so_that_readers_find_it_early(tmp_path: Path) -> None:
    png.save(tmp_path / "a.png", RGB, random_scene(3), "x")
    kinds = [kind for kind, _ in chunks(tmp_path / "a.png")]
    assert max(i for i, kind in enumerate(kinds) if kind in (b"iTXt", b"tEXt")) < kinds.index(b"IDAT")


def test_an_export_without_metadata_carries_nothing(tmp_path: Path) -> None:
    path = tmp_path / "clean.png"
    png.save(path, RGB)
    assert {kind for kind, _ in chunks(path)} == {b"IHDR", b"IDAT", b"IEND"}
    assert png.load_scene(path) is None and png.read_parameters(path) is None


def test_parameters_are_in_the_form_that_every_reader_knows() -> None:
    scene = Scene(
        "a cat,\na dog", "blurry", (512, 384), settings=Settings(steps=30, sampler="dpmpp_2m_karras", guidance=7.0)
    )
    assert png.parameters_text(scene, seed=7, model="/home/jane/models/sd15") == (
        "a cat,\na dog\nNegative prompt: blurry\n"
        "Steps: 30, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 7, Size: 512x384, Model: sd15"
    )
    plain = png.parameters_text(Scene("a"), guidance=3.5, model="a, b")
    assert plain == 'a\nSteps: 20, Sampler: DPM++ 2M, CFG scale: 3.5, Seed: 0, Size: 512x512, Model: "a, b"'


def test_parameters_of_any_script_are_read_back(tmp_path: Path) -> None:
    png.save(tmp_path / "a.png", RGB, None, "猫 🐱\nSteps: 1")
    assert png.read_parameters(tmp_path / "a.png") == "猫 🐱\nSteps: 1"
    assert Image.open(tmp_path / "a.png").text["parameters"] == "猫 🐱\nSteps: 1"  # type: ignore[attr-defined]


def test_no_path_is_written(tmp_path: Path) -> None:
    scene = edits.set_settings(random_scene(4), model="/home/jane/models/sd15")
    png.save(tmp_path / "a.png", RGB, scene, png.parameters_text(scene))
    assert b"jane" not in (tmp_path / "a.png").read_bytes()


def test_a_scene_may_be_of_another_size_than_the_picture(tmp_path: Path) -> None:
    scene = edits.set_size(random_scene(2), (333, 77))
    png.save(tmp_path / "a.png", RGB, scene)
    assert png.load_scene(tmp_path / "a.png") == scene


@pytest.mark.parametrize("array", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)])
def test_what_is_no_picture_is_refused(tmp_path: Path, array: np.ndarray) -> None:
    with pytest.raises(SceneError):
        png.save(tmp_path / "a.png", array)


@pytest.mark.parametrize("channels", [3, 4])
def test_sixteen_bits_are_written_as_they_are_with_the_scene_beside_them(tmp_path: Path, channels: int) -> None:
    deep = np.random.default_rng(1).integers(0, 65536, (9, 14, channels), dtype=np.uint16)
    png.save(tmp_path / "deep.png", deep, Scene("a lake", size=(14, 9)), "a lake\nSteps: 3")
    data = (tmp_path / "deep.png").read_bytes()
    assert data[24:26] == bytes([16, 2 if channels == 3 else 6])  # bits and colour type in the header
    opened = png.read_all(tmp_path / "deep.png")
    assert opened.scene == Scene("a lake", size=(14, 9)) and opened.parameters == "a lake\nSteps: 3"
    seen = opened.picture if channels == 3 else opened.rgba
    assert seen is not None and np.array_equal(seen, deep >> 8)  # as Pillow reads 16 bits
    at, packed = 8, b""
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        packed += data[at + 8 : at + 8 + length] if data[at + 4 : at + 8] == b"IDAT" else b""
        at += length + 12
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(9, -1)[:, 1:]
    values = np.cumsum(rows, axis=0, dtype=np.uint8).view(">u2").reshape(9, 14, channels)
    assert np.array_equal(values, deep)
