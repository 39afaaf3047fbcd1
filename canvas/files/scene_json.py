"""Scenes as JSON values, and back from JSON that nobody vouches for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any

from canvas.model.colors import PALETTE
from canvas.model.errors import SaveError, SceneError, SceneFileError
from canvas.model.experts import Expert
from canvas.model.fidelity import FidelityPieces
from canvas.model.scene import Scene, Settings, Word
from canvas.model.style import Style
from canvas.model.tiled_mask import Size, TiledMask
from resources.limits import MAX_STYLES, MAX_WORDS

VERSION = 1
MAX_JSON = 16 * 2**20
MAX_DEPTH = 16
# All masks of a scene together: their size as pictures, and the memory of what is painted. Written and read alike.
MAX_MASK_PIXELS = 2**32
MAX_PAINT = 2**30
_AGAIN = "Open another copy of the file, or one that Wordbrush saved."

MaskOf = Callable[[str, Mapping[str, Any]], TiledMask]
"""A word's or style's id and its JSON -> its mask."""

PictureOf = Callable[[str, Mapping[str, Any]], bytes]
"""A style's id and its JSON -> the PNG of its picture."""


def public_name(model: str) -> str:
    """A model's name without the folders it lies in: files that are passed on name no paths."""
    return re.split(r"[/\\]", model.rstrip("/\\"))[-1] or "model"


