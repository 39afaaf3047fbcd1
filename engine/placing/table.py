"""The table in a model's folder of where its things stand, how large they are, and what its stuff is to a picture.

It holds four objects. Two are by name, both with all `words` that mean the name:

- `things`, each with `on`, the places where it stands or flies, the likeliest first; `height`, its least and largest,
  as shares of the picture's; and `outline`, the rows of its shape in a square, as hexadecimal numbers with a bit for
  each place from the left.
- `stuff`, each with its `band`, see `BANDS`, and `offers`, the places that it has for things.

`settings` has for each place the stuff that is meant where a prompt mentions none, from back to front; `colours` the
words that say a thing's colour, each with the strength that it needs beside its noun's: a model that knows a thing well
knows it in its own colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from engine.facts import PLACES
from engine.weights.files import read_json
from engine.weights.headers import incomplete

BACK, FAR, GROUND = BANDS = ("back", "far", "ground")
"""What stuff is: behind everything and from the top, on the horizon, or below it."""

OUTLINE = 16
"""Rows and columns of an outline."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Thing:
    """Something that is drawn in one piece.

    Attributes:
        on: the places where it may be, the likeliest first. height: its least and largest, as shares of the picture's.
        outline: bool `[h, w]`, its shape, up to its edges.
    """

    on: tuple[str, ...]
    height: tuple[float, float]
    outline: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Stuff:
    """Something that fills areas.

    Attributes:
        band: one of `BANDS`. offers: the places that it has for things.
    """

    band: str
    offers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """What is known of a model's names, which words mean them, in small letters, and what is meant without a word.

    Attributes:
        colours: words for colours, in small letters, with the strength that each needs beside its noun's.
    """

    known: Mapping[str, Thing | Stuff]
    words: Mapping[str, str]
    settings: Mapping[str, tuple[str, ...]]
    colours: Mapping[str, float]


def table_of(folder: Path) -> Table | None:
    """The table in a model's folder, None if it has none.

    Raises:
        ModelIncomplete: it cannot be read.
    """
    file = folder / PLACES
    return _read(file, file.stat().st_mtime_ns) if file.is_file() else None


@lru_cache(maxsize=4)
def _read(file: Path, _changed: int) -> Table:
    told = read_json(file, part=PLACES)
    known: dict[str, Thing | Stuff] = {}
    words: dict[str, str] = {}
    try:
        for name, facts in told["things"].items():
            low, high = facts["height"]
            known[name] = Thing(on=tuple(facts["on"]), height=(low, high), outline=_outline(facts["outline"]))
        for name, facts in told["stuff"].items():
            if facts["band"] not in BANDS:
                raise ValueError(f'"{facts["band"]}" is no band')
            known[name] = Stuff(band=facts["band"], offers=tuple(facts["offers"]))
        for name, facts in (*told["things"].items(), *told["stuff"].items()):
            words.update({word.casefold(): name for word in facts["words"]})
        settings = {place: tuple(names) for place, names in told["settings"].items()}
        colours = {word.casefold(): float(strength) for word, strength in told.get("colours", {}).items()}
        for name in (name for names in settings.values() for name in names):
            if not isinstance(known[name], Stuff):
                raise ValueError(f'"{name}" is no stuff')
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise incomplete(PLACES, "it does not say of each name where it is", details=str(error)) from error
    return Table(known=known, words=words, settings=settings, colours=colours)


def _outline(rows: list[str]) -> np.ndarray:
    bits = np.array([[int(row, 16) >> (OUTLINE - 1 - column) & 1 for column in range(OUTLINE)] for row in rows], bool)
    there = [np.flatnonzero(bits.any(axis)) for axis in (1, 0)]
    if not len(there[0]):
        raise ValueError("an outline is empty")
    (top, bottom), (left, right) = ((int(each[0]), int(each[-1]) + 1) for each in there)
    return bits[top:bottom, left:right]


def outline_rows(shape: np.ndarray) -> list[str]:
    """The rows of an outline, bool `[16, 16]`, as the file has them."""
    return [f"{int(''.join('1' if bit else '0' for bit in row), 2):0{OUTLINE // 4}x}" for row in shape]
