"""Pictures that carry their scene: PNG with A1111's `parameters`, the scene as JSON, and the masks."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

from canvas.files import atomic, begun_notes, foreign, image_io, scene_json
from canvas.files.deep_png import deep_bytes
from canvas.files.opened import Opened
from canvas.model.begun import Begun, parameters_of
from canvas.model.errors import CanvasError, MaskError, SaveError, SceneError, SceneFileError
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from resources import pictures

PARAMETERS = "parameters"
SCENE = "wordbrush"
MASK = "wordbrush.mask."
STYLE = "wordbrush.style."
CONTROL = "wordbrush.control."
COLOUR = "wordbrush.colour."
LAYER = "wordbrush.layer."
NOTE = "wordbrush.note."
MAX_CHUNK = 512 * 1024
MAX_FILE = 512 * 2**20
# Pillow, and with it most programs, reads no more text from a PNG than this; some is left for its names.
MAX_TEXT = PngImagePlugin.MAX_TEXT_MEMORY - 2**20
_AGAIN = "Open the picture as Wordbrush saved it: other programs may drop or cut what it carries."
SAMPLER_NAMES = {
    "ddim": "DDIM",
    "euler": "Euler",
    "euler_a": "Euler a",
    "dpmpp_2m": "DPM++ 2M",
    "dpmpp_2m_karras": "DPM++ 2M Karras",
    "lcm": "LCM",
}


class TooMuchForPNG(SaveError):
    """A scene has more paint than a PNG can carry; what was there before is untouched."""

    def __init__(self) -> None:
        super().__init__(
            "The scene has too much paint to fit into a PNG.",
            hint="Save the scene as an .ora file, and export the picture without its scene.",
        )


def save(
    path: Path | str,
    rgb: np.ndarray,
    scene: Scene | None = None,
    parameters: str | None = None,
    *,
    notes: Mapping[str, str] | None = None,
) -> None:
    """Write uint8 RGB `[h, w, 3]`, or straight RGBA `[h, w, 4]`, as a PNG, whole or not at all; of uint16 one of
    16 bits. Without scene and parameters it carries nothing.

    Args:
        notes: further texts to carry, by names of their own; see `read_note`.

    Raises SaveError, also where the scene's paint is more than a PNG can carry (`TooMuchForPNG`); and SceneError for an
    array that is no picture.
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
    """The bytes of what `save` writes. Raises TooMuchForPNG, and SceneError for an array that is no picture."""
    if rgb.ndim != 3 or rgb.shape[2] not in (3, 4) or rgb.dtype not in (np.uint8, np.uint16) or 0 in rgb.shape:
        raise SceneError(f"An array of shape {rgb.shape} is not a picture.", hint="Give uint8 RGB [height, width, 3].")
    info = PngImagePlugin.PngInfo()
    if parameters is not None:
        info.add_text(PARAMETERS, parameters)
    texts = {} if scene is None else scene_texts(scene)
    notes = notes or {}
    if sum(map(len, (*texts.values(), *notes.values()))) > MAX_TEXT:  # the scene's own paint goes first
        notes = begun_notes.without_pixels(notes)
    for name, text in (texts | {NOTE + name: note for name, note in notes.items()}).items():
        info.add_itxt(name, text)
    if rgb.dtype == np.uint16:
        return deep_bytes(rgb, info, compress_level=compress_level)
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "PNG", pnginfo=info, compress_level=compress_level)
    return out.getvalue()


def scene_texts(scene: Scene) -> dict[str, str]:
    """The texts by which a picture carries a scene, by name. Raises TooMuchForPNG."""
    masks: list[str] = []
    looks: list[str] = []
    extra: dict[str, dict[str, list[int]]] = {}
    for style in scene.styles:
        extra[style.id] = {"pictures": _chunk(style.picture, looks)}
    controls: list[str] = []
    for index, control in enumerate(scene.controls):
        extra[scene_json.control_key(index)] = {"pictures": _chunk(control.picture, controls)}
    colours: list[str] = []
    if not scene.colours.is_empty:
        png = image_io.png_bytes(scene.colours.to_array())
        extra[scene_json.COLOURS_KEY] = {"pictures": _chunk(png, colours)}
    layers: list[str] = []
    for layer in scene.pictures:
        if not layer.pixels.is_empty:
            png = image_io.png_bytes(layer.pixels.to_array())
            extra[scene_json.picture_key(layer.id)] = {"pictures": _chunk(png, layers)}
    for key, mask in scene.masks.items():
        png = b"" if mask.is_empty else image_io.png_bytes(mask.to_array())
        extra.setdefault(key, {})["masks"] = _chunk(png, masks)
    text = scene_json.dumps(scene_json.to_dict(scene, extra))
    if len(text) + sum(map(len, masks)) + sum(map(len, [*looks, *controls, *colours, *layers])) > MAX_TEXT:
        raise TooMuchForPNG
    found = {SCENE: text}
    for name, chunks in ((MASK, masks), (STYLE, looks), (CONTROL, controls), (COLOUR, colours), (LAYER, layers)):
        found |= {f"{name}{number}": chunk for number, chunk in enumerate(chunks)}
    return found


