"""Saving a file whole or not at all, with an error that tells a painter what to do."""

from __future__ import annotations

import errno
from pathlib import Path

from canvas.model.errors import SaveError
from resources import atomic
from resources.atomic import BACKUP, backup_of, sweep

__all__ = ["BACKUP", "backup_of", "sweep", "write"]

_HINTS = {
    errno.ENOSPC: "The disk is full: free some space, or save to another disk.",
    errno.EDQUOT: "Your share of the disk is used up: free some space, or save to another disk.",
    errno.EFBIG: "The file is larger than this disk allows: save to another disk.",
    errno.EACCES: "You may not write there: save to another folder.",
    errno.EPERM: "You may not write there: save to another folder.",
    errno.EROFS: "That disk is read-only: save to another disk.",
    errno.ENOENT: "That folder is not there: pick another one, or make it first.",
    errno.ENOTDIR: "That folder is not there: pick another one, or make it first.",
    errno.EISDIR: "There is a folder of that name: pick another name.",
    errno.ENAMETOOLONG: "The name is too long: pick a shorter one.",
}


def write(path: Path | str, data: bytes, *, private: bool = False, backup: bool = False) -> None:
    """Put `data` into the file at `path`, `private` for its owner's eyes alone; see `resources.atomic.replacing`.

    Raises:
        SaveError: it cannot be written; then the old file is untouched and nothing is left beside it.
    """
    try:
        atomic.write(path, data, private=private, backup=backup)
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        number = error.errno if isinstance(error, OSError) else None
        raise SaveError(
            f"“{Path(path).name}” could not be saved.",
            hint=_HINTS.get(number or 0, "Save to another folder or disk.") + " Nothing is lost: it is still open.",
            details=f"{type(error).__name__}: {error.strerror if isinstance(error, OSError) else error}",
        ) from error
