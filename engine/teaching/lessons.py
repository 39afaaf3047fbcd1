"""The lessons that lie on disk: begun, gone on with, listed, and done with; no torch."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadRequest, EngineError, ModelIncomplete
from engine.models.library import Library
from engine.models.word_note import NOTE, note_in
from engine.teaching.files import cannot_write
from engine.teaching.lesson import Lesson, check_free, picture_files, read_lesson
from engine.teaching.pictures import keep_examples, read_examples

_ROOM = 64 << 20
"""Bytes that must be free before a lesson begins: its pictures, checkpoints and samples."""


def lessons_folder(library: Library) -> Path:
    """Where lessons lie: `lessons` beside the models folder, with a folder for each word."""
    return library.folder.parent / "lessons"


def folder_of(word: str, library: Library) -> Path:
    """The folder of a word's lesson."""
    return lessons_folder(library) / word.casefold()


@dataclass(frozen=True)
class LessonOnDisk:
    """A lesson that was begun and is not done.

    Attributes:
        step: how many steps of it are kept. samples: its pictures so far, the oldest first.
    """

    lesson: Lesson
    folder: Path
    step: int
    samples: tuple[Path, ...]


def begun(library: Library) -> tuple[LessonOnDisk, ...]:
    """Return the lessons that can go on, by word; what cannot be read is left out."""
    found = []
    folder = lessons_folder(library)
    for each in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            lesson = read_lesson(each)
        except (ModelIncomplete, OSError):
            continue
        if (each / "done").exists():
            continue
        samples = tuple(sorted((each / "samples").glob("*.png")))
        found.append(LessonOnDisk(lesson, each, _step_of(each), samples))
    return tuple(found)


def _step_of(folder: Path) -> int:
    import json

    from engine.weights.headers import metadata, read_header

    for name in ("checkpoint.safetensors", "checkpoint-before.safetensors"):
        try:
            said = json.loads(metadata(read_header(folder / name, part="checkpoint")).get("wordbrush.standing", "{}"))
            return int(said["step"])
        except (EngineError, OSError, ValueError, KeyError, TypeError):
            continue
    return 0


def begin(lesson: Lesson, sources: Sequence[Path], library: Library) -> tuple[Lesson, Path]:
    """Check all that is asked for, and keep the pictures; returns the lesson with its defaults, and its folder.

    Raises:
        BadRequest, BadReference: a value, a picture or the name will not do. UnsupportedModel: nor the model.
        EngineError: there is no room, or the folder cannot be written.
    """
    facts = library.inspect(lesson.model)
    lesson.check_first(facts)
    lesson = lesson.filled(facts)
    lesson.check(facts)
    check_free(lesson.word, facts, library)
    examples = read_examples(picture_files(sources), lesson.word)
    folder = folder_of(lesson.word, library)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder.parent).free < _ROOM:
            raise EngineError(
                f"There is no room to teach a word: less than {_ROOM >> 20} MiB are free.",
                hint="Free some space first.",
                details=str(folder),
            )
        shutil.rmtree(folder, ignore_errors=True)
        keep_examples(examples, folder / "pictures")
        lesson.write(folder)
    except OSError as error:
        raise cannot_write(error) from error
    return lesson, folder


def go_on(word: str, library: Library) -> tuple[Lesson, Path]:
    """Return the lesson of a word that was begun, and its folder.

    Raises:
        BadRequest: there is none. ModelIncomplete: it is damaged.
    """
    folder = folder_of(word, library)
    if not folder.is_dir() or (folder / "done").exists():
        names = ", ".join(each.lesson.word for each in begun(library))
        raise BadRequest(
            f'There is no lesson of "{word}" to continue.',
            hint=f"There are lessons of: {names}." if names else "Begin one, with its pictures.",
        )
    lesson = read_lesson(folder)
    facts = library.inspect(lesson.model)
    lesson.check(facts)
    check_free(lesson.word, facts, library)
    return lesson, folder


def give_up(word: str, library: Library) -> None:
    """Remove a lesson, with what was learnt so far. Raises EngineError where it cannot be removed."""
    folder = folder_of(word, library)
    try:
        if folder.is_dir():
            shutil.rmtree(folder)
    except OSError as error:
        raise cannot_write(error) from error


def forget(word: str, library: Library) -> tuple[Path, ...]:
    """Remove a taught word: its files and its lesson; returns the files.

    Raises:
        BadRequest: no word of that name was taught. EngineError: a file cannot be removed.
    """
    found = []
    for kind in ("embeddings", "loras"):
        file = library.folder.parent / kind / f"{word}.safetensors"
        note = note_in(file)
        if note is not None and note.word.casefold() == word.casefold():
            found.append(file)
    if not found:
        raise BadRequest(
            f'No word "{word}" was taught here.',
            hint=f"Remove embeddings of other programs by their files; taught ones say {NOTE} in theirs.",
        )
    try:
        for file in found:
            file.unlink()
    except OSError as error:
        raise cannot_write(error) from error
    give_up(word, library)
    return tuple(found)
