"""Small pictures of nouns, which the starter itself has made; they lie beside it on one sheet."""

from __future__ import annotations

import json
from functools import cache

import numpy as np

import resources
from resources.pictures import PictureError, read_picture

SIDE = 64
"""Pixels of a picture, each way."""

SHEET = "vocabulary.webp"
"""The sheet, in the starter's folder: pictures in the order of its names, `ACROSS` in a row."""

ACROSS = 24


@cache
def _sheet() -> tuple[dict[str, int], np.ndarray]:
    """The place of each noun on the sheet, and the sheet, uint8 `[H, W, 3]`."""
    folder = resources.path("starter")
    names = json.loads((folder / "wordbrush.json").read_text("utf-8"))["names"]
    rgb = np.asarray(read_picture(folder / SHEET, kinds=("WEBP",)).convert("RGB"))
    return {name.casefold(): number for number, name in enumerate(names)}, rgb


def picture_of(name: str) -> np.ndarray | None:
    """A noun as RGB, uint8 `[SIDE, SIDE, 3]`; None for one that the starter does not know, or without a sheet.

    The first one takes tens of milliseconds: not for the window's thread.
    """
    try:
        places, rgb = _sheet()
    except (PictureError, OSError, ValueError, KeyError):
        return None
    number = places.get(name.casefold())
    if number is None:
        return None
    y, x = (SIDE * each for each in divmod(number, ACROSS))
    return rgb[y : y + SIDE, x : x + SIDE]
