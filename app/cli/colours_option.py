"""The command line's `--colours FILE[:STRENGTH]`: a picture of colours that the run begins from where it is painted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.output import CommandError
from canvas.files.image_io import read_rgba
from canvas.model import colour_edits
from canvas.model.scene import Scene
from canvas.paint.ground import ground_of

_STRENGTH = re.compile(r":(\+?\d+(?:\.\d+)?)\Z", re.ASCII)
_GRAMMAR = "Write --colours FILE, or FILE:0.7 with how much of the colours is kept, from 0 (nothing) to 1 (all)."


@dataclass(frozen=True)
class ColoursOption:
    """`--colours`, taken apart; strength None is the usual one."""

    file: Path
    strength: float | None


def parse_colours(text: str) -> ColoursOption:
    """Take `FILE[:STRENGTH]` apart: split at the last ":" where the tail is a plain number, and no file is called so.

    Raises:
        CommandError: there is no file in it.
    """
    file, strength = text, None
    if (match := _STRENGTH.search(text)) and not Path(text).exists():
        strength, file = float(match[1]), text[: match.start()]
    if not file.strip():
        raise CommandError(f'"{text}" names no picture.', hint=_GRAMMAR)
    return ColoursOption(Path(file), strength)


def take_colours(scene: Scene, option: ColoursOption | None) -> Scene:
    """The scene with these colours instead of its own colours and pictures; as it is where there are none.

    Raises:
        CommandError: the file is not there, is of another size, or nothing is painted in it. SceneFileError: it is no
        picture. SceneError: the strength is out of its range.
    """
    if option is None:
        return scene
    if not option.file.is_file():
        raise CommandError(f'There is no file "{option.file}".', hint=_GRAMMAR)
    rgba = read_rgba(option.file)
    height, width = rgba.shape[:2]
    if (width, height) != scene.size:
        raise CommandError(
            f'The colours in "{option.file.name}" are {width}x{height}, but the picture is '
            f"{scene.size[0]}x{scene.size[1]}.",
            hint=f"Scale them, or make the picture of their size: --size {width}x{height}.",
        )
    if not rgba[..., 3].any():
        raise CommandError(f'Nothing is painted in "{option.file.name}".', hint="Paint where the colours should be.")
    scene = colour_edits.set_colours(scene.replace(pictures=()), rgba)
    return scene if option.strength is None else colour_edits.set_strength(scene, option.strength)


def report(scene: Scene) -> dict[str, Any]:
    """What `--json` says of the colours, where they act."""
    if not scene.ground_acts:
        return {}
    painted = scene.colours.alpha().coverage
    if any(layer.acts for layer in scene.pictures):
        painted = float((ground_of(scene)[..., 3] / 255).mean())
    return {"colours": {"strength": scene.colours.strength, "painted": painted}}
