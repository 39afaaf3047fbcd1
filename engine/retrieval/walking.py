"""The picture files of a folder and of those below it, whatever else lies there; no torch."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import BadRequest
from engine.retrieval.index import Entry
from resources.pictures import SUFFIXES

MOST = 200_000
"""Pictures of one folder that are looked at."""


@dataclass
class Walk:
    """What was found in a folder.

    Attributes:
        files: the entry of each picture file, by its path relative to the folder, with "/", sorted.
        closed: folders that could not be read, as such paths. cut: whether there are more than `MOST` files.
    """

    files: dict[str, Entry] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    cut: bool = False


def walk(folder: Path, stopped: Callable[[], bool] = lambda: False) -> Walk:
    """Return the picture files in a folder and below it, by their names' endings; nothing is opened.

    Hidden folders, and folders that links lead to, are passed over: no file comes twice, and there is an end.

    Args:
        stopped: asked at every folder; where it says so, the walk ends early.

    Raises:
        BadRequest: there is no such folder, or it cannot be read.
    """
    if not folder.is_dir():
        message = f'"{folder}" is a file, not a folder.' if folder.exists() else f'There is no folder "{folder}".'
        raise BadRequest(message, hint="Name a folder with pictures.")
    found = Walk()
    queue = [("", folder)]
    while queue and not stopped():
        name, place = queue.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError as error:
            if not name:
                raise BadRequest(
                    f'The folder "{folder}" cannot be read.',
                    hint="Check that you may read it, or choose another folder.",
                    details=f"{type(error).__name__}: {error}",
                ) from error
            found.closed.append(name)
            continue
        inner = []
        for entry in entries:
            below = f"{name}/{entry.name}" if name else entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith("."):
                        inner.append((below, Path(entry.path)))
                elif entry.name.lower().endswith(SUFFIXES) and not entry.name.startswith("."):
                    about = entry.stat()
                    if stat.S_ISREG(about.st_mode):
                        found.files[below] = Entry(about.st_mtime_ns, about.st_size)
            except OSError:  # it went away, or a link leads nowhere
                continue
            if len(found.files) >= MOST:
                found.cut = True
                return found
        queue += reversed(inner)
    return found
