"""Scenes as JSON values, and back from JSON that nobody vouches for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import msgspec
from msgspec import UnsetType

from canvas.files import image_io
from canvas.files.scene_entries import (
    AGAIN,
    ColoursEntry,
    ControlEntry,
    PictureEntry,
    StyleEntry,
    WordEntry,
    read_entries,
)
from canvas.model.colors import PALETTE
from canvas.model.colour_layer import ColourLayer, PictureLayer
from canvas.model.control import Control
from canvas.model.errors import SaveError, SceneError, SceneFileError, scene_errors
from canvas.model.guides import Guide
from canvas.model.scene import Scene, Settings, Word
from canvas.model.style import Style
from canvas.model.tiled_mask import Size, TiledMask

VERSION = 2
NEEDS = "0.1.0"
"""The first program that reads files of this version; written into them for the programs before it."""
MAX_JSON = 16 * 2**20
MAX_DEPTH = 16
# All masks of a scene together: their size as pictures, and the memory of what is painted. Written and read alike.
MAX_MASK_PIXELS = 2**32
MAX_PAINT = 2**30

_USUAL = {
    "muted": False, "solo": False, "exclusive": None, "locked": False, "feather": 0.0, "fidelity": None, "overlap": None
}  # fmt: skip
"""What most words have; files do not say it."""
_VERSION = re.compile(r"\d{1,4}(?:\.\d{1,4}){0,3}\Z", re.ASCII)

MaskOf = Callable[[str, Mapping[str, Any]], TiledMask]
"""A word's or style's id and its JSON -> its mask."""

PictureOf = Callable[[str, Mapping[str, Any]], bytes]
"""The id of a style, the `control_key` of a control, the `picture_key` of a picture layer, or `COLOURS_KEY`, and its
JSON -> the PNG of its picture."""


def public_name(model: str) -> str:
    """A model's name without the folders it lies in: files that are passed on name no paths."""
    return re.split(r"[/\\]", model.rstrip("/\\"))[-1] or "model"


def mood_name(mood: str) -> str:
    """A mood's name without the folders and the ending of its file."""
    return public_name(mood).removesuffix(".safetensors") or "mood"


def file_name(path: str) -> str:
    """A file's name without the folders it lies in; "" for none."""
    return public_name(path) if path else ""


COLOURS_KEY = "colour layer"
"""What the colour layer is called among ids, none of which has a blank."""


PICTURE_LAYER = "picture layer "


def control_key(index: int) -> str:
    """What a control picture is called among ids, none of which has a blank."""
    return f"control {index}"


def picture_key(layer_id: str) -> str:
    """What a picture layer is called among ids, none of which has a blank."""
    return f"{PICTURE_LAYER}{layer_id}"


