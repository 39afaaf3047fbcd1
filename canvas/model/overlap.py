"""Who may be painted over: a thing keeps its area to itself, while stuff such as sky or grass shares."""

from __future__ import annotations

import re
from functools import lru_cache

from canvas.model.colors import NAMED
from canvas.model.scene import Scene, Word

_STUFF = """
    air aurora background bay beach cave city cliff cliffs cloud clouds coast countryside crowd darkness dawn desert
    dirt dune dunes dusk earth field fields fire floor flowers fog foreground forest galaxy garden glow grass ground
    haze heath hill hills horizon ice island jungle lake landscape lava lavender lawn leaves light lightning marsh
    meadow mist moor mountain mountains mud night ocean park path pavement plain plains pond prairie rain river road
    rocks room sand sea shadow shadows shore sky smoke snow snowfall space stage stars steppe storm stream street
    sunrise sunset surf swamp texture valley village wall walls water waterfall waves wheat wood woods
"""
STUFF = frozenset(_STUFF.split())
"""Nouns of what fills an area and has no shape of its own (“stuff” in Caesar et al., COCO-Stuff, arXiv 1612.03716)."""

_QUALITIES = """
    ancient big blurry bright broken calm cloudy cold cozy dark detailed dry dusty empty foggy glowing golden happy huge
    icy large little long misty narrow new old quiet rainy rough round sad shiny short silver small snowy soft stormy
    striped sunny tall thick thin tiny transparent warm wet wide wild wooden young
"""
QUALITIES = frozenset(_QUALITIES.split()) | NAMED.keys()
"""Words that say how something is: their paint lies over that of the thing."""

_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@lru_cache(maxsize=1024)
def is_thing(phrase: str) -> bool:
    """Whether a phrase names something with a shape of its own, judged by its last word: “red house”."""
    words = _LETTERS.findall(phrase.casefold())
    return bool(words) and words[-1] not in STUFF and words[-1] not in QUALITIES


def is_exclusive(word: Word) -> bool:
    """Whether a word keeps its area to itself: as the painter said, or else where it names a thing."""
    return is_thing(word.phrase) if word.exclusive is None else word.exclusive


def neighbours(scene: Scene, word_id: str) -> tuple[Word, ...]:
    """The words whose paint may not lie where this word's does, and the other way round.

    Words that share letters of the prompt (“red house” and “house”) are the same thing and may lie on one another, and
    so may words that are gone from the prompt, and the areas of styles.
    """
    thing = scene.paintable(word_id)
    if not isinstance(thing, Word) or thing.span is None:
        return ()
    start, end = thing.span
    return tuple(
        other
        for other in scene.words
        if other.id != word_id and other.span is not None and not (other.span[0] < end and start < other.span[1])
    )


def barriers(scene: Scene, word_id: str) -> tuple[str, ...]:
    """Ids of the words that this word's paint stops at: locked ones, and exclusive ones where it is not exclusive."""
    near = neighbours(scene, word_id)
    own = bool(near) and is_exclusive(scene.word(word_id))
    return tuple(other.id for other in near if other.locked or (not own and is_exclusive(other)))


def pushed(scene: Scene, word_id: str) -> tuple[str, ...]:
    """Ids of the words that make room where this word is painted: all but the locked ones, if it is exclusive."""
    near = neighbours(scene, word_id)
    if not near or not is_exclusive(scene.word(word_id)):
        return ()
    return tuple(other.id for other in near if not other.locked)
