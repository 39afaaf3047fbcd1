"""What lies in a model's folder, read without loading it: JSON, safetensors headers, weights and what is missing."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import ModelIncomplete, UnsafeModel

PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl")
_MAX_HEADER = 100 * 1024 * 1024


@dataclass(frozen=True)
class WeightFiles:
    """The safetensors files of one part; `variant` is diffusers' name for them ("fp16") or None."""

    files: tuple[Path, ...]
    variant: str | None


def incomplete(part: str, fault: str, *, details: str = "") -> ModelIncomplete:
    """The error for a part that is missing or damaged."""
    return ModelIncomplete(
        f"The model's {part} is incomplete: {fault}.",
        hint="Get the model again, or copy the missing files into its folder.",
        details=details,
    )


def unsafe(part: str, name: str) -> UnsafeModel:
    """The error for weights that only come as a pickle."""
    return UnsafeModel(
        f"The model's {part} comes as a pickle ({name}), which could run any code, so it is not opened.",
        hint="Get the model as .safetensors; most model pages offer both.",
    )


def read_json(path: Path, *, part: str) -> dict[str, Any]:
    """A JSON object from a model folder.

    Raises:
        ModelIncomplete: the file is missing or is no JSON object.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise incomplete(part, f"{path.name} is missing") from None
    except (OSError, ValueError) as error:
        raise incomplete(part, f"{path.name} cannot be read", details=str(error)) from error
    if not isinstance(value, dict):
        raise incomplete(part, f"{path.name} is damaged")
    return value


def read_header(path: Path, *, part: str) -> Mapping[str, Any]:
    """The header of a safetensors file: name -> {"dtype", "shape", "data_offsets"}; no weights are read.

    Raises:
        ModelIncomplete: the file is missing, is no safetensors file, or is shorter or longer than its header says.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > min(size - 8, _MAX_HEADER):
                raise ValueError(f"a header of {length} bytes in a file of {size}")
            header = json.loads(file.read(length))
        end = max((entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"), default=0)
    except FileNotFoundError:
        raise incomplete(part, f"{path.name} is missing") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise incomplete(part, f"{path.name} is no whole safetensors file", details=str(error)) from error
    if size != 8 + length + end:
        raise incomplete(part, f"{path.name} has {size} bytes where {8 + length + end} belong, so it was cut short")
    return header


def find_weights(folder: Path, stem: str, *, part: str) -> WeightFiles:
    """The safetensors files of the part in `folder`, each checked to be whole.

    Args:
        stem: their name before any variant, shard number and extension ("model", "diffusion_pytorch_model").

    Raises:
        ModelIncomplete: none is there, a shard is missing, or one is damaged.
        UnsafeModel: there are weights, but only as a pickle.
    """
    for variant in (None, "fp16"):
        named = stem if variant is None else f"{stem}.{variant}"
        shards = [folder / f"{named}.safetensors.index.json", folder / f"{stem}.safetensors.index.{variant}.json"]
        index = next((path for path in shards if path.is_file()), None)
        if index is not None:
            names = set(read_json(index, part=part).get("weight_map", {}).values())
            files = tuple(sorted(folder / Path(str(name)).name for name in names))
        else:
            files = tuple(path for path in [folder / f"{named}.safetensors"] if path.is_file())
        if files:
            for file in files:
                read_header(file, part=part)
            return WeightFiles(files, variant)
    pickles = sorted(path.name for path in folder.glob("*") if path.suffix in PICKLES) if folder.is_dir() else []
    if pickles:
        raise unsafe(part, pickles[0])
    raise incomplete(part, f"{stem}.safetensors is missing")
