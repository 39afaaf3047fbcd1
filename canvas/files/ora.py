"""Scene files: OpenRaster archives that Krita and GIMP open too, read in memory and with suspicion."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

import numpy as np

from canvas.files import atomic, image_io, png, scene_json
from canvas.model.errors import CanvasError, MaskError, SceneError, SceneFileError
from canvas.model.scene import MAX_PROMPT, MAX_SIDE, Paintable, Scene, Word
from canvas.model.style import MAX_PICTURE, Style
from canvas.model.tiled_mask import TiledMask
from canvas.model.words import find_phrase, next_id, next_style, occurrences, phrase_number
from canvas.paint.compositor import compose, over

MIMETYPE = "image/openraster"
JSON_NAME = "wordbrush/scene.json"
PICTURE = "data/picture.png"
MAX_ENTRIES = 2000
MAX_ENTRY = 128 * 2**20
MAX_TOTAL = 512 * 2**20
# Text and blank pictures pack well, but nothing honest that is large packs better than this.
MAX_RATIO, RATIO_FROM = 100, 2**20
MAX_XML = 4 * 2**20
_PAPER = 128
_OPACITY = 0.6
_LAYER = re.compile(r"data/(?:word|style)-[A-Za-z0-9_-]{1,64}\.png\Z")
_LOOK = "wordbrush/style-{}.png"
_FOREIGN_LAYER = re.compile(r"data/[^/\\]{1,200}\.png\Z")
_NAMED = re.compile(r"(?s)(.*\S.*)#([1-9]\d{0,3})\Z")
_AGAIN = "Open another copy of the file, or one that Wordbrush saved."


def save(
    path: Path | str,
    scene: Scene,
    merged_rgb: np.ndarray | None = None,
    *,
    picture: np.ndarray | None = None,
    made_by: Scene | None = None,
) -> None:
    """Write a scene file, whole or not at all.

    `made_by` is the scene that made `picture`, where it is known; the picture carries it as an exported one does.
    `merged_rgb`, uint8 RGB `[h, w, 3]` of the scene's size, is what file managers show; None makes it from `picture`
    (the last result, kept as the lowest layer; grey paper where there is none) and the overlays. Raises SaveError, and
    SceneError for a picture of another size.
    """
    width, height = scene.size
    for rgb in (merged_rgb, picture):
        if rgb is not None and (rgb.shape != (height, width, 3) or rgb.dtype != np.uint8):
            raise SceneError(f"A picture of shape {rgb.shape} does not fit.", hint=f"Use RGB of {width}x{height}.")
    if merged_rgb is None:
        ground = picture if picture is not None else np.full((height, width, 3), _PAPER, np.uint8)
        merged_rgb = over(ground, compose(scene, (0, 0, width, height)))
    extra = {thing.id: {"layer": _layer(thing)} for thing in scene.paintables}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        _put(archive, "mimetype", MIMETYPE.encode(), zipfile.ZIP_STORED)
        _put(archive, "stack.xml", _stack(scene, picture is not None), zipfile.ZIP_DEFLATED)
        for thing in scene.paintables:
            _put(archive, _layer(thing), _layer_png(thing, scene.masks[thing.id]), zipfile.ZIP_STORED)
        for style in scene.styles:
            _put(archive, _LOOK.format(style.id), style.picture, zipfile.ZIP_STORED)
        if picture is not None:
            _put(archive, PICTURE, png.to_bytes(picture, made_by, compress_level=1), zipfile.ZIP_STORED)
        _put(archive, "mergedimage.png", image_io.png_bytes(merged_rgb), zipfile.ZIP_STORED)
        small = image_io.png_bytes(image_io.thumbnail(merged_rgb))
        _put(archive, "Thumbnails/thumbnail.png", small, zipfile.ZIP_STORED)
        text = scene_json.dumps(scene_json.to_dict(scene, extra))
        _put(archive, JSON_NAME, text.encode(), zipfile.ZIP_DEFLATED)
    atomic.write(path, out.getvalue())


def load(path: Path | str) -> Scene:
    """Read a scene file; without our JSON in it, the words come from layers named PHRASE#N.

    Raises SceneFileError for a file that is not there, truncated, foreign, damaged or hostile.
    """
    with _Archive(path) as archive:
        if JSON_NAME in archive:
            value = scene_json.loads(archive.read(JSON_NAME, scene_json.MAX_JSON))
            return scene_json.from_dict(
                value,
                lambda any_id, entry: _mask(archive, entry, value),
                lambda style_id, _entry: _look(archive, style_id),
            )
        return _from_layers(archive)


def is_own(path: Path | str) -> bool:
    """Whether Wordbrush wrote the file, so that its scene is all there is in it. Raises SceneFileError as `load` does.

    A file of another program may hold layers that are no words, and saving over it would lose them.
    """
    with _Archive(path) as archive:
        return JSON_NAME in archive


def load_picture(path: Path | str) -> np.ndarray | None:
    """The last result that a scene file keeps, uint8 RGB `[h, w, 3]`, or None. Raises SceneFileError as `load` does."""
    with _Archive(path) as archive:
        if PICTURE not in archive:
            return None
        return np.asarray(image_io.open_png(archive.read(PICTURE), "The picture in this file").convert("RGB"))


def load_made_by(path: Path | str) -> Scene | None:
    """The scene that made the file's picture; None where the file has no picture or nobody knows.

    Raises SceneFileError as `load` does, not for what is wrong with the picture's scene alone.
    """
    with _Archive(path) as archive:
        if PICTURE not in archive:
            return None
        try:
            return png.scene_in(archive.read(PICTURE))
        except CanvasError:
            return None  # the scene is a comfort; the picture and the file's own scene are what counts


def layer_names(scene: Scene) -> dict[str, str]:
    """Word id -> PHRASE#N; a word whose text is gone is numbered after those that stand."""
    names: dict[str, str] = {}
    for word in sorted(scene.words, key=lambda word: word.span is None):
        if word.span is not None:
            number = phrase_number(scene.prompt, word.span)
        else:
            number = len(occurrences(scene.prompt, word.phrase)) + 1
        while f"{word.phrase}#{number}" in names.values():
            number += 1
        names[word.id] = f"{word.phrase}#{number}"
    return names


