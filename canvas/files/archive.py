"""A zip archive that nobody vouches for: read in memory, name by name, within limits; never unpacked to the disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from canvas.model.errors import SceneFileError

MAX_ENTRIES = 4000
MAX_ENTRY = 384 * 2**20
"""More than the largest picture of a scene takes: 8192x8192 pixels of noise, and the scene that made it beside them."""
MAX_TOTAL = 2**30
# Text and blank pictures pack well, but nothing honest that is large packs better than this.
MAX_RATIO, RATIO_FROM = 100, 2**20
AGAIN = "Open another copy of the file, or one that Wordbrush saved."

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Archive:
    """An archive that is open, as a context manager.

    Args:
        source: a file, or the bytes of one; then `name` is what messages call it.

    Raises:
        SceneFileError: the file is not there, truncated, no zip, or has more in it than the limits let it.
    """

    def __init__(self, source: Path | str | bytes, name: str = "") -> None:
        self.name = name if isinstance(source, bytes) else Path(source).name
        again = {"hint": AGAIN}
        try:
            if not isinstance(source, bytes) and Path(source).exists() and not Path(source).is_file():
                raise SceneFileError(
                    f"“{self.name}” is not a complete OpenRaster file.", details="no regular file", **again
                )
            self._zip = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
        except FileNotFoundError as error:
            hint = "Check the name, or pick another file."
            raise SceneFileError(f"There is no file “{self.name}”.", hint=hint) from error
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            text = f"“{self.name}” is not a complete OpenRaster file."
            raise SceneFileError(text, details=repr(error), **again) from error
        try:
            entries = self._zip.infolist()
            if len(entries) > MAX_ENTRIES or len({entry.filename for entry in entries}) != len(entries):
                details = "too many or doubled entries"
                raise SceneFileError(f"“{self.name}” is not a scene file.", details=details, **again)
            if sum(entry.file_size for entry in entries) > MAX_TOTAL:
                raise SceneFileError(f"“{self.name}” would unpack to far too much data.", **again)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def read(self, name: str, limit: int | None = None) -> bytes:
        """All of one entry, at most `limit` (by default MAX_ENTRY) bytes.

        Raises:
            SceneFileError: it is missing, damaged, locked, packed in another way than OpenRaster's, or unpacks to more.
        """
        limit = MAX_ENTRY if limit is None else limit
        info = self._zip.NameToInfo.get(name)
        if info is None:
            raise SceneFileError(f"A part of this file is missing: {name}.", hint=AGAIN)
        packed = info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        if info.file_size > limit or packed:
            raise SceneFileError(f"A part of this file would unpack to far too much data: {name}.", hint=AGAIN)
        try:
            if info.compress_type not in _METHODS:  # LZMA, bzip2 and others raise errors of their own
                raise NotImplementedError(f"compression method {info.compress_type}")
            with self._zip.open(info) as file:
                data = file.read(limit + 1)
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
            raise SceneFileError(f"A part of this file is damaged: {name}.", hint=AGAIN, details=repr(error)) from error
        if len(data) > limit:
            raise SceneFileError(f"A part of this file would unpack to far too much data: {name}.", hint=AGAIN)
        return data
