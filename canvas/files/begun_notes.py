"""What a picture began from, as texts beside its pixels: the pixels that it does not have itself, and all numbers."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from canvas.files import edit_notes, image_io, scene_json
from canvas.model.begun import KINDS, SHAPES, Begun, digest_of
from canvas.model.errors import SceneFileError
from resources.limits import MAX_SIDE, PICTURE_GUIDANCE

NAME = "begun"
PIXELS, MASK = "begun.picture.", "begun.mask."
CHUNK = 512 * 1024
MOST = 24 * 2**20
"""Characters of pixels that are kept; what is more is known by its name and digest alone."""
VERSION = 1
NOT_KEPT = "The picture that it started from is not in this file, so it cannot be made again as it is."
EDIT_NOT_KEPT = "The prompt that was edited is not in this file with its paint, so it cannot be made again as it is."


def to_notes(begun: Begun | None, rgb: np.ndarray | None = None) -> dict[str, str]:
    """The notes of a picture file (`canvas.files.png.save`), by name; none for what began from noise.

    Args:
        rgb: the picture, uint8 `[h, w, 3]`, where the file keeps it bit for bit: then what was left as it was outside
            the mask need not be kept twice.
    """
    if begun is None:
        return {}
    notes: dict[str, str] = {}
    box = None if begun.rgb is None else _box(begun, rgb)
    if begun.rgb is not None:
        assert box is not None
        left, top, right, bottom = box
        _put(notes, PIXELS, begun.rgb[top:bottom, left:right])
    if begun.mask is not None:
        _put(notes, MASK, begun.mask)
    edit = None if begun.edit is None else edit_notes.to_value(begun.edit, partial(_put, notes))
    if sum(map(len, notes.values())) > MOST:
        notes, box, edit = {}, None, None
    about = {
        "version": VERSION,
        "kind": begun.kind,
        "name": scene_json.file_name(begun.name),
        "digest": begun.digest,
        "strength": begun.strength,
        "masked": begun.mask is not None,
        "context": begun.context,
        "scale": begun.scale,
        "detail": begun.detail,
        "upscaler": scene_json.file_name(begun.upscaler),
        "box": box,
        "shape": begun.shape,
        "shows": begun.shows,
        "picture_guidance": begun.picture_guidance,
        "edit": edit,
    }
    return notes | {NAME: json.dumps(about)}


def without_pixels(notes: Mapping[str, str]) -> dict[str, str]:
    """Notes for a file that is to be small, or that changes the picture's pixels."""
    return {name: text for name, text in notes.items() if not name.startswith((PIXELS, MASK, edit_notes.MASK))}