def _put(archive: zipfile.ZipFile, name: str, data: bytes, method: int) -> None:
    info = zipfile.ZipInfo(name)  # a fixed date: equal scenes make equal files
    info.compress_type = method
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def _layer(thing: Paintable) -> str:
    """The name of the layer that holds the paint of a word or a style."""
    return f"data/{'style' if isinstance(thing, Style) else 'word'}-{thing.id}.png"


def _layer_png(thing: Paintable, mask: TiledMask) -> bytes:
    """The colour with the mask as alpha."""
    rgba = np.empty((mask.size[1], mask.size[0], 4), np.uint8)
    rgba[..., :3] = [int(thing.color[i : i + 2], 16) for i in (1, 3, 5)]
    rgba[..., 3] = mask.to_array()
    return image_io.png_bytes(rgba)


def _attribute(text: str) -> str:
    """Quoted for XML, without the characters that XML cannot hold."""
    clean = "".join(c if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff") else "\ufffd" for c in text)
    return quoteattr(re.sub("[\ufffe\uffff]", "\ufffd", clean))


def _stack(scene: Scene, has_picture: bool) -> bytes:
    width, height = scene.size
    names = layer_names(scene)
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", f'<image version="0.0.3" w="{width}" h="{height}">', "<stack>"]
    for thing in reversed(scene.paintables):
        shown = "visible" if thing.visible else "hidden"
        # Without a number at its end the name of a style's layer is never read as a word's.
        name = f"style {thing.name.replace('#', ' ')}" if isinstance(thing, Style) else names[thing.id]
        lines.append(
            f'<layer name={_attribute(name)} src="{_layer(thing)}" x="0" y="0" '
            f'opacity="{_OPACITY}" visibility="{shown}" composite-op="svg:src-over"/>'
        )
    if has_picture:
        lines.append(f'<layer name="Picture" src="{PICTURE}" x="0" y="0" opacity="1.0" visibility="visible"/>')
    return "\n".join([*lines, "</stack>", "</image>", ""]).encode()


class _Archive:
    """A zip that is read in memory, name by name, within limits; never extracted."""

    def __init__(self, path: Path | str) -> None:
        name = Path(path).name
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError as error:
            raise SceneFileError(f"There is no file “{name}”.", hint="Check the name, or pick another file.") from error
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise SceneFileError(
                f"“{name}” is not a whole OpenRaster file.", hint=_AGAIN, details=repr(error)
            ) from error
        try:
            self._check(name)
        except BaseException:
            self._zip.close()
            raise

    def _check(self, name: str) -> None:
        entries = self._zip.infolist()
        names = [entry.filename for entry in entries]
        if len(entries) > MAX_ENTRIES or len(set(names)) != len(names):
            raise SceneFileError(f"“{name}” is not a scene file.", hint=_AGAIN, details="too many or doubled entries")
        if sum(entry.file_size for entry in entries) > MAX_TOTAL:
            raise SceneFileError(f"“{name}” would unpack to far too much.", hint=_AGAIN)
        if "mimetype" not in self or self.read("mimetype", 200).strip() != MIMETYPE.encode():
            raise SceneFileError(
                f"“{name}” is a zip archive, but not an OpenRaster file.",
                hint="Open a .ora file, or a PNG with a scene.",
            )

    def __enter__(self) -> _Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str, limit: int = MAX_ENTRY) -> bytes:
        """All of one entry. Raises SceneFileError where it is missing, damaged, locked or unpacks to too much."""
        info = self._zip.NameToInfo.get(name)
        if info is None:
            raise SceneFileError(f"A part of this file is missing: {name}.", hint=_AGAIN)
        packed = info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        if info.file_size > limit or packed:
            raise SceneFileError(f"A part of this file would unpack to far too much: {name}.", hint=_AGAIN)
        try:
            with self._zip.open(info) as file:
                data = file.read(limit + 1)
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
            raise SceneFileError(
                f"A part of this file is damaged: {name}.", hint=_AGAIN, details=repr(error)
            ) from error
        if len(data) > limit:
            raise SceneFileError(f"A part of this file would unpack to far too much: {name}.", hint=_AGAIN)
        return data


