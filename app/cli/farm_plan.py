"""What a farm is to make: every scene with every value of every axis and every seed, each with a file of its own."""

from __future__ import annotations

import argparse
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.cli import grid_option
from app.cli.grid_option import Axis
from app.cli.output import CommandError
from canvas.model import edits
from canvas.model.loras import as_read
from canvas.model.scene import Scene, acting_words
from canvas.model.variations import Variation
from resources.limits import MAX_SEED

MOST = 1_000_000
"""Pictures of one run; more are another run, into another folder."""
ALL_WORDS = "strength"
_RANGE = re.compile(r"(\d{1,19})(?:-(\d{1,19}))?", re.ASCII)
_UNFIT = re.compile(r"[^\w.+-]+")
_LONGEST_PART = 60


@dataclass(frozen=True)
class Cell:
    """One picture of the farm: its scene with seed and values, what the scene is called, and the picture's file."""

    scene: Scene
    name: str
    label: str
    path: Path

    @property
    def seed(self) -> int:
        """The seed that it is made with."""
        return self.scene.settings.seed


def parse_seeds(text: str) -> tuple[int, ...]:
    """Seeds as a flag's value: `A-B`, both included, or single ones, or several of these with commas between.

    Raises:
        argparse.ArgumentTypeError: it is not of that kind, or more than `MOST`.
    """
    found: dict[int, None] = {}
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise argparse.ArgumentTypeError(f'"{text}" are no seeds, write them as 0-99 or 1,2,5')
        first = int(match[1])
        last = first if match[2] is None else int(match[2])
        if not first <= last <= MAX_SEED or last - first >= MOST:
            raise argparse.ArgumentTypeError(f'"{part.strip()}" is no range of seeds from 0 to {MAX_SEED}')
        found |= dict.fromkeys(range(first, last + 1))
    return tuple(found)


def parse_axis(text: str) -> Axis:
    """An axis as `render --grid` takes it, and `strength=V,V`: the strengths of all painted words times V.

    Raises:
        CommandError: it is not of that kind, or over seeds, which have a flag of their own.
    """
    what, equals, values = text.partition("=")
    if what.strip() == ALL_WORDS and equals:
        return Axis(text, ALL_WORDS, "", 1, grid_option.parse_grid(f"steps={values}").values)
    axis = grid_option.parse_grid(text)
    if axis.kind == "seed":
        raise CommandError("The farm takes its seeds from --seeds.", hint="Write --seeds 0-99 instead.")
    return axis


def plan(scenes: Sequence[tuple[str, Scene]], axes: Sequence[Axis], seeds: Sequence[int], out: Path) -> list[Cell]:
    """All cells, scene by scene, and of each scene seed by seed, so that every setting is seen early.

    Args:
        scenes: each with the name that its pictures begin with.

    Raises:
        CommandError: a value that is no number, or too many pictures. WordNotInPrompt: a phrase is not there.
        SceneError: a value cannot be, or a word is not painted.
    """
    count = len(scenes) * len(seeds)
    for axis in axes:
        count *= len(dict.fromkeys(axis.values))
    if count > MOST:
        raise CommandError(f"{count} pictures are too many for one run.", hint=f"Ask for at most {MOST}.")
    taken: dict[str, int] = {}
    cells = []
    for name, scene in scenes:
        combined = list(_combined(edits.set_settings(scene, count=1), axes))
        for seed, variation in itertools.product(seeds, combined):
            stem = "-".join(filter(None, (_fit(name), *map(_fit, variation.label.split(" · ")), f"s{seed}")))
            number = taken[stem] = taken.get(stem, 0) + 1
            path = out / (f"{stem}.png" if number == 1 else f"{stem}-{number}.png")
            # As `render` does: of `{this|that}` the picture carries what its seed chose.
            cells.append(Cell(as_read(edits.set_settings(variation.scene, seed=seed)), name, variation.label, path))
    return cells


def _combined(scene: Scene, axes: Sequence[Axis], label: str = "") -> Iterator[Variation]:
    """The scene with every combination of the axes' values, the last axis fastest."""
    if not axes:
        yield Variation(label, scene)
        return
    for each in _along(scene, axes[0]):
        yield from _combined(each.scene, axes[1:], " · ".join(filter(None, (label, each.label))))


def _along(scene: Scene, axis: Axis) -> list[Variation]:
    once = Axis(axis.text, axis.kind, axis.phrase, axis.number, tuple(dict.fromkeys(axis.values)))
    if axis.kind != ALL_WORDS or axis.phrase:
        return grid_option.along(scene, once)
    return [_times(scene, grid_option.to_number(value, float, axis)) for value in once.values]


def _times(scene: Scene, factor: float) -> Variation:
    """The scene with the strength of each word `factor` times what it was."""
    if not acting_words(scene):
        raise CommandError("No word is painted, so its strength changes nothing.", hint="Leave out --grid strength=.")
    changed = scene
    for word in scene.words:
        changed = edits.change_word(changed, word.id, strength=word.strength * factor)
    return Variation(f"strength {factor:g}", changed)


def _fit(text: str) -> str:
    """A part of a file's name: letters, digits and what every disk takes."""
    return _UNFIT.sub("-", text).strip("-.")[:_LONGEST_PART]
