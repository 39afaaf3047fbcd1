"""Scene files: OpenRaster archives that Krita and GIMP open too, read in memory and with suspicion."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from canvas.files import archive as zips
from canvas.files import atomic, image_io, png, scene_json
from canvas.files.archive import AGAIN, Archive
from canvas.files.layers import (
    COLOUR,
    IDENTIFIER,
    MAX_XML,
    PICTURE,
    STACK,
    NoWords,
    layer_file,
    layer_names,
    picture_file,
    scene_from_layers,
    stack_of,
)
from canvas.files.opened import Opened
from canvas.model.errors import MaskError, SaveError, SceneError, SceneFileError
from canvas.model.scene import Paintable, Scene
from canvas.model.tiled_mask import TiledMask
from canvas.paint.compositor import compose, over
from canvas.paint.ground import laid_on_picture
from canvas.paint.placing import PAPER_GREY
from resources.limits import MAX_CONTROL_BYTES, MAX_STYLE_BYTES

__all__ = [
    "JSON_NAME",
    "MIMETYPE",
    "is_own",
    "layer_names",
    "load",
    "load_made_by",
    "load_picture",
    "load_thumbnail",
    "read_all",
    "save",
]

MIMETYPE = "image/openraster"
JSON_NAME = "wordbrush/scene.json"
MERGED = "mergedimage.png"
THUMBNAIL = "Thumbnails/thumbnail.png"
MAX_THUMBNAIL = 4 * 2**20
_LAYER = re.compile(r"data/(?:word|style)-[A-Za-z0-9_-]{1,64}\.png\Z")
_LOOK = "wordbrush/style-{}.png"
_CONTROL = "wordbrush/control-{}.png"


def save(
    path: Path | str,
    scene: Scene,
    merged_rgb: np.ndarray | None = None,
    *,
    picture: np.ndarray | None = None,
    made_by: Scene | None = None,
    notes: Mapping[str, str] | None = None,
    private: bool = False,
    backup: bool = False,
) -> None:
    """Write a scene file, whole or not at all; a `private` one is its owner's alone; with `backup` the one before it
    stays beside it (`canvas.files.atomic.backup_of`).

    `made_by` is the scene that made `picture`, where it is known, and `notes` are texts about the picture (its scores);
    the picture carries both as an exported one does. `merged_rgb`, uint8 RGB `[h, w, 3]` of the scene's size, is what
    file managers show; None makes it from `picture` (the last result, RGB or straight RGBA, kept as the lowest layer;
    grey paper where there is none) and the overlays.

    Raises SaveError, also for a scene with more paint than `load` would read; and SceneError for a picture of another
    size.
    """
    width, height = scene.size
    for rgb in (merged_rgb, picture):
        sizes = [(height, width, 3), (height, width, 4)][: 1 if rgb is merged_rgb else 2]
        if rgb is not None and (rgb.shape not in sizes or rgb.dtype != np.uint8):
            raise SceneError(f"A picture of shape {rgb.shape} does not fit.", hint=f"Use RGB of {width}x{height}.")
    scene_json.check_paint(scene)
    entries = {thing.id: _entry(scene, thing) for thing in scene.paintables}
    text = scene_json.dumps(scene_json.to_dict(scene, {**entries, **_ground_entries(scene)}))
    stack = stack_of(scene, picture is not None)
    if merged_rgb is None:
        paper = np.full((height, width, 3), PAPER_GREY, np.uint8)
        ground = paper if picture is None else image_io.on_white(picture)
        merged_rgb = over(laid_on_picture(ground, scene), compose(scene, (0, 0, width, height)))
    with _Writer() as out:
        out.put("mimetype", MIMETYPE.encode(), packed=False)
        out.put(STACK, stack, limit=MAX_XML)
        for thing in scene.paintables:
            out.put(layer_file(thing), _layer_png(thing, scene.masks[thing.id]), packed=False)
        for style in scene.styles:
            out.put(_LOOK.format(style.id), style.picture, packed=False)
        for index, control in enumerate(scene.controls):
            out.put(_CONTROL.format(index), control.picture, packed=False)
        if not scene.colours.is_empty:
            out.put(COLOUR, image_io.png_bytes(scene.colours.to_array()), packed=False)
        for layer in scene.pictures:
            out.put(picture_file(layer), image_io.png_bytes(layer.pixels.to_array()), packed=False)
        if picture is not None:
            out.put(PICTURE, _picture_png(picture, made_by, notes), packed=False)
        out.put(MERGED, image_io.png_bytes(merged_rgb), packed=False)
        out.put(THUMBNAIL, image_io.png_bytes(image_io.thumbnail(merged_rgb)), packed=False)
        out.put(JSON_NAME, text.encode(), limit=scene_json.MAX_JSON)
    atomic.write(path, out.data(), private=private, backup=backup)


class _Writer:
    """An archive in memory, within the limits within which it is read."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self._zip = zipfile.ZipFile(self._bytes, "w")
        self._total = 0

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def put(self, name: str, data: bytes, *, packed: bool = True, limit: int | None = None) -> None:
        """Add an entry. Raises SaveError where it, or all of them, would not be read again."""
        self._total += len(data)
        if len(data) > (zips.MAX_ENTRY if limit is None else limit) or self._total > zips.MAX_TOTAL:
            raise SaveError(
                "The scene is too large for one file.",
                hint="Clear the paint of words that do not matter, or make the canvas smaller.",
                details=f"{name}: {len(data)} bytes, {self._total} in all",
            )
        info = zipfile.ZipInfo(name)  # a fixed date: equal scenes make equal files
        # What packs too well would look like a bomb to the reader.
        info.compress_type = zipfile.ZIP_DEFLATED if packed and len(data) <= zips.RATIO_FROM else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, data)

    def data(self) -> bytes:
        """The whole archive, after the `with` block."""
        return self._bytes.getvalue()


