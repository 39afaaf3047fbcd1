"""A scene file or a picture, read once into one value: the scene, its picture, what is known of both, and its stamp."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.image_info.displayed_image import PAPER, DisplayedImage
from app.image_info.report import report_from
from canvas.files.atomic import BACKUP, backup_of
from canvas.files.opened import Opened as Held
from canvas.files.opened import WantedModel
from canvas.files.reading import SCENE_SUFFIX, read_all
from canvas.model import edits
from canvas.model.edits import with_plain_ends
from canvas.model.errors import CanvasError, SceneFileError
from canvas.model.scene import Scene

MAX_FILE = 2**30
_BLOCK = 2**20


class PictureAlone(SceneFileError):
    """A file is a whole picture that says nothing of a scene.

    Attributes:
        path: of the file. picture: uint8 RGB `[h, w, 3]`. rgba: straight uint8 `[h, w, 4]`,
            None where all of it is opaque.
    """

    def __init__(self, path: Path, picture: np.ndarray, rgba: np.ndarray | None = None) -> None:
        super().__init__(
            f"“{path.name}” is a picture without a scene.",
            hint="Only pictures that Wordbrush exported with metadata contain their scene.",
        )
        self.path, self.picture, self.rgba = path, picture, rgba


@dataclass(frozen=True)
class FileStamp:
    """By what a file is known again: when it was changed (ns), its size in bytes, and the hash of what is in it."""

    changed: int
    size: int
    digest: str

    @classmethod
    def of(cls, path: Path) -> FileStamp | None:
        """The stamp of a file as it is now; None where it cannot be read."""
        try:
            found = path.stat()
            return cls(found.st_mtime_ns, found.st_size, _digest(path))
        except OSError:
            return None

    def holds(self, path: Path) -> bool:
        """Whether the file is the one that was stamped, or gone; its content is read only where its time differs."""
        try:
            found = path.stat()
            if (found.st_mtime_ns, found.st_size) == (self.changed, self.size):
                return True
            return found.st_size == self.size and _digest(path) == self.digest
        except FileNotFoundError:
            return True
        except OSError:
            return False


@dataclass(frozen=True, eq=False)
class Opened:
    """What a file holds, as the session takes it.

    Attributes:
        scene: what is worked on from now on.
        image: its picture, with the scene and the scores that belong to it; paper where there is none.
        own: whether the file is a scene of Wordbrush's own, which is saved back to it.
        stamp: the file as it was read; None where it is no file.
        notes: what the painter should know about what was read.
        wanted: the model that another program made it with.
    """

    scene: Scene
    image: DisplayedImage = PAPER
    own: bool = False
    stamp: FileStamp | None = None
    notes: tuple[str, ...] = ()
    wanted: WantedModel | None = None

    def with_model(self, model: str) -> Opened:
        """With the wanted model, which is here under that name."""
        assert self.wanted is not None
        said = f"It was made with the model “{self.wanted.name}”, which is now chosen."
        notes = tuple(said if note == self.wanted.remark else note for note in self.notes)
        return replace(self, scene=edits.set_settings(self.scene, model=model), notes=notes, wanted=None)


def read(path: Path) -> Opened:
    """Read a scene file or a picture that carries a scene; for any thread. The file is read and decoded once.

    The prompts' lines end as Qt's do, so that the text field counts the same characters.

    Raises:
        PictureAlone: it is a picture that contains no scene. CanvasError: the file is damaged or foreign.
    """
    data, stamp = _bytes_of(path)
    try:
        held = read_all(data, path.name)
    except SceneFileError as error:
        raise _with_backup(error, path) from error
    if held.fault is not None:
        raise held.fault
    if held.scene is None:
        if held.picture is not None:
            raise PictureAlone(path, held.picture, held.rgba)
        raise SceneFileError(f"“{path.name}” contains no scene.", hint="Open another file.")
    own = held.own and not path.name.endswith(BACKUP)  # a backup is opened as a copy, and stays what it is
    return Opened(with_plain_ends(held.scene), _displayed(path, held), own, stamp, held.remarks, held.wanted)


def _with_backup(error: SceneFileError, path: Path) -> SceneFileError:
    """What is wrong with a file, and where its backup is, if it has one."""
    kept = backup_of(path)
    if not kept.is_file():
        return error
    hint = f"The version before it is beside it: open “{kept.name}”."
    return SceneFileError(error.message, hint=hint, details=error.details)


def read_picture(path: Path) -> tuple[DisplayedImage, CanvasError | None]:
    """A picture, with scene and scores where it carries them, and what is wrong with its scene; for any thread.

    Raises:
        SceneFileError: it is no whole picture.
    """
    held = read_all(path)
    return _displayed(path, held), held.fault


def _displayed(path: Path, held: Held) -> DisplayedImage:
    made_by = None if held.made_by is None else with_plain_ends(held.made_by)
    of_result = None if path.suffix.lower() == SCENE_SUFFIX else path
    findings = report_from(held.notes)
    return DisplayedImage(held.picture, made_by, of_result, begun=held.begun, findings=findings, rgba=held.rgba)


def _bytes_of(path: Path) -> tuple[bytes, FileStamp]:
    """All of a file, and its stamp. Raises SceneFileError where it is no file, too large, or cannot be read."""
    name = f"“{path.name}”"
    try:
        if path.exists() and not path.is_file():  # opening a pipe would wait for its other end
            raise SceneFileError(f"{name} is not a file.", hint="Open a scene (.ora) or a picture.")
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if found.st_size > MAX_FILE:
                raise SceneFileError(f"{name} is too large.", hint="Open a Wordbrush scene or picture.")
            data = file.read()
    except FileNotFoundError as error:
        raise SceneFileError(f"There is no file {name}.", hint="Check the name, or pick another file.") from error
    except (OSError, ValueError) as error:
        hint = "Check that you may read it, or pick another file."
        raise SceneFileError(f"{name} cannot be read.", hint=hint, details=repr(error)) from error
    return data, FileStamp(found.st_mtime_ns, len(data), hashlib.sha256(data).hexdigest())


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
