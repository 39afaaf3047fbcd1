"""What killed programs left behind: half-written files and locks that nobody holds; removed when the window opens."""

from __future__ import annotations

import contextlib
import logging

from app.paths import Paths
from app.storage.lock import OPEN_SCENES, ProgramLock
from resources import atomic

HALF_WRITTEN_SECONDS = 3600.0  # a write takes seconds; one of another window's is not an hour old

_log = logging.getLogger(__name__)


def sweep(paths: Paths) -> None:
    """Tidy up the program's own folders; whatever cannot be removed stays, and nothing that holds work is touched."""
    for folder in (paths.config, paths.results, paths.autosave):
        atomic.sweep(folder, HALF_WRITTEN_SECONDS)
    with contextlib.suppress(OSError):  # no such folder yet, or a closed one
        for file in [*paths.autosave.glob("*.lock"), *(paths.autosave / OPEN_SCENES).glob("*.lock")]:
            if file.with_suffix(".ora").exists():
                continue  # a scene that is offered again; its lock goes with it
            lock = ProgramLock(file)
            if lock.take():  # its program is gone
                lock.release()  # which removes the file
                with contextlib.suppress(OSError):
                    file.with_suffix(".json").unlink(missing_ok=True)
                _log.info("Removed the lock %s of a program that was killed.", file.name)
