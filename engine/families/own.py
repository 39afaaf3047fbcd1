"""The experts that a model's folder brings: who they are, by wordbrush.json, and which file holds each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import intervals
from engine.errors import ModelIncomplete
from engine.modelfiles import incomplete

DELTAS = "pytorch_lora_weights.safetensors"
_BASE = "base"


@dataclass(frozen=True)
class OwnExpert:
    """One of a model's own experts.

    Attributes:
        low, high: it owns `low <= sigma < high`.
        folder: what is its own: `DELTAS` to the base's weights, or a UNet; None is the base denoiser itself.
    """

    name: str
    low: float
    high: float
    folder: Path | None = None

    @property
    def is_delta(self) -> bool:
        """Whether it is the base's weights with low-rank changes."""
        return self.folder is not None and (self.folder / DELTAS).is_file()


def read_experts(path: Path, own: Mapping[str, Any]) -> tuple[OwnExpert, ...]:
    """The experts that the wordbrush.json `own` of the model folder `path` names; none where it names none.

    Each entry has a name, `low` and `high` (null is infinity), and may have a `part`: the folder in `experts`, by
    default its name; "base" is the model's own denoiser.

    Raises:
        ModelIncomplete: an entry makes no sense, has no folder, or they do not share the noise levels out.
    """
    entries = own.get("experts", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise incomplete("wordbrush.json", 'its "experts" are no list of experts')
    found: list[OwnExpert] = []
    for entry in entries:
        name = entry.get("name")
        if not isinstance(name, str) or not name.strip():
            raise incomplete("wordbrush.json", f"an expert has no name but {name!r}")
        if name in [other.name for other in found]:
            raise incomplete("wordbrush.json", f'two of its experts are named "{name}"')
        high = entry.get("high")
        found.append(
            OwnExpert(
                name, entry.get("low"), math.inf if high is None else high, _folder(path, entry.get("part", name))
            )
        )
    fault = intervals.fault([(expert.name, expert.low, expert.high) for expert in found]) if found else ""
    if fault:
        raise ModelIncomplete(
            f"The model's experts do not share the noise levels out: {fault}.",
            hint=f"Mend its wordbrush.json, or get the model again. {intervals.HINT}",
        )
    return tuple(found)


def _folder(path: Path, part: Any) -> Path | None:
    if part == _BASE:
        return None
    if not isinstance(part, str) or Path(part).name != part:
        raise incomplete("wordbrush.json", f"an expert's part is {part!r}, which names no folder in experts")
    folder = path / "experts" / part
    if not folder.is_dir():
        raise incomplete(f'expert "{part}"', f'the folder "experts/{part}" is missing')
    return folder
