"""One scene in several variations: other seeds, strengths of a word, texts in its place, or values of a setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from canvas.model import edits
from canvas.model.errors import SceneError
from canvas.model.scene import Scene
from canvas.model.words import Span

MOST = 100
"""Cells of a grid at most: more would be too small on a sheet, and take hours."""


@dataclass(frozen=True)
class Variation:
    """A scene that differs in one thing or two, and what is said of it."""

    label: str
    scene: Scene


def seeds(scene: Scene, values: Sequence[int]) -> list[Variation]:
    """The scene by other seeds. Raises SceneError for one that cannot be."""
    return [Variation(f"seed {value}", edits.set_settings(scene, seed=value, count=1)) for value in values]


def settings(scene: Scene, name: str, values: Sequence[Any]) -> list[Variation]:
    """The scene by other values of a setting. Raises SceneError for one that cannot be."""
    said = name.replace("_", " ")
    return [Variation(f"{said} {value:g}", edits.set_settings(scene, **{name: value})) for value in values]


def strengths(scene: Scene, word_id: str, values: Sequence[float]) -> list[Variation]:
    """The scene by other strengths of a word. Raises SceneError for one that cannot be."""
    phrase = scene.word(word_id).phrase
    return [Variation(f"{phrase} {value:g}", edits.change_word(scene, word_id, strength=value)) for value in values]


def texts(scene: Scene, span: Span, values: Sequence[str]) -> list[Variation]:
    """The scene with other texts in place of a span of its prompt; paint on that place stays there.

    Raises:
        SceneError: a text is blank.
    """
    if not all(value.strip() for value in values):
        raise SceneError("A word of the grid is blank.", hint="Separate the words by commas, each with letters.")
    return [Variation(value.strip(), edits.rewrite(scene, span, value.strip())) for value in values]


def check_count(*counts: int) -> None:
    """Raise SceneError where a grid has no cells, or too many."""
    cells = 1
    for count in counts:
        cells *= count
    if not 1 <= cells <= MOST:
        raise SceneError(
            f"A grid of {cells} pictures cannot be made.", hint=f"Name between one and {MOST} values in all."
        )
