"""The command line's `--lora NAME|PATH[:WEIGHT][@WORD]`: from its text to a LoRA file of a scene."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.cli.output import CommandError, say
from canvas.model import edits
from canvas.model.scene import Scene, Settings
from engine.facts import ModelFacts
from resources.limits import MAX_LORAS
from resources.settings import LoraChoice

_WEIGHT = re.compile(r":([+-]?\d+(?:\.\d+)?)\Z", re.ASCII)
_NUMBER = re.compile(r"#(\d+)\Z", re.ASCII)
_GRAMMAR = "Write --lora FILE, FILE:0.8 for less of it, or FILE:0.8@PHRASE for only the area of a painted word."


@dataclass(frozen=True)
class LoraOption:
    """One `--lora`, taken apart; `phrase` is "" for the whole picture, else its `number`-th occurrence is meant."""

    text: str
    file: str
    weight: float
    phrase: str
    number: int


def parse_lora(text: str) -> LoraOption:
    """Take `FILE[:WEIGHT][@PHRASE[#N]]` apart: split at the last "@", a weight only where the tail is a plain number.

    Raises:
        CommandError: there is no file or no phrase in it.
    """
    file, at, phrase = text.rpartition("@")
    if not at:
        file, phrase = text, ""
    weight, number = 1.0, 1
    if match := _WEIGHT.search(file):
        weight, file = float(match[1]), file[: match.start()]
    if match := _NUMBER.search(phrase):
        number, phrase = int(match[1]), phrase[: match.start()]
    if not file.strip():
        raise CommandError(f'"{text}" names no LoRA.', hint=_GRAMMAR)
    if at and not phrase.strip():
        raise CommandError(f'"{text}" names no word.', hint=_GRAMMAR)
    return LoraOption(text, file, weight, phrase, number)


def few_steps(
    options: Sequence[LoraOption], called: Sequence[LoraChoice], facts: ModelFacts
) -> tuple[str, dict[str, Any]]:
    """The first LoRA that lets the model work in few steps, if one is for the whole picture, and what it asks for.

    Args:
        called: those that the prompt calls.

    Returns:
        Its name, and settings by name; "" and none where there is no such LoRA.
    """
    from engine.models.adapters.notes import few_steps_by_name, suited

    for file in (*(option.file for option in options if not option.phrase), *(choice.file for choice in called)):
        name = re.split(r"[/\\]", file)[-1]
        if found := few_steps_by_name(name):
            suits = suited(found, facts)
            asked = {"steps": suits.steps, "sampler": suits.sampler, "guidance": suits.guidance}
            return name, {key: value for key, value in asked.items() if value is not None}
    return "", {}


def say_few_steps(name: str, asked: Mapping[str, Any], settings: Settings) -> None:
    """Say which options a LoRA of few steps asks for, and which of them the scene has not."""
    written = {key: f"--{key} {value:g}" if key != "sampler" else f"--{key} {value}" for key, value in asked.items()}
    other = [text for key, text in written.items() if getattr(settings, key) != asked[key]]
    if other:
        say(f'"{name}" lets the model work in few steps, but the settings do not fit that. Add: {" ".join(other)}')
    elif name:
        say(f'"{name}" lets the model work in few steps: {" ".join(written.values())}')


def take_loras(scene: Scene, options: Sequence[LoraOption], called: Sequence[LoraChoice] = ()) -> Scene:
    """The painted scene with these files instead of its own; as it is where there are none.

    Args:
        called: those that the typed prompt calls, which stay.

    Raises:
        WordNotInPrompt: a phrase is not in the prompt. CommandError: there are too many, or its word is not painted.
        SceneError: a weight is out of its range.
    """
    from engine import find_span

    if not options:
        return scene
    if len(options) > MAX_LORAS:
        raise CommandError(f"There are {len(options)} LoRA files.", hint=f"Give at most {MAX_LORAS}.")
    ids = {word.span: word.id for word in scene.words if not scene.masks[word.id].is_empty}
    found = []
    for option in options:
        word = None
        if option.phrase:
            word = ids.get(find_span(scene.prompt, option.phrase, option.number))
            if word is None:
                raise CommandError(
                    f'"{option.text}" is bound to "{option.phrase}", which is not painted.',
                    hint=f'Paint it too: --paint "{option.phrase}=MASK". Or leave the "@{option.phrase}" out.',
                )
        found.append(LoraChoice(option.file, option.weight, word))
    return edits.set_settings(scene, loras=(*found, *called))
