"""Marks of results: stars and notes, each in a file of the results folder, by the pictures' names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile

from canvas.files import atomic
from canvas.model.errors import SaveError

STARS_FILE = "stars.json"
NOTES_FILE = "notes.json"
MOST_BYTES = 4 * 2**20
LOCK = ".stars.lock"
LOCK_MS = 500
LONGEST_NOTE = 2000


def read_stars(folder: Path) -> frozenset[str]:
    """The names of the pictures with a star; a damaged file has none."""
    names = _read(folder / STARS_FILE)
    return frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else frozenset()


def read_notes(folder: Path) -> dict[str, str]:
    """The notes by the pictures' names; a damaged file has none."""
    notes = _read(folder / NOTES_FILE)
    if not isinstance(notes, dict):
        return {}
    return {name: note[:LONGEST_NOTE] for name, note in notes.items() if isinstance(note, str)}


def change_stars(folder: Path, name: str, starred: bool) -> None:
    """Give or take one star; those that other windows gave meanwhile stay. Raises SaveError."""
    with _locked(folder):
        stars = read_stars(folder)
        _write(folder / STARS_FILE, sorted(stars | {name} if starred else stars - {name}), "The star")


def change_note(folder: Path, name: str, note: str) -> None:
    """Write one note, or take it away where it is empty; those of other windows stay. Raises SaveError."""
    with _locked(folder):
        notes = read_notes(folder) | {name: note}
        _write(folder / NOTES_FILE, {key: text for key, text in sorted(notes.items()) if text}, "The note")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = QLockFile(str(folder / LOCK))
    lock.tryLock(LOCK_MS)  # where there can be none, the moment between reading and writing is short
    try:
        yield
    finally:
        lock.unlock()


def _read(path: Path) -> Any:
    try:
        with open(path, "rb") as file:
            return json.loads(file.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return None


def _write(path: Path, found: Any, what: str) -> None:
    try:
        atomic.write(path, json.dumps(found, ensure_ascii=False).encode())
    except SaveError as error:
        message = f"{what} could not be saved."
        raise SaveError(message, hint="Check that the disk is not full.", details=error.details) from error
