"""The model folders of other programs (A1111, Forge, ComfyUI), read in place: which hold models, which parts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.errors import BadRequest
from engine.models.listing import find_models, looks_like_a_model
from engine.models.separate_parts import EMBEDDINGS, IMAGE_ENCODERS, IP_ADAPTERS, LORAS, MODELS, PARTS
from engine.weights.headers import open_regular

SETTINGS = (".yaml", ".yml")
CONTROLS = ("controlnet",)
"""Folders with ControlNets, in lower case."""
OWN_SETTINGS = "extra_model_paths.yaml"
"""In ComfyUI's folder: further folders with models."""

_NESTED = ("", "models", "ComfyUI/models", "webui/models")
"""Where a program's folder has the others: the portable editions have the program in a folder of its own."""
_KINDS = {
    "models": MODELS,
    "parts": PARTS,
    "loras": LORAS,
    "embeddings": EMBEDDINGS,
    "controls": CONTROLS,
    "ip_adapters": IP_ADAPTERS,
    "image_encoders": IMAGE_ENCODERS,
}
_LARGEST = 64 << 10
_MOST_FOLDERS = 256
_BESIDE = (".vae",)
"""Before the extension of a file that A1111 keeps beside a model, and that is none."""


@dataclass(frozen=True)
class ProgramFolders:
    """Where a program keeps models, the parts that several of them share, LoRA files, embeddings, ControlNets,
    IP-Adapters and their image encoders; only folders that exist."""

    models: tuple[Path, ...] = ()
    parts: tuple[Path, ...] = ()
    loras: tuple[Path, ...] = ()
    embeddings: tuple[Path, ...] = ()
    controls: tuple[Path, ...] = ()
    ip_adapters: tuple[Path, ...] = ()
    image_encoders: tuple[Path, ...] = ()


def read(path: Path) -> ProgramFolders | None:
    """Return the folders of a program; None if the path is neither one's folder nor its list of folders.

    Args:
        path: the program's folder, its `models`, one of the folders in `MODELS`, or a file in the form of ComfyUI's
            `extra_model_paths.yaml`.

    Raises:
        BadRequest: it is such a file, and cannot be read.
    """
    if path.suffix.lower() in SETTINGS and path.is_file():
        return _settings(path)
    if not path.is_dir() or looks_like_a_model(path) or (path / "config.json").is_file():
        return None
    if path.name.lower() in MODELS:
        beside = {kind: list(named(path.parent, names)) for kind, names in _KINDS.items()}
        beside["embeddings"] += named(path.parent.parent, EMBEDDINGS)  # A1111 keeps them one floor higher
        return _folders(beside | {"models": [path]})
    places = [path / nested for nested in _NESTED]
    if path.name.lower() == "models":
        places.append(path.parent)
    found = {kind: [each for place in places for each in named(place, names)] for kind, names in _KINDS.items()}
    if not found["models"]:
        return None
    for settings in (path / OWN_SETTINGS, path / "ComfyUI" / OWN_SETTINGS):
        if settings.is_file():
            more = _settings(settings)
            for kind in _KINDS:
                found[kind] += getattr(more, kind)
    return _folders(found)


def _folders(found: Mapping[str, Iterable[Path]]) -> ProgramFolders:
    return ProgramFolders(**{kind: _once(paths) for kind, paths in found.items()})


def list_models(folders: ProgramFolders) -> dict[str, Path]:
    """Return the models in a program's folders, by their path within them; the first folder's name counts.

    LoRAs, autoencoders, upscalers and the rest lie in other folders, which are not looked into.
    """
    found: dict[str, Path] = {}
    for folder in folders.models:
        for name, path in find_models(folder).items():
            if path.stem.lower().endswith(_BESIDE):
                continue
            found[str(path) if name in found else name] = path
    return found


def named(folder: Path, names: Iterable[str]) -> Iterator[Path]:
    """Yield the folders of these names in any letter case, in the order of `names`."""
    try:
        there = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        for each in there:
            if each.lower() == name and (folder / each).is_dir():
                yield folder / each


def _once(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The paths without those that are another one by another name: "unet" is often a link to "diffusion_models"."""
    found: dict[str, Path] = {}
    for path in paths:
        found.setdefault(os.path.realpath(path), path)
    return tuple(found.values())


def _settings(path: Path) -> ProgramFolders:
    try:
        stamp = os.stat(path)
        return _read_settings(path, stamp.st_mtime_ns, stamp.st_size)
    except (OSError, ValueError) as error:
        raise BadRequest(
            f'"{path.name}" is not a list of model folders that can be read.',
            hint="It has to be as ComfyUI's extra_model_paths.yaml: names of folders and their paths, below a heading.",
            details=f"{path}: {error}"[:500],
        ) from error


@lru_cache(maxsize=16)
def _read_settings(path: Path, _changed: int, _size: int) -> ProgramFolders:
    """Read a settings file; ValueError and OSError say what is wrong."""
    import yaml

    with open_regular(path) as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise ValueError(f"it has more than {_LARGEST >> 10} KiB")
    try:
        found = yaml.safe_load(data.decode("utf-8"))
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    if not isinstance(found, dict):
        raise ValueError("it has no headings")
    paths: dict[str, list[Path]] = {kind: [] for kind in _KINDS}
    for section in found.values():
        if section is None:
            continue
        if not isinstance(section, dict):
            raise ValueError("what is below a heading are not names with paths")
        for kind, each in _entries(section, path.parent):
            wanted = next((paths[ours] for ours, names in _KINDS.items() if kind.lower() in names), None)
            if wanted is not None and each.is_dir():
                # A default section's folders come before all others, as in ComfyUI.
                wanted.insert(0, each) if section.get("is_default") is True else wanted.append(each)
            if sum(map(len, paths.values())) > _MOST_FOLDERS:
                raise ValueError(f"it names more than {_MOST_FOLDERS} folders")
    return _folders(paths)


def _entries(section: dict[Any, Any], beside: Path) -> Iterator[tuple[str, Path]]:
    """Yield (kind, folder) of one section; several paths of a kind stand on lines of their own.

    Relative paths begin at `base_path`, and that at the folder of the file.
    """
    base = section.get("base_path")
    root = beside if not isinstance(base, str) else beside / os.path.expandvars(os.path.expanduser(base.strip()))
    for kind, value in section.items():
        if not isinstance(kind, str) or not isinstance(value, str) or kind == "base_path":
            continue
        for line in value.splitlines():
            if line.strip() and "\0" not in line:
                yield kind, Path(os.path.normpath(root / os.path.expanduser(line.strip())))
