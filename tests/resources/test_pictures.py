"""The one way in for pictures: short list of kinds, limits, upright, never a wait and never another program."""

from __future__ import annotations

import ast
import io
import os
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import resources
from resources import pictures
from resources.pictures import PictureError, read_picture, upright_size

ROOT = resources.path().parent
ICONS = ROOT / "packaging" / "bundle" / "appimage.py"  # draws the program's own icon in other sizes


def refused(source: str | Path | bytes) -> PictureError:
    with pytest.raises(PictureError) as caught:
        read_picture(source)
    message, hint = caught.value.explain("It")
    assert message.startswith("It") and hint
    return caught.value


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", pictures.KINDS)
def test_each_kind_of_the_list_is_read(kind: str) -> None:
    image = read_picture(encoded(Image.new("RGB", (9, 5), "red"), kind))
    assert image.size == (9, 5) and image.convert("RGB").getpixel((4, 2))[0] > 250


@pytest.mark.parametrize("kind", ["EPS", "PPM", "TGA", "ICO", "PDF", "DDS", "JPEG2000", "SGI", "AVIF"])
def test_every_other_kind_is_refused_whatever_its_name(tmp_path: Path, kind: str) -> None:
    (tmp_path / "innocent.png").write_bytes(encoded(Image.new("RGB", (32, 32)), kind))
    assert refused(tmp_path / "innocent.png").reason == "kind"


@pytest.mark.parametrize(
    "text", [b"%!PS\n{ } loop", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n{ } loop", b"<svg/>"]
)
def test_a_program_in_a_picture_is_never_started(tmp_path: Path, text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("started a program"))
    (tmp_path / "loop.png").write_bytes(text)
    assert refused(tmp_path / "loop.png").reason == "kind"


def test_a_pipe_a_device_a_folder_and_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert refused(tmp_path / "pipe.png").reason == "not a file"
    assert refused("/dev/zero").reason == "not a file"
    assert refused(tmp_path).reason == "not a file"
    assert refused(tmp_path / "none.png").reason == "missing"
    assert refused("a\0b.png").reason == "unreadable"
    assert refused(tmp_path / ("x" * 300 + ".png")).reason == "unreadable"


def test_limits_on_bytes_and_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    png = bytearray(encoded(Image.new("L", (12, 12)), "PNG"))
    png[16:24] = (60_000).to_bytes(4, "big") * 2
    png[29:33] = zlib.crc32(png[12:29]).to_bytes(4, "big")
    assert refused(bytes(png)).reason == "pixels"
    (tmp_path / "long.png").write_bytes(encoded(Image.new("1", (100_000, 3)), "PNG"))
    assert read_picture(tmp_path / "long.png").size == (100_000, 3), "pixels count, not sides"
    with pytest.raises(PictureError, match="pixels"):
        read_picture(tmp_path / "long.png", max_pixels=299_999)
    monkeypatch.setattr(pictures, "MAX_BYTES", 100)
    assert refused(tmp_path / "long.png").reason == refused((tmp_path / "long.png").read_bytes()).reason == "bytes"


def test_a_picture_cut_anywhere_is_damaged() -> None:
    data = encoded(Image.effect_noise((40, 40), 50), "PNG")
    for end in range(8, len(data) - 13, 97):
        assert refused(data[:end]).reason in ("damaged", "kind")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_picture_stands_upright(kind: str, orientation: int) -> None:
    rgb = np.zeros((16, 32, 3), np.uint8)
    rgb[:8, :16] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(rgb), kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {}))
    image = read_picture(data)
    assert upright_size(pictures.open_picture(data)) == image.size == ((32, 16) if orientation < 5 else (16, 32))
    turned = {1: rgb, 2: rgb[:, ::-1], 3: rgb[::-1, ::-1], 4: rgb[::-1], 5: rgb.swapaxes(0, 1)}
    turned |= {6: np.rot90(rgb, -1), 7: rgb[::-1, ::-1].swapaxes(0, 1), 8: np.rot90(rgb)}
    assert np.abs(np.asarray(image.convert("RGB")).astype(int) - turned[orientation]).max() < 10


def test_damaged_exif_says_nothing_about_the_pixels() -> None:
    data = encoded(Image.new("RGB", (20, 10)), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert read_picture(data).size == (20, 10)


def test_only_the_first_frame_of_an_animation_is_read() -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read_picture(data).convert("RGB").getpixel((0, 0))[0] > 250


def openers(tree: ast.AST) -> list[int]:
    """Lines that read a picture from a file or bytes by other means than the one reader."""
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        call = ast.unparse(node.func)
        name = call.rpartition(".")[2]
        from_file = name in ("QImage", "QPixmap", "QBitmap") and len(node.args) == 1
        reader = name in ("QImageReader", "QMovie", "QPicture", "QSvgRenderer", "imread", "loadFromData", "fromData")
        if from_file or reader or (call.endswith("Image.open") and call != "PSDImage.open"):
            lines.append(node.lineno)
    return lines


def test_nothing_else_in_the_tree_opens_a_picture() -> None:
    found = []
    for folder in ("app", "canvas", "engine", "resources", "packaging"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            lines = openers(ast.parse(file.read_text("utf-8")))
            found += [
                f"{file.relative_to(ROOT)}:{line}" for line in lines if file not in (Path(pictures.__file__), ICONS)
            ]
    assert found == []
    bad = "Image.open(x); PIL.Image.open(x); QImage(str(path)); QPixmap(name); QImageReader(p)"
    assert openers(ast.parse(f"{bad}; QImage(); QImage(3, 4, f); zip.open(x)")) == [1] * 5
