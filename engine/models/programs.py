"""The model folders of other programs (A1111, Forge, ComfyUI), read in place: which hold models, which parts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.errors import BadRequest
from engine.models.listing import find_models, looks_like_a_model
from engine.models.separate_parts import MODELS, PARTS
from engine.weights.headers import open_regular

SETTINGS = (".yaml", ".yml")
OWN_SETTINGS = "extra_model_paths.yaml"
"""In ComfyUI's folder: further folders with models."""

_NESTED = ("", "models", "ComfyUI/models", "webui/models")
"""Where a program's folder has the others: the portable editions have the program in a folder of its own."""
_LARGEST = 64 << 10
_MOST_FOLDERS = 256
_BESIDE = (".vae",)
"""Before the extension of a file that A1111 keeps beside a model, and that is none."""


@dataclass(frozen=True)
class ProgramFolders:
    """Where a program keeps models, and where the parts that several of them share; only folders that exist."""

    models: tuple[Path, ...] = ()
    parts: tuple[Path, ...] = ()


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
        return ProgramFolders((path,), tuple(_named(path.parent, PARTS)))
    places = [path / nested for nested in _NESTED]
    models = [each for place in places for each in _named(place, MODELS)]
    parts = [each for place in places for each in _named(place, PARTS)]
    if not models:
        return None
    for settings in (path / OWN_SETTINGS, path / "ComfyUI" / OWN_SETTINGS):
        if settings.is_file():
            more = _settings(settings)
            models += more.models
            parts += more.parts
    return ProgramFolders(_once(models), _once(parts))


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


def _named(folder: Path, names: Iterable[str]) -> Iterator[Path]:
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
    models: list[Path] = []
    parts: list[Path] = []
    for section in found.values():
        if section is None:
            continue
        if not isinstance(section, dict):
            raise ValueError("what is below a heading are not names with paths")
        for kind, each in _entries(section, path.parent):
            wanted = models if kind.lower() in MODELS else parts if kind.lower() in PARTS else None
            if wanted is not None and each.is_dir():
                # A default section's folders come before all others, as in ComfyUI.
                wanted.insert(0, each) if section.get("is_default") is True else wanted.append(each)
            if len(models) + len(parts) > _MOST_FOLDERS:
                raise ValueError(f"it names more than {_MOST_FOLDERS} folders")
    return ProgramFolders(_once(models), _once(parts))


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
