"""The results folder: every finished picture as a PNG with its scene, at once; stars; survives restarts."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import shutil
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from PySide6.QtCore import QFile

from app.storage import result_marks as marks
from canvas.files import begun_notes, png
from canvas.model.begun import Begun
from canvas.model.errors import SaveError
from canvas.model.scene import Scene

DELETED_FOLDER = "deleted"
SHOWN_AT_MOST = 500
_STEM = re.compile(r"\d{8}-\d{6}-([a-z0-9-]*[a-z][a-z0-9-]*?)-\d+(?:-\d+)?")


@dataclass(frozen=True)
class Result:
    """One finished picture on disk."""

    path: Path
    starred: bool = False
    note: str = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name


@dataclass(frozen=True)
class Deleted:
    """A picture that was deleted, and where it is kept; None where nobody knows."""

    result: Result
    kept: Path | None


def spoken(stem: str) -> str:
    """A result's file name as people would say it, the words of its prompt; any other name as it is."""
    match = _STEM.fullmatch(stem)
    return match[1].replace("-", " ") if match else stem


def slug(prompt: str) -> str:
    """A few plain letters of a prompt for a file name; may be empty."""
    plain = unicodedata.normalize("NFKD", prompt).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    text = ""
    for word in words:
        if len(text) + len(word) > 36:
            break
        text += ("-" if text else "") + word
    return text


class ResultStore:
    """The folder. `add` may be called on any thread; the rest belongs to the window's."""

    def __init__(self, folder: Path, *, use_trash: bool = True) -> None:
        self.folder = folder
        self._use_trash = use_trash
        self._lock = threading.Lock()

    def add(
        self,
        rgb: np.ndarray,
        scene: Scene,
        *,
        seed: int,
        model: str,
        guidance: float | None = None,
        notes: Mapping[str, str] | None = None,
        begun: Begun | None = None,
    ) -> Result:
        """Write a picture, uint8 or uint16 RGB `[h, w, 3]` or straight RGBA, with the scene that made it; returns where
        it is.

        Args:
            notes: what else its file carries, see `canvas.files.png.save`. begun: what it began from.

        Raises:
            SaveError: the disk is full or may not be written; nothing half-written is left.
        """
        with self._lock:
            path = self._free_name(scene.prompt, seed)
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise SaveError(
                    "The results folder could not be created.",
                    hint="Check that the disk is not full and that you may write there; the picture is still shown.",
                    details=repr(error),
                ) from error
            own = scene.replace(settings=dataclasses.replace(scene.settings, seed=seed, count=1))
            parameters = png.parameters_text(own, seed=seed, model=model, guidance=guidance, begun=begun)
            notes = {**(notes or {}), **begun_notes.to_notes(begun, rgb if rgb.dtype == np.uint8 else None)}
            try:
                png.save(path, rgb, own, parameters, notes=notes)
            except png.TooMuchForPNG:  # the picture counts; its scene is still open in the window
                png.save(path, rgb, None, parameters, notes=notes)
        return Result(path)

    def list(self) -> list[Result]:
        """The results on disk, newest first; the newest 500 and all that have a star."""
        stars, notes = marks.read_stars(self.folder), marks.read_notes(self.folder)
        files = []
        with contextlib.suppress(OSError):  # no such folder yet, or a closed one
            for entry in os.scandir(self.folder):
                with contextlib.suppress(OSError):  # an odd entry (a loop of links) hides no other
                    if entry.name.lower().endswith(".png") and entry.is_file():
                        files.append((entry.stat().st_mtime_ns, entry.name))
        files.sort(reverse=True)
        return [
            Result(self.folder / name, name in stars, notes.get(name, ""))
            for index, (_time, name) in enumerate(files)
            if index < SHOWN_AT_MOST or name in stars
        ]

    def star(self, result: Result, starred: bool) -> Result:
        """Give or take a star; those that other windows gave meanwhile stay. Kept in the folder. Raises SaveError."""
        marks.change_stars(self.folder, result.name, starred)
        return dataclasses.replace(result, starred=starred)

    def write_note(self, result: Result, note: str) -> Result:
        """Write down something about a picture, "" for nothing. Kept in the folder. Raises SaveError."""
        note = note.strip()[: marks.LONGEST_NOTE]
        marks.change_note(self.folder, result.name, note)
        return dataclasses.replace(result, note=note)

    def delete(self, result: Result) -> Deleted:
        """Move a picture to the system's trash, or to the `deleted` folder where there is none. Raises SaveError."""
        if self._use_trash:
            file = QFile(str(result.path))
            if file.moveToTrash():
                return Deleted(result, Path(file.fileName()) if file.fileName() != str(result.path) else None)
        away = self.folder / DELETED_FOLDER / result.name
        try:
            away.parent.mkdir(parents=True, exist_ok=True)
            os.replace(result.path, away)
        except FileNotFoundError:
            return Deleted(result, None)
        except OSError as error:
            raise SaveError(
                f"“{result.name}” could not be deleted.",
                hint="Close other programs that use it, or delete it in your file manager.",
                details=repr(error),
            ) from error
        return Deleted(result, away)

    def put_back(self, deleted: Deleted) -> Result:
        """Take a picture out of the trash again, to where it was. Raises SaveError, also where it is there no more."""
        path = deleted.result.path
        try:
            if deleted.kept is None or path.exists():
                raise FileNotFoundError(path if deleted.kept is None else deleted.kept)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(deleted.kept, path)
        except OSError as error:
            raise SaveError(
                f"“{deleted.result.name}” could not be put back.",
                hint="Look for it in the trash of your file manager.",
                details=repr(error),
            ) from error
        return deleted.result

    def _free_name(self, prompt: str, seed: int) -> Path:
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        stem = "-".join(part for part in (stamp, slug(prompt), str(seed)) if part)
        path = self.folder / f"{stem}.png"
        number = 2
        while path.exists():
            path = self.folder / f"{stem}-{number}.png"
            number += 1
        return path
