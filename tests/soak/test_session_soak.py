"""Two hours of work at the window, without its pauses: no growth beyond the caps, no thread and no handle is left."""

from __future__ import annotations

import gc
import os
import random
import threading
import time
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from canvas.model.document import UNDO_BYTES
from canvas.model.edits import add_word
from canvas.model.scene import Scene, Settings
from canvas.paint.brush import Brush
from tests.gui.conftest import home, make_window, tiny  # noqa: F401
from tests.soak.recorder import UNTIL, record, share_of
from tests.tiny import tiny_sd_folder  # noqa: F401

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]

MINUTES = 120
A_MINUTE = ("stroke",) * 14 + ("undo",) * 2 + ("word",) * 2 + ("strength", "zoom", "generate", "autosave")
"""What a painter did in a minute of a recorded session, counted by kind; saving and opening come every few minutes."""
SAVE_EVERY, OPEN_EVERY = 4, 9
GROWTH_MB = 60


def test_two_hours_of_work_leave_nothing_behind(
    make_window,  # noqa: F811
    tiny: Settings,  # noqa: F811
    tmp_path: Path,
    qtbot,
) -> None:
    rng = random.Random(9)
    process = psutil.Process()
    threads, handles = {each.ident for each in threading.enumerate()}, len(os.listdir("/proc/self/fd"))
    scene, _ = add_word(Scene(prompt="a lake under a red sky", size=(256, 256), settings=tiny), (2, 6))
    scene, _ = add_word(scene, (15, 22))
    hands = make_window(scene, engine=True)
    window, file = hands.window, tmp_path / "mine.ora"
    memory: list[float] = []
    counts: dict[str, int] = {}
    longest, began, minutes = 0.0, time.monotonic(), 0

    def do(kind: str) -> None:
        document, session = window.document, window.files._session
        if kind == "stroke":
            session.set_brush(Brush(diameter=rng.choice([8, 24, 60]), erase=rng.random() < 0.2))
            hands.stroke(*((rng.randrange(256), rng.randrange(256)) for _ in range(rng.randint(2, 8))))
        elif kind == "undo":
            document.undo()
        elif kind == "word":
            session.choose_word(rng.choice(document.scene.words).id)
        elif kind == "strength":
            document.set_strength(rng.choice(document.scene.words).id, rng.uniform(-2, 2))
        elif kind == "zoom":
            hands.control(rng.choice([Qt.Key.Key_0, Qt.Key.Key_1]), widget=window.view)
        elif kind == "generate":
            hands.generate()
        elif kind == "autosave":
            window.autosave.save_now()
        elif kind == "save":
            window.files._write(file, None, overwrite=True)
            hands.settle()
        elif file.exists():
            window.document.mark_saved()
            window.files.load(file)
            hands.settle()

    for minute in range(share_of(MINUTES)):
        if time.monotonic() > UNTIL:
            break
        todo = [*A_MINUTE, *["save"] * (minute % SAVE_EVERY == 3), *["open"] * (minute % OPEN_EVERY == 8)]
        rng.shuffle(todo)
        for kind in todo:
            at = time.monotonic()
            do(kind)
            QApplication.processEvents()
            longest = max(longest, time.monotonic() - at)
            counts[kind] = counts.get(kind, 0) + 1
            assert not window.banner.isVisible(), window.banner.message
        assert window.document.undo_bytes() <= UNDO_BYTES
        minutes += 1
        gc.collect()
        memory.append(round(process.memory_info().rss / 2**20, 1))
    undo_mb = window.document.undo_bytes() / 2**20
    window.document.mark_saved()
    window.close()
    window.shut_down()
    qtbot.waitUntil(lambda: not [t for t in threading.enumerate() if t.ident not in threads], timeout=20_000)
    left = len(os.listdir("/proc/self/fd")) - handles
    half = memory[len(memory) // 2]
    grown = memory[-1] - half
    record(
        "session", asked_minutes=MINUTES, run_minutes=minutes, seconds=round(time.monotonic() - began), actions=counts,
        memory_mb=memory, grown_second_half_mb=round(grown, 1), undo_mb=round(undo_mb, 1), handles_left=left,
        threads_left=0, longest_action_s=round(longest, 2),
    )  # fmt: skip
    assert grown < GROWTH_MB and left <= 2, (grown, left)
