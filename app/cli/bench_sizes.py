"""How fast large canvases are: the largest brush among many words, undo of patches and of all; and recorded strokes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF

from app.cli.bench_view import Effort, TimedView, post, settle, timed, wait
from canvas.model.document import Document
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.paint.brush import MAX_DIAMETER, MIN_DIAMETER, Brush
from engine.errors import BadRequest

SIZES = (1024, 2048, 4096)
WORDS = 64
DIAMETER = 1024
PATCH = 512  # pixels along a side
BOUNDS = {"event_p95_ms": 8.0, "undo_patch_p95_ms": 8.0, "undo_whole_p95_ms": 40.0}
"""What painting and undo may take at each size."""
LARGEST_FILE = 50_000_000  # bytes of recorded strokes

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Recorded:
    """A stroke as it was drawn: the number of its word, its brush, and points (x, y) in pixels of the canvas."""

    word: int
    brush: Brush
    points: tuple[tuple[float, float], ...]


def rows(sizes: Sequence[int], *, effort: Effort, tell: Progress) -> list[dict[str, Any]]:
    """One row for each side of a square canvas: p95 in milliseconds, their bounds, and whether they are met."""
    found = []
    for side in sizes:
        tell(f"canvas of {side} px")
        view, document = _shown(side)
        try:
            measured = {
                "event_p95_ms": _strokes(view, document, side, effort),
                "undo_patch_p95_ms": _undos(view, document, min(PATCH, side), effort),
                "undo_whole_p95_ms": _undos(view, document, side, effort),
            }
        finally:
            view.close()
            view.deleteLater()
        met = all(measured[name] <= bound for name, bound in BOUNDS.items())
        found.append({"size": [side, side], "words": WORDS, "diameter": min(DIAMETER, side), **measured,
                      "bounds": BOUNDS, "met": met})  # fmt: skip
    return found


def replay(strokes: Sequence[Recorded], side: int) -> dict[str, Any]:
    """The times of recorded strokes on a canvas of 64 words, drawn by posted mouse events."""
    view, document = _shown(side)
    times: list[float] = []
    try:
        for stroke in strokes:
            view.set_selected_word(document.scene.words[stroke.word % WORDS].id)
            view.brush = stroke.brush
            times += _drawn(view, document, stroke.points)
    finally:
        view.close()
        view.deleteLater()
    if not times:
        raise BadRequest("None of the strokes painted anything.", hint="Record strokes that lie on the canvas.")
    return {"strokes": len(strokes), "events": len(times), "event_p95_ms": _p95(times),
            "event_median_ms": round(float(np.median(times)), 3), "size": [side, side]}  # fmt: skip


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
            raise ValueError("it is no list of strokes")
        return [_recorded(each) for each in found]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRequest(
            f"The strokes in “{path.name}” cannot be read: {error}",
            hint='Give a JSON list of strokes: [{"word": 0, "diameter": 64, "points": [[10, 10], [50, 40]]}].',
        ) from error


def _recorded(found: dict[str, Any]) -> Recorded:
    points = tuple((float(x), float(y)) for x, y in found["points"])
    if not points or not all(math.isfinite(value) for point in points for value in point):
        raise ValueError("a stroke has no points, or some that are no numbers")
    diameter = min(max(float(found.get("diameter", 64)), MIN_DIAMETER), MAX_DIAMETER)
    brush = Brush(
        diameter=diameter,
        hardness=float(found.get("hardness", 0.8)),
        opacity=float(found.get("opacity", 1.0)),
        erase=bool(found.get("erase", False)),
    )
    return Recorded(int(found.get("word", 0)), brush, points)


def scene_of(side: int) -> Scene:
    """64 words, each a soft ellipse about its place in a grid of 8 by 8, two or three deep everywhere."""
    names = [f"word{chr(97 + index // 26)}{chr(97 + index % 26)}" for index in range(WORDS)]
    document, at = Document(Scene(prompt=" ".join(names), size=(side, side))), 0
    across = math.isqrt(WORDS)
    reach = (side / across * 1.02, side / across * 0.8)
    for index, name in enumerate(names):
        word_id = document.add_word((at, at + len(name)))
        at += len(name) + 1
        middle = ((index % across + 0.5) * side / across, (index // across + 0.5) * side / across)
        values = np.zeros((side, side), np.uint8)
        x0, y0 = (max(0, int(middle[axis] - reach[axis])) for axis in (0, 1))
        x1, y1 = (min(side, int(middle[axis] + reach[axis])) for axis in (0, 1))
        ys, xs = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        away = np.hypot((xs - middle[0]) / reach[0], (ys - middle[1]) / reach[1])
        values[y0:y1, x0:x1] = np.clip((1 - away) * 8, 0, 1) * 255
        document.apply(document.scene.with_mask(word_id, TiledMask.from_array(values)), "Paint")
    return document.scene


def _shown(side: int) -> tuple[TimedView, Document]:
    view, document = TimedView(), Document(scene_of(side))
    view.resize(1200, 960)
    view.set_document(document)
    view.set_picture(np.full((64, 64, 3), 128, np.uint8))
    view.show()
    wait(lambda: view.paints > 0)
    return view, document


def _strokes(view: TimedView, document: Document, side: int, effort: Effort) -> float:
    view.brush = Brush(diameter=min(DIAMETER, side))
    times: list[float] = []
    for number in range(effort.strokes):
        word = document.scene.words[(5 * number + 3) % WORDS]
        view.set_selected_word(word.id)
        document.clear_word(word.id)
        settle(view)
        angle, reach = 2 * math.pi * number / effort.strokes, side * 0.55
        ends = [
            (side / 2 + share * math.cos(angle) * reach, side / 2 + share * math.sin(angle) * reach)
            for share in (-1, 1)
        ]
        points = [
            tuple(a + (b - a) * step / effort.moves for a, b in zip(*ends, strict=True)) for step in range(effort.moves)
        ]
        times += _drawn(view, document, [(point[0], point[1]) for point in points])
        document.undo()
        document.undo()
        settle(view)
    return _p95(times)


def _drawn(view: TimedView, document: Document, points: Sequence[tuple[float, float]]) -> list[float]:
    """Milliseconds of each event of a stroke that painted something."""
    times, shown = [], None
    for index, point in enumerate(points):
        at = QPointF(*view.viewport.to_view(*point))
        kind = QEvent.Type.MouseMove if index else QEvent.Type.MouseButtonPress
        taken = timed(view, partial(post, view, kind, at))
        mask = document.live.mask if document.live is not None else None
        if mask is not None and mask is not shown and index:
            times.append(taken)
        shown = mask
    post(view, QEvent.Type.MouseButtonRelease, at)
    settle(view)
    return times


def _undos(view: TimedView, document: Document, side: int, effort: Effort) -> float:
    """Undo and redo of a square patch in the middle of the canvas."""
    times: list[float] = []
    word, whole = document.scene.words[0], document.scene.size[0]
    values = document.scene.masks[word.id].to_array()
    start = (whole - side) // 2
    patch = values[start : start + side, start : start + side]
    patch[...] = 255 - patch // 2
    after = TiledMask.from_array(values)
    view.set_selected_word(word.id)
    document.apply(document.scene.with_mask(word.id, after), "Patch")
    settle(view)
    for _ in range(max(3, effort.strokes)):
        times += [timed(view, document.undo), timed(view, document.redo)]
    document.undo()
    settle(view)
    return _p95(times)


def _p95(values: Sequence[float]) -> float:
    return round(float(np.percentile(values, 95)), 3)