def _mask(archive: _Archive, entry: Mapping[str, Any], scene: Mapping[str, Any]) -> TiledMask:
    name = entry.get("layer")
    if not isinstance(name, str) or not _LAYER.match(name):
        raise SceneFileError("The scene in this file names no mask for its paint.", hint=_AGAIN, details=repr(name))
    alpha = image_io.alpha_of(archive.read(name), f"The mask {name}")
    if [alpha.shape[1], alpha.shape[0]] != list(scene["size"]):
        raise MaskError(f"The mask {name} is not of the picture's size.", hint=_AGAIN)
    return TiledMask.from_array(alpha)


def _look(archive: _Archive, style_id: object) -> bytes:
    """The picture of a style; an id that no style can have has none."""
    name = _LOOK.format(style_id)
    return image_io.checked_style_picture(archive.read(name, MAX_PICTURE), "The picture of a style in this file")


@dataclass(frozen=True)
class _Layer:
    phrase: str
    number: int
    source: str
    x: int
    y: int
    visible: bool


class _StackReader:
    """Reads stack.xml: the canvas size and the layers named PHRASE#N, from the top. No DOCTYPE, no entities."""

    def __init__(self, data: bytes) -> None:
        self.size: tuple[int, int] | None = None
        self.layers: list[_Layer] = []
        self._offsets: list[tuple[int, int]] = [(0, 0)]
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, OverflowError) as error:
            raise SceneFileError("The list of layers is damaged.", hint=_AGAIN, details=repr(error)) from error

    def _refuse(self, *_: object) -> None:
        raise SceneFileError("The list of layers carries a DOCTYPE, which Wordbrush does not read.", hint=_AGAIN)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._offsets) > 100:
            raise SceneFileError("The list of layers is nested too deep.", hint=_AGAIN)
        if tag == "image" and self.size is None:
            self.size = int(attributes.get("w", "0")), int(attributes.get("h", "0"))
            return
        if tag not in ("stack", "layer"):
            return
        x = self._offsets[-1][0] + round(float(attributes.get("x") or 0))
        y = self._offsets[-1][1] + round(float(attributes.get("y") or 0))
        if tag == "stack":
            self._offsets.append((x, y))
            return
        match, source = _NAMED.match(attributes.get("name", "")), attributes.get("src", "")
        if match and _FOREIGN_LAYER.match(source):
            visible = attributes.get("visibility", "visible") != "hidden"
            self.layers.append(_Layer(match[1].strip(), int(match[2]), source, x, y, visible))

    def _end(self, tag: str) -> None:
        if tag == "stack":
            self._offsets.pop()


