"""The command line's `--instruct`, and `--picture-guidance`: a picture changed as an instruction says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

import engine
from app.cli.output import CommandError
from canvas.model.begun import Begun
from canvas.model.scene import Scene

_OTHERS = {
    "prompt": "--prompt",
    "repaint": "--repaint",
    "extend": "--extend",
    "refine": "--refine",
    "edit_from": "--edit-from",
    "again": "--again",
}


def text_of(options: Mapping[str, Any]) -> str | None:
    """The instruction; None where none is given.

    Raises:
        CommandError: --picture-guidance is given without one, or an option that does not go with it, or there is no
        picture.
    """
    text: str | None = options.get("instruct")
    if text is None:
        if options.get("picture_guidance") is not None:
            raise CommandError("--picture-guidance needs --instruct.", hint='Add --instruct "make it winter".')
        return None
    other = [flag for name, flag in _OTHERS.items() if options.get(name)]
    if other:
        raise CommandError(f"--instruct cannot be combined with {other[0]}.", hint="Do one after the other.")
    option = options.get("from_picture")
    if option is None:
        raise CommandError("There is no picture to change.", hint="Name it: FILE, or --from FILE.")
    if option.strength is not None:
        raise CommandError(
            "--from has no strength with --instruct.", hint="--picture-guidance says how much of the picture is kept."
        )
    return text


def take_instruct(scene: Scene, rgb: np.ndarray, options: Mapping[str, Any]) -> Begun:
    """What the engine is told of the picture.

    Args:
        rgb: uint8 `[h, w, 3]` of any size.

    Raises:
        BadMask: see `engine.mask_from_image`.
    """
    within: Path | None = options.get("selection")
    given: dict[str, Any] = {}
    if options.get("picture_guidance") is not None:
        given["picture_guidance"] = float(options["picture_guidance"])
    if within is not None:
        given["mask"] = engine.mask_from_image(within, size=scene.size)
    fitted = np.array(ImageOps.fit(Image.fromarray(rgb), scene.size, Image.Resampling.LANCZOS))
    return Begun.of("instruct", fitted, 1.0, name=options["from_picture"].file.name, **given)
