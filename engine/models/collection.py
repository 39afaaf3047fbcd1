"""What may be done with the installed models as files: which there are, using one where it lies, taking one away."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from engine.downloads import receipt as receipts
from engine.errors import BadRequest, ModelNotFound
from engine.models import calibration, details, places
from engine.models.details import ModelDetails
from engine.models.library import Library
from engine.models.places import ADDED, HUB_CACHE, SHIPPED


@dataclass(frozen=True)
class Removed:
    """What `remove` did: the files it deleted, and whether the model was only forgotten."""

    name: str
    path: Path
    deleted: bool
    freed_bytes: int


def listed(library: Library) -> list[ModelDetails]:
    """Every installed model in detail, the starter first; those that cannot be used say why."""
    where = library.places()
    return [details.of(info, where[info.name][1]) for info in library.list()]


def add(library: Library, path: Path) -> str:
    """Let a model be used where it lies, a file or a folder; returns its name in the library.

    Raises:
        EngineError: it cannot be used; see `Library.check`. BadRequest: the list of such models cannot be written.
    """
    found = library.check(Path(path))
    if found.error is not None:
        raise found.error
    known = {os.path.realpath(place): name for name, (place, _) in library.places().items()}
    if (name := known.get(os.path.realpath(found.path))) is not None:
        return name
    places.add_path(library.folder, found.path)
    return next(name for name, (place, _) in library.places().items() if place == found.path)


def remove(library: Library, name: str, *, delete_files: bool = False) -> Removed:
    """Take a model out of the library. What was downloaded by this program is deleted; what was added where it lies is
    forgotten, and its files stay unless `delete_files` says otherwise.

    Raises:
        ModelNotFound: there is none. BadRequest: it ships with the program, or its files were not downloaded by this
        program and `delete_files` is off; or they cannot be deleted.
    """
    path, place = _place(library, name)
    if place == SHIPPED:
        raise BadRequest(
            f'The model "{name}" ships with Wordbrush.', hint="It stays; choose another model to paint with."
        )
    added = place == ADDED
    brought = receipts.read(path)
    if not added and brought is None and not delete_files:
        raise BadRequest(
            f'The model "{name}" was not downloaded by Wordbrush, so its files are not deleted: {path}',
            hint="Say --delete-files to delete them all the same, or move them elsewhere.",
        )
    freed = 0
    try:
        calibration.forget(path)
        if delete_files or not added:
            freed = _delete(path, place, brought, everything=delete_files)
    except OSError as error:
        raise BadRequest(
            f'The model "{name}" could not be removed: {error.strerror or error}.',
            hint="Close what uses it, and make sure that you may write there.",
            details=str(error),
        ) from error
    if added:
        places.drop_path(library.folder, path)
    return Removed(name, path, freed > 0, freed)


def _place(library: Library, name: str) -> tuple[Path, str]:
    path = library.resolve(name)
    for place, where in library.places().values():
        if place == path:
            return path, where
    raise ModelNotFound(f'"{name}" is not in the library.', hint="wordbrush models list names those that are.")


def _delete(path: Path, place: str, brought: receipts.Receipt | None, *, everything: bool) -> int:
    """Delete a model's files; returns their bytes. Without `everything` only those that its receipt names."""
    if path.is_symlink():  # the models folder holds only the link
        path.unlink()
        return 0
    if place == HUB_CACHE:  # blobs lie beside the snapshot, which has only links
        path = next((each for each in path.parents if each.name.startswith("models--")), path)
    if path.is_file():
        size = path.stat().st_size
        path.unlink()
        receipts.place_of(path).unlink(missing_ok=True)
        return size
    if everything:
        size = sum(file.lstat().st_size for file in path.rglob("*") if not file.is_dir())
        shutil.rmtree(path)
        return size
    assert brought is not None, "asked before"
    size = 0
    for name in brought.files:
        file = path / name
        if file.is_file():
            size += file.stat().st_size
            file.unlink()
    receipts.place_of(path).unlink(missing_ok=True)
    for folder in sorted((each for each in path.rglob("*") if each.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    if not any(path.iterdir()):
        path.rmdir()
    return size
