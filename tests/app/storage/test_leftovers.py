"""Half-written files and locks of killed programs go; what holds work, or is in use, stays."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.paths import Paths
from app.storage import leftovers
from app.storage.lock import OPEN_SCENES, ProgramLock


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path))
    found = Paths.of_user()
    for folder in (found.config, found.results, found.autosave):
        folder.mkdir()
    return found


def killed(lock: Path) -> None:
    """A process takes a lock and dies with it, as with kill -9."""
    take = "assert ProgramLock(Path(sys.argv[1])).take()\nos._exit(9)"
    code = f"import os, sys\nfrom pathlib import Path\nfrom app.storage.lock import ProgramLock\n{take}"
    assert subprocess.run([sys.executable, "-c", code, str(lock)], timeout=120).returncode == 9
    assert lock.exists()


def test_half_written_files_go_once_nobody_can_be_writing_them(paths):
    old, new = paths.results / ".wordbrush-abc.part", paths.results / ".wordbrush-def.part"
    mine = paths.results / "picture.part"
    for file in (old, new, mine):
        file.write_bytes(b"half")
    long_ago = time.time() - 2 * leftovers.HALF_WRITTEN_SECONDS
    for file in (old, mine):
        os.utime(file, (long_ago, long_ago))
    leftovers.sweep(paths)
    assert not old.exists() and new.exists() and mine.exists()


def test_locks_of_the_dead_go_and_those_of_scenes_and_of_the_living_stay(paths):
    empty, scene, living = (paths.autosave / f"{name}.lock" for name in ("empty", "scene", "living"))
    killed(empty)
    killed(scene)
    empty.with_suffix(".json").write_text("{}")
    scene.with_suffix(".ora").write_bytes(b"work")
    opened = paths.autosave / OPEN_SCENES / "opened.lock"
    opened.parent.mkdir()
    killed(opened)
    held = ProgramLock(living)
    assert held.take()
    leftovers.sweep(paths)
    assert not empty.exists() and not empty.with_suffix(".json").exists()
    assert scene.exists() and scene.with_suffix(".ora").exists() and living.exists()
    assert not opened.exists()
    held.release()


def test_folders_that_are_not_there_are_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path / "none"))
    leftovers.sweep(Paths.of_user())
    assert not (tmp_path / "none").exists()