def from_notes(notes: Mapping[str, str], rgb: np.ndarray) -> tuple[Begun | None, tuple[str, ...]]:
    """What the notes beside a picture say that it began from, and remarks on what is missing of it.

    Args:
        rgb: the picture, uint8 `[h, w, 3]`.
    """
    if NAME not in notes:
        return None, ()
    try:
        about = scene_json.loads(notes[NAME], numbers_only=False)
        begun, box = _numbers(about)
    except (SceneFileError, KeyError, TypeError, ValueError):
        return None, ("What this picture started from is written in a form that Wordbrush does not understand.",)
    if begun.kind == "edit":
        try:
            size = (rgb.shape[0] // begun.scale, rgb.shape[1] // begun.scale)
            edit = edit_notes.from_value(about["edit"], partial(_got, notes), size)
        except (SceneFileError, KeyError, TypeError, ValueError):
            return begun, (EDIT_NOT_KEPT,)
        return replace(begun, edit=edit), ()
    if not begun.digest:
        return begun, ()
    try:
        return _with_pixels(begun, box, notes, rgb), ()
    except (SceneFileError, KeyError, ValueError):
        return begun.without_pixels(), (NOT_KEPT,)


def _box(begun: Begun, rgb: np.ndarray | None) -> tuple[int, int, int, int]:
    """What has to be kept of the picture that it began from: left, top, right, bottom."""
    assert begun.rgb is not None
    height, width = begun.rgb.shape[:2]
    mask = begun.mask
    if mask is None or rgb is None or rgb.shape != begun.rgb.shape or not np.array_equal(
        rgb[mask == 0], begun.rgb[mask == 0]
    ):  # fmt: skip
        return 0, 0, width, height
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return 0, 0, 1, 1
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _put(notes: dict[str, str], name: str, array: np.ndarray) -> None:
    text = base64.b64encode(image_io.png_bytes(np.ascontiguousarray(array))).decode("ascii")
    for number, start in enumerate(range(0, len(text), CHUNK)):
        notes[f"{name}{number}"] = text[start : start + CHUNK]


def _got(notes: Mapping[str, str], name: str) -> bytes:
    parts: list[str] = []
    while f"{name}{len(parts)}" in notes:
        parts.append(notes[f"{name}{len(parts)}"])
    if not parts:
        raise KeyError(name)
    return base64.b64decode("".join(parts), validate=True)


def _numbers(value: dict[str, Any]) -> tuple[Begun, tuple[int, ...] | None]:
    """The numbers and names. Raises KeyError, TypeError or ValueError for what nobody would have written."""
    if value["version"] != VERSION or value["kind"] not in KINDS:
        raise ValueError(value["kind"])
    texts = [value[name] for name in ("name", "digest", "upscaler")]
    if not all(isinstance(text, str) and len(text) <= 300 for text in texts):
        raise TypeError("texts")
    shares = [value[name] for name in ("strength", "detail")]
    if not all(isinstance(share, int | float) and math.isfinite(share) and 0 <= share <= 1 for share in shares):
        raise ValueError(shares)
    context, scale, box = value["context"], value["scale"], value["box"]
    if context is not None and (type(context) is not int or not 0 <= context <= MAX_SIDE):
        raise ValueError(context)
    if type(scale) is not int or not 1 <= scale <= 4 or type(value["masked"]) is not bool:
        raise ValueError(scale)
    if box is not None and not (
        isinstance(box, list) and len(box) == 4 and all(type(side) is int and 0 <= side <= MAX_SIDE for side in box)
    ):
        raise ValueError(box)
    shape, shows = value.get("shape", ""), value.get("shows", "")
    if shape not in SHAPES or not isinstance(shows, str):
        raise ValueError(shape)
    guidance = value.get("picture_guidance", PICTURE_GUIDANCE)
    if not isinstance(guidance, int | float) or not 1 <= guidance <= 10:
        raise ValueError(guidance)
    name, digest, upscaler = map(scene_json.file_name, texts)
    begun = Begun(
        value["kind"],
        name,
        digest=digest,
        strength=float(shares[0]),
        mask=np.zeros((0, 0), np.uint8) if value["masked"] else None,
        context=context,
        scale=scale,
        detail=float(shares[1]),
        upscaler=upscaler,
        shape=shape,
        shows=shows,
        picture_guidance=float(guidance),
    )
    return begun, None if box is None else tuple(box)


def _with_pixels(begun: Begun, box: tuple[int, ...] | None, notes: Mapping[str, str], rgb: np.ndarray) -> Begun:
    """With picture and mask. Raises SceneFileError, KeyError or ValueError where they are gone or others."""
    if box is None:
        raise KeyError(PIXELS)
    left, top, right, bottom = box
    part = image_io.rgb_of(image_io.open_png(_got(notes, PIXELS), "The picture that it started from"))
    mask = None
    if begun.mask is not None:
        mask = np.array(image_io.grey_of(_got(notes, MASK), "The repaint mask"))
    if part.shape[:2] != (bottom - top, right - left):
        raise ValueError(part.shape)
    whole = part
    if mask is not None and part.shape[:2] != mask.shape:
        if rgb.shape[:2] != mask.shape or bottom > mask.shape[0] or right > mask.shape[1]:
            raise ValueError(mask.shape)
        whole = rgb.copy()
        whole[top:bottom, left:right] = np.where(
            mask[top:bottom, left:right, None] > 0, part, rgb[top:bottom, left:right]
        )
    if digest_of(whole) != begun.digest:
        raise ValueError("the pixels were changed")
    return Begun(**{**vars(begun), "rgb": whole, "mask": mask})
