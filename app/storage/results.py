"""The results folder: every finished picture as a PNG with its scene, at once; stars; survives restarts."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from PySide6.QtCore import QFile, QLockFile

from canvas.files import atomic, png
from canvas.model.errors import SaveError
from canvas.model.scene import Scene

STARS_FILE = "stars.json"
STARS_BYTES = 4 * 2**20
STARS_LOCK = ".stars.lock"
STARS_LOCK_MS = 500
DELETED_FOLDER = "deleted"
SHOWN_AT_MOST = 500
_STEM = re.compile(r"\d{8}-\d{6}-([a-z0-9-]*[a-z][a-z0-9-]*?)-\d+(?:-\d+)?")


@dataclass(frozen=True)
class Result:
    """One finished picture on disk."""

    path: Path
    starred: bool = False

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name


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
    ) -> Result:
        """Write a picture uint8 RGB `[h, w, 3]` with the scene that made it; returns where it is.

        Args:
            notes: what else its file carries, see `canvas.files.png.save`.

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
            parameters = png.parameters_text(own, seed=seed, model=model, guidance=guidance)
            try:
                png.save(path, rgb, own, parameters, notes=notes)
            except png.TooMuchForPNG:  # the picture counts; its scene is still open in the window
                png.save(path, rgb, None, parameters, notes=notes)
        return Result(path)

    def list(self) -> list[Result]:
        """The results on disk, newest first; the newest 500 and all that have a star."""
        stars = self._read_stars()
        files = []
        with contextlib.suppress(OSError):  # no such folder yet, or a closed one
            for entry in os.scandir(self.folder):
                with contextlib.suppress(OSError):  # an odd entry (a loop of links) hides no other
                    if entry.name.lower().endswith(".png") and entry.is_file():
                        files.append((entry.stat().st_mtime_ns, entry.name))
        files.sort(reverse=True)
        return [
            Result(self.folder / name, name in stars)
            for index, (_time, name) in enumerate(files)
            if index < SHOWN_AT_MOST or name in stars
        ]

    def star(self, result: Result, starred: bool) -> Result:
        """Give or take a star; those that other windows gave meanwhile stay. Kept in the folder. Raises SaveError."""
        lock = QLockFile(str(self.folder / STARS_LOCK))
        lock.tryLock(STARS_LOCK_MS)  # where there can be none, the moment between reading and writing is short
        try:
            stars = self._read_stars()
            self._write_stars(stars | {result.name} if starred else stars - {result.name})
        finally:
            lock.unlock()
        return Result(result.path, starred)

    def delete(self, result: Result) -> None:
        """Move a picture to the system's trash, or to the `deleted` folder where there is none. Raises SaveError."""
        if self._use_trash and QFile.moveToTrash(str(result.path)):
            return
        try:
            away = self.folder / DELETED_FOLDER
            away.mkdir(parents=True, exist_ok=True)
            os.replace(result.path, away / result.name)
        except FileNotFoundError:
            return
        except OSError as error:
            raise SaveError(
                f"“{result.name}” could not be deleted.",
                hint="Close other programs that use it, or delete it in your file manager.",
                details=repr(error),
            ) from error

    def _free_name(self, prompt: str, seed: int) -> Path:
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        stem = "-".join(part for part in (stamp, slug(prompt), str(seed)) if part)
        path = self.folder / f"{stem}.png"
        number = 2
        while path.exists():
            path = self.folder / f"{stem}-{number}.png"
            number += 1
        return path

    def _read_stars(self) -> frozenset[str]:
        try:
            with open(self.folder / STARS_FILE, "rb") as file:
                names = json.loads(file.read(STARS_BYTES))
        except (OSError, ValueError, RecursionError):
            return frozenset()
        return frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else frozenset()

    def _write_stars(self, names: Iterable[str]) -> None:
        try:
            atomic.write(self.folder / STARS_FILE, json.dumps(sorted(names)).encode())
        except SaveError as error:
            raise SaveError(
                "The star could not be saved.", hint="Check that the disk is not full.", details=error.details
            ) from error
