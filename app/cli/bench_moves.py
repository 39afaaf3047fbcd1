"""How smoothly a large canvas is moved: frame times of panning and zooming in a window and on a whole large screen."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF

from app.cli.bench_view import Effort, TimedView, settle, timed

WINDOWS: dict[tuple[int, int], float] = {(1600, 1000): 60.0, (3840, 2160): 20.0}
"""Sizes of the view in pixels, and the frames a second that are wanted in each."""
ZOOM_SPAN = 6.0  # from the whole picture to that many times as large, and back


def rows(view: TimedView, side: int, effort: Effort) -> list[dict[str, Any]]:
    """One row for each size of the window: p95 of a frame in milliseconds, its bound, and whether it is met."""
    found = []
    before = view.size()
    for (width, height), frames in WINDOWS.items():
        view.resize(width, height)
        view.fit()
        settle(view)
        zooms = _zooms(view, effort.moves)
        pans = _pans(view, effort.moves)
        bound = round(1000 / frames, 1)
        measured = {"pan_p95_ms": _p95(pans), "zoom_p95_ms": _p95(zooms), "zoom_max_ms": round(max(zooms), 3)}
        found.append({"size": [side, side], "window": [width, height], **measured,
                      "bounds": {"pan_p95_ms": bound, "zoom_p95_ms": bound},
                      "met": max(measured["pan_p95_ms"], measured["zoom_p95_ms"]) <= bound})  # fmt: skip
    view.resize(before)
    view.fit()
    settle(view)
    return found


def _pans(view: TimedView, frames: int) -> list[float]:
    """Round a circle, at the zoom at which the picture is half as large again as the view."""
    view.fit()
    view.zoom_by(1.5, QPointF(view.width() / 2, view.height() / 2))
    settle(view)
    times = []
    for frame in range(2 * frames):
        turn = 2 * math.pi * frame / frames
        dx, dy = 21 * math.cos(turn), 21 * math.sin(turn)
        times.append(timed(view, lambda dx=dx, dy=dy: view.pan_by(dx, dy)))  # type: ignore[misc]
    return times


def _zooms(view: TimedView, frames: int) -> list[float]:
    """In about a place off the middle and out again, twice, as with a wheel of fine steps."""
    view.fit()
    settle(view)
    factor, at, times = ZOOM_SPAN ** (1 / frames), QPointF(view.width() * 0.4, view.height() * 0.6), []
    for frame in range(4 * frames):
        step = factor if (frame // frames) % 2 == 0 else 1 / factor
        times.append(timed(view, lambda step=step: view.zoom_by(step, at)))  # type: ignore[misc]
    return times


def _p95(values: list[float]) -> float:
    return round(float(np.percentile(values, 95)), 3)
