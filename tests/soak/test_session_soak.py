"""Two hours at the window, as they are written down: no growth beyond the caps, no thread, handle or file is left."""

from __future__ import annotations

import gc
import os
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest

from canvas.model.document import UNDO_BYTES
from canvas.model.scene import Scene, Settings
from engine import LocalExecutor
from tests.gui.conftest import home, make_window, real_tiny  # noqa: F401
from tests.soak.player import Player, read
from tests.soak.recorder import UNTIL, record, share_of
from tests.tiny import tiny_sd_folder  # noqa: F401

pytestmark = [pytest.mark.soak, pytest.mark.timeout(4 * 3600)]

SESSIONS = 6  # of twenty minutes each
PACE = float(os.environ.get("WORDBRUSH_SOAK_PACE", "0.1"))
"""The part of the written pauses that is kept: 1 takes the two hours."""
GROWTH_MB = 60
"""What resident memory may grow by in the second hour: pictures of results stay in the list, and nothing else does."""


def test_two_hours_of_work_leave_nothing_behind(
    make_window,  # noqa: F811
    real_tiny: Settings,  # noqa: F811
    tmp_path: Path,
    qtbot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = psutil.Process()
    scenes, temporary = tmp_path / "scenes", tmp_path / "temporary"
    for folder in (scenes, temporary):
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    threads, handles = {each.ident for each in threading.enumerate()}, len(os.listdir("/proc/self/fd"))
    hands = make_window(
        Scene(prompt="a lake", size=(128, 128), settings=real_tiny), engine=True, executor=LocalExecutor()
    )
    window, player, lines = hands.window, Player(hands, scenes, pace=PACE), read()
    memory: list[float] = []
    after: list[dict[str, int]] = []
    began = time.monotonic()

    def minute() -> None:
        assert window.document.undo_bytes() <= UNDO_BYTES
        gc.collect()
        memory.append(round(process.memory_info().rss / 2**20, 1))

    for number in range(1, share_of(SESSIONS) + 1):
        if time.monotonic() > UNTIL:
            break
        player.play(lines, number, each_minute=minute)
        after.append(
            {
                "threads": threading.active_count(),
                "handles": len(os.listdir("/proc/self/fd")),
                "temporary_files": len(list(temporary.rglob("*"))),
                "undo_mb": round(window.document.undo_bytes() / 2**20),
                "widgets": len(window.findChildren(object)),
            }
        )
    window.document.mark_saved()
    window.close()
    window.shut_down()
    qtbot.waitUntil(lambda: not [t for t in threading.enumerate() if t.ident not in threads], timeout=20_000)
    left = len(os.listdir("/proc/self/fd")) - handles
    files = [str(path.relative_to(tmp_path)) for path in temporary.rglob("*")]
    grown = memory[-1] - memory[len(memory) // 2]
    record(
        "session", asked_minutes=20 * SESSIONS, run_minutes=20 * len(after), pace=PACE,
        seconds=round(time.monotonic() - began), actions=player.counts, memory_mb=memory,
        grown_second_half_mb=round(grown, 1), after_each_session=after, handles_left=left, threads_left=0,
        temporary_files_left=files, longest_action_s=round(player.longest, 2),
    )  # fmt: skip
    assert grown < GROWTH_MB and left <= 2 and not files, (grown, left, files)
    for what in ("threads", "handles", "temporary_files", "widgets"):
        assert after[-1][what] <= after[len(after) // 2][what] + 2, (what, after)
