"""Tables of colour maps: which colour means which words, how strongly; written as paint-with-words-sd writes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

import resources
from canvas.model.errors import SceneFileError
from resources import pictures
from resources.limits import MAX_WORDS

Color = tuple[int, int, int]

PALETTES = {"nvidia-canvas": "NVIDIA Canvas", "ade20k": "ADE20K", "coco-stuff": "COCO-Stuff"}
"""Tables that ship, by their files' names, and what a person calls each. GauGAN's colours are NVIDIA Canvas'; those of
COCO-Stuff and ADE20K are the ones that MMSegmentation draws and ControlNets for segments were taught with."""

MAX_TABLE = 2**20
_LEAST_SHARE, _LEAST_PIXELS = 0.0005, 12
_NEAR = 24
"""Colours of a map that differ by less in each channel are one colour, as JPEG blurs it."""
_KNOWN_NEAR = 10
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_HINT = 'Write it as {(r, g, b): "phrase,strength", ...}, such as {(0, 0, 255): "lake,1.0"}.'


@dataclass(frozen=True)
class Entry:
    """A colour (RGB, 0..255 each), its phrase (PHRASE#N counts, from 1; empty for no word), and the word's strength."""

    color: Color
    phrase: str = ""
    strength: float = 1.0


@cache
def palette(name: str) -> Mapping[Color, str]:
    """A table that ships: colour -> phrase, the first of those that share a colour. KeyError for others."""
    if name not in PALETTES:
        raise KeyError(name)
    found: dict[Color, str] = {}
    for line in resources.path("colour_maps", f"{name}.txt").read_text(encoding="utf-8").splitlines():
        value, _, phrase = line.partition(" ")
        found.setdefault((int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16)), phrase)
    return found


def known_phrase(color: Color, name: str) -> str:
    """What a palette calls a colour or one that is nearly it; empty where it has none."""
    distance, phrase = min((max(abs(a - b) for a, b in zip(color, known, strict=True)), phrase)
                           for known, phrase in palette(name).items())  # fmt: skip
    return phrase if distance <= _KNOWN_NEAR else ""


def colors_of(rgb: np.ndarray) -> list[Color]:
    """The flat colours of a map, uint8 RGB `[h, w, 3]`, the most frequent first; no blends of their edges."""
    packed = (rgb.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)).ravel()
    values, counts = np.unique(packed, return_counts=True)
    least = max(_LEAST_PIXELS, int(_LEAST_SHARE * packed.size))
    order = np.argsort(counts, kind="stable")[::-1][: 64 * MAX_WORDS]
    found: list[Color] = []
    for index in order:
        if counts[index] < min(least, packed.size // 8 + 1) or len(found) >= MAX_WORDS:
            break
        value = int(values[index])
        color = value >> 16, value >> 8 & 255, value & 255
        if all(max(abs(a - b) for a, b in zip(color, other, strict=True)) >= _NEAR for other in found):
            found.append(color)
    return found


def best_palette(colors: Sequence[Color]) -> str | None:
    """The palette that has most of the colours, if it has at least half of them, and two; else None."""
    known = {name: sum(bool(known_phrase(color, name)) for color in colors) for name in PALETTES}
    best = max(known, key=lambda name: known[name])
    return best if known[best] >= max(2, (len(colors) + 1) // 2) else None


def prefilled(rgb: np.ndarray, name: str | None = None, table: Iterable[Entry] = ()) -> list[Entry]:
    """The table of a map's colours, filled in from `table`, then from the palette `name`; else the best one's."""
    colors = colors_of(rgb)
    given = list(table)
    name = best_palette(colors) if name is None and not given else name
    found: list[Entry] = []
    for color in colors:
        near = [
            each for each in given if max(abs(a - b) for a, b in zip(each.color, color, strict=True)) <= _KNOWN_NEAR
        ]
        if near:
            found.append(replace(near[0], color=color))
        else:
            found.append(Entry(color, known_phrase(color, name) if name else ""))
    return found


def read_table(text: str) -> tuple[list[Entry], list[str]]:
    """A table as paint-with-words-sd has it: `{(r, g, b): "phrase,strength"}`, and what was left out, a sentence each.

    Nothing in it is run. A third value behind the strength, which is a seed there, is left out.

    Raises:
        SceneFileError: it is no such table.
    """
    try:
        if len(text) > MAX_TABLE:
            raise ValueError("too long")
        value = ast.literal_eval(text.strip().removeprefix("\ufeff"))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise SceneFileError("The table of colours cannot be read.", hint=_HINT, details=repr(error)[:200]) from error
    if not isinstance(value, dict) or not value or len(value) > MAX_WORDS:
        raise SceneFileError("The table of colours cannot be used.", hint=_HINT)
    found: list[Entry] = []
    remarks: list[str] = []
    for color, meaning in value.items():
        if not _is_color(color) or not isinstance(meaning, str):
            raise SceneFileError(
                "The table of colours cannot be used.", hint=_HINT, details=f"{color!r:.60}: {meaning!r:.60}"
            )
        entry, said = _entry(color, meaning)
        found.append(entry)
        remarks += said
    return found, remarks


def read_table_file(path: Path | str) -> tuple[list[Entry], list[str]]:
    """`read_table` of a file's text. Raises SceneFileError where it is not there or no text."""
    name = f"“{Path(path).name}”"
    try:
        data = pictures.read_bytes(path, MAX_TABLE)
        return read_table(data.decode("utf-8"))
    except (pictures.PictureError, UnicodeDecodeError) as error:
        raise SceneFileError(f"The table {name} cannot be read.", hint=_HINT, details=str(error)) from error


def write_table(entries: Iterable[Entry]) -> str:
    """The table as `read_table` reads it, an entry a line."""
    lines = [f"    {entry.color}: {f'{entry.phrase},{entry.strength:g}'!r}," for entry in entries]
    return "\n".join(["{", *lines, "}", ""])


def _is_color(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and len(value) == 3
        and all(isinstance(part, int) and not isinstance(part, bool) and 0 <= part <= 255 for part in value)
    )


def _entry(color: Color, meaning: str) -> tuple[Entry, list[str]]:
    parts = [part.strip() for part in meaning.rsplit(",", 2)]
    numbers = 0
    while numbers < 2 and len(parts) - numbers > 1 and _NUMBER.fullmatch(parts[-1 - numbers]):
        numbers += 1
    phrase = meaning.rsplit(",", numbers)[0].strip() if numbers else meaning.strip()
    if not numbers:
        return Entry(color, phrase), []
    asked = float(parts[len(parts) - numbers])
    strength = min(max(asked, -2.0), 2.0)
    remarks = []
    if strength != asked:
        remarks.append(f"The strength of “{phrase[:60]}” was {asked:g} and is {strength:g}: it can be -2 to 2.")
    if numbers == 2:
        remarks.append(f"The seed of “{phrase[:60]}” was left out: a picture has one seed here.")
    return Entry(color, phrase, strength), remarks
