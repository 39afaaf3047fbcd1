"""Writing a file whole or not at all: a full disk, a crash or a lost share leaves what was there before.

No library does this and is still looked after (`atomicwrites` was given up), and the standard library has only the
pieces; so the one copy is here, and every part of Wordbrush uses it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

BACKUP = "~"
"""What the name of a backup ends in, as Krita's and many editors' do."""

_PREFIX, _SUFFIX = ".wordbrush-", ".part"
# What file systems and shares answer that have no such thing as fsync; the data is written all the same.
_NO_FSYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOTTY, errno.EROFS}


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_UMASK = _umask()  # once: it is read by setting it, which would touch files that other threads make meanwhile


def write(path: Path | str, data: bytes, *, private: bool = False, backup: bool = False) -> None:
    """Put `data` into the file at `path`; see `replacing`."""
    with replacing(path, private=private, backup=backup) as temporary, open(temporary, "wb") as file:
        file.write(data)


def backup_of(path: Path | str) -> Path:
    """Where the one backup of a file lies: beside it (beside what a link leads to), under its name with a tilde."""
    real = Path(os.path.realpath(path))
    return real.with_name(real.name + BACKUP)


def write_text(path: Path | str, text: str) -> None:
    """Put `text` into the file at `path`, in UTF-8 and with its line ends as they are; see `replacing`."""
    write(path, text.encode())


@contextlib.contextmanager
def replacing(path: Path | str, *, private: bool = False, backup: bool = False) -> Iterator[Path]:
    """A new file beside `path` to write into; it takes the place of `path` where the block ends without an error.

    A symbolic link is followed. The permissions and the owner of a file that is replaced are kept where the file system
    lets us, but a `private` file is its owner's alone; a file with further names (hard links) keeps them all. Syncing
    to the disk is left out where there is none. With `backup` what was there before lies under `backup_of(path)`
    afterwards, in place of an older backup; where none can be made the file is written all the same.

    Raises:
        OSError: nothing could be written; then what was there is untouched, and nothing is left beside it.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        _sync(temporary)
        if backup:
            _back_up(target)
        _put(temporary, target, private=private)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def sweep(folder: Path | str, seconds: float) -> None:
    """Remove what `replacing` left in a folder where the program was killed: new files older than `seconds`."""
    oldest = time.time() - seconds
    with contextlib.suppress(OSError):  # no such folder, or a closed one: there is nothing to do
        for entry in os.scandir(folder):
            if entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX):
                with contextlib.suppress(OSError):  # another program removed it just now
                    if entry.stat().st_mtime < oldest:
                        os.unlink(entry.path)


def _sync(file: Path) -> None:
    with open(file, "rb+") as opened:
        try:
            os.fsync(opened.fileno())
        except OSError as error:
            if error.errno not in _NO_FSYNC:
                raise


def _back_up(target: Path) -> None:
    """Keep what is in `target` under its second name; at every moment a whole backup is there, the older or this one.

    A second link costs no room on a full disk. A file that has further names is copied, as it is written in place.
    """
    with contextlib.suppress(OSError):  # a comfort: for want of it no work is lost
        kept = backup_of(target)
        if not target.is_file() or _is_one_file(target, kept):
            return
        handle, name = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            if target.stat().st_nlink > 1 or not _link(target, temporary):
                shutil.copy2(target, temporary)
            os.replace(temporary, kept)
        finally:
            temporary.unlink(missing_ok=True)


def _link(target: Path, name: Path) -> bool:
    """Give a file a second name in place of the empty file there; False where the disk knows no such thing."""
    name.unlink()
    try:
        os.link(target, name)
    except (OSError, NotImplementedError):
        return False
    return True


def _is_one_file(one: Path, other: Path) -> bool:
    """Whether both are names of one file: a program was killed between keeping a backup and writing the new file."""
    return other.is_file() and os.path.samefile(one, other)


def _put(temporary: Path, target: Path, *, private: bool) -> None:
    """Let the whole new file take the place of `target`."""
    try:
        old = target.stat()
    except FileNotFoundError:
        old = None
    # A second name that is only the backup keeps the old content; any other one gets the new content too.
    if old is not None and old.st_nlink - _is_one_file(target, backup_of(target)) > 1:
        _copy_into(temporary, target)
        return
    with contextlib.suppress(OSError):  # a share may have no permissions to set
        mode = 0o666 & ~_UMASK if old is None else old.st_mode & 0o777
        os.chmod(temporary, 0o600 if private else mode)
    if old is not None and hasattr(os, "chown") and (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
        with contextlib.suppress(OSError):  # only the owner of all may give a file away
            os.chown(temporary, old.st_uid, old.st_gid)
    os.replace(temporary, target)


def _copy_into(temporary: Path, target: Path) -> None:
    """Give a file that has several names its new content in place; where that fails it gets its old content back."""
    new, old = temporary.read_bytes(), target.read_bytes()
    with open(target, "rb+") as file:
        try:
            file.write(new)
            file.truncate()
            file.flush()
        except OSError:
            file.seek(0)
            file.write(old)
            file.truncate()
            raise
    with contextlib.suppress(OSError):
        _sync(target)
