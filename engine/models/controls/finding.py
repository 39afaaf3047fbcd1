"""Finds ControlNets by name or kind: beside the models, and in the folders of other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError, ModelNotFound, UnsafeModel
from engine.models.controls.kinds import ControlModel, describe, is_control_folder
from engine.weights.files import is_pickle, is_weights

if TYPE_CHECKING:
    from engine.models.library import Library

FOLDER = "controlnet"
_DEEP = 3
_MOST = 2000


def folders_of(library: Library) -> tuple[Path, ...]:
    """The folders that are looked through: `controlnet` beside the models folder and in it, then other programs'."""
    own = (library.folder.parent / FOLDER, library.folder / FOLDER)
    return (*own, *(each for program in library.programs().values() for each in program.controls), library.folder)


def find_control(name: str, folders: Sequence[Path]) -> ControlModel:
    """Return the ControlNet of a path, or of a name in the folders, with or without its ending.

    Raises:
        ModelNotFound: there is none. Others: see `describe`.
    """
    path = Path(name).expanduser()
    if len(path.parts) > 1 or path.exists():
        _check_kind(path)
        if not path.exists():
            raise ModelNotFound(f'There is no ControlNet "{path.name}".', hint="Check its name, or choose it again.")
        return describe(path)
    known = list(paths_in(folders))
    for each in known:
        if name.lower() in (each.name.lower(), each.stem.lower()):
            return describe(each)
    _check_kind(path)
    names = ", ".join(f'"{each.name if each.is_dir() else each.stem}"' for each in known[:12])
    raise ModelNotFound(
        f'There is no ControlNet "{name}".',
        hint=f"Installed: {names}. A path works too." if names else _where(folders),
    )


def find_for(kind: str, width: int, folders: Sequence[Path], *, model: str) -> ControlModel:
    """Return the first ControlNet of a kind for models that read text of `width` channels; one of that kind alone goes
    before a union.

    Args:
        model: what messages call the model.

    Raises:
        ModelNotFound: there is none.
    """
    fitting = [each for each in known_controls(folders) if each.width in (width, 0)]
    found = [each for each in fitting if kind in each.kinds]
    if kind == "other" and len(fitting) == 1 and not fitting[0].is_union:
        found = fitting
    if found:
        return min(found, key=lambda each: (each.is_union, each.width == 0))
    wanted = "ControlNet" if kind == "other" else f'ControlNet for "{kind}"'
    names = ", ".join(f'"{each.name}"' for each in fitting[:12])
    raise ModelNotFound(
        f'No {wanted} was found that fits the model "{model}".',
        hint=f"Say what the picture shows, or name the one to use of: {names}." if names else _where(folders),
    )


def known_controls(folders: Sequence[Path]) -> list[ControlModel]:
    """Return the ControlNets in these folders, those that can be used; by name within each folder."""
    found = []
    for path in paths_in(folders):
        try:
            found.append(describe(path))
        except (EngineError, OSError):
            continue  # it is named where it is asked for by name
    return found


def paths_in(folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the folders and files that may be ControlNets; of a models folder, only what diffusers wrote as one."""
    seen: set[Path] = set()
    for folder in folders:
        for path in _walk(folder, files=folder.name.lower() == FOLDER):
            if path not in seen:
                seen.add(path)
                yield path


def _walk(folder: Path, *, files: bool) -> Iterator[Path]:
    queue, looked = [(folder, 0)], 0
    while queue:
        place, depth = queue.pop(0)
        try:
            entries = sorted(place.iterdir(), key=lambda path: path.name.lower())
        except OSError:
            continue
        for path in entries:
            looked += 1
            if looked > _MOST:
                return
            if path.name.startswith("."):
                continue
            if path.is_dir():
                if is_control_folder(path):
                    yield path
                elif depth < (_DEEP if files else 0):
                    queue.append((path, depth + 1))
            elif files and is_weights(path):
                yield path


def _check_kind(path: Path) -> None:
    if is_pickle(path):
        raise UnsafeModel(
            f'The ControlNet "{path.name}" is a pickle, which can run code as it is opened, so Wordbrush does not'
            " open it.",
            hint="Get it as .safetensors, or convert it with a program that you trust.",
        )


def _where(folders: Sequence[Path]) -> str:
    return f"Put ControlNets into the folder {folders[0]}, or give the path of one."
