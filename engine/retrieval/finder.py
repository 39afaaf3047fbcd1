"""Finding pictures: in a folder, by words or by a picture, with what the chosen model can read."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import BadRequest
from engine.facts import STARTER
from engine.retrieval import index as indexes
from engine.retrieval.index import ENDING, Index
from engine.retrieval.indexing import Progress, Report, small, update
from engine.retrieval.naming import Names, words_of
from engine.retrieval.spaces import ANY_TEXT, FILE_NAMES, SEEN_NAMES, Space, choose
from engine.scoring.style_image import reference_from_image
from resources import atomic

if TYPE_CHECKING:
    from engine.models.library import Library
    from engine.retrieval.readers import ClipReader, OwnReader

__all__ = ["ANY_TEXT", "FILE_NAMES", "SEEN_NAMES", "Finder", "Found", "Progress", "Report", "words_of"]

MOST_INDEXES = 24
"""Files of indexes that are kept; beyond that the one that was used longest ago goes."""
_LEAST_SEEN = 0.08
"""Of the starter, the least likeness of a picture to a name: that of one of which the name covers 1 %."""
_LEFT_AFTER = 3600.0
"""Seconds after which the leavings of a program that was killed while it wrote are removed."""


@dataclass(frozen=True)
class Found:
    """A picture that was found.

    Attributes:
        score: the cosine of its vector and the query's, -1..1; 0 where it was found by its name alone.
        named: the share of the query's words that stand in its name or its folders', 0..1.
    """

    path: Path
    score: float
    named: float = 0.0


class Finder:
    """Searches folders of pictures; its methods take their time and may be called on any thread, one at a time.

    Args:
        library: where models are found.
        home: the folder of the indexes.
        device: auto, cpu, cuda, cuda:N or mps.
    """

    def __init__(self, library: Library, home: Path, *, device: str = "auto") -> None:
        self._library, self._home, self._device = library, home, device
        self._lock = threading.RLock()
        self._held: tuple[str, ClipReader | OwnReader] | None = None
        self._spaces: dict[str, Space] = {}
        self._index: tuple[Path, tuple[int, int], Index, Names] | None = None

    def space(self, model: str = STARTER) -> Space:
        """Return by what pictures are compared with this model. Raises what `Library.inspect` does."""
        self._spaces[model] = choose(model, self._library)
        return self._spaces[model]

    def forget(self) -> None:
        """Let go of the networks and the index that are in memory."""
        with self._lock:
            self._held = self._index = None
            self._spaces.clear()

    def refresh(
        self,
        folder: Path,
        model: str = STARTER,
        *,
        progress: Callable[[Progress], None] | None = None,
        cancel: threading.Event | None = None,
        busy: Callable[[], bool] | None = None,
    ) -> Report:
        """Bring the index of a folder up to date; see `engine.retrieval.indexing.update`.

        Raises:
            Cancelled: `cancel` was set. BadRequest: the folder cannot be read. EngineError: the encoder's.
        """
        with self._lock:
            space = self.space(model)
            place = self._place(folder, space)
            self._index = None  # on Windows a file that is mapped cannot be replaced
            self._tidy()
            found, report = update(
                folder,
                place,
                space=space.key,
                width=space.width,
                encoder=lambda: self._reader(space),
                progress=progress,
                cancel=cancel,
                busy=busy,
            )
            self._index = (place, _stamp(place), found, Names(found.names))
            return report

    def indexed(self, folder: Path, model: str = STARTER) -> int:
        """Return how many pictures of a folder are in its index, without looking at the folder; 0 for none."""
        with self._lock:
            return len(self._read(folder, self.space(model))[0])

    def by_text(self, text: str, folder: Path, model: str = STARTER, *, count: int = 24) -> list[Found]:
        """Return the pictures of an indexed folder that fit a text best.

        First come those in whose name, or whose folders', all of its words stand; then the nearest of what is seen. In
        a space that reads no text, or not this one, only names count.

        Raises:
            BadRequest: the text is empty, or count below 1. EngineError: the encoder's.
        """
        if not words_of(text):
            raise BadRequest("There is nothing to search for.", hint="Write a word, or name a picture.")
        with self._lock:
            space = self._spaces.get(model) or self.space(model)
            held, names = self._read(folder, space)
            if not len(held):
                return []
            vector = None if space.words == FILE_NAMES else self._reader(space).text(text)
            scores = np.zeros(len(held), np.float32) if vector is None else held.scores(vector)
            named = names.named(text)
        rank = named if vector is None else scores + 3 * (named > 0.99)  # cosines differ by 2 at most
        least = _LEAST_SEEN if space.words == SEEN_NAMES and vector is not None else 0.0
        rows = [row for row in best(rank, count) if rank[row] > least]
        return _list(folder, names, scores, rows, named)

    def by_picture(
        self, picture: np.ndarray | Path, folder: Path, model: str = STARTER, *, count: int = 24
    ) -> list[Found]:
        """Return the pictures of an indexed folder that are nearest to a picture, the nearest first.

        Args:
            picture: uint8 RGB `[h, w, 3]`, or a picture file; a file that is itself in the folder is left out.

        Raises:
            BadReference: it cannot be read. BadRequest: count below 1. EngineError: the encoder's.
        """
        rgb = reference_from_image(picture) if isinstance(picture, Path) else picture
        with self._lock:
            space = self._spaces.get(model) or self.space(model)
            held, names = self._read(folder, space)
            if not len(held):
                return []
            scores = held.scores(self._reader(space).pictures([small(rgb)])[0])
        own = os.path.realpath(picture) if isinstance(picture, Path) else None
        rows = best(scores, count + 1)
        if own is not None:
            rows = [row for row in rows if os.path.realpath(folder / names[row]) != own]
        return _list(folder, names, scores, rows[:count])

    # inside ------------------------------------------------------------------------------------------------------
    def _reader(self, space: Space) -> ClipReader | OwnReader:
        """The networks of a space; those of one space are kept."""
        if self._held is None or self._held[0] != space.key:
            from engine.retrieval.readers import open_reader
            from engine.weights.loading import pick_device

            self._held = None
            self._held = (space.key, open_reader(space, pick_device(self._device)))
        return self._held[1]

    def _place(self, folder: Path, space: Space) -> Path:
        told = f"{os.path.realpath(folder)}\n{space.key}"
        return self._home / f"{hashlib.sha256(told.encode(errors='surrogatepass')).hexdigest()[:24]}{ENDING}"

    def _read(self, folder: Path, space: Space) -> tuple[Index, Names]:
        place = self._place(folder, space)
        stamp = _stamp(place)
        if self._index is None or self._index[:2] != (place, stamp):
            found = indexes.read(place, space=space.key, width=space.width)
            self._index = (place, stamp, found, Names(found.names))
        return self._index[2:]

    def _tidy(self) -> None:
        atomic.sweep(self._home, _LEFT_AFTER)
        with suppress(OSError):
            files = sorted(self._home.glob(f"*{ENDING}"), key=lambda each: each.stat().st_mtime)
            for old in files[:-MOST_INDEXES]:
                old.unlink(missing_ok=True)


def best(scores: np.ndarray, count: int) -> list[int]:
    """Return the rows of the highest scores `[n]`, the highest first.

    Raises:
        BadRequest: count below 1.
    """
    if count < 1:
        raise BadRequest(f"The number of pictures is {count}.", hint="Ask for 1 or more.")
    some = np.argpartition(-scores, count - 1)[:count] if len(scores) > count else np.arange(len(scores))
    return [int(row) for row in some[np.argsort(-scores[some], kind="stable")]]


def _list(
    folder: Path, names: Names, scores: np.ndarray, rows: Sequence[int], named: np.ndarray | None = None
) -> list[Found]:
    """Those rows whose files are still there."""
    return [
        Found(folder / names[row], round(float(scores[row]), 4), 0.0 if named is None else round(float(named[row]), 4))
        for row in rows
        if (folder / names[row]).is_file()
    ]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        about = path.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_size
