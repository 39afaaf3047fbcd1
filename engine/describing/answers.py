"""Reads what a vision-language model answers: names with boxes as JSON, whole, cut off or adorned; or plain words."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from engine.protocol.told import Description

MOST = 24
"""Names that are taken from one answer, the first ones."""
LEAST = 0.002
"""The share of the picture from which on a name is told, once smaller things in its box have theirs."""
BACKGROUND = 0.5
"""Boxes of this share of the picture and more are surroundings: they are painted to their corners."""
_LONGEST, _LONGEST_CAPTION = 60, 300
_OBJECT = re.compile(r"\{[^{}]*\}")
_FENCE = re.compile(r"```[a-zA-Z]*")
_BOXES, _LABELS = ("bbox_2d", "bbox", "box"), ("label", "name", "text_content")


@dataclass(frozen=True)
class Boxed:
    """A name and its box: left, top, right, bottom as shares of the picture, 0..1."""

    label: str
    box: tuple[float, float, float, float]


def boxed(answer: str, size: tuple[float, float]) -> tuple[Boxed, ...]:
    """The names with boxes in an answer; what of it cannot be read is passed over.

    Qwen2.5-VL and Qwen3-VL answer with a JSON list of `{"bbox_2d": [x1, y1, x2, y2], "label": "cat"}`, often in a
    Markdown fence, and cut off where the answer grows too long.

    Args:
        size: (width, height) that the coordinates go up to.
    """
    found = []
    for match in _OBJECT.finditer(answer):
        value = _parsed(match[0])
        box = None if value is None else _box(_first(value, _BOXES), size)
        label = "" if value is None else cleaned(_first(value, _LABELS))
        if box is not None and label:
            found.append(Boxed(label, box))
    return tuple(found[:MOST])


def is_a_list(answer: str) -> bool:
    """Whether an answer is a JSON list, if an empty one: something was looked for, and nothing found."""
    return "[" in answer and "]" in answer


def cleaned(text: object, longest: int = _LONGEST) -> str:
    """A name or sentence without what means something in a prompt or breaks its lines, at most `longest` long."""
    if not isinstance(text, str):
        return ""
    plain = re.sub(r"[\x00-\x1f\x7f{}|()\[\]<>]", " ", text)
    return " ".join(plain.split())[:longest].strip(" .,;:\"'")


def caption_of(answer: str) -> str:
    """An answer in plain words as a prompt: its first paragraph; "" where nothing is left."""
    plain = _FENCE.sub(" ", answer).strip()
    return cleaned(plain.split("\n\n")[0], _LONGEST_CAPTION)


def painted(found: Sequence[Boxed], size: tuple[int, int]) -> Description:
    """Names with rough masks, in a picture of (width, height), from the largest to the smallest.

    Boxes are painted from the largest to the smallest, each over those before it, so that a thing has its place in its
    surroundings; things with round corners. A name with several boxes has all of them.
    """
    width, height = size
    order = sorted(found, key=lambda each: -_area(each.box))
    owner = np.full((height, width), -1, np.int32)
    names = list(dict.fromkeys(each.label for each in order))
    for each in order:
        shape = Image.new("1", size)
        left, top = math.floor(each.box[0] * width), math.floor(each.box[1] * height)
        right, bottom = math.ceil(each.box[2] * width) - 1, math.ceil(each.box[3] * height) - 1
        corner = 0 if _area(each.box) >= BACKGROUND else min(right - left, bottom - top) // 4
        ImageDraw.Draw(shape).rounded_rectangle((left, top, max(left, right), max(top, bottom)), corner, fill=1)
        owner[np.asarray(shape)] = names.index(each.label)
    shares = [float((owner == number).mean()) for number in range(len(names))]
    told = sorted((n for n in range(len(names)) if shares[n] >= LEAST), key=lambda n: -shares[n])
    return Description.of_names([(names[n], shares[n], np.where(owner == n, 255, 0).astype(np.uint8)) for n in told])


def _parsed(text: str) -> Mapping[str, Any] | None:
    """An object as JSON, or as Python writes it."""
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(value, dict):
            return value
    return None


def _first(value: Mapping[str, Any], keys: Sequence[str]) -> object:
    return next((value[key] for key in keys if key in value), None)


def _box(value: object, size: tuple[float, float]) -> tuple[float, float, float, float] | None:
    """Four numbers as shares of the picture, in order and inside of it; None for anything else, and for no area."""
    if not isinstance(value, list | tuple) or len(value) != 4:
        return None
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in value):
        return None
    try:
        shares = [float(each) / side for each, side in zip(value, (*size, *size), strict=True)]
    except OverflowError:
        return None
    if not all(map(math.isfinite, shares)):
        return None
    across, down = (sorted(min(1.0, max(0.0, each)) for each in shares[first::2]) for first in (0, 1))
    box = (across[0], down[0], across[1], down[1])
    return box if _area(box) > 0 else None


def _area(box: tuple[float, float, float, float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
