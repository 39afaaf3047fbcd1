"""What the JSON of a scene may hold, as types that it is read by; and old values that are out of today's ranges."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from canvas.model.guides import MAX_GUIDES
from canvas.model.scene import Settings
from resources.checking import allowed, read
from resources.limits import COLOUR_STRENGTH, MAX_CONTROLS, MAX_PICTURES, MAX_STYLES, MAX_WORDS, GuidePlace
from resources.settings import FidelityPieces, specs

AGAIN = "Open another copy of the file, or one that Wordbrush saved."

_ONCE = {"guidance": (0.0, 100.0), "paint_weight": (0.0, 100.0)}
"""Ranges of earlier versions that were wider than what any model could be asked for."""


class WordEntry(msgspec.Struct):
    """A word; what is left out has the value that it had before there was a key for it."""

    id: str | UnsetType = UNSET
    phrase: str = ""
    span: tuple[int, int] | None = None
    strength: float = 1.0
    window: tuple[float, float] = (0.0, 1.0)
    color: str | UnsetType = UNSET
    visible: bool = True
    pattern: int | UnsetType = UNSET
    anchor: int = 0
    muted: bool = False
    solo: bool = False
    exclusive: bool | None = None
    locked: bool = False
    feather: float = 0.0
    fidelity: float | None = None
    overlap: str | None = None


class StyleEntry(msgspec.Struct):
    """A style; its picture lies beside the JSON."""

    id: str | UnsetType = UNSET
    name: str = ""
    strength: float = 1.0
    semantic: float = 0.0
    area: bool = False
    color: str = "#888888"
    visible: bool = True
    pattern: int = 0
    word: str | None = None


class ControlEntry(msgspec.Struct):
    """A control picture; the picture itself lies beside the JSON."""

    name: str = ""
    kind: str = "scribble"
    prepare: str = "none"
    model: str = ""
    strength: float = 1.0
    window: tuple[float, float] = (0.0, 1.0)


class ColoursEntry(msgspec.Struct):
    """The colour layer; its picture lies beside the JSON, if anything is painted."""

    strength: float = COLOUR_STRENGTH
    visible: bool = True
    empty: bool = False


class PictureEntry(msgspec.Struct):
    """A picture layer; its picture lies beside the JSON, if there is anything in it."""

    id: str | UnsetType = UNSET
    name: str = "Picture"
    opacity: float = 1.0
    visible: bool = True
    empty: bool = False


class SceneEntry(msgspec.Struct):
    """A scene. Its settings are those of `resources.settings`, with the same names."""

    size: tuple[int, int]
    prompt: str = ""
    negative: str = ""
    words: Annotated[list[WordEntry], msgspec.Meta(max_length=MAX_WORDS)] = []
    settings: Settings = msgspec.field(default_factory=Settings)
    styles: Annotated[list[StyleEntry], msgspec.Meta(max_length=MAX_STYLES)] = []
    controls: Annotated[list[ControlEntry], msgspec.Meta(max_length=MAX_CONTROLS)] = []
    colours: ColoursEntry | None = None
    pictures: Annotated[list[PictureEntry], msgspec.Meta(max_length=MAX_PICTURES)] = []
    guides: Annotated[list[tuple[bool, GuidePlace]], msgspec.Meta(max_length=MAX_GUIDES)] = []


def _subjects() -> dict[str, tuple[str, str]]:
    """What sentences call the keys, and what their values may be."""
    declared = {**specs(FidelityPieces), **specs()}
    named = {name: (spec.subject, spec.advice or allowed(spec.kind)) for name, spec in declared.items()}
    return {
        **named,
        "words": ("Its list of words", f"A scene holds at most {MAX_WORDS} words."),
        "styles": ("Its list of styles", f"A scene holds at most {MAX_STYLES} styles."),
        "controls": ("Its list of control pictures", f"A scene holds at most {MAX_CONTROLS} control pictures."),
        "pictures": ("Its list of picture layers", f"A scene holds at most {MAX_PICTURES} picture layers."),
        "guides": ("Its list of guides", f"A scene holds at most {MAX_GUIDES} guides."),
        "settings": ("Its list of settings", ""),
        "colours": ("Its colour layer", ""),
    }


def read_entries(value: Mapping[str, Any]) -> tuple[SceneEntry, list[str]]:
    """The scene in JSON values, and what was brought into today's ranges: a sentence for each.

    Raises:
        Refused: a value is of another kind or out of its range.
    """
    settings, remarks = _brought_in(value.get("settings", {}))
    entry = read({**value, "settings": settings}, SceneEntry, _subjects())
    return entry, remarks


def _brought_in(settings: Any) -> tuple[Any, list[str]]:
    """Settings of earlier versions as today's; anything else is left as it is, to be refused."""
    if not isinstance(settings, dict):
        return settings, []
    remarks: list[str] = []
    found = {key: _clamped(key, value, "", remarks) for key, value in settings.items()}
    experts = found.get("experts")
    if isinstance(experts, list) and all(isinstance(expert, dict) for expert in experts):
        found["experts"] = [_expert(expert, remarks) for expert in experts]
    return found, remarks


def _expert(expert: dict[str, Any], remarks: list[str]) -> dict[str, Any]:
    name = str(expert.get("name"))
    found = {key: _clamped(key, value, name, remarks) for key, value in expert.items()}
    return found | ({"high": math.inf} if found.get("high") is None else {})  # JSON has no infinity


def _clamped(name: str, value: Any, expert: str, remarks: list[str]) -> Any:
    if name not in _ONCE or isinstance(value, bool) or not isinstance(value, int | float):
        return value
    spec, (lowest, highest) = specs()[name], _ONCE[name]
    low, high = spec.bounds
    if low <= value <= high or not lowest <= value <= highest:
        return value
    now = min(max(value, low), high)
    called = f"{spec.subject} of the expert “{expert}”" if expert else spec.subject
    remarks.append(f"{called} was {value:g} and is {now:g} now: it can be {low:g} to {high:g}.")
    return now