def _ground_entries(scene: Scene) -> dict[str, dict[str, str]]:
    """What the JSON adds to the colour layer and the picture layers: where each lies."""
    pictures = {scene_json.picture_key(layer.id): {"layer": picture_file(layer)} for layer in scene.pictures}
    return {scene_json.COLOURS_KEY: {"layer": COLOUR}, **pictures}


def _entry(scene: Scene, thing: Paintable) -> dict[str, Any]:
    """What the JSON adds to a word or style: its layer, and whether nothing is on it, so that it need not be read."""
    return {"layer": layer_file(thing), **({"empty": True} if scene.masks[thing.id].is_empty else {})}


def _picture_png(picture: np.ndarray, made_by: Scene | None, notes: Mapping[str, str] | None) -> bytes:
    try:
        return png.to_bytes(picture, made_by, notes=notes, compress_level=1)
    except png.TooMuchForPNG:  # the picture's scene is a comfort; the file's own scene is what counts
        return png.to_bytes(picture, notes=notes, compress_level=1)


def _layer_png(thing: Paintable, mask: TiledMask) -> bytes:
    """The colour with the mask as alpha."""
    rgba = np.empty((mask.size[1], mask.size[0], 4), np.uint8)
    rgba[..., :3] = [int(thing.color[i : i + 2], 16) for i in (1, 3, 5)]
    rgba[..., 3] = mask.to_array()
    return image_io.png_bytes(rgba)


def read_all(source: Path | str | bytes, name: str = "") -> Opened:
    """Everything that a scene file holds, from one reading: scene, last picture, what made it, its notes.

    `source` is a file, or the bytes of one that messages call `name`. A damaged picture is left out with a remark. Any
    thread may call this.

    Raises:
        SceneFileError: the file is not there, truncated, foreign, damaged or hostile.
    """
    with _open(source, name) as archive:
        if JSON_NAME not in archive:
            try:
                taken = scene_from_layers(archive)
            except NoWords:
                return Opened(picture=_merged(archive))
            return Opened(scene=taken.scene, picture=taken.picture, remarks=taken.remarks)
        remarks: list[str] = []
        scene = _scene(archive, remarks)
        if PICTURE not in archive:
            return Opened(scene=scene, own=True, remarks=tuple(remarks))
        try:
            kept = png.read_kept(archive.read(PICTURE), "The picture in this file")
        except SceneFileError as error:
            return Opened(scene=scene, own=True, remarks=(*remarks, f"{error.message} It was left out."))
        return Opened(
            scene=scene,
            picture=kept.picture,
            rgba=kept.rgba,
            made_by=kept.made_by,
            notes=kept.notes,
            begun=kept.begun,
            own=True,
            remarks=(*remarks, *kept.remarks),
        )


def _merged(archive: Archive) -> np.ndarray:
    """The picture that all layers of another program's file make together. Raises NoWords where there is none."""
    if MERGED not in archive:
        raise NoWords(
            "This OpenRaster file has neither Wordbrush words nor a merged picture.",
            hint="Save it again, or name each layer after its word and number, such as “house#1”.",
        )
    return image_io.rgb_of(image_io.open_png(archive.read(MERGED), "The merged picture in this file"))


