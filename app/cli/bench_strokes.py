"""Strokes for measuring: a hand's, recorded; others from a file; and a set drawn by the laws of a hand."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import resources
from canvas.paint.brush import MAX_DIAMETER, MIN_DIAMETER, Brush
from engine.errors import BadRequest

LARGEST_FILE = 50_000_000  # bytes of recorded strokes
RATE = 120  # samples a second, as pens and most mice give
_SWEEPS = 14  # strokes of the set
_DIAMETERS = (24.0, 96.0, 256.0, 512.0, 1024.0)


@dataclass(frozen=True)
class Recorded:
    """A stroke as it was drawn: the number of its word, its brush, and points (x, y) in pixels of the canvas."""

    word: int
    brush: Brush
    points: tuple[tuple[float, float], ...]


def read_strokes(path: Path) -> list[Recorded]:
    """Strokes of a JSON file: a list of objects with "points" ([[x, y], ...]) and maybe "word", "diameter", "hardness",
    "opacity" and "erase".

    Raises:
        BadRequest: the file cannot be read, or holds something else.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError("it is too large")
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, list) or not found:
            raise ValueError("it is not a list of strokes")
        return [_recorded(each) for each in found]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRequest(
            f"The strokes in “{path.name}” cannot be read: {error}",
            hint='Give a JSON list of strokes: [{"word": 0, "diameter": 64, "points": [[10, 10], [50, 40]]}].',
        ) from error


def _recorded(found: dict[str, Any]) -> Recorded:
    points = tuple((float(x), float(y)) for x, y in found["points"])
    if not points or not all(math.isfinite(value) for point in points for value in point):
        raise ValueError("a stroke has no points, or some that are not numbers")
    diameter = min(max(float(found.get("diameter", 64)), MIN_DIAMETER), MAX_DIAMETER)
    brush = Brush(
        diameter=diameter,
        hardness=float(found.get("hardness", 0.8)),
        opacity=float(found.get("opacity", 1.0)),
        erase=bool(found.get("erase", False)),
    )
    return Recorded(int(found.get("word", 0)), brush, points)


def of_a_hand(side: int) -> list[Recorded]:
    """A written word, "hey", that a hand wrote in one stroke, across a square canvas with five brushes.

    It is from the tests of perfect-freehand (MIT, see resources/licences): 302 points as a browser gave them, with the
    dwelling at turns and the leaps between that a hand makes.
    """
    written = np.array(read_strokes(resources.path("strokes", "hey.json"))[0].points)
    low, high = written.min(0), written.max(0)
    placed = (0.1 + 0.8 * (written - low) / (high - low).max()) * side
    return [
        Recorded(7 * number + 2, Brush(diameter=diameter), tuple((float(x), float(y)) for x, y in placed))
        for number, diameter in enumerate(_DIAMETERS)
    ]


def like_a_hand(side: int, *, seed: int = 0) -> list[Recorded]:
    """Strokes as a hand fills an area, on a square canvas: to and fro, in loops, along curves; the same each time.

    They are computed, not recorded: each swing has the speed of least jerk, slow at both ends and fast between (Flash
    and Hogan 1985, 30t² (1-t)²), bows to a side, and a tremor of 8..12 Hz lies on it. A swing takes 0.25..0.6 s.
    """
    rng = np.random.default_rng(seed)
    strokes = []
    for number in range(_SWEEPS):
        at = rng.uniform(0.2, 0.8, 2) * side
        points: list[np.ndarray] = []
        heading = rng.uniform(0, 2 * math.pi)
        phase, tremor = rng.uniform(0, 2 * math.pi, 2), rng.uniform(8, 12, 2)
        for _ in range(int(rng.integers(2, 5))):
            reach, count = rng.uniform(0.08, 0.3) * side, int(rng.uniform(0.25, 0.6) * RATE)
            end = np.clip(at + reach * np.array((math.cos(heading), math.sin(heading))), 0.05 * side, 0.95 * side)
            bow = rng.uniform(-0.35, 0.35) * np.array((at[1] - end[1], end[0] - at[0]))
            share = np.arange(1, count + 1) / count
            done = (10 * share**3 - 15 * share**4 + 6 * share**5)[:, None]
            time = (len(points) + np.arange(count))[:, None] / RATE
            wobble = side * 4e-4 * np.sin(2 * math.pi * tremor * time + phase)
            points += list(at + (end - at) * done + 4 * done * (1 - done) * bow + wobble)
            at, heading = end, heading + math.pi + rng.uniform(-0.9, 0.9)
        brush = Brush(diameter=_DIAMETERS[number % 5], erase=number % 7 == 6)
        strokes.append(Recorded(5 * number + 3, brush, tuple((float(x), float(y)) for x, y in points)))
    return strokes
