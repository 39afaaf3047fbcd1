"""Captions of compositions in plain English: they say what is there, never where, and which parts each phrase means.

A picture gets a new caption each time: in another order, with other conjunctions and some synonyms, with or without
colours, and with several things of a noun counted ("three dogs"), uncounted ("many dogs"), or named one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.training.picture_book.nouns import Noun, nouns, plural_of
from engine.training.picture_book.stuff import SYNONYMS

NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}
MANY = ("some", "several", "many")
OPENINGS = ("a picture of", "a drawing of", "a painting of", "an illustration of", "a scene with", "a page with")
JOINERS = (", ", ", ", " and ", " with ", " by ", " near ", " beside ", " behind ", " in ", " on ", " under ", " over ")
FILLERS = ("little", "big", "happy", "pretty", "lovely", "small", "old", "nice", "beautiful", "funny")

_SYNONYM, _COLOUR, _OPENING, _FILLER, _NO_ARTICLE, _DEFINITE, _STUFF_ARTICLE = 0.2, 0.9, 0.3, 0.06, 0.3, 0.15, 0.4


@dataclass(frozen=True, kw_only=True)
class Mention:
    """What a caption needs to know about one part of a picture; see `canvas.Part`."""

    name: str
    colour: str
    group: int


@dataclass(frozen=True)
class Phrase:
    """A noun phrase without an article, and the numbers of the parts that it means."""

    text: str
    parts: tuple[int, ...]
    article: bool


def write_caption(
    parts: Sequence[Mention], rng: np.random.Generator
) -> tuple[str, list[tuple[int, int, tuple[int, ...]]]]:
    """Return a caption, and for each of its phrases `(start, end, parts)`, half-open offsets in code points."""
    found = phrases(parts, rng)
    order = rng.permutation(len(found))
    text = f"{rng.choice(OPENINGS)} " if rng.random() < _OPENING else ""
    listed = rng.random() < 0.4
    spans = []
    for place, index in enumerate(order):
        phrase = found[int(index)]
        if place:
            last = place == len(order) - 1
            text += (" and " if last and rng.random() < 0.6 else ", ") if listed else str(rng.choice(JOINERS))
        filler = f"{rng.choice(FILLERS)} " if rng.random() < _FILLER else ""
        if phrase.article:
            text += _article(filler + phrase.text, rng)
        text += filler
        spans.append((len(text), len(text) + len(phrase.text), phrase.parts))
        text += phrase.text
    if rng.random() < 0.15:
        text = text[:1].upper() + text[1:]
    return text, spans


def phrases(parts: Sequence[Mention], rng: np.random.Generator) -> list[Phrase]:
    """The phrases of a caption: all stuff and all things, with the things of a group mostly together."""
    groups: dict[int, list[int]] = {}
    for number, part in enumerate(parts):
        groups.setdefault(part.group if part.group >= 0 else -1 - number, []).append(number)
    kinds: dict[str, int] = {}
    for numbers in groups.values():
        kinds[parts[numbers[0]].name] = kinds.get(parts[numbers[0]].name, 0) + 1
    found = []
    for numbers in groups.values():
        name = parts[numbers[0]].name
        noun = nouns().get(name)
        colours = {parts[number].colour for number in numbers}
        if noun is None:
            found.append(Phrase(_stuff(name, rng), tuple(numbers), rng.random() < _STUFF_ARTICLE))
        elif len(numbers) == 1:
            must = kinds[name] > 1
            text = _thing(noun, parts[numbers[0]].colour, rng, must=must)
            found.append(Phrase(text, tuple(numbers), noun.counted))
        elif len(colours) > 1 or rng.random() < 0.12:
            # One by one, which needs different colours to distinguish them.
            for number in numbers:
                must = len(colours) > 1
                text = _thing(noun, parts[number].colour, rng, must=must)
                found.append(Phrase(text, (number,), noun.counted))
        else:
            found.append(Phrase(_several(noun, len(numbers), next(iter(colours)), rng), tuple(numbers), False))
    return found


def _stuff(name: str, rng: np.random.Generator) -> str:
    also = SYNONYMS.get(name, ())
    return str(rng.choice(also)) if also and rng.random() < _SYNONYM else name


def _name(noun: Noun, rng: np.random.Generator) -> str:
    return str(rng.choice(noun.synonyms)) if noun.synonyms and rng.random() < _SYNONYM else noun.name


def _thing(noun: Noun, colour: str, rng: np.random.Generator, *, must: bool) -> str:
    name = _name(noun, rng)
    return f"{colour} {name}" if colour and (must or rng.random() < _COLOUR) else name


def _several(noun: Noun, count: int, colour: str, rng: np.random.Generator) -> str:
    name = _name(noun, rng)
    plural = noun.plural if name == noun.name else plural_of(name)
    phrase = f"{colour} {plural}" if colour and rng.random() < _COLOUR else plural
    draw = rng.random()
    if draw < 0.65 and noun.counted:
        return f"{NUMBERS[count]} {phrase}" if count in NUMBERS else f"many {phrase}"
    return f"{rng.choice(MANY)} {phrase}" if draw < 0.8 else phrase


def _article(phrase: str, rng: np.random.Generator) -> str:
    draw = rng.random()
    if draw < _NO_ARTICLE:
        return ""
    if phrase.endswith("s"):
        return "the "
    if draw < _NO_ARTICLE + _DEFINITE:
        return "the "
    return "an " if phrase[0].lower() in "aeiou" else "a "
