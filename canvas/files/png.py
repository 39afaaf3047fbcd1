"""Pictures that carry their scene: PNG with A1111's `parameters`, the scene as JSON, and the masks."""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

from canvas.files import atomic, image_io, scene_json
from canvas.model.errors import MaskError, SceneError, SceneFileError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask

PARAMETERS = "parameters"
SCENE = "wordbrush"
MASK = "wordbrush.mask."
STYLE = "wordbrush.style."
NOTE = "wordbrush.note."
MAX_CHUNK = 512 * 1024
MAX_FILE = 512 * 2**20
_AGAIN = "Open the picture as Wordbrush saved it: other programs may drop or cut what it carries."
SAMPLER_NAMES = {
    "ddim": "DDIM",
    "euler": "Euler",
    "euler_a": "Euler a",
    "dpmpp_2m": "DPM++ 2M",
    "dpmpp_2m_karras": "DPM++ 2M Karras",
}


def save(
    path: Path | str,
    rgb: np.ndarray,
    scene: Scene | None = None,
    parameters: str | None = None,
    *,
    notes: Mapping[str, str] | None = None,
) -> None:
    """Write uint8 RGB `[h, w, 3]` as a PNG, whole or not at all; without scene and parameters it carries nothing.

    Args:
        notes: further texts to carry, by names of their own; see `read_note`.

    Raises SaveError, and SceneError for an array that is no picture.
    """
    atomic.write(path, to_bytes(rgb, scene, parameters, notes=notes))


def to_bytes(
    rgb: np.ndarray,
    scene: Scene | None = None,
    parameters: str | None = None,
    *,
    notes: Mapping[str, str] | None = None,
    compress_level: int = 6,
) -> bytes:
    """The bytes of what `save` writes. Raises SceneError for an array that is no picture."""
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or 0 in rgb.shape:
        raise SceneError(f"An array of shape {rgb.shape} is not a picture.", hint="Give uint8 RGB [height, width, 3].")
    info = PngImagePlugin.PngInfo()
    if parameters is not None:
        info.add_text(PARAMETERS, parameters)
    if scene is not None:
        masks: list[str] = []
        looks: list[str] = []
        extra: dict[str, dict[str, list[int]]] = {}
        for style in scene.styles:
            extra[style.id] = {"pictures": _chunk(style.picture, looks)}
        for key, mask in scene.masks.items():
            png = b"" if mask.is_empty else image_io.png_bytes(mask.to_array())
            extra.setdefault(key, {})["masks"] = _chunk(png, masks)
        info.add_itxt(SCENE, scene_json.dumps(scene_json.to_dict(scene, extra)))
        for name, chunks in ((MASK, masks), (STYLE, looks)):
            for number, chunk in enumerate(chunks):
                info.add_itxt(f"{name}{number}", chunk)
    for name, note in (notes or {}).items():
        info.add_itxt(NOTE + name, note)
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "PNG", pnginfo=info, compress_level=compress_level)
    return out.getvalue()


def _chunk(png: bytes, chunks: list[str]) -> list[int]:
    """Append a PNG's text to `chunks`, cut to size; returns their numbers, none for no bytes."""
    text = base64.b64encode(png).decode("ascii")
    first = len(chunks)
    chunks.extend(text[start : start + MAX_CHUNK] for start in range(0, len(text), MAX_CHUNK))
    return list(range(first, len(chunks)))


def _texts(path: Path | str) -> dict[str, str]:
    """The text chunks of a PNG. Raises SceneFileError for a file that is not there, not a PNG or not whole."""
    name = Path(path).name
    try:
        if Path(path).stat().st_size > MAX_FILE:
            raise SceneFileError(f"“{name}” is too large.", hint="Open a picture of Wordbrush.")
        data = Path(path).read_bytes()
    except FileNotFoundError as error:
        raise SceneFileError(f"There is no file “{name}”.", hint="Check the name, or pick another file.") from error
    except OSError as error:
        raise SceneFileError(
            f"“{name}” cannot be read.", hint="Check that you may read it.", details=error.strerror or repr(error)
        ) from error
    return _texts_in(data, f"“{name}”")


