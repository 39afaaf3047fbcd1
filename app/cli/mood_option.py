"""The command line's `--mood NAME|FILE|DIR[:WEIGHT]`: what liked pictures have in common, and how much of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from app.cli.output import CommandError, say
from canvas.model import edits
from canvas.model.scene import Scene

_WEIGHT = re.compile(r":([+-]?\d+(?:\.\d+)?)\Z", re.ASCII)
_GRAMMAR = "Write --mood NAME, NAME:0.5 for less of it, or NAME:-1 for the opposite; wordbrush mood makes one."


@dataclass(frozen=True)
class MoodOption:
    """A `--mood`, taken apart."""

    name: str
    weight: float


def parse_mood(text: str) -> MoodOption:
    """Take `NAME|FILE|DIR[:WEIGHT]` apart: a weight only where the tail is a plain number.

    Raises:
        CommandError: it names nothing.
    """
    weight = 1.0
    if match := _WEIGHT.search(text):
        weight, text = float(match[1]), text[: match.start()]
    if not text.strip():
        raise CommandError("--mood names no mood.", hint=_GRAMMAR)
    return MoodOption(text, weight)


def take_mood(scene: Scene, option: MoodOption | None) -> Scene:
    """The scene with that mood instead of its own; as it is with None. Of a folder one is made first, and kept.

    Raises:
        SceneError: the weight is out of its range. BadRequest and others: see `engine.taste.making.make_mood`.
    """
    if option is None:
        return scene
    name = option.name
    if Path(name).is_dir():
        from app.cli.mood_command import made
        from engine.taste.making import pictures_in

        folder = Path(name)
        path = made(
            folder.resolve().name or "Mood", pictures_in([folder]), (), scene.settings.model, scene.settings.device
        )
        say(f"The mood of the pictures in {folder} was kept as {path.stem}.")
        name = path.stem
    return edits.set_settings(scene, mood=name, mood_weight=option.weight)


def check(scene: Scene) -> None:
    """Make sure that the scene's model can use its mood, before minutes go into loading it.

    Raises:
        BadReference: there is none of that name, or it was made with another image encoder. UnsupportedModel and
            others: the model takes nothing from pictures, see `engine.taste.encoders.encoder_of`.
    """
    if scene.settings.mood is None or not scene.settings.mood_weight:
        return
    from engine.models.library import Library
    from engine.taste.using import mood_for

    library = Library()
    mood_for(scene.settings.mood, library.inspect(scene.settings.model), library)
