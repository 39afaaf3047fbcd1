"""The real window in a process of its own, painting, generating and saving until it is killed; for `tests.soak.kills`.

One process imports everything and forks a window for each line of JSON on its standard input, so that a window costs
no start of Python. What a window does it writes into a journal, each line with the system's monotonic time:

    stroke N TIME     the N-th stroke is in the document: it paints the N-th cell of the canvas
    shown TIME PATH   a finished picture is on the canvas
    lost N TIME       so many scenes of killed windows are offered
    opened N TIME     the scene file was opened, with so many strokes
    saved N TIME      the scene file is on disk, with so many strokes
"""

from __future__ import annotations

import faulthandler
import json
import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest

from app.main import make_application
from app.preferences import Preferences
from app.widgets.theme import Theme
from app.window.main_window import MainWindow
from canvas.model.edits import add_word
from canvas.model.scene import Scene, Settings
from canvas.paint.brush import Brush
from tests.fake_executor import FakeExecutor

SIDE, CELL = 256, 16
CELLS = (SIDE // CELL) ** 2
PACE_MS = 30
PROMPT = "a lake under a sky"


def cell(number: int) -> tuple[int, int]:
    """The middle of the canvas cell that the stroke of a number paints."""
    return (number % (SIDE // CELL)) * CELL + CELL // 2, (number // (SIDE // CELL)) * CELL + CELL // 2


def strokes_in(scene: Scene) -> int:
    """How many strokes are in a scene, counted from the first one without a gap."""
    if not scene.words:
        return 0
    alpha = scene.masks[scene.words[0].id].to_array()
    painted = np.array([alpha[y, x] > 0 for x, y in map(cell, range(CELLS))])
    return CELLS if painted.all() else int(painted.argmin())


class BusyWindow:
    """One window that is never still."""

    def __init__(self, home: Path, seed: int) -> None:
        self.rng = random.Random(seed)
        self._maker = os.getppid()
        self.saves = seed % 2 == 0  # the others open what those saved, and trust in autosave
        self.scene_file = home / "scenes" / "mine.ora"
        self._journal = os.open(home / f"journal-{seed}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        app = make_application()
        settings = Preferences()
        self.window = MainWindow(settings, Theme(app, "dark"), FakeExecutor())
        self.window.resize(900, 600)
        self.window.show()
        self.window.start_engine()
        lost = self.window.autosave.lost()
        self.note(f"lost {len(lost)}")
        for each in lost:
            self.window.autosave.forget(each)
        self.window.generation.picture.connect(self._shown)
        self.window.files.said.connect(self._said)
        self.done = 0
        if self.scene_file.exists() and not self.saves:
            self.window.files.load(self.scene_file)
        else:
            self._begin()
        self._timer = QTimer(interval=PACE_MS)
        self._timer.timeout.connect(self._act)
        self._timer.start()
        app.exec()

    def note(self, what: str) -> None:
        """Add a line to the journal, which a kill cannot take back."""
        os.write(self._journal, f"{what} {time.monotonic()}\n".encode())

    def _begin(self) -> None:
        settings = Settings(model="tiny", device="cpu", steps=2)
        scene, _word = add_word(Scene(prompt=PROMPT, size=(SIDE, SIDE), settings=settings), (2, 6))
        self.window.document.load(scene)
        self.done = 0

    def _shown(self, image) -> None:
        self.note(f"shown {image.result}")

    def _said(self, text: str) -> None:
        if text.startswith("Saved"):
            self.note(f"saved {self._saving}")

    def _act(self) -> None:
        if os.getppid() != self._maker:  # whoever watches is gone
            os._exit(0)
        window = self.window
        if window.files.busy:
            return
        scene = window.document.scene
        if not scene.words:
            return
        if self.done == 0 and window.document.path == self.scene_file:
            self.done = strokes_in(scene)
            self.note(f"opened {self.done}")
        if self.done >= CELLS:
            self._begin()
        chance = self.rng.random()
        if chance < 0.04:
            window.actions_table["generate.run"].trigger()
        elif chance < 0.08 and self.saves:
            self._saving = self.done
            window.files._write(self.scene_file, None, overwrite=True)
        elif chance < 0.12 and window.document.can_undo:
            window.document.undo()
            window.document.redo()
        else:
            self._stroke()

    def _stroke(self) -> None:
        view, session = self.window.view, self.window.files._session
        session.choose_word(self.window.document.scene.words[0].id)
        session.set_brush(Brush(diameter=CELL, hardness=1.0))
        x, y = cell(self.done)
        points = [self._on_view(x - 3, y), self._on_view(x, y), self._on_view(x + 3, y)]
        none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
        QTest.mousePress(view, left, none, points[0])
        for point in points[1:]:
            QTest.mouseMove(view, point)
        QTest.mouseRelease(view, left, none, points[-1])
        if strokes_in(self.window.document.scene) > self.done:
            self.done = strokes_in(self.window.document.scene)
            self.note(f"stroke {self.done}")

    def _on_view(self, x: float, y: float) -> QPoint:
        viewport = self.window.view.viewport
        left, top = viewport.corner
        return QPointF(left + x * viewport.scale, top + y * viewport.scale).toPoint()


def main() -> None:
    """Fork a window for each line, and tell its process id."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system takes the dead away at once
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ["WORDBRUSH_HOME"] = asked["home"]
            os.environ["WORDBRUSH_MODELS"] = str(Path(asked["home"]) / "models")
            sys.stdin.close()
            with open(Path(asked["home"]) / "errors", "a") as errors:
                os.dup2(errors.fileno(), 1)
                os.dup2(errors.fileno(), 2)
            faulthandler.enable()
            try:
                BusyWindow(Path(asked["home"]), asked["seed"])
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(3)
        print(child, flush=True)


if __name__ == "__main__":
    main()
