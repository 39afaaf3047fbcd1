"""Scenes from files that a command line names."""

from __future__ import annotations

from pathlib import Path

import engine
from app.cli.output import CommandError, say
from app.storage import wanted_model
from canvas.files import reading
from canvas.model import edits
from canvas.model.errors import SceneFileError
from canvas.model.scene import Scene


def load(file: Path) -> Scene:
    """The scene in a .ora, or in a picture that carries one; what was guessed or left out is said on stderr.

    Of another program's picture it is the prompt and the settings that the picture names.

    Raises:
        CommandError: the file is not there, or of another kind. SceneFileError: it is damaged, or carries no scene.
    """
    if not file.is_file():
        raise CommandError(f'There is no file "{file}".', hint="Check the path; a scene is a .ora or a .png file.")
    if file.suffix.lower() not in reading.SUFFIXES:
        raise CommandError(f'"{file.name}" is not a scene.', hint="Give a .ora file, or a .png that Wordbrush made.")
    opened = reading.read_all(file)
    if opened.fault is not None:
        raise opened.fault
    if opened.scene is None:
        raise SceneFileError(
            f'"{file.name}" is a picture without a scene.',
            hint="Give a .ora file or a .png that Wordbrush made; other programs may have dropped what it carried.",
        )
    scene, remarks = opened.scene, opened.remarks
    model = None if opened.wanted is None else wanted_model.find(opened.wanted, engine.Library().list(), ())
    if opened.wanted is not None and model is not None:
        scene = edits.set_settings(scene, model=model)
        remarks = tuple(remark for remark in remarks if remark != opened.wanted.remark)
        say(f'It was made with the model "{opened.wanted.name}", which is used.')
    for remark in remarks:
        say(remark)
    return scene
