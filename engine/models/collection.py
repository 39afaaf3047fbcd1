"""Manages the installed models as files: lists them, adds one where it is, removes one."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from engine.downloads import receipt as receipts
from engine.errors import BadRequest, ModelNotFound
from engine.models import calibration, details, places, programs
from engine.models.details import ModelDetails
from engine.models.library import Library
from engine.models.places import ADDED, HUB_CACHE, SHIPPED


@dataclass(frozen=True)
class Removed:
    """What `remove` did: whether it deleted files and how many bytes that freed, or only removed the list entry."""

    name: str
    path: Path
    deleted: bool
    freed_bytes: int


def listed(library: Library) -> list[ModelDetails]:
    """Return the details of every installed model, the starter first; those that cannot be used say why."""
    where = library.places()
    return [details.of(info, where[info.name][1], library.program_of(info.path)) for info in library.list()]


def add(library: Library, path: Path) -> tuple[str, ...]:
    """Add a model, a file or a folder, without moving it; returns its name in the library.

    The folder of a program such as ComfyUI, or its extra_model_paths.yaml, may be added too: then all names of the
    models in its folders are returned, of those that come later as well.

    Raises:
        EngineError: it cannot be used; see `Library.check`. BadRequest: the list of added models cannot be written, or
            a list of folders cannot be read.
    """
    path = Path(os.path.abspath(path))
    if (program := programs.read(path)) is not None:
        inside = {os.path.realpath(each) for each in programs.list_models(program).values()}
        if not inside:
            raise ModelNotFound(
                f'There are no models in the folders of "{path.name}" that Wordbrush looks into.',
                hint="These are checkpoints, diffusion_models, unet and Stable-diffusion; or add a model's own file.",
                details=str(path),
            )
        places.add_path(library.folder, path)
        return tuple(name for name, (place, _) in library.places().items() if os.path.realpath(place) in inside)
    found = library.check(path)
    if found.error is not None:
        raise found.error
    known = {os.path.realpath(place): name for name, (place, _) in library.places().items()}
    if (name := known.get(os.path.realpath(found.path))) is not None:
        return (name,)
    places.add_path(library.folder, found.path)
    return (next(name for name, (place, _) in library.places().items() if place == found.path),)


def remove(library: Library, name: str, *, delete_files: bool = False) -> Removed:
    """Remove a model from the library. Files that this program downloaded are deleted; an added model is only taken off
    the list, and its files stay unless `delete_files` is set. The path of an added program takes all of its models off.

    Raises:
        ModelNotFound: there is no such model. BadRequest: it ships with the program, or this program did not download
            its files and `delete_files` is off, or the files cannot be deleted.
    """
    if (root := Path(os.path.abspath(name))) in places.read_added(library.folder) and root in library.programs():
        places.drop_path(library.folder, root)
        return Removed(name, root, False, 0)
    path, place = _place(library, name)
    if place == SHIPPED:
        raise BadRequest(
            f'The model "{name}" ships with Wordbrush and cannot be removed.', hint="Choose another model to remove."
        )
    added = place == ADDED
    if (program := library.program_of(path)) is not None and added and not delete_files:
        raise BadRequest(
            f'The model "{name}" belongs to a folder that was added as a whole: {program}',
            hint=f'Take the whole folder off the list with: wordbrush models remove "{program}".',
        )
    brought = receipts.read(path)
    if not added and brought is None and not delete_files:
        raise BadRequest(
            f'The model "{name}" was not downloaded by Wordbrush, so its files are not deleted: {path}',
            hint="Add --delete-files to delete them anyway, or move them elsewhere.",
        )
    freed = 0
    try:
        calibration.forget(path)
        if delete_files or not added:
            freed = _delete(path, place, brought, everything=delete_files)
    except OSError as error:
        raise BadRequest(
            f'The model "{name}" could not be removed: {error.strerror or error}.',
            hint="Close the programs that use it, and make sure that you may write to its folder.",
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
    raise ModelNotFound(f'"{name}" is not in the library.', hint="See the installed ones with: wordbrush models list.")


def _delete(path: Path, place: str, brought: receipts.Receipt | None, *, everything: bool) -> int:
    """Delete a model's files; returns how many bytes. Without `everything` only the files that its receipt names."""
    if path.is_symlink():  # only the link is in the models folder
        path.unlink()
        return 0
    if place == HUB_CACHE:  # the snapshot has only links; the blobs are elsewhere in the repository's folder
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
    assert brought is not None, "`remove` checked for a receipt"
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
