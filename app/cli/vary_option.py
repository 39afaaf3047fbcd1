"""The command line's `--vary` and `--by`: another picture from one that is there, from noise or by its own tokens."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps

from app.cli.condition_options import check_reads_pictures
from app.cli.output import CommandError
from canvas.files.image_io import read_rgb
from canvas.model import edits
from canvas.model.begun import Begun
from canvas.model.scene import Scene

if TYPE_CHECKING:
    from app.cli.rework_options import FromOption

WAYS = {"noise": "vary", "tokens": "tokens"}
"""How a picture is varied, and the kind of `Begun` that it is."""
USUAL = {"noise": 0.6, "tokens": 1.0}
GRAMMAR = "Write --vary FILE, or FILE:0.4 with a strength from 0 to 1."
_OTHERS = {
    "from_picture": "--from",
    "repaint": "--repaint",
    "extend": "--extend",
    "edit_from": "--edit-from",
    "again": "--again",
    "instruct": "--instruct",
}


def file_of(options: Mapping[str, Any]) -> Path | None:
    """The picture that is varied, where it is the scene too: there is neither FILE nor a prompt, and it carries one."""
    option: FromOption | None = options.get("vary")
    if option is None or options.get("prompt") is not None or option.file.suffix.lower() != ".png":
        return None
    return option.file


def with_next_seed(scene: Scene, options: Mapping[str, Any]) -> Scene:
    """The scene with the seed after its own, unless one is asked for: with its own a variation would be no other."""
    from app.generation.request_builder import SEED_RANGE

    if options.get("vary") is None or options.get("seed") is not None:
        return scene
    return edits.set_settings(scene, seed=(scene.settings.seed + 1) % SEED_RANGE)


def take_vary(scene: Scene, options: Mapping[str, Any], second: Mapping[str, Any]) -> Begun | None:
    """What `--vary` asks for, with the second pass; None where it is not given.

    Raises:
        CommandError: it goes with none of the other ways to start, its file is not there, or the strength is out of its
        range. SceneFileError: the file is no picture. BadRequest: the model reads no pictures.
    """
    option: FromOption | None = options.get("vary")
    by: str = options.get("by") or "noise"
    if option is None:
        if options.get("by") is not None:
            raise CommandError("--by is given without --vary.", hint=GRAMMAR)
        return None
    for name, flag in _OTHERS.items():
        if options.get(name):
            raise CommandError(f"--vary and {flag} cannot be combined.", hint="Leave one of them out.")
    if not option.file.is_file():
        raise CommandError(f'There is no file "{option.file}".', hint=GRAMMAR)
    strength = USUAL[by] if option.strength is None else option.strength
    if not 0 <= strength <= 1:
        raise CommandError(f"The strength {strength:g} is out of its range.", hint=GRAMMAR)
    if by == "tokens":
        from engine.models.library import Library

        library = Library()
        check_reads_pictures(library.inspect(scene.settings.model), library, "vary the picture with --by noise")
    rgb = np.array(ImageOps.fit(Image.fromarray(read_rgb(option.file)), scene.size, Image.Resampling.LANCZOS))
    return Begun.of(WAYS[by], rgb, strength, name=option.file.name, **second)
