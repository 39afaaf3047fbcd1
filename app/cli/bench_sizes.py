"""How fast large canvases are: the largest brush among many words, undo of patches and of all; and recorded strokes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPointF

from app.cli import bench_moves
from app.cli.bench_strokes import Recorded, like_a_hand, of_a_hand
from app.cli.bench_view import Effort, TimedView, post, settle, timed, wait
from canvas.model.document import Document
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.paint.brush import Brush
from engine.errors import BadRequest

SIZES = (1024, 2048, 4096)
WORDS = 64
DIAMETERS = (64, 256, 512, 1024)
PATCH = 512  # pixels along a side
BOUNDS = {"event_p95_ms": 8.0, "release_p95_ms": 16.7, "undo_patch_p95_ms": 8.0, "undo_whole_p95_ms": 40.0}
"""What painting, the end of a stroke (a frame of 60 a second) and undo may take at each size."""

Generating = Callable[[TimedView], AbstractContextManager[None]]
"""Pictures are made for a view, as long as the context lasts."""

Progress = Callable[[str], None]


@dataclass
class Times:
    """Milliseconds of the events of strokes that painted something, and of the turns in which buttons were let go."""

    moves: list[float] = field(default_factory=list)
    releases: list[float] = field(default_factory=list)


def rows(
    sizes: Sequence[int], *, effort: Effort, tell: Progress, generating: Generating | None = None
) -> list[dict[str, Any]]:
    """One row for each side of a square canvas: p95 in milliseconds, their bounds, and whether they are met.

    `event_p95_ms` is the slowest brush's, `release_p95_ms` the end of all strokes, "busy" the same while pictures are
    made, where they can be, "brushes" has it for each, "hand" for strokes of a hand and like a hand's, "moves" what
    panning and zooming take.
    """
    found = []
    for side in sizes:
        tell(f"canvas of {side} px")
        view, document = _shown(side)
        try:
            brushes, release = _brushes(view, document, side, effort)
            busy = None
            if generating is not None:
                with generating(view):
                    slowed, _ = _brushes(view, document, side, effort)
                busy = [_bounded(value, diameter=each) for each, value in slowed.items()]
            measured = {
                "event_p95_ms": max(brushes.values()),
                "release_p95_ms": release,
                "undo_patch_p95_ms": _undos(view, document, min(PATCH, side), effort),
                "undo_whole_p95_ms": _undos(view, document, side, effort),
            }
            hand = _replayed(view, document, [*of_a_hand(side), *like_a_hand(side)][: 2 * effort.strokes])
            moves = bench_moves.rows(view, side, effort)
        finally:
            view.close()
            view.deleteLater()
        met = all(measured[name] <= bound for name, bound in BOUNDS.items())
        found.append({"size": [side, side], "words": WORDS, "diameter": max(brushes), **measured, "bounds": BOUNDS,
                      "met": met, "brushes": [_bounded(value, diameter=each) for each, value in brushes.items()],
                      "busy": busy,
                      "hand": _bounded(_p95(hand.moves), events=len(hand.moves)), "moves": moves})  # fmt: skip
    return found


def _bounded(p95: float, **about: int) -> dict[str, Any]:
    bound = BOUNDS["event_p95_ms"]
    return {**about, "event_p95_ms": p95, "bound_ms": bound, "met": p95 <= bound}


def replay(strokes: Sequence[Recorded], side: int) -> dict[str, Any]:
    """The times of recorded strokes on a canvas of 64 words, drawn by posted mouse events."""
    view, document = _shown(side)
    try:
        times = _replayed(view, document, strokes)
    finally:
        view.close()
        view.deleteLater()
    if not times.moves:
        raise BadRequest("None of the strokes painted anything.", hint="Record strokes that lie on the canvas.")
    return {"strokes": len(strokes), **_bounded(_p95(times.moves), events=len(times.moves)),
            "event_median_ms": round(float(np.median(times.moves)), 3), "size": [side, side]}  # fmt: skip


def _replayed(view: TimedView, document: Document, strokes: Sequence[Recorded]) -> Times:
    times = Times()
    for stroke in strokes:
        view.set_selected_word(document.scene.words[stroke.word % WORDS].id)
        view.brush = stroke.brush
        settle(view)
        _draw(view, document, stroke.points, times)
    return times


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


def _brushes(view: TimedView, document: Document, side: int, effort: Effort) -> tuple[dict[int, float], float]:
    """p95 of an event by diameter, and of the end of a stroke of any."""
    found = {each: _strokes(view, document, side, each, effort) for each in DIAMETERS if each <= side}
    releases = [value for times in found.values() for value in times.releases]
    return {each: _p95(times.moves) for each, times in found.items()}, _p95(releases)


def _strokes(view: TimedView, document: Document, side: int, diameter: int, effort: Effort) -> Times:
    view.brush = Brush(diameter=diameter)
    times = Times()
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
        _draw(view, document, [(point[0], point[1]) for point in points], times)
        document.undo()
        document.undo()
        settle(view)
    return times


def _draw(view: TimedView, document: Document, points: Sequence[tuple[float, float]], times: Times) -> None:
    """One stroke, under the clock."""
    shown = None
    for index, point in enumerate(points):
        at = QPointF(*view.viewport.to_view(*point))
        kind = QEvent.Type.MouseMove if index else QEvent.Type.MouseButtonPress
        taken = timed(view, partial(post, view, kind, at))
        mask = document.live.mask if document.live is not None else None
        if mask is not None and mask is not shown and index:
            times.moves.append(taken)
        shown = mask
    start = time.perf_counter()
    post(view, QEvent.Type.MouseButtonRelease, at)
    QCoreApplication.processEvents()
    times.releases.append((time.perf_counter() - start) * 1000)
    settle(view)


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
