"""Files that nobody vouches for: truncated, foreign, damaged or hostile ones give one typed error with what to do."""

from __future__ import annotations

import base64
import io
import json
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from canvas.files import archive, ora, png, scene_json
from canvas.model import edits
from canvas.model.errors import SceneFileError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask

STACK = b"<image w='64' h='64'><stack><layer name='cat#1' src='data/a.png'/></stack></image>"
Entries = dict[str, bytes]


def sample() -> Scene:
    scene, cat = edits.add_word(Scene("a cat", size=(70, 64)), (2, 5))
    return scene.with_mask(cat, TiledMask.from_array(np.full((64, 70), 99, np.uint8)))


@pytest.fixture
def good(tmp_path: Path) -> Entries:
    """What is in a good scene file."""
    ora.save(tmp_path / "good.ora", sample())
    with zipfile.ZipFile(tmp_path / "good.ora") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def pack(tmp_path: Path) -> Callable[[Entries], Path]:
    """Writes a zip with these entries."""

    def write(entries: Entries) -> Path:
        with zipfile.ZipFile(tmp_path / "bad.ora", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in entries.items():
                archive.writestr(name, data)
        return tmp_path / "bad.ora"

    return write


def refused(path: Path, load: Callable[[Path], object] = ora.load) -> SceneFileError:
    """The error of a file, which names no folder and says what to do."""
    with pytest.raises(SceneFileError) as caught:
        load(path)
    assert caught.value.hint and str(path.parent) not in caught.value.message + caught.value.hint
    return caught.value


def png_of(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, "PNG")
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is of that size and has next to no data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("load", [ora.load, ora.load_picture, ora.load_made_by, png.load_scene, png.read_parameters])
def test_no_file_a_folder_an_empty_and_a_foreign_file(tmp_path: Path, load: Callable[[Path], object]) -> None:
    assert "no file" in refused(tmp_path / "none", load).message
    refused(tmp_path, load)
    for data in (b"", b"hello", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", bytes(5000)):
        (tmp_path / "file").write_bytes(data)
        refused(tmp_path / "file", load)
    Image.new("RGB", (8, 8)).save(tmp_path / "photo", "JPEG")
    refused(tmp_path / "photo", load)


def test_a_scene_file_cut_anywhere(tmp_path: Path) -> None:
    ora.save(tmp_path / "good.ora", sample())
    data = (tmp_path / "good.ora").read_bytes()
    for length in range(0, len(data), 97):
        (tmp_path / "cut.ora").write_bytes(data[:length])
        refused(tmp_path / "cut.ora")


def test_a_picture_cut_anywhere(tmp_path: Path) -> None:
    png.save(tmp_path / "good.png", np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8), sample())
    data = (tmp_path / "good.png").read_bytes()
    for length in range(0, len(data) - 16, 61):  # the last 16 bytes are a sum, and say that it ends
        (tmp_path / "cut.png").write_bytes(data[:length])
        refused(tmp_path / "cut.png", png.load_scene)


@pytest.mark.parametrize("kind", ["ora", "png"])
def test_any_flipped_byte_gives_a_scene_or_the_typed_error(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"flipped.{kind}"
    load: Callable[[Path], object] = ora.load if kind == "ora" else png.load_scene
    if kind == "ora":
        ora.save(path, sample())
    else:
        png.save(path, np.zeros((40, 40, 3), np.uint8), sample(), "parameters")
    data, rng = path.read_bytes(), np.random.default_rng(1)
    for _ in range(400):
        broken = bytearray(data)
        for _ in range(rng.integers(1, 4)):
            broken[rng.integers(len(broken))] = rng.integers(256)
        path.write_bytes(bytes(broken))
        try:
            load(path)
        except SceneFileError as error:
            assert error.hint


def test_a_zip_of_another_kind(good: Entries, pack: Callable[[Entries], Path]) -> None:
    refused(pack({"a.txt": b"x"}))
    assert "OpenRaster" in refused(pack(good | {"mimetype": b"application/epub+zip"})).message


@pytest.mark.parametrize("name", ["data/word-w1.png", "wordbrush/scene.json", "stack.xml"])
def test_an_entry_that_inflates_to_far_too_much(good: Entries, pack: Callable[[Entries], Path], name: str) -> None:
    if name == "stack.xml":
        del good["wordbrush/scene.json"]
    begun = time.monotonic()
    assert "too much" in refused(pack(good | {name: bytes(200 * 2**20)})).message
    assert time.monotonic() - begun < 10


def test_an_entry_that_packs_better_than_anything_honest_is_refused_before_it_is_read(
    good: Entries, pack: Callable[[Entries], Path]
) -> None:
    assert "too much" in refused(pack(good | {"data/word-w1.png": bytes(3 * 2**20)})).message


def test_a_size_that_the_zip_lies_about(good: Entries, pack: Callable[[Entries], Path]) -> None:
    path = pack(good | {"data/word-w1.png": bytes(60 * 2**20)})
    data = path.read_bytes()
    lie = data.replace(struct.pack("<I", 60 * 2**20), struct.pack("<I", 1000))
    assert lie != data
    path.write_bytes(lie)
    refused(path)


def test_all_together_too_much_or_too_many(
    good: Entries, pack: Callable[[Entries], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(pack(good | {f"x{i}": b"" for i in range(archive.MAX_ENTRIES)}))
    monkeypatch.setattr(archive, "MAX_TOTAL", 9 * 2**20)
    assert "too much" in refused(pack(good | {f"x{i}": bytes(2**20) for i in range(9)})).message


def test_doubled_names(good: Entries, pack: Callable[[Entries], Path]) -> None:
    path = pack(good)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("wordbrush/scene.json", good["wordbrush/scene.json"])
    refused(path)


def test_a_locked_archive(good: Entries, pack: Callable[[Entries], Path]) -> None:
    path = pack(good)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    path.write_bytes(bytes(data))
    refused(path)


def test_nothing_is_read_but_the_names_that_belong_there(good: Entries, pack: Callable[[Entries], Path]) -> None:
    for evil in ("../../etc/passwd", "/etc/passwd", "data/../x.png", "mergedimage.png", "data/word-a/b.png", None, 7):
        value = json.loads(good["wordbrush/scene.json"])
        value["words"][0]["layer"] = evil
        entries = good | {"wordbrush/scene.json": json.dumps(value).encode()}
        refused(pack(entries | ({evil: good["data/word-w1.png"]} if isinstance(evil, str) else {})))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_in_any_encoding(pack: Callable[[Entries], Path], encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE image [<!ENTITY a 'cat'>]>" + STACK.decode()
    entries = {"mimetype": b"image/openraster", "data/a.png": png_of(np.full((64, 64, 4), 9, np.uint8))}
    assert "DOCTYPE" in refused(pack(entries | {"stack.xml": text.encode(encoding)})).message
    assert ora.load(pack(entries | {"stack.xml": STACK})).prompt == "cat", "the same without it opens"


@pytest.mark.parametrize(
    "stack",
    [
        b"",
        b"not xml",
        b"<image w='64' h='64'><stack>",
        STACK.replace(b"w='64'", b"w='0'"),
        STACK.replace(b"w='64'", b"w='99999999'"),
        STACK.replace(b"w='64'", b"w='many'"),
        STACK.replace(b"<stack>", b"<stack x='inf'>"),
        STACK.replace(b"<stack>", b"<stack y='nan'>"),
        STACK.replace(b"data/a.png", b"data/missing.png"),
        STACK.replace(b"data/a.png", b"mergedimage.png"),
        STACK.replace(b"data/a.png", b"data/broken.png"),
        STACK.replace(b"data/a.png", b"data/bomb.png"),
        STACK.replace(b"cat#1", b"cat#9999"),
        STACK.replace(b"cat#1", b"cat"),
        STACK.replace(b"cat#1", b"#1"),
        b"<image w='64' h='64'>" + b"<stack>" * 5000 + b"</stack>" * 5000 + b"</image>",
        STACK.replace(b"</stack>", b"<layer name='cat#1' src='data/a.png'/>" * 1200 + b"</stack>"),
        STACK.replace(b"</stack>", b"<layer name='&#x301;#2' src='data/a.png'/></stack>"),  # an accent, alone
        STACK.replace(b"</stack>", b"<layer name='" + b"x" * 500 + b"#50' src='data/a.png'/></stack>"),
        STACK.replace(b"cat#1", b"c" * 30_000 + b"#1"),
    ],
)
def test_a_foreign_file_whose_layers_cannot_be_used(pack: Callable[[Entries], Path], stack: bytes) -> None:
    entries = {"mimetype": b"image/openraster", "data/a.png": png_of(np.full((64, 64, 4), 9, np.uint8))}
    entries |= {"data/broken.png": b"\x89PNG\r\n\x1a\n123", "data/bomb.png": png_header(8000, 8000)}
    refused(pack(entries | {"stack.xml": stack}))


def test_a_foreign_file_without_our_words_says_how_to_name_layers(pack: Callable[[Entries], Path]) -> None:
    entries = {"mimetype": b"image/openraster", "stack.xml": STACK.replace(b"cat#1", b"Background")}
    assert "#1" in refused(pack(entries)).hint


@pytest.mark.parametrize("size", [(60_000, 60_000), (12_000, 12_000), (8_193, 1), (0, 5)])
def test_a_mask_that_says_it_is_huge_is_not_decoded(
    good: Entries, pack: Callable[[Entries], Path], tmp_path: Path, size: tuple[int, int]
) -> None:
    refused(pack(good | {"data/word-w1.png": png_header(*size)}))
    (tmp_path / "huge.png").write_bytes(png_header(*size))
    refused(tmp_path / "huge.png", png.load_scene)


def test_a_mask_of_another_size_or_that_is_no_picture(good: Entries, pack: Callable[[Entries], Path]) -> None:
    assert "size" in refused(pack(good | {"data/word-w1.png": png_of(np.zeros((9, 9, 4), np.uint8))})).message
    assert "PNG" in refused(pack(good | {"data/word-w1.png": b"GIF89a"})).message
    del good["data/word-w1.png"]
    assert "missing" in refused(pack(good)).message


def change(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Sets a value deep in the scene's JSON; `del` takes it away."""

    def apply(scene: dict[str, Any]) -> None:
        target: Any = scene
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        for part in parents:
            target = target[part]
        if value is del_:
            del target[last]
        else:
            target[last] = value

    return apply


del_ = object()
BAD_VALUES = [
    ("version", 0),
    ("version", "1"),
    ("version", True),
    ("version", del_),
    ("prompt", 5),
    ("prompt", "x" * 20_001),
    ("prompt", "\ud800 cat"),
    ("negative", None),
    ("size", [70]),
    ("size", [70.5, 64]),
    ("size", [-70, 64]),
    ("size", [10**9, 10**9]),
    ("size", "70x64"),
    ("size", del_),
    ("words", {}),
    ("words", [None]),
    ("words", [[]] * 300),
    ("words.0.id", "../x"),
    ("words.0.id", 5),
    ("words.0.phrase", ""),
    ("words.0.phrase", 3),
    ("words.0.span", [2]),
    ("words.0.span", "2,5"),
    ("words.0.span", [2.0, 5.0]),
    ("words.0.strength", "1"),
    ("words.0.strength", None),
    ("words.0.strength", 1e308),
    ("words.0.strength", 10**400),
    ("words.0.window", [1, 0]),
    ("words.0.window", [0, "1"]),
    ("words.0.window", [0, 10**400]),
    ("words.0.window", 1),
    ("words.0.color", "red"),
    ("words.0.color", None),
    ("words.0.visible", 1),
    ("words.0.pattern", -1),
    ("words.0.anchor", "x"),
    ("settings", []),
    ("settings.steps", 0),
    ("settings.steps", "20"),
    ("settings.guidance", "7"),
    ("settings.paint_weight", 10**400),
    ("settings.seed", -1),
    ("settings.count", 10**6),
    ("settings.model", ["x"]),
    ("settings.sampler", None),
    ("settings.device", ""),
]


@pytest.mark.parametrize(("path", "value"), BAD_VALUES, ids=lambda v: "nothing" if v is del_ else repr(v)[:30])
def test_values_that_cannot_be_are_refused_in_scene_files_and_pictures(
    good: Entries, pack: Callable[[Entries], Path], tmp_path: Path, path: str, value: object
) -> None:
    scene = json.loads(good["wordbrush/scene.json"])
    change(path, value)(scene)
    refused(pack(good | {"wordbrush/scene.json": json.dumps(scene).encode()}))
    scene = scene_json.to_dict(sample(), {"w1": {"masks": []}})
    change(path, value)(scene)
    info = PngImagePlugin.PngInfo()
    info.add_itxt("wordbrush", json.dumps(scene))
    Image.new("RGB", (8, 8)).save(tmp_path / "bad.png", pnginfo=info)
    refused(tmp_path / "bad.png", png.load_scene)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b"null", b'{"version": NaN}', b'{"version": 1, "words": Infinity}', b"\xff\xfe", b"[" * 100_000],
)
def test_json_that_is_none(good: Entries, pack: Callable[[Entries], Path], text: bytes) -> None:
    refused(pack(good | {"wordbrush/scene.json": text}))


def test_a_strength_that_is_no_number_names_the_word(good: Entries, pack: Callable[[Entries], Path]) -> None:
    text = good["wordbrush/scene.json"].replace(b'"strength":1.0', b'"strength":NaN')
    assert text != good["wordbrush/scene.json"]
    refused(pack(good | {"wordbrush/scene.json": text}))
    text = text.replace(b"NaN", b"99")
    assert "cat" in refused(pack(good | {"wordbrush/scene.json": text})).message


def test_a_newer_version_asks_for_an_update(good: Entries, pack: Callable[[Entries], Path]) -> None:
    scene = json.loads(good["wordbrush/scene.json"])
    error = refused(pack(good | {"wordbrush/scene.json": json.dumps(scene | {"version": 3}).encode()}))
    assert "Update" in error.hint


def test_keys_that_are_unknown_or_left_out_are_no_error(good: Entries, pack: Callable[[Entries], Path]) -> None:
    scene = json.loads(good["wordbrush/scene.json"])
    scene["words"][0] = {"id": "w1", "phrase": "cat", "span": [2, 5], "layer": "data/word-w1.png", "later": 1}
    scene = {key: scene[key] for key in ("version", "prompt", "size", "words")} | {
        "later": {},
        "settings": {"later": 2},
    }
    loaded = ora.load(pack(good | {"wordbrush/scene.json": json.dumps(scene).encode()}))
    assert loaded.prompt == "a cat" and loaded.masks["w1"] == sample().masks["w1"]


@pytest.mark.parametrize("span", [[0, 3], [2, 99], [3, 3], [-5, 2]])
def test_a_span_that_does_not_hold_its_phrase_is_shown_as_lost_and_its_paint_kept(
    good: Entries, pack: Callable[[Entries], Path], span: list[int]
) -> None:
    scene = json.loads(good["wordbrush/scene.json"])
    scene["words"][0]["span"] = span
    loaded = ora.load(pack(good | {"wordbrush/scene.json": json.dumps(scene).encode()}))
    assert loaded.word("w1").span is None and loaded.masks["w1"] == sample().masks["w1"]


def write_png(path: Path, scene: dict[str, Any], chunks: dict[str, str]) -> Path:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("wordbrush", json.dumps(scene))
    for key, text in chunks.items():
        info.add_itxt(key, text)
    Image.new("RGB", (8, 8)).save(path, pnginfo=info)
    return path


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([0], "no base64!"),
        ([0], "AAAA"),
        ([0], ""),
        ([1], "AAAA"),
        ("0", "AAAA"),
        (None, "AAAA"),
        ([None], "AAAA"),
        ([True], "AAAA"),
        ([0.0], "AAAA"),
        ([[0]], "AAAA"),
    ],
)
def test_masks_of_a_picture_that_are_missing_or_damaged(tmp_path: Path, numbers: object, text: str) -> None:
    scene = scene_json.to_dict(sample(), {"w1": {"masks": numbers}})
    refused(write_png(tmp_path / "a.png", scene, {"wordbrush.mask.0": text}), png.load_scene)


def test_a_mask_in_a_picture_of_another_size_or_kind(tmp_path: Path) -> None:
    scene = scene_json.to_dict(sample(), {"w1": {"masks": [0]}})
    for array in (np.zeros((5, 5), np.uint8), np.zeros((64, 70, 3), np.uint8)):
        chunks = {"wordbrush.mask.0": base64.b64encode(png_of(array)).decode()}
        refused(write_png(tmp_path / "a.png", scene, chunks), png.load_scene)


def test_compressed_text_that_inflates_to_far_too_much(tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("wordbrush", "x" * (70 * 2**20), zip=True)
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png", pnginfo=info)
    assert (tmp_path / "a.png").stat().st_size < 2**20
    refused(tmp_path / "a.png", png.load_scene)


def test_a_picture_or_a_scene_that_is_far_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    png.save(tmp_path / "a.png", np.zeros((8, 8, 3), np.uint8), sample())
    monkeypatch.setattr(scene_json, "MAX_JSON", 100)
    refused(tmp_path / "a.png", png.load_scene)
    monkeypatch.setattr(png, "MAX_FILE", 100)
    assert "too large" in refused(tmp_path / "a.png", png.load_scene).message


def test_an_ordinary_picture_is_no_error_but_has_no_scene(tmp_path: Path) -> None:
    for mode in ("L", "RGBA", "P", "1", "I;16"):
        Image.new(mode, (8, 8)).save(tmp_path / "plain.png")
        assert png.load_scene(tmp_path / "plain.png") is None


def test_masks_with_sixteen_bits_of_alpha_are_read_as_krita_may_save_them(
    good: Entries, pack: Callable[[Entries], Path]
) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + struct.pack(">HHHH", 0, 0, 0, 99 * 257) * 70
    deep = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 70, 64, 16, 6, 0, 0, 0))
    deep += chunk(b"IDAT", zlib.compress(row * 64)) + chunk(b"IEND", b"")
    loaded = ora.load(pack(good | {"data/word-w1.png": deep}))
    assert loaded.masks["w1"] == sample().masks["w1"]
