"""The requests that wait in the queue, on disk: a program that ends, however it does, leaves them to the next one."""

from __future__ import annotations

import contextlib
import json
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.storage.lock import ProgramLock
from app.storage.queue_entry import (
    NewerEntry,
    Sheet,
    Waiting,
    packed,
    packed_sheet,
    unpacked,
    unpacked_sheet,
)
from canvas.files import atomic, ora
from canvas.model.errors import CanvasError, SceneFileError
from canvas.model.scene import Scene

FOLDER = "queue"
"""In the folder of the autosaves."""
_ORDER = "order.json"
_MOST_BYTES = 1 << 29  # of what is read of one file
MOST = 1000
"""Requests that are taken back at most."""


@dataclass
class Found:
    """What was taken back: the requests in their order, their sheets by id, and how many could not be read."""

    waiting: list[Waiting] = field(default_factory=list)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    damaged: int = 0
    newer: int = 0


class QueueFiles:
    """One program's folder of requests that wait; all methods read or write, so call them off the window's thread.

    A request is `NAME.ora`, its scene as any other program reads it, and `NAME.job`, what it says beyond that, which
    is written first; older programs kept scenes alone. A sheet is `NAME.sheet` and `NAME.scene`.

    Args:
        folder: where each program has a folder of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._root = folder
        self._own = folder / uuid.uuid4().hex[:12]
        self._lock = ProgramLock(self._own.with_suffix(".lock"))
        self._held = False
        self._written: set[str] = set()
        self._sheets: dict[str, dict[int, Path]] = {}
        self._taken: list[tuple[Path, ProgramLock, list[Path]]] = []

    def write(self, waiting: Mapping[str, Waiting], sheets: Mapping[str, Sheet] | None = None) -> None:
        """Keep these requests, by the ids of their jobs and in their order, and these sheets, and no others.

        Raises:
            SaveError: the disk does not take them. OSError: nor the folder. BadMessage: a picture is too large.
        """
        sheets = sheets or {}
        if not waiting and not self._written and not self._sheets:
            return
        if not self._held:
            self._own.mkdir(parents=True, exist_ok=True)
            self._held = self._lock.take()
        for name, sheet in sheets.items():
            self._write_sheet(name, sheet)
        for name in waiting.keys() - self._written:
            atomic.write(self._own / f"{name}.job", packed(waiting[name]), private=True)
            ora.save(self._own / f"{name}.ora", waiting[name].scene, private=True)
            self._written.add(name)
        atomic.write(self._own / _ORDER, json.dumps(list(waiting)).encode(), private=True)
        for name in self._written - waiting.keys():
            self._remove(f"{name}.ora", f"{name}.job")
        for name in self._sheets.keys() - sheets.keys():
            self._remove(f"{name}.sheet", f"{name}.scene")
            del self._sheets[name]
        self._written &= waiting.keys()

    def take_back(self) -> Found:
        """What programs that have ended left behind; it stays on disk until `let_go`.

        What cannot be read is left out, and counted.
        """
        found = Found()
        for folder in sorted(each for each in self._root.glob("*") if each.is_dir()) if self._root.is_dir() else ():
            lock = ProgramLock(folder.with_suffix(".lock"))
            if folder == self._own or not lock.take():
                continue
            self._taken.append((folder, lock, _read(folder, found)))
        del found.waiting[MOST:]
        return found

    def let_go(self) -> None:
        """Remove what was taken back, which is kept as one's own by now; what a newer program left stays for it."""
        for folder, lock, newer in self._taken:
            if newer:
                for each in folder.iterdir():
                    if each not in newer and each.suffix in (".ora", ".job"):
                        each.unlink(missing_ok=True)
            else:
                shutil.rmtree(folder, ignore_errors=True)
            lock.release()
        self._taken.clear()

    def close(self) -> None:
        """Leave what waits to the next program."""
        if not self._written:
            shutil.rmtree(self._own, ignore_errors=True)
        self._lock.release()
        for _folder, lock, _newer in self._taken:
            lock.release()

    def _write_sheet(self, name: str, sheet: Sheet) -> None:
        made = dict(sheet.made)
        if name not in self._sheets:
            ora.save(self._own / f"{name}.scene", sheet.scene, private=True)
        if self._sheets.get(name) != made:
            atomic.write(self._own / f"{name}.sheet", packed_sheet(sheet), private=True)
            self._sheets[name] = made

    def _remove(self, *names: str) -> None:
        for name in names:
            with contextlib.suppress(OSError):
                (self._own / name).unlink(missing_ok=True)


def _read(folder: Path, found: Found) -> list[Path]:
    """Read a folder into `found`; returns the files that a newer program wrote."""
    try:
        order = json.loads((folder / _ORDER).read_bytes()[: 1 << 20])
        names = [name for name in order if isinstance(name, str)] if isinstance(order, list) else []
    except (OSError, ValueError, RecursionError):
        names = []
    files = {file.stem: file for file in folder.glob("*.ora")}
    newer: list[Path] = []
    for name in dict.fromkeys([*(name for name in names if name in files), *sorted(files)]):
        try:
            found.waiting.append(_entry(files[name]))
        except NewerEntry:
            found.newer += 1
            newer += [files[name], files[name].with_suffix(".job")]
        except (CanvasError, OSError):
            found.damaged += 1
    for file in sorted(folder.glob("*.sheet")):
        # without it its pictures are made all the same
        with contextlib.suppress(CanvasError, OSError):
            found.sheets[file.stem] = unpacked_sheet(file.stem, _bytes(file), _scene(file.with_suffix(".scene")))
    return newer


def _entry(file: Path) -> Waiting:
    beside = file.with_suffix(".job")
    if not beside.exists():  # an older program kept no more than that
        return Waiting(_scene(file))
    data = _bytes(beside)
    return unpacked(data, _scene(file))


def _scene(file: Path) -> Scene:
    scene = ora.read_all(file).scene
    if scene is None:
        raise SceneFileError("A request in the queue has no scene.", hint="Ask for its picture again.")
    return scene


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_MOST_BYTES)
