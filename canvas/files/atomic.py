"""Writing a file whole or not at all: a full disk or a crash leaves what was there before."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from canvas.model.errors import SaveError

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


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_UMASK = _umask()  # once: it is read by setting it, which would touch files that other threads make meanwhile


def write(path: Path | str, data: bytes, *, private: bool = False) -> None:
    """Put `data` into the file at `path`, by way of a new file beside it that takes its place when it is whole.

    A link is followed; the permissions of a file that is replaced are kept, and a `private` file is its owner's alone.
    Raises SaveError; then the old file is untouched and nothing is left beside it.
    """
    target = Path(os.path.realpath(path))
    temporary = None
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "Is a directory")
        handle, temporary = tempfile.mkstemp(prefix=".wordbrush-", suffix=".part", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o600 if private else _mode(target))
        os.replace(temporary, target)
    except OSError as error:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
        raise SaveError(
            f"“{target.name}” could not be saved.",
            hint=_HINTS.get(error.errno or 0, "Save to another folder or disk.")
            + " Nothing is lost: it is still open.",
            details=f"{type(error).__name__}: {error.strerror or error}",
        ) from error


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those that a new file gets."""
    try:
        return target.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o666 & ~_UMASK
