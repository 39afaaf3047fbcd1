"""Finds the models in a folder and its subfolders and describes each one; a broken one never hides the others."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError, ModelNotFound
from engine.facts import STARTER, ModelInfo
from engine.models import families
from engine.models.separate_parts import IP_ADAPTERS
from engine.weights.files import INDEXES, fingerprint, is_pickle, is_weights

if TYPE_CHECKING:
    from engine.models.assembly.tokenizers import Sources

_DEPTH = 5
_MOST_ENTRIES = 50_000
_NO_MODELS = ("controlnet", *IP_ADAPTERS, "clip_vision", "clip-vision")
"""Folders of networks that work beside a model, in lower case."""
_log = logging.getLogger(__name__)


def find_models(folder: Path) -> dict[str, Path]:
    """Return the models in a folder and its subfolders by name, sorted; no file is opened.

    A name is the path within the folder without its extension ("landscapes/lake"), in the Hub's cache the name of the
    repository. Links that form a cycle are followed once.
    """
    found: dict[str, Path] = {}
    for path in sorted(_walk(folder), key=lambda path: path.as_posix().lower()):
        name = _name(path, folder)
        found[path.relative_to(folder).as_posix() if name in found or name == STARTER else name] = path
    return found


def _name(path: Path, folder: Path) -> str:
    parts = path.relative_to(folder).parts
    repository = next((part for part in parts if part.startswith("models--")), None)
    if repository is not None:
        parts = (families.model_name(path),) if parts[-2:-1] == ("snapshots",) else (*parts[:-1], path.stem)
        return "/".join(part for part in parts if part not in (repository, "snapshots"))
    return "/".join((*parts[:-1], families.model_name(path)))


def looks_like_a_model(path: Path) -> bool:
    """Whether a folder has a model_index.json or parts of a model, or a file has the extension of a weights file."""
    # In a folder that may not be read os.path returns False where pathlib raises.
    if os.path.isdir(path):
        try:
            return any(os.path.isfile(path / name) for name in INDEXES) or families.has_parts(path)
        except OSError:
            return False
    return (is_weights(path) or is_pickle(path)) and os.path.isfile(path)


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the models below a folder, a few levels deep and within a fixed number of files."""
    seen: set[str] = set()
    looked = 0
    queue = [(folder, 0)]
    while queue:
        place, depth = queue.pop()
        real = os.path.realpath(place)
        if real in seen:
            continue
        seen.add(real)
        try:
            entries = [Path(entry.path) for entry in os.scandir(place)]
        except OSError:
            continue
        for path in entries:
            looked += 1
            if looked > _MOST_ENTRIES:
                _log.warning("the models folder has more than %d files; the rest is not listed", _MOST_ENTRIES)
                return
            if (
                path.name.startswith(".")
                or path.name.lower() in _NO_MODELS
                or (path.name == "blobs" and place.name.startswith("models--"))
            ):
                continue
            if looks_like_a_model(path):
                yield path
            elif depth < _DEPTH and os.path.isdir(path):
                queue.append((path, depth + 1))


def describe(name: str, path: Path, parts: Sequence[Path] = (), sources: Sources | None = None) -> ModelInfo:
    """Return what a model's files say about it; if anything is wrong with it, its entry says so.

    Args:
        parts, sources: see `families.inspect`.
    """
    size = 0
    try:
        size = sum(count for _, _, count in fingerprint(path))
        facts = families.inspect(path, parts, sources)
        return ModelInfo(name, path, facts.family, size, names=facts.names)
    except EngineError as error:
        return ModelInfo(name, path, "", size, str(error), hint=error.hint)
    except OSError as error:
        return ModelInfo(name, path, "", size, f"It cannot be read: {error.strerror or error}.")
    except Exception as error:
        _log.exception("a model could not be described")
        return ModelInfo(name, path, "", size, f"Its files cannot be understood: {type(error).__name__}.")


def points_inside(error: ModelNotFound, inside: tuple[Path, ...], path: Path) -> ModelNotFound:
    """Return the error for a folder that is not a model, with a hint that names the models inside it."""
    names = ", ".join(f'"{each.relative_to(path).as_posix()}"' for each in inside[:5])
    if not inside or looks_like_a_model(path):
        return error
    return ModelNotFound(error.message, hint=f"There are models inside it: choose {names}.", details=error.details)
