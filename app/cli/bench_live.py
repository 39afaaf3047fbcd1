"""How quick live mode is: the real window and engine, strokes without end, pictures a second and the window's gaps."""

from __future__ import annotations

import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer

from app.cli.bench_view import PATIENCE_SECONDS, post
from app.image_info.displayed_image import DisplayedImage
from app.main import SWITCH_INTERVAL, make_application
from app.paths import HOME_VARIABLE, tell_engine
from app.preferences import Preferences
from app.widgets.theme import Theme
from app.window.main_window import MainWindow
from canvas.model import edits
from canvas.model.scene import Scene, Settings
from canvas.paint.brush import Brush
from engine import LocalExecutor
from engine.facts import STARTER

PROMPT = "a house by a lake under a red sky"
WORDS = ("house", "lake", "sky")
MOVE_MS = 8  # as a tablet sends them
STROKE_MOVES = 150
FRAME_MS = 1000 / 60

Progress = Callable[[str, float], None]


class _Hand:
    """Paints one word after another in loops over the canvas, by mouse events, until it is stopped."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._view, self._count, self._at = window, window.view, 0, QPointF()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._move)

    def start(self) -> None:
        """Begin a stroke."""
        self._timer.start(MOVE_MS)

    def stop(self) -> None:
        """Lift the pen."""
        self._timer.stop()
        if self._count % STROKE_MOVES:
            post(self._view, QEvent.Type.MouseButtonRelease, self._at)

    def _move(self) -> None:
        stroke, step = divmod(self._count, STROKE_MOVES)
        width, height = self._window.session.scene.size
        turn = 2 * math.pi * step / STROKE_MOVES
        x = width * (0.5 + 0.35 * math.cos(turn + stroke))
        y = height * (0.5 + 0.3 * math.sin(2 * turn + stroke))
        self._at = QPointF(*self._view.viewport.to_view(x, y))
        if step == 0:
            words = self._window.session.scene.words
            self._window.session.choose_word(words[stroke % len(words)].id)
            post(self._view, QEvent.Type.MouseButtonPress, self._at)
        elif step == STROKE_MOVES - 1:
            post(self._view, QEvent.Type.MouseButtonRelease, self._at)
        else:
            post(self._view, QEvent.Type.MouseMove, self._at)
        self._count += 1


def run(
    *, progress: Progress | None = None, model: str = STARTER, seconds: float = 20.0, size: int = 256
) -> dict[str, Any]:
    """Measure on the platform that is set and return the JSON of `bench live`.

    Its `load` is how many programs wanted a core in the last minute, as the system tells it, before the brush moved;
    far above the number of cores the figures say little.

    Args:
        seconds: for how many seconds the brush moves, with live mode and once more without it.
        size: side of the canvas in pixels.

    Raises:
        EngineError: the model cannot be loaded. RuntimeError: no picture came within two minutes.
    """
    tell = progress or (lambda text, fraction: None)
    interval = sys.getswitchinterval()
    app = make_application()
    with _own_home():
        sys.setswitchinterval(SWITCH_INTERVAL)
        preferences = Preferences()
        window = MainWindow(preferences, Theme(app, preferences.values.theme), LocalExecutor())
        try:
            return _measure(window, tell, model=model, seconds=seconds, size=size)
        finally:
            window.document.mark_saved()
            window.shut_down()
            window.deleteLater()
            sys.setswitchinterval(interval)


def _measure(window: MainWindow, tell: Progress, *, model: str, seconds: float, size: int) -> dict[str, Any]:
    generation = window.generation
    window.resize(1200, 900)
    scene = Scene(prompt=PROMPT, size=(size, size), settings=Settings(model=model, seed=7))
    for word in WORDS:
        at = PROMPT.index(word)
        scene, _id = edits.add_word(scene, (at, at + len(word)))
    window.document.load(scene)
    window.session.set_brush(Brush(diameter=size / 8))
    window.show()
    pictures: list[tuple[float, int]] = []
    failures: list[Exception] = []

    def came(image: DisplayedImage) -> None:
        assert image.scene is not None
        pictures.append((time.perf_counter(), image.scene.settings.steps))

    generation.picture.connect(came)
    generation.failed.connect(failures.append)
    tell("loading the model", 0.0)
    window.start_engine()
    generation.live.pause(False)
    window.actions_table["generate.live"].setChecked(True)
    _until(lambda: len(pictures) > 0, failures)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None  # what else this machine does
    rows = []
    hand = _Hand(window)
    for share, live in enumerate((True, False)):
        tell(f"the brush moves, live mode {'on' if live else 'off'}", 0.2 + 0.4 * share)
        window.actions_table["generate.live"].setChecked(live)
        if live:
            generation.pause_live(False)  # a battery is no reason here
        pictures.clear()
        hand.start()
        began = time.perf_counter()
        turns = _turns(seconds, failures)
        hand.stop()
        taken = time.perf_counter() - began
        times = [at for at, _steps in pictures]
        gaps = np.diff(turns) * 1000
        rows.append(
            {
                "live": live,
                "steps": pictures[-1][1] if pictures else None,
                "pictures_per_second": round(len(times) / taken, 2),
                "picture_gap_max_ms": round(float(np.diff([began, *times]).max()) * 1000) if times else None,
                "ui_gap_p95_ms": round(float(np.percentile(gaps, 95)), 2),
                "ui_gap_p99_ms": round(float(np.percentile(gaps, 99)), 2),
                "ui_gap_max_ms": round(float(gaps.max()), 2),
                "late_share": round(float(gaps[gaps > FRAME_MS].sum() / gaps.sum()), 4),
            }
        )
    tell("done", 1.0)
    return {
        "schema": 1,
        "model": model,
        "size": [size, size],
        "seconds": seconds,
        "cores": os.cpu_count(),
        "load": None if load is None else round(load, 1),
        "rows": rows,
    }


def _turns(seconds: float, failures: list[Exception]) -> list[float]:
    """When the event loop came round, in seconds, over so long a time."""
    loop, timer, turns = QEventLoop(), QTimer(), [time.perf_counter()]
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    until = turns[0] + seconds

    def tick() -> None:
        turns.append(time.perf_counter())
        if failures or turns[-1] > until:
            loop.quit()

    timer.timeout.connect(tick)
    timer.start(1)
    loop.exec()
    timer.stop()
    if failures:
        raise failures[0]
    return turns


def _until(done: Callable[[], bool], failures: list[Exception]) -> None:
    until = time.perf_counter() + PATIENCE_SECONDS
    while not done():
        _turns(0.05, failures)
        if time.perf_counter() > until:
            raise RuntimeError("No live picture came within two minutes.")


@contextmanager
def _own_home() -> Iterator[None]:
    """A user's folder for the time of the measurement; the models stay those that are there."""
    tell_engine()
    before = os.environ.get(HOME_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="wordbrush-bench-") as folder:
        os.environ[HOME_VARIABLE] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[HOME_VARIABLE]
            else:
                os.environ[HOME_VARIABLE] = before
