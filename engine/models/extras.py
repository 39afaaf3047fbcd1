"""Where LoRA files, embeddings, IP-Adapters and their encoders lie: our folders, other programs', beside a model."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from engine.models.programs import ProgramFolders, named
from engine.models.separate_parts import EMBEDDINGS, IMAGE_ENCODERS, IP_ADAPTERS, LORAS, MODELS

KINDS = {"loras": LORAS, "embeddings": EMBEDDINGS, "ip_adapters": IP_ADAPTERS, "image_encoders": IMAGE_ENCODERS}
_ABOVE = 4
"""How far above a model the folder of a program may be that holds its LoRA files and the like too."""


def folders_of(
    kind: str, home: Path, programs: Iterable[ProgramFolders], model: Path | None = None
) -> tuple[Path, ...]:
    """Return the folders that exist, the nearest first.

    Args:
        kind: a key of `KINDS`. home: the models folder, beside which Wordbrush's own one is. programs: those
            that were added. model: one whose neighbours count too: folders of these names beside it, one floor up, and
            in the program's folder in which it lies.
    """
    names = KINDS[kind]
    found = [home.parent / kind, *named(home.parent, names), *named(home, names)]
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
