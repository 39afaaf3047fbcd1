"""The command line's `--paint PHRASE[#N]=MASK[:STRENGTH]`: from its text to a painted word of a scene."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.cli.output import CommandError
from canvas.model import edits
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TiledMask

_STRENGTH = re.compile(r":([+-]?\d+(?:\.\d+)?)\Z", re.ASCII)
_NUMBER = re.compile(r"#(\d+)\Z", re.ASCII)
_GRAMMAR = "Write --paint PHRASE=MASK, PHRASE#2=MASK for its second occurrence, or PHRASE=MASK:1.5 with a strength."


@dataclass(frozen=True)
class PaintOption:
    """One `--paint`, taken apart: the `number`-th occurrence of `phrase`, painted where the picture `mask` is white."""

    text: str
    phrase: str
    number: int
    mask: str
    strength: float


def parse_paint(text: str) -> PaintOption:
    """Take `PHRASE[#N]=MASK[:STRENGTH]` apart: split at the last "=", a strength only where the tail is a plain number.

    Raises:
        CommandError: there is no "=", no phrase or no mask.
    """
    phrase, equals, mask = text.rpartition("=")
    if not equals:
        raise CommandError(f'"{text}" does not say which mask paints which word.', hint=_GRAMMAR)
    strength = 1.0
    if match := _STRENGTH.search(mask):
        strength, mask = float(match[1]), mask[: match.start()]
    phrase, number = numbered(phrase)
    if not phrase.strip():
        raise CommandError(f'"{text}" names no word to paint.', hint=_GRAMMAR)
    if not mask:
        raise CommandError(f'"{text}" names no mask.', hint=_GRAMMAR)
    return PaintOption(text, phrase, number, mask, strength)


def numbered(text: str) -> tuple[str, int]:
    """`PHRASE[#N]` as the phrase and N, 1 by default."""
    match = _NUMBER.search(text)
    return (text, 1) if match is None else (text[: match.start()], int(match[1]))


def paint(scene: Scene, options: Sequence[PaintOption]) -> Scene:
    """The scene with these words painted; a word that had paint before has this instead.

    Raises:
        WordNotInPrompt, BadMask, BadRequest: see `engine.find_span` and `engine.mask_from_image`.
        CommandError: one occurrence is painted twice.
        SceneError: a strength is out of its range.
    """
    from engine import find_span, mask_from_image
    from engine.errors import BadMask, WordNotInPrompt

    painted: dict[tuple[int, int], PaintOption] = {}
    for option in options:
        try:
            span = find_span(scene.prompt, option.phrase, option.number)
        except WordNotInPrompt as error:
            raise WordNotInPrompt(error.message, hint=_phrase_hint(option, scene.prompt) or error.hint) from error
        if span in painted:
            raise CommandError(
                f'"{scene.prompt[slice(*span)]}" is painted twice: by "{painted[span].text}" and by "{option.text}".',
                hint="Put all of its paint into one mask, or add #2, #3, ... for its other occurrences.",
            )
        painted[span] = option
        try:
            mask = mask_from_image(option.mask, size=scene.size)
        except BadMask as error:
            raise BadMask(error.message, hint=_mask_hint(option) or error.hint, details=error.details) from error
        scene, word_id = edits.add_word(scene, span)
        scene = edits.change_word(scene, word_id, strength=option.strength)
        scene = edits.set_mask(scene, word_id, TiledMask.from_array(mask))
    return scene


def _phrase_hint(option: PaintOption, prompt: str) -> str:
    """What was probably meant, where the grammar read a phrase in another way than it was written."""
    whole = option.text.rpartition("=")[0]
    if whole != option.phrase and whole.casefold() in prompt.casefold():
        return f'To paint "{whole}" itself, write {whole}#1=MASK: a "#" and a number at the end count occurrences.'
    if "=" in whole and whole.partition("=")[0].casefold() in prompt.casefold():
        return 'The text is split at its last "=": give the mask a name without one.'
    return ""


def _mask_hint(option: PaintOption) -> str:
    """What was probably meant, where there is no mask of that name but one before a ":"."""
    path, colon, tail = option.mask.rpartition(":")
    if colon and not Path(option.mask).exists() and Path(path).exists():
        return f'"{tail}" is not a strength: give a plain number such as 1, 0.5 or -1.'
    return ""
