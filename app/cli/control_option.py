"""The command line's `--control FILE[:KIND][:edges|:lines][:STRENGTH][:FROM-TO][@MODEL]`: to a scene's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.cli.output import CommandError
from canvas.files.image_io import control_picture, read_rgb
from canvas.files.scene_json import public_name
from canvas.model.control import Control
from canvas.model.scene import Scene
from resources.limits import CONTROL_KINDS, CONTROL_MAPS, MAX_CONTROLS

_STRENGTH = re.compile(r"\+?\d+(?:\.\d+)?\Z", re.ASCII)
_RANGE = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)\Z", re.ASCII)
_SAYS_KIND = {"sketch": "scribble"}
_GRAMMAR = (
    "Write --control FILE:KIND:STRENGTH, such as sketch.png:scribble:0.8; with :edges its edges are found, with "
    ":lines dark lines on white are inverted; :0-0.5 is for the first half of the steps; @NAME names a ControlNet."
)


@dataclass(frozen=True)
class ControlOption:
    """One `--control`, taken apart; `model` is "" where it names none."""

    text: str
    file: Path
    kind: str
    prepare: str
    strength: float
    window: tuple[float, float]
    model: str


def parse_control(text: str) -> ControlOption:
    """Take `FILE[:KIND][:edges|:lines][:STRENGTH][:FROM-TO][@MODEL]` apart, the parts after FILE in any order.

    Split from the right, as long as what stands behind a ":" is such a part; a file of the whole name goes first.

    Raises:
        CommandError: there is no file in it.
    """
    rest, at, model = text.rpartition("@")
    if not at or Path(text).exists():
        rest, model = text, ""
    kind, prepare, strength, window = "", "none", 1.0, (0.0, 1.0)
    while not Path(rest).exists():
        head, colon, tail = rest.rpartition(":")
        if not colon:
            break
        if tail in CONTROL_MAPS:
            prepare = tail
        elif tail in CONTROL_KINDS or tail in _SAYS_KIND:
            kind = _SAYS_KIND.get(tail, tail)
        elif _STRENGTH.match(tail):
            strength = float(tail)
        elif match := _RANGE.match(tail):
            window = float(match[1]), float(match[2])
        else:
            break
        rest = head
    if not rest.strip() or (at and not model.strip() and rest != text):
        raise CommandError(f'"{text}" names no {"ControlNet" if rest.strip() else "picture"}.', hint=_GRAMMAR)
    if not kind:
        kind = "canny" if prepare == "edges" else "scribble" if prepare == "lines" else "other"
    return ControlOption(text, Path(rest), kind, prepare, strength, window, model)


def take_controls(scene: Scene, options: Sequence[ControlOption], model: str | None = None) -> Scene:
    """The scene with these control pictures instead of its own; as it is where there are none.

    Args:
        model: the ControlNet of those that name none.

    Raises:
        CommandError: there are too many, or a file is not there. SceneFileError: it is no picture. SceneError: a value
        is out of its range.
    """
    if not options:
        if model is not None and not scene.controls:
            raise CommandError("A ControlNet is named, but no control picture.", hint=_GRAMMAR)
        own = scene.controls if model is None else tuple(_with_model(control, model) for control in scene.controls)
        return scene.replace(controls=own)
    if len(options) > MAX_CONTROLS:
        raise CommandError(f"There are {len(options)} control pictures.", hint=f"Give at most {MAX_CONTROLS}.")
    found = []
    for option in options:
        if not option.file.is_file():
            raise CommandError(f'There is no file "{option.file}".', hint=_GRAMMAR)
        name = "".join(c if c.isprintable() else " " for c in option.file.stem).strip() or "Picture"
        control = Control(
            name=name,
            picture=control_picture(read_rgb(option.file)),
            kind=option.kind,
            prepare=option.prepare,
            model=option.model or model or "",
            strength=option.strength,
            window=option.window,
        )
        found.append(control)
    return scene.replace(controls=tuple(found))


def report(scene: Scene) -> dict[str, Any]:
    """What `--json` says of control pictures: those that act."""
    found = [
        {
            "name": control.name,
            "kind": control.kind,
            "prepare": control.prepare,
            "model": public_name(control.model) if control.model else "",
            "strength": control.strength,
            "window": list(control.window),
        }
        for control in scene.controls
        if control.strength
    ]
    return {"controls": found}


def _with_model(control: Control, model: str) -> Control:
    return replace(control, model=model)
