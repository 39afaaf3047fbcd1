"""A lock that ends with its program: the system holds it, so that no crash, copy or other machine leaves one behind."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from filelock import FileLock, Timeout

OPEN_SCENES = "open"
"""The folder, in that of the autosaves, of the locks of scenes that are open."""


class ProgramLock:
    """One lock file, held by one window at a time.

    Where the folder takes no lock file, or the disk knows no locks, everybody holds it: work is never refused for that.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = FileLock(str(file), timeout=0, fallback_to_soft=False, thread_local=False)

    def take(self) -> bool:
        """Hold it from now on; False where another window, here or in another program, holds it."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            return False
        except (OSError, NotImplementedError):
            return True
        return True

    def release(self, *, remove: bool = True) -> None:
        """Let go of it, and remove its file."""
        if remove and self._lock.is_locked:
            with contextlib.suppress(OSError):  # still ours: nobody else can be about to take it
                self.file.unlink(missing_ok=True)
        self._lock.release(force=True)


class SceneLock:
    """The lock of the scene file that a window works on, so that a second window does not write over it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._lock: ProgramLock | None = None

    def take(self, path: Path) -> bool:
        """Hold the lock of another scene, and none else; False, and nothing changes, where another window has it."""
        path = Path(path).resolve()
        if path == self._path:
            return True
        lock = ProgramLock(self._folder / f"{hashlib.sha256(str(path).encode()).hexdigest()[:24]}.lock")
        if not lock.take():
            return False
        self.release()
        self._path, self._lock = path, lock
        return True

    def release(self) -> None:
        """Hold none."""
        if self._lock is not None:
            self._lock.release()
        self._path = self._lock = None