def load(path: Path | str) -> Scene:
    """Read the scene of a scene file; without our JSON in it, the words come from layers named PHRASE#N.

    Raises SceneFileError for a file that is not there, truncated, foreign, damaged or hostile.
    """
    with _open(path) as archive:
        return _scene(archive) if JSON_NAME in archive else scene_from_layers(archive).scene


def is_own(path: Path | str) -> bool:
    """Whether Wordbrush wrote the file, so that its scene is all there is in it. Raises SceneFileError as `load` does.

    A file of another program may hold layers that are no words, and saving over it would lose them.
    """
    with _open(path) as archive:
        return JSON_NAME in archive


def load_picture(path: Path | str) -> np.ndarray | None:
    """The last result that a scene file keeps, uint8 RGB `[h, w, 3]`, or None. Raises SceneFileError as `load` does."""
    with _open(path) as archive:
        if PICTURE not in archive:
            return None
        return png.read_kept(archive.read(PICTURE), "The picture in this file").picture


def load_made_by(path: Path | str) -> Scene | None:
    """The scene that made the file's picture; None where the file has no picture or nobody knows.

    Raises SceneFileError as `load` does, not for what is wrong with the picture's scene alone.
    """
    with _open(path) as archive:
        if PICTURE not in archive:
            return None
        return png.read_kept(archive.read(PICTURE), "The picture in this file").made_by


def load_thumbnail(path: Path | str) -> np.ndarray | None:
    """The small picture that file managers show, uint8 RGB `[h, w, 3]`; None where there is none that can be read."""
    try:
        with _open(path) as archive:
            return image_io.rgb_of(image_io.open_png(archive.read(THUMBNAIL, MAX_THUMBNAIL), "The thumbnail"))
    except SceneFileError:
        return None


def _open(source: Path | str | bytes, name: str = "") -> Archive:
    """The file as an archive. Raises SceneFileError where it is no OpenRaster file."""
    archive = Archive(source, name)
    try:
        if "mimetype" not in archive or archive.read("mimetype", 200).strip() != MIMETYPE.encode():
            raise SceneFileError(
                f"“{archive.name}” is a zip archive, but not an OpenRaster file.",
                hint="Open a .ora file, or a PNG with a scene.",
            )
    except BaseException:
        archive.__exit__()
        raise
    return archive


def _scene(archive: Archive, remarks: list[str] | None = None) -> Scene:
    value = scene_json.loads(archive.read(JSON_NAME, scene_json.MAX_JSON))
    masks: dict[str, TiledMask] = {}  # words that name one layer share its mask

    def mask_of(_id: str, entry: Mapping[str, Any]) -> TiledMask:
        name = "" if entry.get("empty") is True else entry.get("layer")
        if not isinstance(name, str) or (name and not _LAYER.match(name)):
            raise SceneFileError("The scene in this file names no mask for its paint.", hint=AGAIN, details=repr(name))
        if name not in masks:
            masks[name] = _mask(archive, name, value) if name else TiledMask(tuple(value["size"]))
        return masks[name]

    return scene_json.from_dict(value, mask_of, lambda style_id, _entry: _look(archive, style_id), remarks=remarks)


def _mask(archive: Archive, name: str, scene: Mapping[str, Any]) -> TiledMask:
    alpha = image_io.alpha_of(archive.read(name), f"The mask {name}")
    if [alpha.shape[1], alpha.shape[0]] != list(scene["size"]):
        raise MaskError(f"The mask {name} does not have the size of the picture.", hint=AGAIN)
    return TiledMask.from_array(alpha)


def _look(archive: Archive, style_id: object) -> bytes:
    """The picture of a style, a control, a picture layer or the colour layer; an id that none can have has none."""
    if style_id == scene_json.COLOURS_KEY:
        return archive.read(COLOUR)
    if isinstance(style_id, str) and (layer := style_id.removeprefix(scene_json.PICTURE_LAYER)) != style_id:
        if not IDENTIFIER.match(layer):
            raise SceneFileError("A picture layer in this file has no usable name.", hint=AGAIN, details=layer[:80])
        return archive.read(picture_file(layer))
    if isinstance(style_id, str) and (number := style_id.removeprefix("control ")) != style_id:
        data = archive.read(_CONTROL.format(number), MAX_CONTROL_BYTES)
        return image_io.checked_control_picture(data, "A control picture in this file")
    name = _LOOK.format(style_id)
    return image_io.checked_style_picture(archive.read(name, MAX_STYLE_BYTES), "The picture of a style in this file")
