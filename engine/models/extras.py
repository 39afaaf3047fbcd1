"""Where LoRA files and embeddings lie: in our own folders, those of other programs, beside a model; no torch."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.models.programs import ProgramFolders, named
from engine.models.separate_parts import EMBEDDINGS, LORAS, MODELS
from engine.weights.files import is_pickle

KINDS = {"loras": LORAS, "embeddings": EMBEDDINGS}
_ABOVE = 4
"""How far above a model the folder of a program may be that holds its LoRA files and embeddings too."""
_DEPTH = 4
_MOST_ENTRIES = 20_000


def folders_of(
    kind: str, home: Path, programs: Iterable[ProgramFolders], model: Path | None = None
) -> tuple[Path, ...]:
    """Return the folders that exist, the nearest first.

    Args:
        kind: "loras" or "embeddings". home: the models folder, beside which Wordbrush's own one is. programs: those
            that were added. model: one whose neighbours count too: folders of these names beside it, one floor up, and
            in the program's folder in which it lies.
    """
    names = KINDS[kind]
    found = [home.parent / kind, *named(home, names)]
    for program in programs:
        found += getattr(program, kind)
    if model is not None:
        near = [model if model.is_dir() else model.parent, model.parent, model.parent.parent]
        for above in model.parents[:_ABOVE]:
            if above.name.lower() in MODELS:
                near += [above.parent, above.parent.parent]
        found += [each for place in near for each in named(place, names)]
    unique = {os.path.realpath(path): path for path in reversed(found) if path.is_dir()}
    return tuple(reversed(unique.values()))


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
