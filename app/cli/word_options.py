"""The command line's `--soft-edge`, `--word-fidelity` and `--overlap`: what painted words have of their own."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.cli.output import CommandError
from app.cli.parser import Parser, number
from canvas.model import edits
from canvas.model.scene import Scene
from resources.limits import OVERLAPS

_NUMBER = re.compile(r"#(\d+)\Z", re.ASCII)
_RULES = ", ".join(OVERLAPS)


@dataclass(frozen=True)
class WordValue:
    """One of the options, taken apart: a value for the `number`-th occurrence of a phrase; "" is the whole scene."""

    text: str
    phrase: str
    number: int
    value: Any


def named_word(phrase: str) -> tuple[str, int]:
    """A phrase and the number of its occurrence, from `PHRASE[#N]`."""
    match = _NUMBER.search(phrase)
    return (phrase[: match.start()], int(match[1])) if match else (phrase, 1)


def _parsed(text: str, flag: str, example: str, read: Callable[[str], Any]) -> WordValue:
    phrase, equals, tail = text.rpartition("=")
    hint = f"Write {flag} PHRASE={example}, or PHRASE#2={example} for its second occurrence."
    phrase, occurrence = named_word(phrase)
    if not equals or not phrase.strip():
        raise CommandError(f'"{text}" names no word.', hint=hint)
    try:
        return WordValue(text, phrase, occurrence, read(tail))
    except argparse.ArgumentTypeError as error:
        raise CommandError(f'"{tail}" is not a number.', hint=hint) from error


def parse_soft_edge(text: str) -> WordValue:
    """Take `PHRASE[#N]=PIXELS` apart. Raises CommandError where it is not so."""
    return _parsed(text, "--soft-edge", "12", number)


def parse_word_fidelity(text: str) -> WordValue:
    """Take `PHRASE[#N]=X` apart. Raises CommandError where it is not so."""
    return _parsed(text, "--word-fidelity", "0.8", number)


def parse_weigh(text: str) -> WordValue:
    """Take `PHRASE[#N]=X` apart. Raises CommandError where it is not so."""
    return _parsed(text, "--weigh", "2", number)


def parse_overlap(text: str) -> WordValue:
    """Take `RULE` or `PHRASE[#N]=RULE` apart. Raises CommandError where there is no such rule."""
    whole = "=" not in text
    found = WordValue(text, "", 1, text) if whole else _parsed(text, "--overlap", "top", str)
    if found.value not in OVERLAPS:
        raise CommandError(f'There is no rule "{found.value}" for overlaps.', hint=f"Choose one of: {_RULES}.")
    return found


def add_options(parser: Parser) -> None:
    """The three options, each repeatable."""
    for flag, metavar, read, text in (
        ("--soft-edge", "PHRASE[#N]=PIXELS", parse_soft_edge,
         "soften the edge of a word's paint for the model, over this many pixels, 0 to 512. Repeatable"),
        ("--word-fidelity", "PHRASE[#N]=X", parse_word_fidelity,
         "how strictly one word keeps to its paint, from 0 (loose) to 1 (exact), whatever --fidelity says. Repeatable"),
        ("--overlap", "[PHRASE[#N]=]RULE", parse_overlap,
         "what happens where painted words overlap: add (the default: all act in full), top (only the upper one acts,"
         " which was painted later) or share (together they act as one); with PHRASE only for that word and those"
         " under it. Repeatable"),
    ):  # fmt: skip
        parser.add_argument(flag, metavar=metavar, action="append", type=read, default=[], help=text)


def take_words(scene: Scene, changes: Mapping[str, Any]) -> Scene:
    """The painted scene with what the options say of its words.

    Raises:
        WordNotInPrompt: a phrase is not in the prompt. CommandError: its word is not painted.
        SceneError: a value is out of its range.
    """
    for name, field in (("soft_edge", "feather"), ("word_fidelity", "fidelity"), ("overlap", "overlap")):
        for option in changes.get(name) or ():
            if not option.phrase:
                scene = edits.set_settings(scene, overlap=option.value)
                continue
            word_id = painted_word(scene, option.text, option.phrase, option.number)
            scene = edits.change_word(scene, word_id, **{field: option.value})
    return scene


def painted_word(scene: Scene, text: str, phrase: str, occurrence: int) -> str:
    """The id of the painted word that an option names.

    Raises:
        WordNotInPrompt: a phrase is not in the prompt. CommandError: its word is not painted.
    """
    from engine import find_span

    span = find_span(scene.prompt, phrase, occurrence)
    for word in scene.words:
        if word.span == span and not scene.masks[word.id].is_empty:
            return word.id
    raise CommandError(f'"{text}" is about "{phrase}", which is not painted.', hint=f"Paint it: --paint {phrase}=MASK.")
