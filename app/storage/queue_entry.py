"""One request that waits in the queue, and the sheet that it is for, as bytes and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from app.image_info.begun import begun_request, kept_edit
from canvas.model.begun import KINDS, Begun, digest_of
from canvas.model.errors import SceneFileError
from canvas.model.scene import Scene
from engine.errors import BadMessage
from engine.protocol import GenerateRequest, InstructedPicture, StartPicture, dumps, loads

VERSION = 1
_MOST_HEAD = 1 << 16  # bytes of the first line
_MOST_CELLS = 1000


class NewerEntry(SceneFileError):
    """A newer Wordbrush wrote it, which will read it."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A grid that is being made.

    Attributes:
        id: a name of its own. scene: what it was asked for with.
        labels: of each cell, row by row. across, down: of its columns and rows, both empty for cells without any order.
        made: the files of the cells that are there already, by their places.
    """

    id: str
    scene: Scene
    labels: tuple[str, ...]
    across: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    made: Mapping[int, Path] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Waiting:
    """A request that waits: its scene, and what it says beyond the scene.

    Attributes:
        kind: what was asked for, the value of a `JobKind`.
        begun: what it begins from, None for noise.
        sheet, cell: the id of the sheet that it is for, "" for none, and its place there.
        step_ms: what one of its steps takes, as far as that is known; 0 for not.
    """

    scene: Scene
    kind: str = "generate"
    begun: Begun | None = None
    sheet: str = ""
    cell: int = 0
    step_ms: float = 0.0


def packed(entry: Waiting) -> bytes:
    """What a request says beyond its scene: a line of JSON, then its pictures as the engine's protocol writes them.

    Raises:
        BadMessage: it is too large.
    """
    begun = entry.begun
    head = {
        "version": VERSION,
        "kind": entry.kind,
        "sheet": entry.sheet,
        "cell": entry.cell,
        "step_ms": round(entry.step_ms, 3),
    }
    if begun is None:
        return json.dumps(head).encode() + b"\n"
    head |= {"begun": begun.kind, "name": begun.name, "digest": begun.digest}
    head |= {"upscaler": begun.upscaler}  # a message of the engine names no folder
    request = begun_request(GenerateRequest.of(id="", prompt=""), begun)
    return json.dumps(head).encode() + b"\n" + dumps(request)


def unpacked(data: bytes, scene: Scene) -> Waiting:
    """The request of a scene.

    Raises:
        NewerEntry: a newer Wordbrush wrote it. SceneFileError: it is damaged.
    """
    line, _end, rest = data.partition(b"\n")
    head = _head(line)
    step_ms = head.get("step_ms", 0.0)
    return Waiting(
        scene,
        kind=_text(head, "kind"),
        begun=_begun(head, rest, scene) if "begun" in head else None,
        sheet=_text(head, "sheet"),
        cell=_place(head.get("cell", 0)),
        step_ms=float(step_ms) if isinstance(step_ms, int | float) and 0 <= step_ms < 1e9 else 0.0,
    )


def _begun(head: Mapping[str, Any], data: bytes, scene: Scene) -> Begun:
    try:
        message = loads(data)
    except BadMessage as error:
        raise _spoilt(error.details or error.message) from error
    if not isinstance(message, GenerateRequest):
        raise _spoilt("no request")
    begun = Begun(_text(head, "begun"), _text(head, "name"), digest=_text(head, "digest"))
    if message.edit is not None:
        begun = replace(begun, edit=kept_edit(message.edit))
    if begun.kind not in KINDS or (begun.kind == "edit") is (message.edit is None):
        raise _spoilt("its kind")
    if message.refine is not None:
        scale, detail = message.refine.scale, message.refine.strength
        begun = replace(begun, scale=scale, detail=detail, upscaler=_text(head, "upscaler"))
    if begun.kind == "instruct":
        return _instructed(begun, message.instruct, scene.size)
    start, (width, height) = message.start, scene.size
    if begun.kind == "tokens" and message.conditioning.styles:
        (own,) = message.conditioning.styles[-1:]
        if not 0 <= own.strength <= 1:
            raise _spoilt("its strength")
        start = StartPicture(rgb=own.rgb, strength=own.strength)
    if start is None:
        if begun.digest:
            raise _spoilt("no picture")
        return begun
    if start.rgb.dtype != np.uint8 or start.rgb.shape != (height, width, 3):
        raise _spoilt(f"a picture of {start.rgb.shape}")
    if start.mask is not None and (start.mask.dtype != np.uint8 or start.mask.shape != (height, width)):
        raise _spoilt(f"a mask of {start.mask.shape}")
    if digest_of(start.rgb) != begun.digest:
        raise _spoilt("another picture")
    kept = start.shape
    if kept is not None:
        begun = replace(begun, shape="picture" if kept.inverted else "noise", shows=kept.prompt)
    return replace(begun, rgb=start.rgb, strength=start.strength, mask=start.mask, context=start.context)


def _instructed(begun: Begun, asked: InstructedPicture | None, size: tuple[int, int]) -> Begun:
    if asked is None or asked.rgb.dtype != np.uint8 or asked.rgb.shape != (size[1], size[0], 3):
        raise _spoilt("no picture")
    if asked.mask is not None and (asked.mask.dtype != np.uint8 or asked.mask.shape != (size[1], size[0])):
        raise _spoilt(f"a mask of {asked.mask.shape}")
    if digest_of(asked.rgb) != begun.digest:
        raise _spoilt("another picture")
    return replace(begun, rgb=asked.rgb, mask=asked.mask, picture_guidance=asked.guidance)


def packed_sheet(sheet: Sheet) -> bytes:
    """A sheet but for its scene."""
    made = {str(place): str(path) for place, path in sheet.made.items()}
    value = {"version": VERSION, "labels": sheet.labels, "across": sheet.across, "down": sheet.down, "made": made}
    return json.dumps(value).encode()


def unpacked_sheet(name: str, data: bytes, scene: Scene) -> Sheet:
    """A sheet with its scene. Raises as `unpacked` does."""
    head = _head(data)
    labels, across, down = (_texts(head.get(key)) for key in ("labels", "across", "down"))
    made = head.get("made")
    if not isinstance(made, dict) or not all(isinstance(path, str) for path in made.values()):
        raise _spoilt("its pictures")
    if (across or down) and len(across) * len(down) != len(labels):
        raise _spoilt("its labels")
    found = {_place(place): Path(path) for place, path in made.items()}
    if any(place >= len(labels) for place in found):
        raise _spoilt("its places")
    return Sheet(name, scene, labels, across, down, found)


def _head(line: bytes) -> dict[str, Any]:
    try:
        head = json.loads(line[:_MOST_HEAD])
    except (ValueError, RecursionError) as error:
        raise _spoilt(repr(error)) from error
    version = head.get("version") if isinstance(head, dict) else None
    if not isinstance(version, int) or version < 1:
        raise _spoilt("no version")
    if version > VERSION:
        raise NewerEntry("A newer Wordbrush left it in the queue.", hint="Open that one to make its picture.")
    return head


def _text(head: Mapping[str, Any], key: str) -> str:
    value = head.get(key, "")
    if not isinstance(value, str):
        raise _spoilt(key)
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MOST_CELLS or not all(isinstance(each, str) for each in value):
        raise _spoilt("its labels")
    return tuple(value)


def _place(value: object) -> int:
    try:
        place = int(value) if isinstance(value, int | str) else -1
    except ValueError:
        place = -1
    if not 0 <= place < _MOST_CELLS:
        raise _spoilt("its place")
    return place


def _spoilt(why: str) -> SceneFileError:
    return SceneFileError("A request in the queue is damaged.", hint="Ask for its picture again.", details=why)
