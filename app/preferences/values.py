"""Everything that is remembered, each value with its type and its default, and the way to JSON and back."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.preferences.machines import RemoteMachine, machines_of
from resources.limits import KEEP_CROSS, KEEP_SELF, PICTURE_GUIDANCE

VERSION = 1
RECENT_LIMIT = 10
THEMES = ("system", "dark", "light", "contrast")
LONGEST_TEXT = 4096  # of a path or of an action's keys
LARGEST_LAYOUT = 65_536  # bytes; a window's layout has a few hundred
MOST_SHORTCUTS = 1000
MOST_TOLD = 1000
MOST_BRUSHES = 40
MOST_COLOURS = 12
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
LONGEST_NAME = 60  # of a brush
WHOLE = "the whole file"
"""Among the names of what is damaged."""


class Purpose(StrEnum):
    """What a file dialog is opened for; each remembers its own folder."""

    SCENE = "scene"
    EXPORT = "export"
    MODEL = "model"
    STYLE = "style"
    LORA = "lora"
    CONTROL = "control"
    FRAMES = "frames"
    FIND = "find"


@dataclass(frozen=True)
class Preset:
    """A brush that was saved under a name; its diameter is in pixels on a canvas whose shorter side has 256."""

    name: str
    diameter: float = 16.0
    hardness: float = 0.8
    opacity: float = 1.0
    flow: float = 1.0
    smoothing: float = 0.0
    gap: float = 0.0
    pressure_size: bool = True
    pressure_opacity: bool = False


@dataclass(frozen=True)
class Values:
    """All preferences. A new one is a line here, and a line in `_READERS` where its type is not read by itself."""

    theme: str = "system"  # of THEMES
    language: str = "system"  # of app.language.LANGUAGES; one that is not there is English
    results: str = ""  # the folder of the results; empty for the usual one
    autosave_seconds: float = 2.0  # after a change
    undo_megabytes: float = 256.0
    toured: bool = False  # the tour was seen, or skipped
    started: bool = False  # the window has been open before
    export_metadata: bool = True
    deep_results: bool = False  # 16 bits for each value, where the model's pictures have them
    lock_seed: bool = False
    rest_paint: bool = True
    show_timeline: bool = False
    show_advanced: bool = False  # settings
    reference: str = ""  # the file of the picture beside the canvas; empty for none
    snaps: bool = False  # to guides, grid and edges
    grid_step: float = 64.0  # pixels of the picture along a side of a square, as models like their sizes
    show_results: bool = False  # the strip, unfolded
    show_heatmaps: bool = False
    heatmap_pointer: bool = True
    # The brush as it was last used; None is the canvas' own default.
    brush_diameter: float | None = None  # pixels on a canvas whose shorter side has 256
    brush_hardness: float | None = None  # 0..1
    brush_opacity: float | None = None  # 0..1
    brush_pressure_size: bool | None = None
    brush_pressure_opacity: bool | None = None
    brush_flow: float | None = None  # 0.01..1
    brush_smoothing: float | None = None  # 0..1
    brush_gap: float | None = None  # 0..4
    brush_pressure_gamma: float | None = None  # 0.25..4
    brush_pressure_floor: float | None = None  # 0..0.9
    brush_mirror_x: bool | None = None
    brush_mirror_y: bool | None = None
    brush_turns: int | None = None  # 1..16
    brush_axis: tuple[float, float] | None = None  # shares of the canvas, 0..1
    # How pictures are worked on: how much is made anew, 0..1, what the model sees around it, and the second pass.
    rework_repaint: float = 0.7
    rework_vary: float = 0.6
    rework_vary_by: str = ""  # of app.rework.varying.VARY_WAYS
    rework_likeness: float = 1.0  # how strongly a picture's own tokens act, 0..1
    rework_kept: float = KEEP_CROSS
    rework_shapes_kept: float = KEEP_SELF
    rework_picture_guidance: float = PICTURE_GUIDANCE
    rework_shape: str = ""  # of canvas.model.begun.SHAPES
    rework_context: str = ""  # of app.rework.bar.CONTEXTS
    refine_scale: float = 2.0
    refine_strength: float = 0.35
    upscaler: str = ""  # a file of `upscalers`; "" is a filter
    upscalers: tuple[str, ...] = ()  # upscaling networks of the user's own, newest first
    show_rework_bar: bool = True
    find_unknown: bool = False  # the nearest picture of the folder is taken for painted words that are not known
    recent_colours: tuple[str, ...] = ()  # "#rrggbb" that were painted with, the last first
    recent_words: tuple[str, ...] = ()  # that were painted with where the model understands any, the last first
    brushes: tuple[Preset, ...] = ()  # the user's own, in the order of their keys
    recent: tuple[str, ...] = ()  # files, newest first
    models: tuple[str, ...] = ()  # folders and files of the user's own, newest first
    loras: tuple[str, ...] = ()  # LoRA files of the user's own, newest first
    machines: tuple[RemoteMachine, ...] = ()  # other ones, in the order in which they were added
    machine: str = ""  # the address of the one that is used; "" is this one
    odd_models: tuple[str, ...] = ()  # models that cannot be used and why, as they were told last
    folders: Mapping[str, str] = field(default_factory=dict)  # Purpose -> folder
    shortcuts: Mapping[str, str] = field(default_factory=dict)  # action -> portable text; "" for no keys
    window_geometry: bytes = b""
    window_state: bytes = b""
    layout_on_trial: bool = False  # a layout is being restored: still so at a start means that it crashed


def to_json(values: Values) -> dict[str, Any]:
    """The values as an object of plain JSON; those that stand at their default are left out."""
    found: dict[str, Any] = {"version": VERSION}
    for each in dataclasses.fields(Values):
        value = getattr(values, each.name)
        if value != getattr(_DEFAULTS, each.name):
            found[each.name] = _plain(value)
    return found


def from_json(found: object) -> tuple[Values, list[str]]:
    """The values in an object of JSON, and the names of those that are not what they should be: they get their default.

    Keys that mean nothing here, such as a newer program's, are passed over.
    """
    if not isinstance(found, dict):
        return Values(), [WHOLE]
    values, faults = {}, []
    for each in dataclasses.fields(Values):
        if each.name in found:
            try:
                values[each.name] = _reader_of(each.name)(found[each.name])
            except (TypeError, ValueError):
                faults.append(each.name)
    return Values(**values), faults


def check(name: str, value: object) -> None:
    """Makes sure that a value may stand under a name. Raises TypeError, ValueError or AttributeError."""
    getattr(_DEFAULTS, name)
    _reader_of(name)(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Preset | RemoteMachine):
        return dataclasses.asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    return value


# --- what may stand in the file: each takes what JSON says, and raises TypeError or ValueError where that is wrong ---


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    if len(value) > LONGEST_TEXT or "\0" in value:
        raise ValueError(value)
    return value


def _theme(value: object) -> str:
    if value not in THEMES:
        raise ValueError(value)
    return str(value)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(_text(each) for each in value[:RECENT_LIMIT])


def _told(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(str(each)[:LONGEST_TEXT] for each in value[:MOST_TOLD])


def _text_map(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise TypeError(value)
    if len(value) > MOST_SHORTCUTS:
        raise ValueError(len(value))
    return {_text(key): _text(each) for key, each in value.items()}


def _bytes(value: object) -> bytes:
    text = value if isinstance(value, str) else None
    if text is None:
        raise TypeError(value)
    if len(text) > LARGEST_LAYOUT * 4 // 3 + 4:
        raise ValueError(len(text))
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text[:20]) from error


def _number_in(low: float, high: float) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(value)
        if (isinstance(value, int) and abs(value) > 2**53) or not math.isfinite(value):
            raise ValueError(value)
        return min(max(float(value), low), high)

    return read


def _turns(value: object) -> int:
    return round(_number_in(1.0, 16.0)(value))


def _axis(value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise TypeError(value)
    across, down = (_number_in(0.0, 1.0)(each) for each in value)
    return across, down


def _presets(value: object) -> tuple[Preset, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(_preset(each) for each in value[:MOST_BRUSHES])


def _colours(value: object) -> tuple[str, ...]:
    """Those that are colours."""
    if not isinstance(value, list | tuple):
        raise TypeError(value)
    return tuple(each for each in value[:MOST_COLOURS] if isinstance(each, str) and _COLOUR.fullmatch(each))


def _preset(value: object) -> Preset:
    if not isinstance(value, dict):
        raise TypeError(value)
    found: dict[str, Any] = {"name": _text(value.get("name"))[:LONGEST_NAME]}
    for each in dataclasses.fields(Preset):
        if each.name in value and each.name != "name":
            flag = each.name.startswith("pressure")
            found[each.name] = _flag(value[each.name]) if flag else _READERS[f"brush_{each.name}"](value[each.name])
    return Preset(**found)


_DEFAULTS = Values()
_READERS: dict[str, Callable[[object], Any]] = {
    "theme": _theme,
    "odd_models": _told,
    "autosave_seconds": _number_in(1.0, 600.0),
    "undo_megabytes": _number_in(16.0, 65_536.0),
    "grid_step": _number_in(2.0, 2048.0),
    "brush_diameter": _number_in(1.0, 1024.0),
    "brush_hardness": _number_in(0.0, 1.0),
    "brush_opacity": _number_in(0.01, 1.0),
    "brush_flow": _number_in(0.01, 1.0),
    "brush_smoothing": _number_in(0.0, 1.0),
    "brush_gap": _number_in(0.0, 4.0),
    "brush_pressure_gamma": _number_in(0.25, 4.0),
    "brush_pressure_floor": _number_in(0.0, 0.9),
    "brush_turns": _turns,
    "brush_axis": _axis,
    "rework_repaint": _number_in(0.0, 1.0),
    "rework_vary": _number_in(0.0, 1.0),
    "rework_likeness": _number_in(0.0, 1.0),
    "rework_kept": _number_in(0.0, 1.0),
    "rework_shapes_kept": _number_in(0.0, 1.0),
    "rework_picture_guidance": _number_in(1.0, 10.0),
    "refine_scale": _number_in(2.0, 4.0),
    "refine_strength": _number_in(0.0, 1.0),
    "brushes": _presets,
    "machines": machines_of,
    "recent_colours": _colours,
}
_BY_TYPE: dict[str, Callable[[object], Any]] = {
    "bool": _flag,
    "bool | None": _flag,
    "str": _text,
    "bytes": _bytes,
    "tuple[str, ...]": _texts,
    "Mapping[str, str]": _text_map,
}


def _reader_of(name: str) -> Callable[[object], Any]:
    return _READERS.get(name) or _BY_TYPE[_TYPES[name]]


_TYPES: dict[str, str] = {each.name: str(each.type) for each in dataclasses.fields(Values)}
