"""The prompt of a picture before words of it were edited, as texts beside the pixels of what came of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from canvas.files import image_io
from canvas.model.begun import EditedPrompt, PaintedThen

MASK = "begun.edit."
MOST_WORDS = 1000


def to_value(edit: EditedPrompt, put: Callable[[str, np.ndarray], None]) -> dict[str, Any]:
    """Its JSON value; each mask, uint8 `[h, w]`, is handed to `put` with the name of its note."""
    for number, word in enumerate(edit.words):
        put(name_of(number), word.mask)
    return {
        "prompt": edit.prompt,
        "words": [
            {
                "span": list(word.span),
                "strength": word.strength,
                "window": list(word.window),
                "fidelity": word.fidelity,
            }
            for word in edit.words
        ],
        "keep": [edit.keep_cross, edit.keep_self],
        "weights": [[*span, weight] for span, weight in edit.weights],
        "everywhere": edit.everywhere,
    }


def from_value(value: Mapping[str, Any], got: Callable[[str], bytes], size: tuple[int, int]) -> EditedPrompt:
    """Read it back from untrusted JSON.

    Args:
        got: the bytes of a note's picture, by its name. size: (height, width) of the picture.

    Raises:
        KeyError, TypeError, ValueError, SceneFileError: it is damaged, or a mask is gone or of another size.
    """
    prompt, everywhere = value["prompt"], value["everywhere"]
    if not isinstance(prompt, str) or type(everywhere) is not bool:
        raise TypeError("prompt")
    listed = value["words"]
    if not isinstance(listed, list) or len(listed) > MOST_WORDS or len(value["weights"]) > MOST_WORDS:
        raise ValueError("words")
    words = []
    for number, each in enumerate(listed):
        mask = np.array(image_io.grey_of(got(name_of(number)), "The paint of an edited word"))
        if mask.shape != size:
            raise ValueError(mask.shape)
        fidelity = None if each["fidelity"] is None else _number(each["fidelity"], 0, 1)
        first, last = (_number(side, 0, 1) for side in each["window"])
        words.append(
            PaintedThen(_span(each["span"], prompt), mask, _number(each["strength"], -10, 10), (first, last), fidelity)
        )
    cross, shapes = (_number(each, 0, 1) for each in value["keep"])
    weights = tuple((_span(each[:2], None), _number(each[2], -4, 4)) for each in value["weights"])
    return EditedPrompt(prompt, tuple(words), cross, shapes, weights, everywhere)


def name_of(number: int) -> str:
    """The beginning of the names of a word's notes."""
    return f"{MASK}{number}."


def _number(value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    if not low <= value <= high:
        raise ValueError(value)
    return float(value)


def _span(value: Any, prompt: str | None) -> tuple[int, int]:
    start, end = value
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise ValueError(value)
    if prompt is not None and end > len(prompt):
        raise ValueError(value)
    return start, end
