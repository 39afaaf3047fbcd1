"""200 sentences of a child's book, and how many of their nouns the model knows.

They were written without a look at the vocabulary. What can be drawn is marked: "A *bear* sat on a *log*."
"""

from __future__ import annotations

import re
from importlib.resources import files

from engine.training.picture_book.nouns import plural_of
from engine.training.picture_book.vocabulary import names, synonyms

_MARKED = re.compile(r"\*([^*]+)\*")


def sentences() -> list[str]:
    """All of them, with their nouns between asterisks."""
    return files("engine.training.picture_book").joinpath("sentences.txt").read_text("utf-8").splitlines()


def marked_nouns(text: str) -> list[str]:
    """The nouns of a sentence, in small letters, in their order."""
    return [noun.casefold() for noun in _MARKED.findall(text)]


def known_words() -> frozenset[str]:
    """Every noun that the model knows in one number or the other: names, synonyms, and their plurals."""
    single = (*names(), *synonyms())
    return frozenset((*single, *map(plural_of, single)))


def unknown_nouns() -> list[str]:
    """The nouns of the sentences that the model does not know, in their order, each as often as it is written."""
    known = known_words()
    return [noun for text in sentences() for noun in marked_nouns(text) if noun not in known]
