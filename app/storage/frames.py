"""Frames of a session on disk: numbered pictures, or one animation that is put together at the end."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import numpy as np
from PIL import Image

from canvas.files import atomic
from canvas.model.errors import SaveError
from resources.pictures import read_picture

SHORTEST_MS, LONGEST_MS = 40, 2000  # how long an animation stands still at most, and a frame is seen at least
HINT = "Free some space, or choose another folder, and record again. What was recorded so far is kept."


class FrameKind(StrEnum):
    """What is written."""

    PNG = "png"
    WEBP = "webp"
    ANIMATION = "animation"  # one animated WebP
    APNG = "apng"  # one animated PNG


ANIMATIONS = {FrameKind.ANIMATION: ("WEBP", ".webp"), FrameKind.APNG: ("PNG", ".png")}


class FrameRecorder:
    """Takes frames on one thread, any; each is on disk when `add` returns.

    Args:
        folder: where the frames come into a folder of their own, or the animation.
        kind: what is written.
    """

    def __init__(self, folder: Path, kind: FrameKind) -> None:
        stamp = f"live-{datetime.now():%Y%m%d-%H%M%S}"
        self._kind = kind
        self.path = _free(folder / (stamp + ANIMATIONS[kind][1]) if kind in ANIMATIONS else folder / stamp)
        self._frames = self.path
        self._times: list[float] = []

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self._times)

    def add(self, rgb: np.ndarray, seconds: float) -> None:
        """Write one more frame, uint8 RGB `[h, w, 3]`, of this time on any clock.

        Raises:
            SaveError: the disk takes no more.
        """
        try:
            if not self._times:
                self._begin()
            out = io.BytesIO()
            if self._kind is FrameKind.WEBP:
                Image.fromarray(rgb).save(out, "WEBP", quality=92, method=2)
            else:
                Image.fromarray(rgb).save(out, "PNG", compress_level=1)
            atomic.write(self._frames / self._name(len(self._times) + 1), out.getvalue())
        except OSError as error:
            raise _unwritten(error) from error
        self._times.append(seconds)

    def finish(self) -> Path | None:
        """Put the animation together where one is wanted; returns the file, or the folder, or None without any frame.

        Raises:
            SaveError: the disk takes no more; the single frames stay in a folder beside it.
        """
        if not self._times:
            return None
        if self._kind in ANIMATIONS:
            try:
                self._animate()
            except OSError as error:
                raise _unwritten(error) from error
            shutil.rmtree(self._frames, ignore_errors=True)
        return self.path

    def _begin(self) -> None:
        if self._kind in ANIMATIONS:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._frames = Path(tempfile.mkdtemp(prefix=f"{self.path.stem}-", dir=self.path.parent))
        else:
            self.path.mkdir(parents=True)

    def _name(self, number: int) -> str:
        return f"{number:06d}.{'webp' if self._kind is FrameKind.WEBP else 'png'}"

    def _animate(self) -> None:
        gaps = [1000 * (after - before) for before, after in zip(self._times, self._times[1:], strict=False)]
        lasting = [round(min(max(gap, SHORTEST_MS), LONGEST_MS)) for gap in (*gaps, LONGEST_MS)]
        how = ANIMATIONS[self._kind][0]
        options = {"quality": 88, "method": 2} if how == "WEBP" else {"default_image": False}
        frames = _Frames([self._frames / self._name(number) for number in range(1, len(self._times) + 1)])
        out = io.BytesIO()
        next(iter(frames)).save(out, how, save_all=True, append_images=frames.rest, duration=lasting, loop=0, **options)
        atomic.write(self.path, out.getvalue())


class _Frames:
    """Frames on disk that can be gone through again and again, one in memory at a time.

    All come in the size of the first: the canvas may have become another one meanwhile.
    """

    def __init__(self, files: list[Path], size: tuple[int, int] | None = None) -> None:
        self._files, self._size = files, size

    @property
    def rest(self) -> _Frames:
        """All but the first."""
        return _Frames(self._files[1:], next(iter(self)).size)

    def __iter__(self) -> Iterator[Image.Image]:
        size = self._size
        for file in self._files:
            frame = read_picture(file).convert("RGB")
            size = size or frame.size
            yield frame if frame.size == size else frame.resize(size, Image.Resampling.LANCZOS)


def _free(path: Path) -> Path:
    number, found = 2, path
    while found.exists():
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return found


def _unwritten(error: OSError) -> SaveError:
    return SaveError("The recording could not be written.", hint=HINT, details=repr(error))
