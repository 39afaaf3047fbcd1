"""Which words of a prompt belong to one thing: its noun phrases, told by the small words between them."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from resources.phrases import Span

_WORD = regex.compile(r"[\p{L}\p{N}\p{M}_]+(?:['’-][\p{L}\p{N}\p{M}_]+)*")

_DETERMINERS = """
    a an the this that these those my your his her its our their some any each every no another both all
    one two three four five six seven eight nine ten several many few"""
_SMALL_WORDS = """
    and or but nor yet so as than if while when where that's who whose whom which what
    of in on at by to from for with without into onto upon over under above below beneath beside besides between
    behind before after during near next against along across around through toward towards inside outside within
    beyond past off out up down amid among amidst about like via per plus
    is are was were be been being am has have had do does did can could will would shall should may might must
    i you he she it we they me him us them there here not very"""

_NUMBER_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {name: number for number, word in enumerate(_NUMBER_WORDS, 2) for name in (word, str(number))}

_OPENING = frozenset(_DETERMINERS.split())
"""A phrase begins with one of these."""

_BETWEEN = frozenset(_SMALL_WORDS.split())
"""Conjunctions, prepositions, auxiliaries and pronouns: they belong to no phrase."""

PARTING = _OPENING | _BETWEEN
"""The words, in small letters, before which a phrase ends."""


def chunks(prompt: str) -> list[list[Span]]:
    """The words of each run between small words and marks, from the left; a determiner begins one."""
    found: list[list[Span]] = [[]]
    last = 0
    for word in _WORD.finditer(prompt):
        small = word[0].casefold()
        if prompt[last : word.start()].strip() or small in _OPENING or small in _BETWEEN:
            found.append([])
        if small not in _BETWEEN:
            found[-1].append(word.span())
        last = word.end()
    return [chunk for chunk in found if chunk]


def count_in(prompt: str, span: Span) -> int | None:
    """How many things a span of a prompt means, by a number in its phrase up to its end: "three red balloons"."""
    for chunk in chunks(prompt):
        words = [prompt[slice(*word)].casefold() for word in chunk if word[0] < span[1] and span[0] < chunk[-1][1]]
        for word in words:
            if word in _NUMBERS:
                return _NUMBERS[word]
    return None


def is_determiner(word: str) -> bool:
    """Whether a word says which or how many, and nothing of what."""
    return word.casefold() in _OPENING


def noun_phrases(prompt: str) -> list[Span]:
    """The phrases of two words and more, from the left; they do not overlap.

    A phrase is the longest run of words without a mark or a small English word between them; a determiner begins one.
    Such chunks by stop words are the simplest that are known to work for short texts (RAKE: Rose et al. 2010, in "Text
    Mining", chapter 1); a determiner is left at a phrase, as a constituency parser leaves it. In other languages only
    marks part them. A phrase that is all of the prompt's words is none, as it says nothing about which belong together.
    """
    words = len(_WORD.findall(prompt))
    return [(chunk[0][0], chunk[-1][1]) for chunk in chunks(prompt) if 2 <= len(chunk) < words]


def phrases_of(prompt: str, chosen: Iterable[Span]) -> list[Span]:
    """What is to be read by itself: chosen spans, each with the noun phrases that it meets, and the other noun phrases.

    Sorted from the longest to the shortest, so that of phrases within phrases the inner ones come last.
    """
    known = noun_phrases(prompt)
    found: set[Span] = set()
    taken: set[Span] = set()
    for low, high in chosen:
        met = [each for each in known if each[0] < high and low < each[1]]
        taken.update(met)
        found.add((min([low, *(each[0] for each in met)]), max([high, *(each[1] for each in met)])))
    found.update(each for each in known if each not in taken)
    return sorted(found, key=lambda each: (each[0] - each[1], each))
