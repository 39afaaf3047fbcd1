"""Where a lesson stands, in a safetensors file: weights, the optimiser's state and numbers, with a checksum."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.errors import EngineError, ModelIncomplete
from engine.weights.headers import metadata, read_header
from engine.weights.tensors import read_tensors
from resources import atomic

NAME = "checkpoint.safetensors"
_BEFORE = "checkpoint-before.safetensors"


@dataclass(frozen=True)
class Standing:
    """What is known of a checkpoint beside its tensors: steps done, seconds of work, and what the result depends on."""

    step: int
    seconds: float
    settings: Mapping[str, Any]


def save(folder: Path, standing: Standing, trained: torch.nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Write a checkpoint whole, and keep the one before it. Raises OSError; then the old one stays."""
    from safetensors.torch import save as to_bytes

    tensors = {f"trained.{name}": value for name, value in trained.state_dict().items()}
    for number, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{name}": torch.as_tensor(value) for name, value in state.items()}
    tensors = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    told = json.dumps({**asdict(standing), "sum": _sum(tensors)})
    file = folder / NAME
    data = to_bytes(tensors, metadata={"format": "pt", "wordbrush.standing": told})
    if file.exists():
        file.replace(folder / _BEFORE)
    atomic.write(file, data)


def restore(folder: Path, trained: torch.nn.Module, optimizer: torch.optim.Optimizer) -> Standing | None:
    """Load the newest checkpoint that is whole; None where there is none at all.

    Raises:
        ModelIncomplete: those that are there are damaged, or are of other settings.
    """
    files = [folder / name for name in (NAME, _BEFORE) if (folder / name).is_file()]
    for file in files:
        found = _read(file)
        if found is None:
            continue
        standing, tensors = found
        own = {name.removeprefix("trained."): each for name, each in tensors.items() if name.startswith("trained.")}
        try:
            trained.load_state_dict(own)
        except RuntimeError as error:
            raise _unusable(folder, str(error)) from error
        state: dict[int, dict[str, Tensor]] = {}
        for name, value in tensors.items():
            if name.startswith("optimizer."):
                _, number, key = name.split(".", 2)
                state.setdefault(int(number), {})[key] = value
        optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
        return standing
    if files:
        raise _unusable(folder, "a checksum does not agree")
    return None


def standing_of(folder: Path) -> Standing | None:
    """What the newest checkpoint says of itself, without its tensors; None where there is none that can be read."""
    for name in (NAME, _BEFORE):
        if (folder / name).is_file() and (told := _told(folder / name)) is not None:
            return told[0]
    return None


def _read(file: Path) -> tuple[Standing, dict[str, Tensor]] | None:
    told = _told(file)
    if told is None:
        return None
    try:
        tensors = read_tensors([file], part="checkpoint", dtype=torch.float32)
    except (EngineError, OSError):
        return None
    return (told[0], tensors) if _sum(tensors) == told[1] else None


def _told(file: Path) -> tuple[Standing, int] | None:
    try:
        said = json.loads(metadata(read_header(file, part="checkpoint")).get("wordbrush.standing", "{}"))
        return Standing(int(said["step"]), float(said["seconds"]), dict(said["settings"])), int(said["sum"])
    except (EngineError, OSError, ValueError, KeyError, TypeError):
        return None


def _sum(tensors: Mapping[str, Tensor]) -> int:
    total = 0
    for name in sorted(tensors):
        total = zlib.crc32(tensors[name].contiguous().reshape(-1).view(torch.uint8).numpy().tobytes(), total)
    return total


def _unusable(folder: Path, why: str) -> ModelIncomplete:
    return ModelIncomplete(
        f'What was learnt so far of "{folder.name}" is damaged.',
        hint="Begin again from its pictures: they are kept.",
        details=why,
    )