def _from_layers(archive: _Archive) -> Scene:
    """The words of a file that another program saved: a prompt is made that has each PHRASE#N."""
    stack = _StackReader(archive.read("stack.xml", MAX_XML))
    if stack.size is None or not all(1 <= side <= MAX_SIDE for side in stack.size):
        raise SceneFileError("This file has no usable picture size.", hint=f"Use 1 to {MAX_SIDE} pixels a side.")
    if not stack.layers or len(stack.layers) > scene_json.MAX_WORDS:
        raise SceneFileError(
            "This OpenRaster file has no words of Wordbrush.",
            hint="Name each layer after its word and number, such as “house#1”, or open a scene of Wordbrush.",
        )
    prompt = _prompt_of(stack.layers)
    try:
        scene = Scene(prompt, size=stack.size)
        for layer in reversed(stack.layers):
            scene = _add_layer(scene, layer, archive)
    except SceneError as error:
        raise SceneFileError(f"The layers of this file cannot be used. {error.message}", hint=error.hint) from error
    return scene


def _prompt_of(layers: Sequence[_Layer]) -> str:
    """A prompt in which each layer's PHRASE#N stands, the lowest layer first."""
    prompt = ""
    for layer in reversed(layers):
        name = f"{layer.phrase}#{layer.number}"
        if layer.number > scene_json.MAX_WORDS:
            raise SceneFileError(f"The layer “{name}” has too high a number.", hint=_AGAIN)
        lacking = max(0, layer.number - len(occurrences(prompt, layer.phrase)))
        prompt = ", ".join(([prompt] if prompt else []) + [layer.phrase] * lacking)
        if len(prompt) > MAX_PROMPT:
            raise SceneFileError("The names of the layers make too long a prompt.", hint=_AGAIN)
        if find_phrase(prompt, layer.phrase, layer.number) is None:  # it begins with an accent, or the like
            raise SceneFileError(f"The layer “{name}” is not named after a word.", hint="Give it another name.")
    return prompt


def _add_layer(scene: Scene, layer: _Layer, archive: _Archive) -> Scene:
    alpha = image_io.alpha_of(archive.read(layer.source), f"The layer “{layer.phrase}#{layer.number}”")
    width, height = scene.size
    full = np.zeros((height, width), np.uint8)
    x0, y0 = max(0, layer.x), max(0, layer.y)
    x1, y1 = min(width, layer.x + alpha.shape[1]), min(height, layer.y + alpha.shape[0])
    if x0 < x1 and y0 < y1:
        full[y0:y1, x0:x1] = alpha[y0 - layer.y : y1 - layer.y, x0 - layer.x : x1 - layer.x]
    span = find_phrase(scene.prompt, layer.phrase, layer.number)
    for word in scene.words:
        if word.span == span:  # the layer was split in two
            return scene.with_mask(word.id, TiledMask.from_array(np.maximum(full, scene.masks[word.id].to_array())))
    color, pattern = next_style(scene.paintables)
    phrase = scene.prompt[slice(*span)] if span else layer.phrase
    word = Word(next_id(scene.words), phrase, span, color=color, pattern=pattern, visible=layer.visible)
    return scene.replace(words=(*scene.words, word)).with_mask(word.id, TiledMask.from_array(full))
