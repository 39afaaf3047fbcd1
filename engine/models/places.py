"""Where models are searched for: the models folder, paths that were added to its list, and the Hugging Face cache."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from engine.errors import BadRequest, DownloadFailed, EngineError
from engine.models import programs
from engine.models.families import model_name
from engine.models.listing import find_models
from engine.models.programs import ProgramFolders
from engine.weights.files import has_index
from engine.weights.headers import open_regular, parse_json
from resources import atomic

SHIPPED, LIBRARY, ADDED, HUB_CACHE = "ships", "library", "added", "hub cache"
ADDED_FILE = ".models.json"
"""In the models folder: paths of added models, which stay where they are, and whether downloads are switched off."""
_LARGEST = 1 << 20
_LOCK_SECONDS = 5


def _read(folder: Path) -> Mapping[str, Any]:
    try:
        with open_regular(folder / ADDED_FILE) as file:
            found = parse_json(file.read(_LARGEST), depth=4)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _change(folder: Path, name: str, change: Callable[[Any], Any]) -> None:
    """Change one value in the folder's settings file. Raises BadRequest if it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".models.lock", timeout=_LOCK_SECONDS):
            found = dict(_read(folder))
            found |= {"schema": 1, name: change(found.get(name))}
            atomic.write_text(folder / ADDED_FILE, json.dumps(found, indent=1))
    except (OSError, Timeout) as error:
        raise BadRequest(
            f"The list of models cannot be written: {error}.", hint=f"Make sure that you may write to {folder}."
        ) from error


def read_added(folder: Path) -> list[Path]:
    """Return the paths that were added to a models folder; invalid entries are left out."""
    return _paths(_read(folder).get("paths"))


def _paths(found: Any) -> list[Path]:
    listed = found if isinstance(found, list) else []
    return [Path(path) for path in listed if isinstance(path, str) and os.path.isabs(path) and "\0" not in path]


def add_path(folder: Path, path: Path) -> None:
    """Add a model's path to the list. Raises BadRequest if the list cannot be written."""
    _change(folder, "paths", lambda found: [*(str(each) for each in _paths(found) if each != path), str(path)])


def drop_path(folder: Path, path: Path) -> None:
    """Take an added model's path off the list. Raises BadRequest if the list cannot be written."""
    _change(folder, "paths", lambda found: [str(each) for each in _paths(found) if each != path])


def is_offline(folder: Path) -> bool:
    """Whether the user switched the network off, by `set_offline` or by `WORDBRUSH_OFFLINE=1`."""
    asked = os.environ.get("WORDBRUSH_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")
    return asked or _read(folder).get("offline") is True


def set_offline(folder: Path, on: bool) -> None:
    """Switch the network off, or allow downloads again. Raises BadRequest if this cannot be saved."""
    _change(folder, "offline", lambda _found: on)


def check_online(folder: Path) -> None:
    """Make sure that downloads are allowed. Raises DownloadFailed."""
    if is_offline(folder):
        raise DownloadFailed(
            "Downloads are switched off.",
            hint="Switch them on with: wordbrush models offline off. If WORDBRUSH_OFFLINE is set, unset it as well.",
        )


def find_added(folder: Path) -> Mapping[str, Path]:
    """Return the models that were added to a folder's list, by name; those that do not exist right now are left out.

    Of an added program these are the models in its folders.
    """
    found: dict[str, Path] = {}
    for path in read_added(folder):
        if not os.path.exists(path):
            continue
        program = _program(path)
        models = {model_name(path): path} if program is None else programs.list_models(program)
        for name, each in models.items():
            found[str(each) if name in found else name] = each
    return found


def find_programs(folder: Path) -> Mapping[Path, ProgramFolders]:
    """Return the folders of the programs that were added to a folder's list, by the path that was added."""
    found = {path: _program(path) for path in read_added(folder)}
    return {path: program for path, program in found.items() if program is not None}


def _program(path: Path) -> ProgramFolders | None:
    try:
        return programs.read(path)
    except EngineError:  # it was one when it was added: it is listed as what it is now, which is no model
        return None


def hub_cache() -> Path | None:
    """Return the folder where Hugging Face's libraries keep their downloads; None if it must not be searched.

    With `WORDBRUSH_HOME` nothing outside of it is searched, unless the environment names the cache as well.
    """
    if named := os.environ.get("HF_HUB_CACHE"):
        return Path(named).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(home).expanduser() / "hub"
    if os.environ.get("WORDBRUSH_HOME"):
        return None
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "huggingface" / "hub"


def find_cached(cache: Path | None) -> Mapping[str, Path]:
    """Return the whole models in the Hugging Face cache, by repository name: the snapshot that `main` points to.

    Only folders with a model_index.json count; repositories of text models, data sets or single parts are left out.
    """
    if cache is None or not cache.is_dir():
        return {}
    found: dict[str, Path] = {}
    for name, path in find_models(cache).items():
        if not has_index(path) or path.parent.name != "snapshots":
            continue
        main = path.parent.parent / "refs" / "main"
        try:
            current = main.read_text().strip() if main.is_file() else path.name
        except (OSError, UnicodeDecodeError):
            current = path.name
        if current == path.name or not (path.parent / current).is_dir():
            found[name.split("/")[0] if name.startswith("models--") else name] = path
    return found