def to_dict(scene: Scene, extra: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The scene as JSON values; `extra` gives keys to add to each word (where its mask is), by word id, and to each
    style and control picture (`control_key`)."""
    words = []
    for word in scene.words:
        value = asdict(word) | {"span": list(word.span) if word.span else None, "window": list(word.window)}
        for name, usual in _USUAL.items():  # older versions know none, and few words have one
            if value[name] is usual or (name == "feather" and not value[name]):
                del value[name]
        words.append(value | dict(extra.get(word.id, {})))
    styles = []
    for style in scene.styles:
        entry = {key: value for key, value in asdict(style).items() if key != "picture"}
        if style.word is None:
            del entry["word"]  # older versions know none
        styles.append(entry | dict(extra.get(style.id, {})))
    controls = [
        {key: value for key, value in asdict(control).items() if key != "picture"}
        | {"model": public_name(control.model) if control.model else "", "window": list(control.window)}
        | dict(extra.get(control_key(index), {}))
        for index, control in enumerate(scene.controls)
    ]
    # Programs that know version 1 would drop pictures without a word; all else in a scene they can read.
    return {
        "version": VERSION if scene.pictures else 1,
        "needs": NEEDS,
        "prompt": scene.prompt,
        "negative": scene.negative,
        "size": list(scene.size),
        "words": words,
        "settings": _settings_value(scene.settings),
        **({"guides": [[each.upright, each.at] for each in scene.guides]} if scene.guides else {}),
        **({"styles": styles} if styles else {}),
        **({"controls": controls} if controls else {}),
        **({"colours": _colours_value(scene.colours, extra)} if scene.colours != ColourLayer(scene.size) else {}),
        **({"pictures": [_picture_value(layer, extra) for layer in scene.pictures]} if scene.pictures else {}),
    }


def _colours_value(layer: ColourLayer, extra: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {"strength": layer.strength, "visible": layer.visible}
    return value | ({"empty": True} if layer.is_empty else dict(extra.get(COLOURS_KEY, {})))


def _picture_value(layer: PictureLayer, extra: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {"id": layer.id, "name": layer.name, "opacity": layer.opacity, "visible": layer.visible}
    return value | ({"empty": True} if layer.pixels.is_empty else dict(extra.get(picture_key(layer.id), {})))


def _settings_value(settings: Settings) -> dict[str, Any]:
    value = asdict(settings) | {"model": public_name(settings.model)}
    for key in ("encoders", "experts", "fidelity"):  # as the model has them: nothing to say
        if value[key] is None:
            del value[key]
    value["loras"] = [asdict(lora) | {"file": public_name(lora.file)} for lora in settings.loras]
    for lora in value["loras"]:
        if lora["on"]:
            del lora["on"]  # older versions know no other
    if not settings.loras:
        del value["loras"]  # older versions know none
    if settings.mood is None:
        del value["mood"], value["mood_weight"]  # older versions know none
    else:
        value["mood"] = mood_name(settings.mood)
    if not settings.clip_guidance:
        del value["clip_guidance"]
    if settings.overlap == "add":
        del value["overlap"]  # older versions know no other
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
    layers = scene.colours.nbytes + sum(layer.pixels.nbytes for layer in scene.pictures)
    if pixels > MAX_MASK_PIXELS or sum(mask.nbytes for mask in distinct) + layers > MAX_PAINT:
        raise SaveError(
            f"{len(distinct)} painted words on {scene.size[0]}x{scene.size[1]} pixels are too much for one file.",
            hint="Clear the paint of words that do not matter, delete layers, or make the canvas smaller.",
        )


def _depth(value: object) -> int:
    """How deep lists and objects lie in one another."""
    depth, level = 0, [value]
    while level := [each for each in level if isinstance(each, list | dict)]:
        depth += 1
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    return depth


def _refuse(constant: str) -> float:
    raise SceneFileError(f"The scene in this file holds a value that is not a number ({constant}).", hint=AGAIN)


def loads(text: str | bytes, *, numbers_only: bool = True) -> dict[str, Any]:
    """A JSON object from text. Raises SceneFileError for anything else, NaN and Infinity included.

    Other programs write those; with `numbers_only` False they are None.
    """
    try:
        if len(text) > MAX_JSON:
            raise ValueError("too long")
        value = json.loads(text, parse_constant=_refuse if numbers_only else lambda _name: None)
        if _depth(value) > MAX_DEPTH:
            raise ValueError("nested too deep")
    except (ValueError, RecursionError) as error:
        raise SceneFileError("The scene in this file is damaged.", hint=AGAIN, details=repr(error)) from error
    if not isinstance(value, dict):
        raise SceneFileError("The scene in this file is damaged.", hint=AGAIN, details="no JSON object")
    return value


def from_dict(
    value: Mapping[str, Any],
    mask_of: MaskOf,
    picture_of: PictureOf | None = None,
    *,
    remarks: list[str] | None = None,
) -> Scene:
    """A scene from JSON values; nothing in them is believed before it is checked.

    A word whose span does not hold its phrase loses the span and keeps its paint. Settings that earlier versions let
    pass, and no model could be asked for, become the nearest that can; `remarks` gets a sentence for each.

    Raises:
        SceneFileError: a value is of another kind or out of its range.
    """
    version = value.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise SceneFileError("The scene in this file is damaged.", hint=AGAIN, details=f"version {version!r}")
    if version > VERSION:
        raise SceneFileError(
            f"This scene is of version {version}; this Wordbrush knows version {VERSION}.",
            hint=f"Update to {_program(value.get('needs'))}, then open the file again.",
        )
    try:
        with scene_errors():
            alone = {**value, "styles": [], "controls": [], "colours": None, "pictures": []}
            found, brought_in = read_entries(value if picture_of is not None else alone)
        prompt, negative, size = found.prompt, found.negative, found.size
        _check_text(prompt, negative)
        Scene(size=size)  # raises for a size that cannot be, before any mask is read
        words = tuple(_word(entry, index, prompt) for index, entry in enumerate(found.words))
        looks: list[dict[str, Any]] = value.get("styles", []) if picture_of is not None else []
        styles = tuple(
            _style(entry, index, raw, picture_of)
            for index, (entry, raw) in enumerate(zip(found.styles, looks, strict=True))
            if picture_of is not None
        )
        controls = tuple(
            _control(entry, index, value["controls"][index], picture_of)
            for index, entry in enumerate(found.controls)
            if picture_of is not None
        )
        named = _named(found.settings)
        bare = Scene(prompt, negative, size, words, settings=named, styles=styles, controls=controls)
        painted: list[tuple[Word | Style, Mapping[str, Any]]] = [
            *zip(words, value.get("words", []), strict=True),
            *((style, raw) for style, raw in zip(styles, looks, strict=True) if style.area),
        ]
        lines = tuple(dict.fromkeys(Guide(upright, at) for upright, at in found.guides))
        scene = bare.replace(masks=_masks(painted, size, mask_of), guides=lines)
        if found.colours is not None and picture_of is not None:
            scene = scene.replace(colours=_colours(found.colours, value["colours"], size, picture_of))
        if found.pictures and picture_of is not None:
            scene = scene.replace(pictures=_pictures(found.pictures, value["pictures"], size, picture_of))
    except SceneError as error:
        hint = AGAIN if error.hint in ("", AGAIN) else f"{error.hint} Or open another copy of the file."
        what = error.message if len(error.message) < 300 else error.message[:300] + " …"
        raise SceneFileError(f"The scene in this file cannot be used. {what}", hint=hint) from error
    if remarks is not None:
        remarks += brought_in
    return scene


def _program(needs: object) -> str:
    """What a newer file says that it needs, as far as it can be shown."""
    return f"Wordbrush {needs} or later" if isinstance(needs, str) and _VERSION.match(needs) else "a newer Wordbrush"


def _named(settings: Settings) -> Settings:
    """The settings with names of models only: a path in a file is somebody else's, and never looked at."""
    experts = settings.experts and tuple(
        replace(expert, model=public_name(expert.model)) if expert.model else expert for expert in settings.experts
    )
    loras = tuple(replace(lora, file=public_name(lora.file)) for lora in settings.loras)
    mood = None if settings.mood is None else mood_name(settings.mood)
    return replace(settings, model=public_name(settings.model), experts=experts, loras=loras, mood=mood)


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
            raise SceneFileError("This file holds far too much paint.", hint=AGAIN)
    return masks


def _check_text(*texts: str) -> None:
    """Half characters, which JSON can spell and no file can hold, are no text."""
    for text in texts:
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise SceneError("A text in it is not text.", hint=AGAIN)


def _word(entry: WordEntry, index: int, prompt: str) -> Word:
    _check_text(entry.phrase)
    span, anchor = None, entry.anchor
    if entry.span is not None:
        start, end = entry.span
        if 0 <= start < end <= len(prompt) and prompt[start:end] == entry.phrase:
            span = (start, end)
        else:
            anchor = min(max(start, 0), len(prompt))
    return Word(
        f"w{index + 1}" if isinstance(entry.id, UnsetType) else entry.id,
        entry.phrase,
        span,
        strength=entry.strength,
        window=entry.window,
        color=PALETTE[index % len(PALETTE)] if isinstance(entry.color, UnsetType) else entry.color.lower(),
        visible=entry.visible,
        pattern=index if isinstance(entry.pattern, UnsetType) else entry.pattern,
        anchor=anchor,
        muted=entry.muted,
        solo=entry.solo,
        exclusive=entry.exclusive,
        locked=entry.locked,
        feather=entry.feather,
        fidelity=entry.fidelity,
        overlap=entry.overlap,
    )


def _style(entry: StyleEntry, index: int, raw: Mapping[str, Any], picture_of: PictureOf) -> Style:
    values = msgspec.structs.asdict(entry)
    values["id"] = f"s{index + 1}" if isinstance(entry.id, UnsetType) else entry.id
    return Style(picture=picture_of(values["id"], raw), **values)


def _colours(entry: ColoursEntry, raw: Mapping[str, Any], size: Size, picture_of: PictureOf) -> ColourLayer:
    layer = ColourLayer(size)
    if not entry.empty:
        rgba = image_io.rgba_of(picture_of(COLOURS_KEY, raw), "The colour layer in this file")
        if (rgba.shape[1], rgba.shape[0]) != size:
            raise SceneError("The colour layer does not have the size of the picture.", hint=AGAIN)
        layer = ColourLayer.from_array(rgba)
    return replace(layer, strength=entry.strength, visible=entry.visible)


def _pictures(
    entries: Sequence[PictureEntry], raws: Sequence[Mapping[str, Any]], size: Size, picture_of: PictureOf
) -> tuple[PictureLayer, ...]:
    layers, paint = [], 0
    for index, (entry, raw) in enumerate(zip(entries, raws, strict=True)):
        layer_id, pixels = (f"p{index + 1}" if isinstance(entry.id, UnsetType) else entry.id), ColourLayer(size)
        if not entry.empty:
            what = f"The picture layer “{entry.name[:60]}”"
            rgba = image_io.rgba_of(picture_of(picture_key(layer_id), raw), what)
            if (rgba.shape[1], rgba.shape[0]) != size:
                raise SceneError(f"{what} does not have the size of the picture.", hint=AGAIN)
            pixels = ColourLayer.from_array(rgba)
        paint += pixels.nbytes
        if paint > MAX_PAINT:
            raise SceneFileError("This file holds far too much paint.", hint=AGAIN)
        layers.append(PictureLayer(layer_id, entry.name, pixels, entry.opacity, entry.visible))
    return tuple(layers)


def _control(entry: ControlEntry, index: int, raw: Mapping[str, Any], picture_of: PictureOf) -> Control:
    values = msgspec.structs.asdict(entry)
    values["model"] = public_name(entry.model) if entry.model else ""
    return Control(picture=picture_of(control_key(index), raw), **values)
