"""What the palette offers to paint: the nouns that a model knows, or words of the scene and of scenes before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from app.language import tr
from app.prompt.suggestion import placed
from app.vocabulary import names_something
from canvas.model import edits
from canvas.model.overlap import is_thing
from canvas.model.prompt_marks import cuts_of
from canvas.model.retarget import Edit
from canvas.model.scene import Scene
from canvas.model.words import Span, find_phrase, word_spans
from engine.facts import ModelFacts

THINGS = "Things"
STUFF = "Stuff"
HERE = "In the Prompt"
BEFORE = "Used Before"
TAUGHT = "Taught"
MOST_BEFORE = 24  # words that are remembered
LONGEST = 40  # letters of one that is


@dataclass(frozen=True)
class Group:
    """Nouns that stand together under a title."""

    title: str
    nouns: tuple[str, ...]


def groups(facts: ModelFacts | None, scene: Scene, before: Sequence[str]) -> tuple[Group, ...]:
    """What to offer, without empty groups: what the model knows, or where it understands any word, the painter's own.

    Args:
        before: words that were painted with earlier, the last first.
    """
    found: tuple[Group, ...]
    if facts is not None and facts.groups:
        found = tuple(Group(tr(title), nouns) for title, nouns in facts.groups)
    elif facts is not None and facts.names:
        found = (
            Group(tr(THINGS), tuple(name for name in facts.names if is_thing(name))),
            Group(tr(STUFF), tuple(name for name in facts.names if not is_thing(name))),
        )
    else:
        here = _once([word.phrase for word in scene.words if word.span is not None], _plain_words(scene))
        known = {name.casefold() for name in here}
        found = (
            Group(tr(HERE), here),
            Group(tr(BEFORE), tuple(word for word in before if word.casefold() not in known)),
        )
    taught = Group(tr(TAUGHT), facts.taught if facts is not None else ())
    return tuple(group for group in (taught, *found) if group.nouns)


def beginnings(offered: Sequence[Group], count: int) -> tuple[str, ...]:
    """A few nouns to begin with, one of each group in turn."""
    turns = zip_longest(*(group.nouns[:count] for group in offered))
    return tuple(noun for turn in turns for noun in turn if noun is not None)[:count]


def remembered(before: Sequence[str], phrase: str) -> tuple[str, ...]:
    """`before` with another word first; one that is there, or too long, changes nothing."""
    known = {word.casefold() for word in before}
    if not phrase.strip() or len(phrase) > LONGEST or phrase.casefold() in known:
        return tuple(before)
    return (phrase, *before)[:MOST_BEFORE]


def span_in(scene: Scene, noun: str) -> Span | None:
    """Where the prompt has a noun: the painted word that it stands in (“red house”), or its own letters."""
    span = find_phrase(scene.prompt, noun)
    if span is None:
        return None
    around = [word.span for word in scene.words if word.span and word.span[0] <= span[0] and span[1] <= word.span[1]]
    return min(around, key=lambda each: each[1] - each[0], default=span)


def with_noun(scene: Scene, noun: str) -> tuple[Scene, Span]:
    """The scene with a noun at the end of its prompt, with the article that it takes, as a word to be painted."""
    text = scene.prompt
    probe = f"{text.rstrip()} x"
    if any(end >= len(probe) for _start, end in cuts_of(probe, 0)):  # it ends with a note, which nobody reads
        span, written = (len(text.rstrip()), len(text)), "\n"
        written += placed("", (0, 0), noun)[1]
    else:
        span, written = placed(text, (len(text), len(text)), noun)
    start, end = span
    prompt = text[:start] + written + text[end:]
    scene = edits.set_prompt(scene, prompt, edit=Edit(start, end - start, len(written)))
    at = start + len(written) - len(noun)
    scene, word_id = edits.add_word(scene, (at, at + len(noun)))
    return scene, scene.word(word_id).span or (at, at + len(noun))


def _plain_words(scene: Scene) -> list[str]:
    inside = [word.span for word in scene.words if word.span is not None]
    return [
        scene.prompt[slice(*span)]
        for span in word_spans(scene.prompt)
        if names_something(scene.prompt[slice(*span)]) and not any(a <= span[0] < b for a, b in inside)
    ]


def _once(*lists: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for words in lists:
        for word in words:
            found.setdefault(word.casefold(), word)
    return tuple(found.values())
