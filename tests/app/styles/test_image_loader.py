"""Pictures that are dropped as styles: encoded ones by the one reader, pixels as they are, nothing else."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from app.styles.image_loader import brings_picture, dropped, read
from engine.errors import BadReference

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'><rect width='8' height='8' fill='red'/></svg>"


def encoded(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "bmp", "tiff", "gif"])
def test_an_encoded_picture_from_a_browser(kind: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a%20sunset.html")])
    data.setData(f"image/{kind}", encoded(kind.upper()))
    (source,) = dropped(data)
    assert brings_picture(data) and source.image is None
    picture = read(source)
    assert picture.name == "a sunset" and Image.open(io.BytesIO(picture.picture)).size == (40, 20)


def test_pixels_of_a_program_in_this_process() -> None:
    data = QMimeData()
    image = QImage(6, 4, QImage.Format.Format_RGB32)
    image.fill(255)
    data.setImageData(image)
    (source,) = dropped(data)
    assert Image.open(io.BytesIO(read(source).picture)).size == (6, 4)


@pytest.mark.parametrize("kind", ["image/svg+xml", "image/x-eps", "text/plain"])
def test_nothing_else_is_decoded(kind: str) -> None:
    data = QMimeData()
    data.setData(kind, SVG)
    with pytest.raises(BadReference):
        dropped(data)


def test_a_program_that_calls_itself_a_png() -> None:
    for text in (SVG, b"%!PS\n{ } loop"):
        data = QMimeData()
        data.setData("image/png", text)
        begun = time.monotonic()
        with pytest.raises(BadReference, match="not a picture"):
            read(dropped(data)[0])
        assert time.monotonic() - begun < 5
