"""The command line's `--encoders NAME[:WEIGHT],...` and `--style FILE[:STRENGTH]`: from their text to a scene's own."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.output import CommandError
from app.cli.parser import number
from app.cli.word_options import named_word, painted_word
from canvas.files.image_io import style_picture
from canvas.files.scene_json import mood_name
from canvas.model import edits
from canvas.model.scene import Scene
from resources.limits import ENCODERS, MAX_STYLES

if TYPE_CHECKING:
    from engine.facts import ModelFacts
    from engine.models.library import Library

_STRENGTH = re.compile(r":([+-]?\d+(?:\.\d+)?)\Z", re.ASCII)
_ENCODERS_GRAMMAR = "Write --encoders clip,t5 for both, clip for only one, or clip:0.5,t5 to weaken one."
_STYLE_GRAMMAR = (
    "Write --style FILE, or FILE:1.5 with a strength from 0 to 2, or FILE:1.5@PHRASE for the paint of one word."
)
Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class StyleOption:
    """One `--style`, taken apart: the picture's file and how strongly its look is taken; `phrase` is "" for the whole
    picture, else its `number`-th occurrence is meant."""

    text: str
    file: Path
    strength: float
    phrase: str = ""
    number: int = 1


def parse_encoders(text: str) -> Weights:
    """The weights of `clip,t5` or `clip:0.5,t5`; an encoder that is not named is off.

    Raises:
        CommandError: a name means nothing or comes twice, or a weight is no number from 0 to 1.
    """
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, colon, tail = part.strip().partition(":")
        if name not in ENCODERS:
            raise CommandError(f'There is no text encoder named "{name}".', hint=_ENCODERS_GRAMMAR)
        if name in weights:
            raise CommandError(f'The encoder "{name}" is named twice.', hint=_ENCODERS_GRAMMAR)
        try:
            weight = number(tail) if colon else 1.0
        except argparse.ArgumentTypeError:
            weight = -1.0
        if not 0 <= weight <= 1:  # NaN fails the comparison
            raise CommandError(f'"{tail}" is not a weight for {name}.', hint="Give a number from 0 to 1.")
        weights[name] = weight
    return tuple((name, weights[name]) for name in ENCODERS if name in weights)


def parse_style(text: str) -> StyleOption:
    """Take `FILE[:STRENGTH][@PHRASE[#N]]` apart: split at the last "@" unless that stands in the name of a file that is
    there, and at the last ":" only where the tail is a plain number.

    Raises:
        CommandError: there is no file or no phrase in it.
    """
    file, at, phrase = text.rpartition("@")
    if not at or any(Path(name).exists() for name in (text, _STRENGTH.sub("", text))):
        file, at, phrase = text, "", ""
    strength = 1.0
    if match := _STRENGTH.search(file):
        strength, file = float(match[1]), file[: match.start()]
    if not file.strip():
        raise CommandError(f'"{text}" names no picture.', hint=_STYLE_GRAMMAR)
    if at and not phrase.strip():
        raise CommandError(f'"{text}" names no word.', hint=_STYLE_GRAMMAR)
    return StyleOption(text, Path(file), strength, *named_word(phrase))


def take_looks(scene: Scene, options: Sequence[StyleOption]) -> Scene:
    """The scene with these styles instead of its own; as it is where there are none.

    Raises:
        BadReference: see `engine.scoring.style_image.reference_from_image`. SceneError: a strength is out of its range.
        CommandError: there are too many.
    """
    from engine.errors import BadReference
    from engine.scoring.style_image import reference_from_image

    if not options:
        return scene
    if len(options) > MAX_STYLES:
        raise CommandError(f"There are {len(options)} styles.", hint=f"Give at most {MAX_STYLES}.")
    for style in scene.styles:
        scene = edits.remove_style(scene, style.id)
    for option in options:
        try:
            rgb = reference_from_image(option.file)
        except BadReference as error:
            raise BadReference(error.message, hint=_file_hint(option) or error.hint, details=error.details) from error
        name = "".join(c if c.isprintable() else " " for c in option.file.stem).strip() or "Picture"
        scene, _ = edits.add_style(scene, name, style_picture(rgb), strength=option.strength)
    return scene


def bind_looks(scene: Scene, options: Sequence[StyleOption]) -> Scene:
    """The painted scene whose styles, those of the options, act in the paint of the words that these name.

    Raises:
        WordNotInPrompt, CommandError: see `app.cli.word_options.painted_word`.
    """
    for style, option in zip(scene.styles, options, strict=False):
        if option.phrase:
            word_id = painted_word(scene, option.text, option.phrase, option.number)
            scene = edits.bind_style(scene, style.id, word_id)
    return scene


def check(scene: Scene) -> None:
    """Make sure that the scene's model has the encoders and takes the styles, before minutes go into loading it.

    Raises:
        BadRequest: it does not. ModelNotFound and others: there is no such model, or no IP-Adapter that fits it, see
            `engine.models.ip_adapters.finding.find`.
    """
    from app.cli.model_facts import inspect
    from app.generation.request_builder import acting_styles
    from engine.errors import BadRequest
    from engine.models.library import Library

    wanted = [name for name, weight in scene.settings.encoders or () if weight]
    styles = acting_styles(scene)
    if not (styles or scene.settings.encoders):
        return
    facts = inspect(scene.settings.model)
    for name in wanted:
        if name not in facts.encoders:
            raise BadRequest(
                f'The model "{facts.name}" has no text encoder "{name}".',
                hint=f"It has: {', '.join(facts.encoders)}. Name those with --encoders, or choose another model.",
            )
    if scene.settings.encoders and not wanted:
        raise BadRequest("All text encoders are off.", hint=_ENCODERS_GRAMMAR)
    if styles:
        check_reads_pictures(facts, Library(), "leave the style out")


def check_reads_pictures(facts: ModelFacts, library: Library, other: str) -> None:
    """Make sure that a model can take pictures by their tokens: it has an image encoder, or an IP-Adapter that fits.

    Args:
        other: what else can be done, for the hint.

    Raises:
        BadRequest: it cannot. ModelNotFound: there is no IP-Adapter that fits it.
    """
    from engine.errors import BadRequest, UnsupportedModel
    from engine.facts import InstalledModel
    from engine.models.ip_adapters.finding import can_take, find

    if facts.takes_styles:
        return
    if isinstance(facts, InstalledModel) and can_take(facts):
        try:
            find(facts, library)
        except UnsupportedModel as error:  # there is none to get: the style was asked of the wrong model
            raise BadRequest(error.message, hint=error.hint) from error
        return
    raise BadRequest(
        f'The model "{facts.name}" cannot use style pictures: it has no image encoder.',
        hint=f"Choose a model with an image encoder, or {other}.",
    )


def report(scene: Scene) -> dict[str, Any]:
    """What `--json` says of encoders and styles: weights by name, and each style that acts."""
    from app.cli.model_facts import facts_of
    from app.generation.request_builder import acting_styles

    weights = scene.settings.encoders
    if weights is None:
        facts = facts_of(scene.settings.model)
        weights = tuple((name, 1.0) for name in (facts.encoders if facts is not None else ()))
    styles = [
        {
            "name": style.name,
            "strength": style.strength,
            "semantic": style.semantic,
            "area": style.area or style.word is not None,
        }
        for style in acting_styles(scene)
    ]
    mood = scene.settings.mood
    return {
        "encoders": {name: weight for name, weight in weights if weight},
        "styles": styles,
        "mood": None if mood is None else {"name": mood_name(mood), "weight": scene.settings.mood_weight},
    }


def _file_hint(option: StyleOption) -> str:
    """What was probably meant, where there is no file of that name but one before a ":"."""
    path, colon, tail = str(option.file).rpartition(":")
    if colon and not option.file.exists() and Path(path).exists():
        return f'"{tail}" is not a strength: give a plain number such as 1 or 0.5.'
    return ""
