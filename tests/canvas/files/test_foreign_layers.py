"""Layers that another program saved: nothing is dropped in silence, and what was guessed is said."""

from __future__ import annotations

import io
import lzma
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from canvas.files import ora
from canvas.files.opened import Opened
from canvas.model.errors import SceneFileError

SPOT = np.zeros((8, 8), np.uint8)
SPOT[2:5, 1:4] = 200


def png_of(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, "PNG")
    return out.getvalue()


def paint(alpha: np.ndarray = SPOT) -> bytes:
    return png_of(np.dstack([np.full((*alpha.shape, 3), 50, np.uint8), alpha]))


def foreign(folder: Path, stack: str, method: int = zipfile.ZIP_DEFLATED, **layers: bytes) -> Path:
    path = folder / "krita.ora"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("mimetype", "image/openraster", zipfile.ZIP_STORED)
        archive.writestr("stack.xml", f"<image w='8' h='8'><stack>{stack}</stack></image>")
        for name, data in layers.items():
            archive.writestr(f"data/{name}.png", data)
    return path


def painted(opened: Opened) -> dict[str, list[int]]:
    assert opened.scene is not None
    return {word.phrase: opened.scene.masks[word.id].to_array().ravel().tolist() for word in opened.scene.words}


def test_a_layer_without_a_number_beside_one_with_it_is_taken_and_said(tmp_path: Path) -> None:
    stack = "<layer name='tree' src='data/a.png'/><layer name='lake#1' src='data/b.png'/>"
    opened = ora.read_all(foreign(tmp_path, stack, a=paint(), b=paint(SPOT.T)))
    assert painted(opened) == {"tree": SPOT.ravel().tolist(), "lake": SPOT.T.ravel().tolist()}
    assert [remark for remark in opened.remarks if "“tree”" in remark and "was taken" in remark]
    assert not opened.own and "names of the layers" in opened.remarks[0]


def test_a_group_that_is_named_like_a_word_is_that_word(tmp_path: Path) -> None:
    stack = "<stack name='lake#1' visibility='hidden'><layer name='Paint Layer 3' src='data/a.png'/>"
    stack += "<stack><layer name='shore' src='data/b.png'/></stack></stack><layer name='sky#1' src='data/c.png'/>"
    opened = ora.read_all(foreign(tmp_path, stack, a=paint(), b=paint(SPOT.T), c=paint()))
    assert painted(opened) == {"lake": np.maximum(SPOT, SPOT.T).ravel().tolist(), "sky": SPOT.ravel().tolist()}
    assert [word.visible for word in opened.scene.words] == [True, False]


@pytest.mark.parametrize("name", ["Background", "Layer 1", "Paint Layer 12", "copy of layer 2", "", "Group 3", "--"])
def test_a_layer_that_nobody_named_is_left_out_and_said(tmp_path: Path, name: str) -> None:
    stack = f"<layer name='{name}' src='data/a.png'/><layer name='lake#1' src='data/b.png'/>"
    opened = ora.read_all(foreign(tmp_path, stack, a=paint(), b=paint()))
    assert list(painted(opened)) == ["lake"]
    assert [remark for remark in opened.remarks if "left out" in remark and (name or "without a name") in remark]


def test_a_picture_among_the_layers_is_no_paint(tmp_path: Path) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    stack = "<layer name='lake#1' src='data/b.png'/><layer name='photo' src='data/a.png'/>"
    stack += "<layer name='Picture' src='data/a.png'/><layer name='style moon' src='data/b.png'/>"
    opened = ora.read_all(foreign(tmp_path, stack, a=png_of(rgb), b=paint()))
    assert list(painted(opened)) == ["lake"] and np.array_equal(opened.picture, rgb)
    assert [layer.name for layer in opened.scene.pictures] == ["photo"]
    assert np.array_equal(opened.scene.pictures[0].pixels.to_array()[..., :3], rgb)
    assert any("“photo” was taken as a picture layer" in remark for remark in opened.remarks)
    assert any("“style moon”" in remark for remark in opened.remarks)


def test_an_opaque_layer_of_grey_levels_is_a_mask(tmp_path: Path) -> None:
    opened = ora.read_all(foreign(tmp_path, "<layer name='lake#1' src='data/a.png'/>", a=png_of(SPOT)))
    assert painted(opened) == {"lake": SPOT.ravel().tolist()}


def test_an_empty_layer_is_said(tmp_path: Path) -> None:
    stack = "<layer name='lake#1' src='data/a.png'/><layer name='sky#1' src='data/b.png'/>"
    opened = ora.read_all(foreign(tmp_path, stack, a=paint(np.zeros((8, 8), np.uint8)), b=paint()))
    assert any("“lake” is empty" in remark for remark in opened.remarks)


def test_a_layer_without_a_file_is_said(tmp_path: Path) -> None:
    stack = "<layer name='lake#1' src='data/a.png'/><layer name='fog'/><layer name='dew' src='data/none.png'/>"
    opened = ora.read_all(foreign(tmp_path, stack, a=paint()))
    for name in ("“fog”", "“dew”"):
        assert [remark for remark in opened.remarks if name in remark and "left out" in remark]


@pytest.mark.alone
def test_long_names_cost_no_time(tmp_path: Path) -> None:
    for name in ("a" * 900_000, "#" * 900_000, "a " * 9_000 + "#1"):
        begun = time.process_time()
        stack = f"<layer name='{name}' src='data/a.png'/><layer name='lake#1' src='data/a.png'/>"
        try:
            ora.read_all(foreign(tmp_path, stack, a=paint()))
        except SceneFileError as error:
            assert len(error.message) < 400
        assert time.process_time() - begun < 3


def test_many_layers_of_many_names_cost_little_time(tmp_path: Path) -> None:
    stack = "".join(f"<layer name='wörd {i}#1' src='data/a.png'/>" for i in range(1000))
    begun = time.process_time()
    opened = ora.read_all(foreign(tmp_path, stack, a=paint()))
    assert len(opened.scene.words) == 1000 and time.process_time() - begun < 20


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_packings_are_refused_with_the_typed_error(tmp_path: Path, method: int) -> None:
    path = foreign(tmp_path, "<layer name='lake#1' src='data/a.png'/>", method, a=paint())
    data = bytearray(path.read_bytes())
    at = data.find(b"stack.xml") + 20
    data[at : at + 9] = bytes(9)
    path.write_bytes(data)
    with pytest.raises(SceneFileError):
        ora.load(path)
    assert lzma.LZMAError


@pytest.mark.parametrize("encoding", ["rot13", "nonsense", "utf-7", "idna", "utf-32", "hex"])
def test_unknown_encodings_are_refused_with_the_typed_error(tmp_path: Path, encoding: str) -> None:
    path = foreign(tmp_path, "")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", f"<?xml version='1.0' encoding='{encoding}'?><image w='8' h='8'/>")
    with pytest.raises(SceneFileError):
        ora.load(path)
