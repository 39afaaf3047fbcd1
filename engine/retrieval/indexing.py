"""Brings the index of a folder up to date: new and changed pictures are read, those that are gone are dropped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from engine.errors import BadReference
from engine.retrieval import index as indexes
from engine.retrieval.index import Entry, Index
from engine.retrieval.walking import Walk, walk
from engine.scoring.style_image import reference_from_image

AT_ONCE = 8
"""Pictures that an encoder reads in one call."""
SAVE_EVERY = 20.0
"""Seconds after which what was read so far is written: a program that is ended loses no more."""
_REST = 0.05
_NOT_READ = "not read"


class Cancelled(Exception):
    """The indexing was stopped; what was read so far is on disk."""


class Encoder(Protocol):
    """Pictures to vectors; see `engine.retrieval.spaces`."""

    def pictures(self, rgbs: Sequence[np.ndarray]) -> np.ndarray:
        """Vectors `[n, width]`, float32, of n pictures, each uint8 `[h, w, 3]`."""
        ...


@dataclass(frozen=True)
class Progress:
    """How far an indexing is: pictures read of those that are to be read, and the file that was read last."""

    done: int
    total: int
    file: str = ""


@dataclass(frozen=True)
class Report:
    """What an indexing did.

    Attributes:
        pictures: pictures of the index now. read: those that were read just now. dropped: those that are gone.
        faults: files that are no pictures that can be used, by path, and why. closed: folders that cannot be read.
        cut: whether the folder has more pictures than are looked at. kept: whether the index is on disk.
        seconds: of it all. bytes: of the vectors.
    """

    pictures: int
    read: int
    dropped: int
    faults: Mapping[str, str]
    closed: tuple[str, ...]
    cut: bool
    kept: bool
    seconds: float
    bytes: int


def update(
    folder: Path,
    file: Path,
    *,
    space: str,
    width: int,
    encoder: Callable[[], Encoder],
    progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
    busy: Callable[[], bool] | None = None,
) -> tuple[Index, Report]:
    """Bring the index in `file` up to date with the pictures in `folder`, and return it.

    A picture is read again where its time or size changed. One that cannot be read is remembered with the reason, and
    looked at again only after it changed. Every `SAVE_EVERY` seconds what was read so far is written.

    Args:
        space: the key of the encoder's space. width: numbers of its vectors.
        encoder: called once there is something to read, as loading one takes a while.
        cancel: stops it when it is set. busy: while it says so nothing is read: the machine makes a picture.

    Raises:
        Cancelled: `cancel` was set. BadRequest: the folder cannot be read. EngineError: the encoder's.
    """
    cancel = cancel or threading.Event()
    started = time.monotonic()
    old = indexes.read(file, space=space, width=width)
    found = walk(folder, cancel.is_set)
    if cancel.is_set():
        raise Cancelled
    entries = {name: _kept(old, name, entry) for name, entry in found.files.items()}
    missing = [name for name, entry in entries.items() if entry.fault == _NOT_READ]
    dropped = sum(name not in entries for name in old.rows)
    work = _Work(old, entries, file)
    if missing:
        _read(work, folder, missing, encoder, progress or (lambda _now: None), cancel, busy or (lambda: False))
    elif dropped or len(entries) != len(old.files):
        work.save()
    read = sum(not work.entries[name].fault for name in missing)
    return work.index, _report(work, found, read, dropped, time.monotonic() - started)


def _kept(old: Index, name: str, entry: Entry) -> Entry:
    """The entry of a file that did not change since it was read, else one that says that it is to be read."""
    known = old.files.get(name)
    same = known is not None and (known.changed, known.size) == (entry.changed, entry.size)
    if known is not None and same and (known.fault or name in old.rows):
        return known
    return Entry(entry.changed, entry.size, _NOT_READ)


class _Work:
    """An index in the making."""

    def __init__(self, old: Index, entries: dict[str, Entry], file: Path) -> None:
        self.index, self.entries, self._file = old, entries, file
        self._vectors: dict[str, np.ndarray] = {}
        self.kept = True
        self.saved = time.monotonic()

    def take(self, name: str, vector: np.ndarray) -> None:
        entry = self.entries[name]
        if np.isfinite(vector).all() and np.any(vector):
            self.entries[name] = Entry(entry.changed, entry.size)
            self._vectors[name] = vector
        else:
            self.refuse(name, "The model makes nothing of it.")

    def refuse(self, name: str, why: str) -> None:
        self.entries[name] = Entry(self.entries[name].changed, self.entries[name].size, why)

    def save(self) -> None:
        """Write what is there; files that were not read yet are left out, and so come next time."""
        known = {name: entry for name, entry in self.entries.items() if entry.fault != _NOT_READ}
        self.index = self.index.updated(known, self._vectors)
        self._vectors.clear()
        self.kept = False
        with suppress(OSError):  # a full or closed disk: the search works, and next time it is read again
            self.index.save(self._file)
            self.kept = True
        self.saved = time.monotonic()


def _read(
    work: _Work,
    folder: Path,
    missing: Sequence[str],
    encoder: Callable[[], Encoder],
    progress: Callable[[Progress], None],
    cancel: threading.Event,
    busy: Callable[[], bool],
) -> None:
    total, done = len(missing), 0
    network: Encoder | None = None
    progress(Progress(0, total))
    try:
        for names, pictures in _batches(work, folder, missing, cancel, busy):
            if pictures:
                network = network or encoder()
                for name, vector in zip(pictures, network.pictures([*pictures.values()]), strict=True):
                    work.take(name, np.asarray(vector, np.float32))
            done += len(names)
            progress(Progress(done, total, names[-1]))
            if time.monotonic() - work.saved > SAVE_EVERY:
                work.save()
    finally:
        work.save()
    if cancel.is_set():
        raise Cancelled


def _batches(
    work: _Work, folder: Path, missing: Sequence[str], cancel: threading.Event, busy: Callable[[], bool]
) -> Iterator[tuple[Sequence[str], dict[str, np.ndarray]]]:
    """Some names at a time, and the pictures among them that can be read; of the others it is noted why not."""
    for first in range(0, len(missing), AT_ONCE):
        names = missing[first : first + AT_ONCE]
        pictures: dict[str, np.ndarray] = {}
        for name in names:
            while busy() and not cancel.is_set():
                cancel.wait(_REST)
            if cancel.is_set():
                return
            try:
                pictures[name] = small(reference_from_image(folder / name))
            except BadReference as error:
                work.refuse(name, error.message.replace("The reference", "The picture", 1))
            except MemoryError:
                work.refuse(name, "It is too large for this machine's memory.")
        yield names, pictures


LONGEST = 512
"""The longest side of a picture in pixels as an encoder gets it: they read 128 to 448."""


def small(rgb: np.ndarray) -> np.ndarray:
    """A picture uint8 `[h, w, 3]` with sides of at most `LONGEST` pixels."""
    if max(rgb.shape[:2]) <= LONGEST:
        return rgb
    image = Image.fromarray(rgb)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX)
    return np.asarray(image)


def _report(work: _Work, found: Walk, read: int, dropped: int, seconds: float) -> Report:
    faults = {name: entry.fault for name, entry in work.index.files.items() if entry.fault}
    return Report(
        pictures=len(work.index),
        read=read,
        dropped=dropped,
        faults=faults,
        closed=tuple(found.closed),
        cut=found.cut,
        kept=work.kept,
        seconds=seconds,
        bytes=work.index.bytes,
    )
