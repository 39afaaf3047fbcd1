"""The experts in a model's folder: their intervals, as wordbrush.json states them, and their files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import ModelIncomplete
from engine.facts import ManifestExpert
from engine.weights.files import incomplete
from resources import intervals

_BASE = "base"


def read_experts(path: Path, own: Mapping[str, Any]) -> tuple[ManifestExpert, ...]:
    """Return the experts that `own`, the wordbrush.json of the model folder `path`, lists; empty if it lists none.

    Each entry has a name, `low` and `high` (null is infinity), and may have a `part`: the folder in `experts`, by
    default its name; "base" is the model's own denoiser.

    Raises:
        ModelIncomplete: an entry is invalid or has no folder, or the intervals leave gaps or overlap.
    """
    entries = own.get("experts", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise incomplete("wordbrush.json", 'its "experts" is not a list of experts')
    found: list[ManifestExpert] = []
    for entry in entries:
        name = entry.get("name")
        if not isinstance(name, str) or not name.strip():
            raise incomplete("wordbrush.json", f"an expert has no usable name but {name!r}")
        if name in [other.name for other in found]:
            raise incomplete("wordbrush.json", f'two of its experts are named "{name}"')
        high = entry.get("high")
        found.append(
            ManifestExpert(
                name, entry.get("low"), math.inf if high is None else high, _folder(path, entry.get("part", name))
            )
        )
    fault = intervals.fault([(expert.name, expert.low, expert.high) for expert in found]) if found else ""
    if fault:
        raise ModelIncomplete(
            f"The model's experts do not cover each noise level exactly once: {fault}.",
            hint=f"Correct its wordbrush.json, or get the model again. {intervals.HINT}",
        )
    return tuple(found)


def _folder(path: Path, part: Any) -> Path | None:
    if part == _BASE:
        return None
    if not isinstance(part, str) or Path(part).name != part:
        raise incomplete("wordbrush.json", f"an expert's part is {part!r}, which is not a folder in experts")
    folder = path / "experts" / part
    if not folder.is_dir():
        raise incomplete(f'expert "{part}"', f'the folder "experts/{part}" is missing')
    return folder
