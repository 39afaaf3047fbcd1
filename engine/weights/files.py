"""What lies in a model's folder, read without loading it: JSON, weights files and their variants."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import UnsafeModel
from engine.weights.headers import incomplete, open_regular, parse_json, read_header

__all__ = ["PICKLES", "WeightFiles", "find_weights", "incomplete", "is_pickle", "is_weights", "read_header"]

PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl")
WEIGHTS = (".safetensors", ".sft")
OWN_FILES = ("wordbrush-calibration.json", "wordbrush-download.json")
"""Files of this program's own that it puts into a model's folder."""
VARIANTS = (None, "fp16", "bf16", "fp32", "non_ema", "ema", "fp16.non_ema", "bf16.non_ema")
"""Variants between a weights file's name and its extension, the best one first."""

_MAX_JSON = 8 << 20
"""Bytes of a JSON file; the largest that a model needs are the lists of a sharded model's tensors."""
_MAX_DEPTH = 32
_MAX_LAYERS = 512
_MAX_NUMBER = 1 << 20


@dataclass(frozen=True)
class WeightFiles:
    """The safetensors files of one part; `variant` is diffusers' name for them ("fp16") or None."""

    files: tuple[Path, ...]
    variant: str | None


def is_pickle(path: Path) -> bool:
    """Whether a file's extension is that of a pickle, in any letter case."""
    return path.suffix.lower() in PICKLES


def is_weights(path: Path) -> bool:
    """Whether a file's extension is that of safetensors or GGUF, in any letter case."""
    return path.suffix.lower() in (*WEIGHTS, ".gguf")


def unsafe(part: str, name: str) -> UnsafeModel:
    """Return the error for weights that only come as a pickle."""
    return UnsafeModel(
        f"The model's {part} comes as a pickle ({name}), which could run any code, so it is not opened.",
        hint="Get the model as .safetensors; most model pages offer both.",
    )


def read_json(path: Path, *, part: str) -> dict[str, Any]:
    """Return a JSON object from a model folder, at most a few megabytes long and not deeply nested.

    Raises:
        ModelIncomplete: the file is missing, too large, no ordinary file, or holds no JSON object.
    """
    try:
        with open_regular(path) as file:
            data = file.read(_MAX_JSON + 1)
        if len(data) > _MAX_JSON:
            raise ValueError(f"it has more than {_MAX_JSON >> 20} MiB")
        value = parse_json(data, depth=_MAX_DEPTH)
    except FileNotFoundError:
        raise incomplete(part, f"{path.name} is missing") from None
    except (OSError, ValueError) as error:
        raise incomplete(part, f"{path.name} cannot be read", details=str(error)) from error
    if not isinstance(value, dict):
        raise incomplete(part, f"{path.name} is damaged")
    return value


INDEXES = ("model_index.json", "modular_model_index.json")
"""Names of the file that lists a model folder's parts; the second one is that of diffusers' modular pipelines."""


def has_index(folder: Path) -> bool:
    """Whether a folder has a list of a model's parts."""
    return any((folder / name).is_file() for name in INDEXES)


def read_index(folder: Path) -> dict[str, Any]:
    """Return a model folder's list of parts; see `read_json` for the errors."""
    name = next((name for name in INDEXES if (folder / name).is_file()), INDEXES[0])
    return read_json(folder / name, part="folder")


def read_network_config(path: Path, *, part: str) -> dict[str, Any]:
    """Return the config.json of a network, checked against numbers larger than any real network's.

    A config decides how many layers are made, before any of them is compared with the weights: a billion
    layers would take all memory first.

    Raises:
        ModelIncomplete: see `read_json`; or it asks for a network of an absurd size.
    """
    config = read_json(path, part=part)
    for name, value in config.items():
        most = _MAX_LAYERS if "layers" in name or (name.startswith("num_") and "embed" not in name) else _MAX_NUMBER
        if any(not -most <= number <= most for number in _whole_numbers(value)):
            raise incomplete(part, f'in {path.name} the value of "{name[:80]}" is out of range')
    return config


def _whole_numbers(value: Any) -> Iterable[int]:
    """Yield the whole numbers in a value of a config and in its lists."""
    if isinstance(value, list):
        for each in value:
            yield from _whole_numbers(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _whole_numbers(each)
    elif isinstance(value, int):
        yield value


def find_weights(folder: Path, stem: str, *, part: str) -> WeightFiles:
    """Return the safetensors files of the part in `folder`, each checked to be whole.

    Args:
        stem: their name before any variant, shard number and extension ("model", "diffusion_pytorch_model").

    Raises:
        ModelIncomplete: none is there, a shard is missing, or one is damaged.
        UnsafeModel: there are weights, but only as a pickle.
    """
    for variant in VARIANTS:
        named = stem if variant is None else f"{stem}.{variant}"
        shards = [folder / f"{named}.safetensors.index.json", folder / f"{stem}.safetensors.index.{variant}.json"]
        index = next((path for path in shards if path.is_file()), None)
        if index is not None:
            files = _shards(index, part=part)
        else:
            files = tuple(path for path in [folder / f"{named}.safetensors"] if path.is_file())
        if files:
            for file in files:
                read_header(file, part=part)
            return WeightFiles(files, variant)
    pickles = sorted(path.name for path in folder.glob("*") if is_pickle(path)) if folder.is_dir() else []
    if pickles:
        raise unsafe(part, pickles[0])
    raise incomplete(part, f"{stem}.safetensors is missing")


def _shards(index: Path, *, part: str) -> tuple[Path, ...]:
    """Return the files that a sharded part's index names, all in the folder of the index."""
    places = read_json(index, part=part).get("weight_map", {})
    if not isinstance(places, Mapping) or not all(isinstance(name, str) for name in places.values()):
        raise incomplete(part, f"{index.name} is damaged")
    return tuple(sorted(index.parent / Path(name).name for name in set(places.values())))


def fingerprint(model: Path, parts: Iterable[Path] = ()) -> tuple[tuple[str, int, int], ...]:
    """Return (name, time of the last change in ns, bytes) of each file of a model, so that a changed model is noticed.

    Of a folder these are the files in it, in its parts, and in the parts of its experts; deeper ones belong to no
    model. Files that disappear meanwhile are left out.

    Args:
        parts: of a single file: the separate files of its other parts; they are named by their whole paths.
    """
    if not model.is_dir():
        return (*_stamps([model], model.parent), *_stamps(parts, None))
    levels = [model.glob("*"), model.glob("*/*"), model.glob("experts/*/*")]
    return tuple(sorted(_stamps((path for level in levels for path in level), model)))


def _stamps(paths: Iterable[Path], root: Path | None) -> Iterable[tuple[str, int, int]]:
    for path in paths:
        try:
            found = os.stat(path)
        except OSError:
            continue
        if not path.is_dir() and path.name not in OWN_FILES:
            yield (path.relative_to(root) if root else path).as_posix(), found.st_mtime_ns, found.st_size
