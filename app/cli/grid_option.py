"""The command line's `--grid AXIS=VALUES`: pictures over seeds, a word's strengths, other words, or a setting."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.cli.output import CommandError, Progress
from canvas.files import contact_sheet, png
from canvas.model import edits, variations
from canvas.model.scene import Scene
from canvas.model.variations import Variation
from resources.settings import specs

_NUMBER = re.compile(r"#(\d+)\Z", re.ASCII)
_GRAMMAR = (
    "Write --grid seed=1,2,3, --grid strength:PHRASE=0.5,1,2, --grid word:PHRASE=cat,dog, or a setting, as in"
    " --grid steps=8,16."
)


@dataclass(frozen=True)
class Axis:
    """One `--grid`, taken apart.

    Attributes:
        kind: seed, strength, word, or a setting's name.
        phrase, number: of strength and word, the `number`-th occurrence of the phrase.
    """

    text: str
    kind: str
    phrase: str
    number: int
    values: tuple[str, ...]


def parse_grid(text: str) -> Axis:
    """Take `KIND[:PHRASE[#N]]=VALUE,VALUE,...` apart, split at the last "=".

    Raises:
        CommandError: it is not of that kind.
    """
    what, equals, values = text.rpartition("=")
    kind, colon, phrase = what.partition(":")
    named = kind in ("strength", "word")
    found = tuple(value.strip() for value in values.split(","))
    if not equals or not all(found) or named != bool(phrase.strip()) or (colon and not named):
        raise CommandError(f'"{text}" is not an axis of a grid.', hint=_GRAMMAR)
    spec = specs().get(kind)
    if not named and kind != "seed" and (spec is None or not spec.is_number):
        raise CommandError(f'There is no grid over "{kind}".', hint=_GRAMMAR)
    number = 1
    if match := _NUMBER.search(phrase):
        number, phrase = int(match[1]), phrase[: match.start()]
    return Axis(text, kind, phrase.strip(), number, found)


def seeds_of(axes: Sequence[Axis]) -> list[int]:
    """The seeds that a grid runs over; none where it has no such axis. Raises CommandError for what is no number."""
    return [to_number(value, int, axis) for axis in axes if axis.kind == "seed" for value in axis.values]


def cells_of(scene: Scene, axes: Sequence[Axis], by_seed: Mapping[int, Scene] | None = None) -> list[Variation]:
    """The scenes of a grid, row by row: the last axis runs along the columns.

    Args:
        by_seed: a scene of its own for each seed, where the words of the prompt are chosen by it.

    Raises:
        CommandError: more than two axes, a value that is no number. WordNotInPrompt: a phrase is not there.
        SceneError: a value cannot be, a word is not painted, or there are too many cells.
    """
    if len(axes) > 2:
        raise CommandError("A grid has one or two axes.", hint="Give --grid once or twice.")
    variations.check_count(*(len(axis.values) for axis in axes))
    scene = edits.set_settings(scene, count=1)
    if by_seed and len(axes) == 2 and axes[1].kind == "seed":  # what a seed chooses comes first, and varies then
        columns = [_beside("", by_seed[seed], axes[0], by_seed) for seed in seeds_of(axes[1:])]
        rows = zip(*columns, strict=True)
        labels = [each.label for each in along(scene, axes[1])]
        return [
            Variation(f"{cell.label} · {label}", cell.scene)
            for row in rows
            for cell, label in zip(row, labels, strict=True)
        ]
    cells = [Variation("", scene)]
    for axis in axes:
        cells = [each for cell in cells for each in _beside(cell.label, cell.scene, axis, by_seed)]
    return cells


def _beside(label: str, scene: Scene, axis: Axis, by_seed: Mapping[int, Scene] | None) -> list[Variation]:
    """The scene along an axis, each with what was said of it before."""
    found = along(scene, axis)
    if by_seed and axis.kind == "seed":
        found = [Variation(each.label, by_seed[seed]) for each, seed in zip(found, seeds_of([axis]), strict=True)]
    return [Variation(" · ".join(filter(None, (label, each.label))), each.scene) for each in found]


def along(scene: Scene, axis: Axis) -> list[Variation]:
    """The scene with each value of an axis. Raises see `cells_of`."""
    if axis.kind == "seed":
        return variations.seeds(scene, [to_number(value, int, axis) for value in axis.values])
    if axis.kind == "word":
        return variations.texts(scene, _span(scene, axis), axis.values)
    numbers = [to_number(value, float, axis) for value in axis.values]
    if axis.kind == "strength":
        scene, word_id = edits.add_word(scene, _span(scene, axis))
        if scene.masks[word_id].is_empty:
            raise CommandError(
                f'"{axis.phrase}" has no paint, so its strength changes nothing.', hint="Paint it: --paint PHRASE=MASK."
            )
        return variations.strengths(scene, word_id, numbers)
    if specs()[axis.kind].is_whole:
        numbers = [to_number(value, int, axis) for value in axis.values]
    return variations.settings(scene, axis.kind, numbers)


def _span(scene: Scene, axis: Axis) -> tuple[int, int]:
    from engine import find_span

    return find_span(scene.prompt, axis.phrase, axis.number)


def to_number(text: str, kind: Callable[[str], Any], axis: Axis) -> Any:
    """A value of an axis as a number of that kind. Raises CommandError where it is none."""
    try:
        return kind(text)
    except ValueError:
        raise CommandError(f'"{text}" in "{axis.text}" is not a valid number.', hint=_GRAMMAR) from None


class _Once:
    """Says each lasting note once: most cells have the same to tell."""

    def __init__(self, news: Progress) -> None:
        self._news, self._told = news, set[str]()

    def note(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._news.note(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._news, name)


def run(
    scene: Scene,
    axes: Sequence[Axis],
    *,
    out: Path,
    news: Progress,
    make: Callable[..., dict[str, Any]],
    by_seed: Mapping[int, Scene] | None = None,
    **how: Any,
) -> dict[str, Any]:
    """Make all cells as F-1.png, F-2.png, ... and F.png, the contact sheet, which carries the scene without changes.

    Args:
        make: `app.cli.render.run`, and `how` what it takes besides scene, out and news. by_seed: see `cells_of`.

    Returns:
        The JSON object of `wordbrush render`: its images are the cells, each with its `label`; `grid` is the sheet.
        Words, times and experts are those of the last cell.

    Raises:
        See `cells_of` and `app.cli.render.run`.
    """
    from canvas.files.image_io import read_rgb

    cells = cells_of(scene, axes, by_seed)
    once = _Once(news)
    images: list[dict[str, Any]] = []
    seconds = 0.0
    result: dict[str, Any] = {}
    for number, cell in enumerate(cells, 1):
        once.say(f"{number} of {len(cells)}: {cell.label}")
        result = make(cell.scene, out=out.with_name(f"{out.stem}-{number}{out.suffix}"), news=once, **how)
        seconds += result["seconds"]
        images.append({**result["images"][0], "label": cell.label})
    pictures: list[tuple[str, np.ndarray | None]] = [
        (image["label"], read_rgb(Path(image["path"]))) for image in images
    ]
    down, across = [[each.label for each in along(scene, axis)] for axis in axes] if len(axes) == 2 else ([], [])
    sheet = contact_sheet.draw(pictures, title=scene.prompt, across=across, down=down)
    png.save(out, sheet, scene)
    return {**result, "images": images, "seconds": seconds, "grid": str(out)}