def _chunk(png: bytes, chunks: list[str]) -> list[int]:
    """Append a PNG's text to `chunks`, cut to size; returns their numbers, none for no bytes."""
    text = base64.b64encode(png).decode("ascii")
    first = len(chunks)
    chunks.extend(text[start : start + MAX_CHUNK] for start in range(0, len(text), MAX_CHUNK))
    return list(range(first, len(chunks)))


def read_all(source: Path | str | bytes, name: str = "") -> Opened:
    """Everything that a PNG holds, from one reading: pixels, scene, notes and parameters.

    `source` is a file, or the bytes of one that messages call `name`. A picture without a scene, or with a damaged one
    (`fault`), is a picture all the same; for one of another program the scene is what its texts say of prompt and
    settings. Any thread may call this.

    Raises:
        SceneFileError: the file is not there, not a PNG, too large or not whole.
    """
    data, name = (source, name) if isinstance(source, bytes) else (_bytes_of(source), Path(source).name)
    image = image_io.open_png(data, f"“{name}”")
    return opened(image, _texts_of(image))


def opened(image: Image.Image, texts: Mapping[str, str]) -> Opened:
    """What a decoded picture of any kind holds, of which the texts beside its pixels are known."""
    scene, fault = None, None
    remarks: list[str] = []
    try:
        scene = _scene_in(texts, remarks)
    except SceneFileError as error:
        fault = error
    notes, parameters = _notes_in(texts), texts.get(PARAMETERS)
    if scene is None and fault is None:
        return dataclasses.replace(foreign.opened(image), notes=notes, parameters=parameters)
    rgb = image_io.rgb_of(image)
    begun, missing = begun_notes.from_notes(notes, rgb)
    remarks += missing
    return Opened(
        scene=scene,
        picture=rgb,
        made_by=scene,
        notes=notes,
        begun=begun,
        parameters=parameters,
        fault=fault,
        remarks=tuple(remarks),
        rgba=image_io.rgba_in(image),
    )


def read_kept(data: bytes, what: str) -> Opened:
    """The picture in the bytes of a PNG that lies in another file; as `read_all` reads a PNG."""
    image = image_io.open_png(data, what)
    texts = _texts_of(image)
    try:
        made_by = _scene_in(texts)
    except CanvasError:
        made_by = None  # the scene is a comfort; the picture is what counts
    rgb, notes = image_io.rgb_of(image), _notes_in(texts)
    begun, missing = begun_notes.from_notes(notes, rgb)
    rgba = image_io.rgba_in(image)
    return Opened(picture=rgb, made_by=made_by, notes=notes, begun=begun, remarks=missing, rgba=rgba)


def _notes_in(texts: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(NOTE): text for name, text in texts.items() if name.startswith(NOTE)}


def _texts_of(image: Image.Image) -> dict[str, str]:
    return {key: str(text) for key, text in image.text.items()}  # type: ignore[attr-defined]


def _bytes_of(path: Path | str) -> bytes:
    try:
        return pictures.read_bytes(path, MAX_FILE)
    except pictures.PictureError as error:
        name = f"“{Path(path).name}”"
        if error.reason == "missing":
            raise SceneFileError(f"There is no file {name}.", hint="Check the name, or pick another file.") from error
        if error.reason == "bytes":
            raise SceneFileError(f"{name} is too large.", hint="Open a Wordbrush picture.") from error
        raise image_io.file_error(error, name) from error


