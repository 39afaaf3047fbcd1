"""Marks in a prompt that no model reads: `(phrase:1.3)` for strength, `{this|that}` by the seed, `# and comments`."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from canvas.model import edits
from canvas.model.retarget import Edit
from canvas.model.scene import Scene, Word
from resources.limits import MAX_SEED, Strength, bounds
from resources.phrases import Span

_COMMENT = re.compile(r"^[ \t]*#(?:[ \t].*)?(?:\n|\Z)|[ \t]+#(?:[ \t].*)?$", re.MULTILINE)
_GROUP = re.compile(r"\{([^{}]*\|[^{}]*)\}")
_WEIGHT = re.compile(r"(?<!\\)\(\s*([^()\n:]*[^()\n:\s])\s*:\s*([+-]?(?:\d{1,3}(?:\.\d{0,6})?|\.\d{1,6}))\s*\)")
_MARKS = re.compile(rf"\{{[^{{}}]*\||(?:^|[ \t])#(?:[ \t]|$)|{_WEIGHT.pattern}", re.MULTILINE)


@dataclass(frozen=True)
class Weight:
    """A phrase with its strength as A1111 writes it: the span of all of it, that of the phrase, and the strength."""

    span: Span
    phrase: Span
    strength: float


def has_marks(prompt: str) -> bool:
    """Whether a prompt has any mark at all."""
    return _MARKS.search(prompt) is not None


def find_weights(prompt: str) -> tuple[Weight, ...]:
    """Return the phrases with a strength, from the left; strengths that cannot be come to the nearest that can."""
    low, high = bounds(Strength)
    return tuple(
        Weight(match.span(), match.span(1), min(max(float(match[2]), low), high)) for match in _WEIGHT.finditer(prompt)
    )


def cuts_of(prompt: str, seed: int) -> tuple[Span, ...]:
    """Return the spans that go from a prompt as a model reads it, in order and apart.

    Of each `{this|that}` the same choice is made for the same seed, its place in the prompt and its number of choices;
    they may lie in one another.
    """
    gone = bytearray(len(prompt))
    for match in _COMMENT.finditer(prompt):
        _cut(gone, match.span())
    left = "".join("\0" if cut else letter for letter, cut in zip(prompt, gone, strict=True))
    number = 0
    while (group := _GROUP.search(left)) is not None:  # the innermost ones first
        options, start = group[1].split("|"), group.start(1)
        chosen = random.Random(f"{seed}:{number}").randrange(len(options))
        number += 1
        begin = start + sum(len(option) + 1 for option in options[:chosen])
        for cut in ((group.start(), begin), (begin + len(options[chosen]), group.end())):
            _cut(gone, cut)
            left = left[: cut[0]] + "\0" * (cut[1] - cut[0]) + left[cut[1] :]
    for weight in find_weights(left):
        _cut(gone, (weight.span[0], weight.phrase[0]))
        _cut(gone, (weight.phrase[1], weight.span[1]))
    return tuple(match.span() for match in re.finditer(rb"\x01+", bytes(gone)))


def as_read(scene: Scene) -> Scene:
    """The scene without its marks: words stand where they stood, and those with a strength have so much more.

    A word that lies in what was not chosen, or in a comment, has no place any more.
    """
    cuts = cuts_of(scene.prompt, scene.settings.seed)
    if not cuts:
        return scene
    kept, start = [], 0
    for a, b in cuts:
        kept.append(scene.prompt[start:a])
        start = b
    prompt = "".join([*kept, scene.prompt[start:]])
    weights = find_weights(scene.prompt)
    return scene.replace(prompt=prompt, words=tuple(_read(word, prompt, cuts, weights) for word in scene.words))


def one_each(scene: Scene) -> tuple[Scene, ...]:
    """A scene for each of its pictures, with that one's seed, where their choices differ; else the scene alone."""
    seeds = [scene.settings.seed + number for number in range(scene.settings.count)]
    if seeds[-1] > MAX_SEED or len({cuts_of(scene.prompt, seed) for seed in seeds}) == 1:
        return (scene,)
    return tuple(edits.set_settings(scene, seed=seed, count=1) for seed in seeds)


def take_weight(scene: Scene, weight: Weight) -> tuple[Scene, str]:
    """The scene in which a phrase's strength is that of its word, and the mark gone from the prompt; and the word's id.

    Raises:
        SceneError: there are as many words as a scene can have.
    """
    (start, end), (first, last) = weight.span, weight.phrase
    phrase = scene.prompt[first:last]
    scene = _without(scene, (last, end))
    scene = _without(scene, (start, first))
    scene, word_id = edits.add_word(scene, (start, start + len(phrase)))
    return edits.change_word(scene, word_id, strength=weight.strength), word_id


def _without(scene: Scene, span: Span) -> Scene:
    prompt = scene.prompt[: span[0]] + scene.prompt[span[1] :]
    return edits.set_prompt(scene, prompt, edit=Edit(span[0], span[1] - span[0], 0))


def _cut(gone: bytearray, span: Span) -> None:
    gone[slice(*span)] = b"\1" * (span[1] - span[0])


def _read(word: Word, prompt: str, cuts: Sequence[Span], weights: Sequence[Weight]) -> Word:
    if word.span is None:
        return word
    low, high = bounds(Strength)
    strength = word.strength
    for weight in weights:
        if weight.phrase[0] <= word.span[0] and word.span[1] <= weight.phrase[1]:
            strength = min(max(strength * weight.strength, low), high)
    start, end = (place - sum(min(place, b) - a for a, b in cuts if a < place) for place in word.span)
    if start >= end:
        return replace(word, span=None, anchor=start)
    return replace(word, span=(start, end), phrase=prompt[start:end], strength=strength)
