"""Photoshop's files (.psd): the merged picture; layers named after words with their paint, where psd-tools is there."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from canvas.files import image_io
from canvas.files.layers import COLOUR_NAME, KEPT, PICTURE_NAME, numbered
from canvas.files.named_layers import NamedLayer, scene_of_layers
from canvas.files.opened import Opened
from canvas.model.errors import SceneFileError
from resources import pictures
from resources.limits import MAX_SIDE, MAX_WORDS
from resources.mask_pictures import NEARLY

START = b"8BPS"
MAX_LAYER_PIXELS = 2**29
"""Of all layers together: each is unpacked at its own size."""
_AGAIN = "Save it again with “Maximise compatibility”, or as OpenRaster (.ora) in Krita or GIMP."


def read_all(source: Path | str | bytes, name: str = "") -> Opened:
    """What can be taken over of a file of Photoshop. For any thread.

    Raises:
        SceneFileError: the file is not there, too large, damaged or of a kind (PSB, CMYK) that is not read.
    """
    name = name if isinstance(source, bytes) else Path(source).name
    try:
        data = source if isinstance(source, bytes) else pictures.read_bytes(source)
    except pictures.PictureError as error:
        raise image_io.file_error(error, f"“{name}”") from error
    size = _size(data, name)
    remarks: list[str] = []
    picture: np.ndarray | None = None
    try:
        picture = image_io.rgb_of(pictures.read_picture(data, kinds=("PSD",), max_pixels=MAX_SIDE**2))
    except (pictures.PictureError, OSError, ValueError):
        remarks.append("The file holds no merged picture that can be read.")
    layers = _layers(data, size, remarks)
    scene = scene_of_layers(size, layers, remarks) if layers else None
    if scene is None and picture is None:
        raise SceneFileError(f"“{name}” cannot be read.", hint=_AGAIN)
    return Opened(scene=scene, picture=picture, remarks=tuple(remarks))


def _size(data: bytes, name: str) -> tuple[int, int]:
    """Width and height in the header. Raises SceneFileError where it is no PSD or of an absurd size."""
    if len(data) < 26 or data[:4] != START or struct.unpack(">H", data[4:6])[0] != 1:
        raise SceneFileError(f"“{name}” is not a Photoshop file that Wordbrush reads.", hint=_AGAIN)
    height, width = struct.unpack(">II", data[14:22])
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise SceneFileError(f"“{name}” is too large.", hint=f"Use at most {MAX_SIDE} pixels a side.")
    return width, height


def _layers(data: bytes, size: tuple[int, int], remarks: list[str]) -> list[NamedLayer]:
    """The painted layers from below; none, with a remark, where they cannot be read."""
    try:
        from psd_tools import PSDImage
    except ImportError:
        remarks.append("Its layers were left out: they need psd-tools (pip install wordbrush[psd]).")
        return []
    try:
        document = PSDImage.open(io.BytesIO(data))
        painted = [layer for layer in document.descendants() if not layer.is_group()][: MAX_WORDS + 100]
        if sum(layer.width * layer.height for layer in painted) > MAX_LAYER_PIXELS:
            remarks.append("Its layers were left out: they are too large.")
            return []
        return [found for layer in painted if (found := _named(layer, size)) is not None]
    except Exception as error:  # psd-tools raises a dozen types for what is wrong with a file
        remarks.append(f"Its layers were left out: they cannot be read ({type(error).__name__}).")
        return []


def _named(layer: Any, size: tuple[int, int]) -> NamedLayer | None:
    """A layer by its name: the paint of a word, or a picture or colours where Wordbrush wrote it so, or where it is
    opaque and has colours; None for the result, which the merged picture shows."""
    name, alpha = layer.name.strip("\0 "), _alpha(layer, size)
    if name == PICTURE_NAME:
        return None
    kept = name == COLOUR_NAME or name.startswith(KEPT)
    image = layer.topil() if alpha is not None and not numbered(name) and (kept or alpha.min() == 255) else None
    if image is None:
        return NamedLayer(name, layer.is_visible(), alpha)
    whole = Image.new("RGBA", size)
    whole.paste(image.convert("RGBA"), (layer.left, layer.top))
    rgba = np.array(whole)
    if not kept and int(np.ptp(rgba[..., :3], axis=(0, 1)).max()) <= NEARLY:
        return NamedLayer(name, layer.is_visible(), alpha)
    return NamedLayer(name, layer.is_visible(), None, rgba, layer.opacity / 255)


def _alpha(layer: Any, size: tuple[int, int]) -> np.ndarray | None:
    """The opacity of a layer on the canvas, uint8 `[h, w]`; None for one without pixels."""
    pixels = layer.numpy("shape")
    if pixels is None or pixels.size == 0:
        return None
    levels = np.rint(np.clip(pixels[..., 0], 0.0, 1.0) * 255).astype(np.uint8)
    width, height = size
    full = np.zeros((height, width), np.uint8)
    left, top = layer.left, layer.top
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(width, left + levels.shape[1]), min(height, top + levels.shape[0])
    if x0 < x1 and y0 < y1:
        full[y0:y1, x0:x1] = levels[y0 - top : y1 - top, x0 - left : x1 - left]
    return full