def _texts_in(data: bytes, what: str) -> dict[str, str]:
    image = image_io.open_png(data, what)
    return {key: str(text) for key, text in image.text.items()}  # type: ignore[attr-defined]


def load_scene(path: Path | str) -> Scene | None:
    """The scene that a picture carries, or None for a picture without one.

    Raises SceneFileError for a file that is no whole PNG, or whose scene is damaged.
    """
    return _scene_in(_texts(path))


def scene_in(data: bytes) -> Scene | None:
    """The scene that a PNG's bytes carry, or None. Raises SceneFileError as `load_scene` does."""
    return _scene_in(_texts_in(data, "The picture"))


def _scene_in(texts: Mapping[str, str]) -> Scene | None:
    if SCENE not in texts:
        return None
    value = scene_json.loads(texts[SCENE])
    return scene_json.from_dict(
        value, lambda any_id, entry: _mask(texts, entry, value), lambda style_id, entry: _look(texts, entry)
    )


def _mask(texts: Mapping[str, str], entry: Mapping[str, Any], scene: Mapping[str, Any]) -> TiledMask:
    data = _joined(texts, entry.get("masks"), MASK, "A mask")
    width, height = scene["size"]
    if not entry["masks"]:
        return TiledMask((width, height))
    grey = image_io.grey_of(data, "A mask in this picture")
    if grey.shape != (height, width):
        raise MaskError("A mask is not of the scene's size.", hint=_AGAIN)
    return TiledMask.from_array(grey)


def _look(texts: Mapping[str, str], entry: Mapping[str, Any]) -> bytes:
    """The picture of a style."""
    data = _joined(texts, entry.get("pictures"), STYLE, "The picture of a style")
    return image_io.checked_style_picture(data, "The picture of a style in this picture")


def _joined(texts: Mapping[str, str], numbers: object, name: str, what: str) -> bytes:
    """The bytes out of their chunks, none for no chunks. Raises SceneFileError where one is missing or damaged."""
    if not isinstance(numbers, list) or not all(isinstance(n, int) and f"{name}{n}" in texts for n in numbers):
        raise SceneFileError(f"{what} is missing in this picture.", hint=_AGAIN)
    text = "".join(texts[f"{name}{n}"] for n in dict.fromkeys(numbers))
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SceneFileError(f"{what} in this picture is damaged.", hint=_AGAIN, details=repr(error)) from error


def read_note(path: Path | str, name: str) -> str | None:
    """A text that `save` was given for the name, or None. Raises SceneFileError for a file that is no whole PNG."""
    return _texts(path).get(NOTE + name)


def read_parameters(path: Path | str) -> str | None:
    """A1111's `parameters` text of a picture, or None. Raises SceneFileError for a file that is no whole PNG."""
    return _texts(path).get(PARAMETERS)


def parameters_text(
    scene: Scene, *, seed: int | None = None, model: str | None = None, guidance: float | None = None
) -> str:
    """The `parameters` text as A1111 writes it: prompt, negative prompt, one last line of settings.

    Seed, model and guidance are what was really used; where they are None, the scene's own (guidance that neither knows
    is left out).
    """
    settings = scene.settings
    width, height = scene.size
    guidance = settings.guidance if guidance is None else guidance
    fields = {
        "Steps": str(settings.steps),
        "Sampler": SAMPLER_NAMES.get(settings.sampler, settings.sampler),
        "CFG scale": None if guidance is None else f"{guidance:g}",
        "Seed": str(settings.seed if seed is None else seed),
        "Size": f"{width}x{height}",
        "Model": scene_json.public_name(settings.model if model is None else model),
    }
    lines = [scene.prompt]
    if scene.negative:
        lines.append(f"Negative prompt: {scene.negative}")
    lines.append(", ".join(f"{key}: {_quoted(value)}" for key, value in fields.items() if value is not None))
    return "\n".join(lines)


def _quoted(value: str) -> str:
    """Quoted where it would break the line of settings, as A1111 does."""
    return json.dumps(value, ensure_ascii=False) if any(sign in value for sign in ",:\n") else value
