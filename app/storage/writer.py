"""Pictures on their way to the results folder: one that no disk takes waits here and is not lost."""

from __future__ import annotations

import errno
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from app.storage.results import Result, ResultStore
from canvas.model.begun import Begun
from canvas.model.errors import SaveError
from canvas.model.scene import Scene

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, eq=False)
class Picture:
    """A finished picture, uint8 RGB `[h, w, 3]` or straight RGBA, of uint16 one of 16 bits; what made it, and what its
    file carries besides."""

    rgb: np.ndarray
    scene: Scene
    seed: int
    model: str
    guidance: float | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    begun: Begun | None = None


class ResultWriter:
    """Writes pictures to the results folder, from any thread, and holds on to those that could not be written."""

    def __init__(self, store: ResultStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._waiting: list[Picture] = []

    @property
    def waiting(self) -> int:
        """How many pictures are on no disk yet."""
        return len(self._waiting)

    def keep(self, picture: Picture) -> Result | SaveError:
        """Write a picture; where that fails it waits for `again`, and the error that says so is returned."""
        try:
            return self._write(picture)
        except Exception as error:  # whatever it is: the picture must outlive it
            with self._lock:
                self._waiting.append(picture)
            return self._explained(error)

    def again(self) -> tuple[list[Result], SaveError | None]:
        """Write what waits, the oldest first; what is on disk now, and what keeps the rest from it."""
        with self._lock:
            tried, self._waiting = self._waiting, []
        done: list[Result] = []
        for index, picture in enumerate(tried):
            try:
                done.append(self._write(picture))
            except Exception as error:  # as in `keep`
                with self._lock:
                    self._waiting[:0] = tried[index:]
                return done, self._explained(error)
        return done, None

    def let_go(self) -> None:
        """Give up the pictures that wait."""
        with self._lock:
            self._waiting.clear()

    def _write(self, picture: Picture) -> Result:
        return self._store.add(
            picture.rgb,
            picture.scene,
            seed=picture.seed,
            model=picture.model,
            guidance=picture.guidance,
            notes=picture.notes,
            begun=picture.begun,
        )

    def _explained(self, error: Exception) -> SaveError:
        many = self.waiting > 1
        cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
        full = isinstance(cause, OSError) and cause.errno in _FULL
        remedy = "The disk is full: free some space" if full else f"Check that you may write to {self._store.folder}"
        held = (
            "They are kept in memory until then; the last one is on the canvas and can be exported (Ctrl+E)."
            if many
            else "It stays on the canvas and can be exported to another disk (Ctrl+E)."
        )
        one = "The picture could not be kept in the results folder."
        return SaveError(
            f"{self.waiting} pictures could not be kept in the results folder." if many else one,
            hint=f"{remedy}, then try again. {held}",
            details=getattr(error, "details", "") or repr(error),
        )
