"""Finds safetensors files in folders and a few levels below, such as those of LoRA files and embeddings."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.weights.files import is_pickle

_DEPTH = 4
_MOST_ENTRIES = 20_000


def files_in(folders: Sequence[Path], *, pickles: bool = False) -> Iterator[Path]:
    """Yield the safetensors files in folders and a few levels below, in the order of the folders, then of the names.

    Args:
        pickles: files that are never opened are named too.
    """
    seen: set[str] = set()
    left = _MOST_ENTRIES
    for folder in folders:
        waiting = [(folder, 0)]
        files: list[Path] = []
        while waiting and left > 0:
            place, depth = waiting.pop()
            if (real := os.path.realpath(place)) in seen:
                continue
            seen.add(real)
            try:
                entries = [Path(entry.path) for entry in os.scandir(place)]
            except OSError:
                continue
            left -= len(entries)
            for path in entries:
                if path.name.startswith("."):
                    continue
                if path.suffix.lower() == ".safetensors" or (pickles and is_pickle(path)):
                    files.append(path)
                elif depth < _DEPTH and path.is_dir():
                    waiting.append((path, depth + 1))
        yield from sorted(files, key=lambda path: path.relative_to(folder).as_posix().lower())
