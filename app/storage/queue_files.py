"""The scenes that wait in the queue, on disk: a program that ends, however it does, leaves them to the next one."""

from __future__ import annotations

import contextlib
import json
import shutil
import uuid
from collections.abc import Mapping
from pathlib import Path

from app.storage.lock import ProgramLock
from canvas.files import atomic, ora
from canvas.model.errors import CanvasError
from canvas.model.scene import Scene

FOLDER = "queue"
"""In the folder of the autosaves."""
_ORDER = "order.json"
MOST = 1000
"""Scenes that are taken back at most."""


class QueueFiles:
    """One program's folder of scenes that wait; all methods read or write, so call them off the window's thread.

    Args:
        folder: where each program has a folder of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._root = folder
        self._own = folder / uuid.uuid4().hex[:12]
        self._lock = ProgramLock(self._own.with_suffix(".lock"))
        self._held = False
        self._written: set[str] = set()

    def write(self, waiting: Mapping[str, Scene]) -> None:
        """Keep these scenes, by the ids of their jobs and in their order, and no others.

        Raises:
            SaveError: the disk does not take them. OSError: nor the folder.
        """
        if not waiting and not self._written:
            return
        if not self._held:
            self._own.mkdir(parents=True, exist_ok=True)
            self._held = self._lock.take()
        for name in waiting.keys() - self._written:
            ora.save(self._own / f"{name}.ora", waiting[name], private=True)
            self._written.add(name)
        atomic.write(self._own / _ORDER, json.dumps(list(waiting)).encode(), private=True)
        for name in self._written - waiting.keys():
            with contextlib.suppress(OSError):
                (self._own / f"{name}.ora").unlink(missing_ok=True)
        self._written &= waiting.keys()

    def take_back(self) -> list[Scene]:
        """The scenes that programs which have ended left behind, in their order; they are kept here no longer.

        What cannot be read is left out.
        """
        found: list[Scene] = []
        for folder in sorted(each for each in self._root.glob("*") if each.is_dir()) if self._root.is_dir() else ():
            lock = ProgramLock(folder.with_suffix(".lock"))
            if folder == self._own or not lock.take():
                continue
            found += _scenes(folder)
            shutil.rmtree(folder, ignore_errors=True)
            lock.release()
        return found[:MOST]

    def close(self) -> None:
        """Leave what waits to the next program."""
        if not self._written:
            shutil.rmtree(self._own, ignore_errors=True)
        self._lock.release()


def _scenes(folder: Path) -> list[Scene]:
    try:
        order = json.loads((folder / _ORDER).read_bytes()[: 1 << 20])
        names = [name for name in order if isinstance(name, str)] if isinstance(order, list) else []
    except (OSError, ValueError, RecursionError):
        names = []
    files = {file.stem: file for file in folder.glob("*.ora")}
    found = []
    for name in dict.fromkeys([*(name for name in names if name in files), *sorted(files)]):
        with contextlib.suppress(CanvasError, OSError):
            scene = ora.read_all(files[name]).scene
            if scene is not None:
                found.append(scene)
    return found
