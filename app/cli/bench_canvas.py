"""How fast the canvas is: from a posted pointer event to the end of its paint event, idle and while generating."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.cli import bench_sizes, bench_strokes
from app.cli.bench_view import PATIENCE_SECONDS, Effort, TimedView, post, settle, timed, wait
from app.generation.event_bridge import EventBridge
from app.main import SWITCH_INTERVAL
from canvas.model.colour_layer import ColourLayer
from canvas.model.document import UNDO_BYTES, Document
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask
from canvas.paint.brush import Brush
from canvas.view.canvas_view import CanvasView
from canvas.view.qimage import to_rgb
from engine import Event, Failed, GenerateRequest, Library, Loading, LocalExecutor, Preview, Started
from engine.facts import STARTER
from engine.protocol import FINAL_EVENTS

SIZE = 1024
PROMPT = "sky cloud sun moon hill forest river lake house barn road meadow tree boat bridge tower"
WORDS = len(PROMPT.split())
DIAMETERS = (32, 256, 512, 1024)
LARGEST_PATCH = 32  # diameter up to which a stroke of half the canvas is undone as quickly as a patch of 512 pixels

Progress = Callable[[str, float], None]


DEFAULT_EFFORT = Effort()


class Background:
    """An engine that loads the model and then generates without end; previews go to the canvas, as in the window."""

    def __init__(self, view: CanvasView, model: str) -> None:
        self._model = model
        self._bridge = EventBridge()
        self._bridge.arrived.connect(self._take)
        self._view = view
        self._executor = LocalExecutor()
        self.loaded = self.ended = False
        self.failure: Exception | None = None
        self.previews = 0

    def load(self) -> None:
        """Starts the engine and asks for the model; `loaded` or `failure` says when it is there."""
        self._executor.start(self._bridge.post)
        self._executor.warm_up(self._model)

    def generate(self) -> None:
        """Asks for pictures, more than any measurement waits for."""
        request = GenerateRequest.of(id="bench", prompt="a house by a lake", steps=1000, count=64, model=self._model)
        self._executor.submit(request)

    def stop(self) -> None:
        """Ends the thread."""
        self._executor.close(30.0)

    def _take(self, event: Event) -> None:
        if isinstance(event, Failed):
            self.failure = event.error
        elif isinstance(event, Loading):
            self.loaded = event.fraction >= 1.0
        elif isinstance(event, Started):
            self.loaded = True
        elif isinstance(event, Preview):
            self.previews += 1
            self._view.set_preview(event.rgb)
        self.ended = self.ended or isinstance(event, FINAL_EVENTS)


def run(
    *,
    progress: Progress | None = None,
    model: str = STARTER,
    effort: Effort = DEFAULT_EFFORT,
    sizes: Sequence[int] = (),
    strokes: str | None = None,
) -> dict[str, Any]:
    """Measures on the platform that is set (xcb under Xvfb for the record) and returns the JSON of `bench canvas`.

    Without the model there are no busy rows, and the gaps are null. With `sizes` there are rows for square canvases of
    those sides, with `strokes` one for the strokes recorded in that file (`app.cli.bench_strokes`).

    Raises:
        RuntimeError: an event left the screen as it was, or never led to a paint event.
        EngineError: the model is there and cannot be loaded; BadRequest: so is the file of strokes.
    """
    tell = progress or (lambda text, fraction: None)
    recorded = bench_strokes.read_strokes(Path(strokes)) if strokes is not None else []
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    view = TimedView()
    background = Background(view, model)
    loading_gap = generating_gap = None
    try:
        view.resize(1200, 960)
        view.set_picture(_picture())
        document = Document(_scene())
        view.set_document(document)
        view.set_picture(_picture())
        view.show()
        wait(lambda: view.paints > 0)
        rows = []
        for index, diameter in enumerate(DIAMETERS):
            tell(f"brush of {diameter} px, idle", index / 10)
            rows.append(_row(view, document, diameter, effort=effort, busy=False))
        tell("undo memory", 0.4)
        undo_bytes = _undo_bytes(view, effort.undo_strokes)
        view.set_document(document)
        view.set_picture(_picture())
        if any(known.name == model for known in Library().list()) or Path(model).exists():
            tell("event loop while loading", 0.5)
            loading_gap = _longest_gap(lambda: background.loaded, start=background.load, background=background)
            tell("event loop while generating", 0.55)
            background.generate()
            wait(lambda: background.previews > 0 or background.failure is not None)
            until = time.perf_counter() + effort.seconds
            generating_gap = _longest_gap(lambda: time.perf_counter() > until, background=background)
            for index, diameter in enumerate(DIAMETERS):
                tell(f"brush of {diameter} px while generating", 0.6 + index / 10)
                rows.append(_row(view, document, diameter, effort=effort, busy=True))
            if background.ended:
                raise RuntimeError("The generation ended before the measurement did.")
    finally:
        background.stop()
        view.close()
        view.deleteLater()
        sys.setswitchinterval(interval)
    found = {
        "schema": 1,
        "size": [SIZE, SIZE],
        "words": WORDS,
        "platform": app.platformName(),
        "zoom": round(view.zoom, 3),
        "rows": rows,
        "undo_bytes_200": undo_bytes,
        "undo_bytes_cap": UNDO_BYTES,
        "ui_gap_max_ms": None if loading_gap is None or generating_gap is None else max(loading_gap, generating_gap),
        "ui_gap_loading_max_ms": loading_gap,
        "ui_gap_generating_max_ms": generating_gap,
    }
    if sizes:
        found["sizes"] = bench_sizes.rows(
            sizes,
            effort=effort,
            tell=lambda text: tell(text, 1.0),
            generating=partial(_generating, model) if generating_gap is not None else None,
        )
    if recorded:
        found["recorded"] = bench_sizes.replay(recorded, SIZE)
    return found


@contextmanager
def _generating(model: str, view: TimedView) -> Iterator[None]:
    """Pictures are made without end, and their previews shown."""
    background = Background(view, model)
    try:
        background.load()
        background.generate()
        wait(lambda: background.previews > 0 or background.failure is not None)
        yield
        if background.failure is not None:
            raise background.failure
    finally:
        background.stop()
        view.set_preview(None)


def _scene() -> Scene:
    """16 words, each a soft ellipse about its place in a 4x4 grid, about two and a half deep everywhere."""
    scene, at = Scene(prompt=PROMPT, size=(SIZE, SIZE)), 0
    ys, xs = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    document = Document(scene)
    for index, name in enumerate(PROMPT.split()):
        word_id = document.add_word((at, at + len(name)))
        at += len(name) + 1
        middle_x, middle_y = (index % 4 + 0.5) * SIZE / 4, (index // 4 + 0.5) * SIZE / 4
        distance = np.hypot((xs - middle_x) / 260, (ys - middle_y) / 200)
        soft = np.clip((1 - distance) * 8, 0, 1) * 255
        document.apply(document.scene.with_mask(word_id, TiledMask.from_array(soft.astype(np.uint8))), "Paint")
    return document.scene


def _picture() -> np.ndarray:
    """A result to lie under the paint."""
    ys, xs = np.mgrid[0:SIZE, 0:SIZE]
    return np.stack([xs * 255 // SIZE, ys * 255 // SIZE, (xs ^ ys) & 255], axis=-1).astype(np.uint8)


def _row(view: TimedView, document: Document, diameter: int, *, effort: Effort, busy: bool) -> dict[str, Any]:
    view.brush = Brush(diameter=diameter)
    events: list[float] = []
    undos: list[float] = []
    for number in range(effort.strokes):
        word = document.scene.words[(5 * number + 3) % WORDS]
        view.set_selected_word(word.id)
        document.clear_word(word.id)
        settle(view)
        events += _stroke(view, document, diameter, 2 * math.pi * number / effort.strokes, effort.moves, check=not busy)
        undos.append(timed(view, document.undo))
        undos.append(timed(view, document.redo))
        document.undo()
        document.undo()  # the clearing
        settle(view)
    p95 = {"event_p95_ms": _p95(events), "undo_p95_ms": _p95(undos)}
    undo = "undo_patch_p95_ms" if diameter <= LARGEST_PATCH else "undo_whole_p95_ms"
    bounds = {"event_p95_ms": bench_sizes.BOUNDS["event_p95_ms"], "undo_p95_ms": bench_sizes.BOUNDS[undo]}
    return {
        "diameter": diameter,
        "busy": busy,
        **p95,
        "event_median_ms": round(float(np.median(events)), 3),
        "events": len(events),
        "bounds": bounds,
        "met": all(p95[name] <= bound for name, bound in bounds.items()),
    }


def _stroke(
    view: TimedView, document: Document, diameter: int, angle: float, moves: int, *, check: bool
) -> list[float]:
    """One stroke by posted mouse events; every one must change the word's paint and (with `check`) the screen."""
    # From beyond one edge towards the middle, so that each move has something left to paint even at full width.
    reach = min(diameter / 2, 400) * 0.5
    start = QPointF(SIZE / 2 - math.cos(angle) * (SIZE / 2 + reach), SIZE / 2 - math.sin(angle) * (SIZE / 2 + reach))
    step = QPointF(math.cos(angle), math.sin(angle)) * ((SIZE / 2 + reach) / moves * 0.9)
    times = []
    word_id = view.selected_word
    assert word_id is not None
    screen = _screen(view) if check else None
    shown: TiledMask | ColourLayer = document.scene.masks[word_id]
    for index in range(moves):
        at = QPointF(*view.viewport.to_view(start.x() + step.x() * index, start.y() + step.y() * index))
        kind = QEvent.Type.MouseMove if index else QEvent.Type.MouseButtonPress
        taken = timed(view, partial(post, view, kind, at))
        live = document.live
        if live is None or (live.mask is shown and index > 1):
            raise RuntimeError(f"A move of the {diameter} px brush painted nothing.")
        if live.mask is shown:
            continue  # still beyond the edge
        times.append(taken)
        if screen is not None:
            now = _screen(view)
            if np.array_equal(now, screen):
                raise RuntimeError(f"A move of the {diameter} px brush changed no pixel of the screen.")
            screen = now
        shown = live.mask
    post(view, QEvent.Type.MouseButtonRelease, at)
    settle(view)
    return times