def _texts(path: Path | str) -> dict[str, str]:
    """The text chunks of a PNG. Raises SceneFileError for a file that is not there, not a PNG or not whole."""
    return _texts_of(image_io.open_png(_bytes_of(path), f"“{Path(path).name}”"))


def load_scene(path: Path | str) -> Scene | None:
    """The scene that a picture carries, or None for a picture without one.

    Raises SceneFileError for a file that is no whole PNG, or whose scene is damaged.
    """
    return _scene_in(_texts(path))


def _scene_in(texts: Mapping[str, str], remarks: list[str] | None = None) -> Scene | None:
    if SCENE not in texts:
        return None
    value = scene_json.loads(texts[SCENE])
    masks: dict[tuple[int, ...], TiledMask] = {}  # words that name one mask share it

    def mask_of(_id: str, entry: Mapping[str, Any]) -> TiledMask:
        numbers = _numbers(texts, entry.get("masks"), MASK, "A mask")
        if numbers not in masks:
            masks[numbers] = _mask(texts, numbers, value)
        return masks[numbers]

    return scene_json.from_dict(value, mask_of, lambda key, entry: _look(texts, key, entry), remarks=remarks)


def _mask(texts: Mapping[str, str], numbers: tuple[int, ...], scene: Mapping[str, Any]) -> TiledMask:
    width, height = scene["size"]
    if not numbers:
        return TiledMask((width, height))
    grey = image_io.grey_of(_joined(texts, numbers, MASK, "A mask"), "A mask in this picture")
    if grey.shape != (height, width):
        raise MaskError("A mask does not have the size of the scene.", hint=_AGAIN)
    return TiledMask.from_array(grey)


def _look(texts: Mapping[str, str], key: str, entry: Mapping[str, Any]) -> bytes:
    """The picture of a style, a control, a picture layer or the colour layer."""
    if key == scene_json.COLOURS_KEY:
        what = "The colour layer"
        return _joined(texts, _numbers(texts, entry.get("pictures"), COLOUR, what), COLOUR, what)
    if key.startswith(scene_json.PICTURE_LAYER):
        what = "A picture layer"
        return _joined(texts, _numbers(texts, entry.get("pictures"), LAYER, what), LAYER, what)
    if key.startswith("control "):
        what = "A control picture"
        data = _joined(texts, _numbers(texts, entry.get("pictures"), CONTROL, what), CONTROL, what)
        return image_io.checked_control_picture(data, f"{what} in this picture")
    what = "The picture of a style"
    data = _joined(texts, _numbers(texts, entry.get("pictures"), STYLE, what), STYLE, what)
    return image_io.checked_style_picture(data, f"{what} in this picture")


def _numbers(texts: Mapping[str, str], numbers: object, name: str, what: str) -> tuple[int, ...]:
    """The numbers of the chunks, each once. Raises SceneFileError where one of them is missing."""
    if not isinstance(numbers, list) or not all(isinstance(n, int) and f"{name}{n}" in texts for n in numbers):
        raise SceneFileError(f"{what} is missing from this picture.", hint=_AGAIN)
    return tuple(dict.fromkeys(numbers))


def _joined(texts: Mapping[str, str], numbers: tuple[int, ...], name: str, what: str) -> bytes:
    """The bytes out of their chunks, none for no chunks. Raises SceneFileError where they are damaged."""
    text = "".join(texts[f"{name}{n}"] for n in numbers)
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
    scene: Scene,
    *,
    seed: int | None = None,
    model: str | None = None,
    guidance: float | None = None,
    begun: Begun | None = None,
) -> str:
    """The `parameters` text as A1111 writes it: prompt, negative prompt, one last line of settings.

    Seed, model and guidance are what was really used; where they are None, the scene's own (guidance that neither knows
    is left out). With `begun` the last line says what the picture began from, and its real size.
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
        **parameters_of(begun, scene.size, "" if begun is None else scene_json.file_name(begun.upscaler)),
    }
    lines = [scene.prompt]
    if scene.negative:
        lines.append(f"Negative prompt: {scene.negative}")
    lines.append(", ".join(f"{key}: {_quoted(value)}" for key, value in fields.items() if value is not None))
    return "\n".join(lines)


def _quoted(value: str) -> str:
    """Quoted where it would break the line of settings, as A1111 does."""
    return json.dumps(value, ensure_ascii=False) if any(sign in value for sign in ",:\n") else value