def to_dict(scene: Scene, extra: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The scene as JSON values; `extra` gives keys to add to each word (where its mask is), by word id."""
    words = []
    for word in scene.words:
        value = asdict(word) | {"span": list(word.span) if word.span else None, "window": list(word.window)}
        for name in ("muted", "solo"):  # older versions know neither, and nearly no word has one
            if not value[name]:
                del value[name]
        words.append(value | dict(extra.get(word.id, {})))
    styles = []
    for style in scene.styles:
        entry = {key: value for key, value in asdict(style).items() if key != "picture"}
        styles.append(entry | dict(extra.get(style.id, {})))
    return {
        "version": VERSION,
        "prompt": scene.prompt,
        "negative": scene.negative,
        "size": list(scene.size),
        "words": words,
        "settings": _settings_value(scene.settings),
        **({"styles": styles} if styles else {}),
    }


def _settings_value(settings: Settings) -> dict[str, Any]:
    value = asdict(settings) | {"model": public_name(settings.model)}
    for key in ("encoders", "experts", "fidelity"):  # as the model has them: nothing to say
        if value[key] is None:
            del value[key]
    if settings.experts is not None:
        value["experts"] = [
            asdict(expert)
            | {
                "model": public_name(expert.model) if expert.model else "",
                "high": expert.high if math.isfinite(expert.high) else None,  # JSON has no infinity
            }
            for expert in settings.experts
        ]
    return value


def dumps(value: dict[str, Any]) -> str:
    """As text: plain ASCII, so that every reader of the file copes with it. Raises SaveError where `loads` would."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    if len(text) > MAX_JSON:
        raise SaveError("The words of this scene are too long to be saved.", hint="Shorten the prompt and its words.")
    return text


def check_paint(scene: Scene) -> None:
    """Make sure that a scene's masks are no more than `from_dict` reads. Raises SaveError."""
    painted = [mask for mask in scene.masks.values() if not mask.is_empty]
    distinct = {id(mask): mask for mask in painted}.values()
    pixels = (len(distinct) + 1) * scene.size[0] * scene.size[1]  # one for all that are empty
    if pixels > MAX_MASK_PIXELS or sum(mask.nbytes for mask in distinct) > MAX_PAINT:
        raise SaveError(
            f"{len(distinct)} painted words on {scene.size[0]}x{scene.size[1]} pixels are too much for one file.",
            hint="Clear the paint of words that do not matter, or make the canvas smaller.",
        )


def _depth(value: object) -> int:
    """How deep lists and objects lie in one another."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, list | dict)]:
        depth += 1
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    return depth


def _refuse(constant: str) -> float:
    raise SceneFileError(f"The scene in this file holds a value that is not a number ({constant}).", hint=_AGAIN)


def loads(text: str | bytes) -> dict[str, Any]:
    """A JSON object from text. Raises SceneFileError for anything else, NaN and Infinity included."""
    try:
        if len(text) > MAX_JSON:
            raise ValueError("too long")
        value = json.loads(text, parse_constant=_refuse)
        if _depth(value) > MAX_DEPTH:
            raise ValueError("nested too deep")
    except (ValueError, RecursionError) as error:
        raise SceneFileError("The scene in this file is damaged.", hint=_AGAIN, details=repr(error)) from error
    if not isinstance(value, dict):
        raise SceneFileError("The scene in this file is damaged.", hint=_AGAIN, details="no JSON object")
    return value


def from_dict(value: Mapping[str, Any], mask_of: MaskOf, picture_of: PictureOf | None = None) -> Scene:
    """A scene from JSON values; nothing in them is believed before it is checked.

    A word whose span does not hold its phrase loses the span and keeps its paint. Raises SceneFileError.
    """
    version = value.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise SceneFileError("The scene in this file is damaged.", hint=_AGAIN, details=f"version {version!r}")
    if version > VERSION:
        raise SceneFileError(
            f"This scene is of version {version}; this Wordbrush knows version {VERSION}.",
            hint="Update Wordbrush, then open the file again.",
        )
    try:
        prompt, negative = _text(value, "prompt"), _text(value, "negative")
        size = _pair(value.get("size"), int, "size")
        Scene(size=size)  # raises for a size that cannot be, before any mask is read
        entries = value.get("words", [])
        if not isinstance(entries, list) or len(entries) > MAX_WORDS:
            raise SceneError(f"A scene holds a list of at most {MAX_WORDS} words.", hint=_AGAIN)
        words = tuple(_word(entry, index, prompt) for index, entry in enumerate(entries))
        settings = _settings(value.get("settings", {}))
        looks = value.get("styles", []) if picture_of is not None else []
        if not isinstance(looks, list) or len(looks) > MAX_STYLES or not all(isinstance(e, dict) for e in looks):
            raise SceneError(f"A scene holds a list of at most {MAX_STYLES} styles.", hint=_AGAIN)
        styles = tuple(_style(entry, index, picture_of) for index, entry in enumerate(looks) if picture_of is not None)
        bare = Scene(prompt, negative, size, words, settings=settings, styles=styles)
        areas = [(style, entry) for style, entry in zip(styles, looks, strict=True) if style.area]
        return bare.replace(masks=_masks([*zip(words, entries, strict=True), *areas], size, mask_of))
    except SceneError as error:
        hint = error.hint if error.hint == _AGAIN else f"{error.hint} Or open another copy of the file."
        what = error.message if len(error.message) < 300 else error.message[:300] + " …"
        raise SceneFileError(f"The scene in this file cannot be used. {what}", hint=hint) from error


def _masks(entries: list[tuple[Word | Style, Mapping[str, Any]]], size: Size, mask_of: MaskOf) -> dict[str, TiledMask]:
    """The masks of words and styles, within the limits of all together. Raises SceneFileError beyond them."""
    masks: dict[str, TiledMask] = {}
    read: set[int] = set()
    pixels = paint = 0
    for thing, entry in entries:
        mask = masks[thing.id] = mask_of(thing.id, entry)
        if id(mask) in read:
            continue
        read.add(id(mask))
        pixels += size[0] * size[1]
        paint += mask.nbytes
        if pixels > MAX_MASK_PIXELS or paint > MAX_PAINT:
            raise SceneFileError("This file holds far too much paint.", hint=_AGAIN)
    return masks


def _text(value: Mapping[str, Any], key: str) -> str:
    text = value.get(key, "")
    if not isinstance(text, str) or any("\ud800" <= character <= "\udfff" for character in text):
        raise SceneError(f"Its “{key}” is not text.", hint=_AGAIN)
    return text


def _pair(value: Any, kind: type, name: str) -> tuple[Any, Any]:
    if isinstance(value, list) and len(value) == 2:
        first, second = value
        if all(isinstance(v, (int, kind)) and not isinstance(v, bool) for v in value):
            return first, second
    raise SceneError(f"Its “{name}” is not a pair of numbers.", hint=_AGAIN)


def _word(entry: object, index: int, prompt: str) -> Word:
    if not isinstance(entry, dict):
        raise SceneError("One of its words is damaged.", hint=_AGAIN)
    phrase = _text(entry, "phrase")
    span, anchor = None, entry.get("anchor", 0)
    if entry.get("span") is not None:
        start, end = _pair(entry["span"], int, "span")
        if 0 <= start < end <= len(prompt) and prompt[start:end] == phrase:
            span = (start, end)
        else:
            anchor = min(max(start, 0), len(prompt))
    visible, muted, solo = (entry.get(name, name == "visible") for name in ("visible", "muted", "solo"))
    if not all(isinstance(value, bool) for value in (visible, muted, solo)):
        raise SceneError("One of its words is damaged.", hint=_AGAIN)
    color = entry.get("color", PALETTE[index % len(PALETTE)])
    return Word(
        entry.get("id", f"w{index + 1}"),
        phrase,
        span,
        strength=entry.get("strength", 1.0),
        window=_pair(entry.get("window", [0.0, 1.0]), float, "window"),
        color=color.lower() if isinstance(color, str) else color,
        visible=visible,
        pattern=entry.get("pattern", index),
        anchor=anchor,
        muted=muted,
        solo=solo,
    )


def _settings(value: object) -> Settings:
    if not isinstance(value, dict):
        raise SceneError("Its settings are damaged.", hint=_AGAIN)
    given = {field.name: value[field.name] for field in fields(Settings) if field.name in value}
    if given.get("encoders") is not None:
        given["encoders"] = tuple(tuple(pair) for pair in _lists(given["encoders"], "encoders"))
    if given.get("experts") is not None:
        given["experts"] = tuple(_expert(entry) for entry in _dicts(given["experts"], "experts"))
    if isinstance(given.get("fidelity"), dict):
        given["fidelity"] = _pieces(given["fidelity"])
    return Settings(**given)


def _pieces(value: dict[str, Any]) -> FidelityPieces:
    return FidelityPieces(**{field.name: value[field.name] for field in fields(FidelityPieces) if field.name in value})


def _lists(value: object, name: str) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(entry, list) for entry in value):
        raise SceneError(f"Its “{name}” are damaged.", hint=_AGAIN)
    return value


def _dicts(value: object, name: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise SceneError(f"Its “{name}” are damaged.", hint=_AGAIN)
    return value


def _expert(entry: dict[str, Any]) -> Expert:
    given = {field.name: entry[field.name] for field in fields(Expert) if field.name in entry}
    if given.get("high") is None:
        given["high"] = math.inf
    return Expert(**{"name": "", **given})


def _style(entry: dict[str, Any], index: int, picture_of: PictureOf) -> Style:
    given = {
        field.name: entry[field.name] for field in fields(Style) if field.name in entry and field.name != "picture"
    }
    identifier = given.pop("id", f"s{index + 1}")
    return Style(identifier, given.pop("name", ""), picture_of(identifier, entry), **given)
