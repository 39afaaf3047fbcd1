"""What a grid runs over: seeds, strengths of a word, other words in its place, or values of a setting."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.generation.request_builder import SEED_RANGE
from app.language import number, tr
from canvas.model import edits, variations
from canvas.model.scene import Scene
from canvas.model.variations import Variation
from resources.settings import specs

SEEDS, STRENGTHS, WORDS = "seeds", "strengths", "words"
SETTINGS = ("steps", "guidance", "paint_weight")
USUAL = {SEEDS: "4", STRENGTHS: "0, 0.5, 1, 1.5, 2", "steps": "8, 16, 32", "guidance": "3, 5, 7.5"}


@dataclass(frozen=True)
class Way:
    """One direction in which the pictures of a grid differ: `over` a thing, of a word by its id."""

    over: str
    word: str = ""


@dataclass(frozen=True)
class Axis:
    """A way with its values; of seeds, a single one says how many."""

    way: Way
    values: tuple[str, ...]


def ways_of(scene: Scene, chosen: str | None) -> dict[Way, str]:
    """All ways that a scene offers, as they are called; the chosen word's come first after the seeds'."""
    found = {Way(SEEDS): tr("Seeds")}
    words = [word for word in scene.words if word.span is not None]
    for word in sorted(words, key=lambda word: word.id != chosen):
        if not scene.masks[word.id].is_empty:
            found[Way(STRENGTHS, word.id)] = tr("Strengths of “{word}”", word=word.phrase)
        found[Way(WORDS, word.id)] = tr("Words in place of “{word}”", word=word.phrase)
    for name in SETTINGS:
        found[Way(name)] = tr(specs()[name].label)
    return found


def axis_from(way: Way, text: str) -> Axis | None:
    """The axis that was written down as values separated by commas; None where those cannot be."""
    values = tuple(filter(None, (each.strip() for each in re.split(r"[,;\n]", text))))
    if not values:
        return None
    if way.over == SEEDS:
        if not all(re.fullmatch(r"\d{1,18}", value) for value in values):
            return None
        return Axis(way, values) if len(values) > 1 or 1 <= int(values[0]) <= variations.MOST else None
    if way.over != WORDS and not all(re.fullmatch(r"[+-]?\d{1,6}(?:\.\d{1,6})?", value) for value in values):
        return None
    return Axis(way, values)


def count_of(axis: Axis) -> int:
    """How many values it has."""
    return int(axis.values[0]) if axis.way.over == SEEDS and len(axis.values) == 1 else len(axis.values)


def drawn(axis: Axis, first: int) -> Axis:
    """An axis of so many seeds with the seeds themselves: the `first`, then any."""
    if axis.way.over != SEEDS or len(axis.values) > 1:
        return axis
    others = (secrets.randbelow(SEED_RANGE) for _ in range(count_of(axis) - 1))
    return replace(axis, values=(str(first), *map(str, others)))


def redrawn(axis: Axis) -> Axis:
    """The axis for another grid of the same kind: as many seeds, but others."""
    return replace(axis, values=(str(count_of(axis)),)) if axis.way.over == SEEDS else axis


@dataclass(frozen=True)
class Cells:
    """The scenes of a grid, row by row, and the labels of its columns and rows; those are empty with one axis."""

    cells: tuple[Variation, ...]
    across: tuple[str, ...] = ()
    down: tuple[str, ...] = ()


def cells_of(scene: Scene, axes: Sequence[Axis]) -> Cells:
    """The scenes of a grid over one axis, or over two, of which the last runs along the columns.

    Raises:
        SceneError: a value cannot be, or there are too many cells.
    """
    variations.check_count(*(count_of(axis) for axis in axes))
    base = edits.set_settings(scene, count=1)
    axes = [drawn(axis, base.settings.seed) for axis in axes]
    cells = [Variation("", base)]
    for axis in axes:
        cells = [
            Variation(" · ".join(filter(None, (cell.label, each.label))), each.scene)
            for cell in cells
            for each in _along(cell.scene, axis, axes)
        ]
    if len(axes) == 1:
        return Cells(tuple(cells))
    heads = [tuple(each.label for each in _along(base, axis, axes)) for axis in axes]
    return Cells(tuple(cells), down=heads[0], across=heads[1])


def _along(scene: Scene, axis: Axis, axes: Sequence[Axis]) -> list[Variation]:
    over, word = axis.way.over, axis.way.word
    if over == SEEDS:
        made = variations.seeds(scene, [int(value) for value in axis.values])
        return [replace(each, label=tr("seed {seed}", seed=v)) for each, v in zip(made, axis.values, strict=True)]
    if over == STRENGTHS:
        found = variations.strengths(scene, word, [float(value) for value in axis.values])
        if any(other.way == Way(WORDS, word) for other in axes):  # that word is another one in each row
            return [
                replace(each, label=tr("strength {value}", value=number(float(v))))
                for each, v in zip(found, axis.values, strict=True)
            ]
        phrase = scene.word(word).phrase
        return [replace(each, label=f"{phrase} {number(float(v))}") for each, v in zip(found, axis.values, strict=True)]
    if over == WORDS:
        span = scene.word(word).span
        assert span is not None, "no word is offered that is gone"
        return variations.texts(scene, span, axis.values)
    whole = specs()[over].is_whole
    numbers = [int(float(v)) if whole else float(v) for v in axis.values]
    made, name = variations.settings(scene, over, numbers), tr(specs()[over].label)
    return [replace(each, label=f"{name} {number(value)}") for each, value in zip(made, numbers, strict=True)]