def _screen(view: CanvasView) -> np.ndarray:
    """The view's pixels as they are on the screen, not painted again."""
    handle = view.screen() or QGuiApplication.primaryScreen()
    return to_rgb(handle.grabWindow(view.winId()).toImage())


def _undo_bytes(view: TimedView, strokes: int) -> int:
    """What strokes of many sizes on all words keep in memory to be undone."""
    document = Document(_scene())
    view.set_document(document)
    rng = np.random.default_rng(0)
    for number in range(strokes):
        view.brush = Brush(diameter=float(rng.choice([16, 32, 64, 128, 256])))
        view.set_selected_word(document.scene.words[number % WORDS].id)
        x, y = rng.uniform(0.1, 0.9, 2) * SIZE
        for index in range(8):
            kind = QEvent.Type.MouseMove if index else QEvent.Type.MouseButtonPress
            post(view, kind, QPointF(*view.viewport.to_view(x + 12 * index, y + 5 * index)))
        post(view, QEvent.Type.MouseButtonRelease, QPointF(*view.viewport.to_view(x + 84, y + 35)))
        settle(view)
    return document.undo_bytes()


def _longest_gap(done: Callable[[], bool], *, background: Background, start: Callable[[], None] | None = None) -> float:
    """The longest time in milliseconds between two turns of the running event loop until `done`."""
    loop, timer = QEventLoop(), QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    ticks: list[float] = []
    until = time.perf_counter() + PATIENCE_SECONDS

    def tick() -> None:
        ticks.append(time.perf_counter())
        if done() or background.failure is not None or ticks[-1] > until:
            loop.quit()

    timer.timeout.connect(tick)
    timer.start(1)
    ticks.append(time.perf_counter())
    if start is not None:
        start()
    loop.exec()
    timer.stop()
    if background.failure is not None:
        raise background.failure
    return round(float(np.diff(ticks).max()) * 1000, 2)


def _p95(values: list[float]) -> float:
    return round(float(np.percentile(values, 95)), 3)
