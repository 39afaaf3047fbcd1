"""WebP and JPEG keep the scene inside, open again, and are refused or left in words where they are damaged."""

from __future__ import annotations

import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from canvas.files import foreign, lossy, png, reading
from canvas.model import edits
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from tests.canvas.scenes import random_scene

KINDS = ("webp", "jpg")


def smooth(width: int, height: int) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    return np.stack([x * 255 // width, y * 255 // height, (x + y) % 256 // 2], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_any_scene_comes_back_as_it_was(tmp_path, kind, seed):
    scene = random_scene(seed)
    rgb = smooth(*scene.size)
    path = tmp_path / f"a.{kind}"
    lossy.save(path, rgb, scene, png.parameters_text(scene), notes={"scores": "{}"})
    opened = reading.read_all(path)
    assert opened.scene == scene and opened.made_by == scene and opened.notes == {"scores": "{}"}
    assert np.abs(opened.picture.astype(int) - rgb).mean() < 12 and opened.fault is None and opened.remarks == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_scene_of_megabytes_is_spread_over_segments(tmp_path, kind):
    scene, word = edits.add_word(Scene("a lake", size=(512, 512)), (2, 6))
    noise = np.random.default_rng(1).integers(0, 256, (512, 512), np.uint8)
    scene = scene.with_mask(word, TiledMask.from_array(noise))
    path = tmp_path / f"a.{kind}"
    lossy.save(path, smooth(512, 512), scene)
    assert path.stat().st_size > 250_000
    assert reading.read_all(path).scene == scene
    with Image.open(path) as image:  # others see a whole picture, and XMP that they can read
        image.load()
        assert b"xpacket" in image.info["xmp"]


@pytest.mark.parametrize("kind", KINDS)
def test_other_programs_find_the_parameters_where_a1111_writes_them(tmp_path, kind):
    scene = Scene("a lake, 山", "fog", size=(64, 64))
    lossy.save(tmp_path / f"a.{kind}", smooth(64, 64), None, png.parameters_text(scene, seed=7, guidance=4.0))
    with Image.open(tmp_path / f"a.{kind}") as image:
        text = foreign.texts_of(image)["parameters"]
    assert text == png.parameters_text(scene, seed=7, guidance=4.0)
    assert reading.read_all(tmp_path / f"a.{kind}").scene.prompt == "a lake, 山"


@pytest.mark.parametrize("kind", KINDS)
def test_without_metadata_it_carries_nothing(tmp_path, kind):
    lossy.save(tmp_path / f"a.{kind}", smooth(64, 64))
    data = (tmp_path / f"a.{kind}").read_bytes()
    assert b"wordbrush" not in data and reading.read_all(tmp_path / f"a.{kind}").scene is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("damage", ["value", "json", "bomb", "lost"])
def test_a_damaged_scene_leaves_a_picture_and_says_so(kind, damage, monkeypatch):
    scene, word = edits.add_word(Scene("a lake", size=(512, 512)), (2, 6))
    noise = np.random.default_rng(1).integers(0, 256, (512, 512), np.uint8)
    scene = scene.with_mask(word, TiledMask.from_array(noise))
    form = {"webp": "WEBP", "jpg": "JPEG"}[kind]
    if damage == "bomb":
        monkeypatch.setattr(lossy, "json", SimpleNamespace(dumps=lambda _: " " * (png.MAX_TEXT + 2**21)))
    elif damage == "json":
        monkeypatch.setattr(lossy, "json", SimpleNamespace(dumps=lambda _: '["x"]'))
    data = lossy.to_bytes(smooth(64, 64), form, scene)
    monkeypatch.undo()
    if damage == "value":
        at = data.index(b'wordbrush:texts="') + 60
        data = data[:at] + b"!!!!" + data[at + 4 :]
    elif damage == "lost":
        at = data.index(b'wordbrush:texts="') + 2000
        other = b"A" if data[at : at + 1] != b"A" else b"B"
        data = data[:at] + other + data[at + 1 :] if kind == "webp" else _without_last(data)
    opened = reading.read_all(data, f"a.{kind}")
    assert opened.picture is not None and opened.scene is None
    assert opened.fault is not None and opened.fault.hint


def _without_last(jpeg: bytes) -> bytes:
    """A JPEG without the last segment of its extended XMP."""
    at = jpeg.rindex(b"http://ns.adobe.com/xmp/extension/") - 4
    length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return jpeg[:at] + jpeg[at + 2 + length :]


def test_the_sizes_that_a_kind_cannot_hold_are_refused(tmp_path):
    with pytest.raises(lossy.SaveError) as caught:
        lossy.save(tmp_path / "a.webp", np.zeros((1, 16384, 3), np.uint8))
    assert "PNG" in caught.value.hint
    assert io.BytesIO(lossy.to_bytes(np.zeros((1, 8, 3), np.uint8), "WEBP")).getvalue()[:4] == b"RIFF"
