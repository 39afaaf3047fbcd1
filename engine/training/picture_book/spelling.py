"""Makes a tokenizer read picture tokens after every noun, see `resources.picture_tokens`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection

from tokenizers import Regex, normalizers

from engine.training.picture_book.colours import COLOURS
from engine.training.picture_book.nouns import nouns
from engine.training.picture_book.stuff import TEXTURES
from resources.noun_phrases import PARTING
from resources.picture_tokens import picture_tokens


def spelling(synonyms: dict[str, str]) -> normalizers.Sequence:
    """What adds the picture tokens after every noun of a text: whole words alone, small or with a capital.

    Args:
        synonyms: maps other words for names, such as plurals, to the names, of nouns or of stuff.
    """
    meant = {name: name for name in nouns()} | synonyms
    forms: dict[str, list[str]] = defaultdict(list)
    for word, name in meant.items():
        if name in nouns():
            forms[name].append(_alone(word, [*meant, *TEXTURES]))
    return normalizers.Sequence([_rule(name, patterns) for name, patterns in forms.items()])


def _alone(word: str, others: Collection[str]) -> str:
    """A pattern for a word that is no part of a longer name: "car", but not that of "police car"."""
    longer = [other for other in others if other != word]
    before = [other for other in longer if re.search(rf"\b{re.escape(word)}$", other)]
    after = [other.removeprefix(word) for other in longer if re.match(rf"{re.escape(word)}\b", other)]
    # What must not stand before it is looked at last, so that the search is one for the word's letters.
    guards = [rf"(?<!\b{_capitalised(each)})" for each in before] + [rf"(?!{re.escape(each)}\b)" for each in after]
    if word in COLOURS:  # an orange is a thing, an orange cat is not
        guards.append(rf"(?!\s+(?!(?:{'|'.join(sorted(PARTING))})\b)\p{{L}})")
    return rf"\b{_capitalised(word)}\b" + "".join(guards)


def _capitalised(word: str) -> str:
    """A pattern for a word, with a capital or without; it is found twice as fast as without regard to case."""
    first = word[0]
    return f"[{first.lower()}{first.upper()}]" + re.escape(word[1:])


def _rule(name: str, patterns: list[str]) -> normalizers.Replace:
    # \K: the word itself stays as it is, with its place in the text.
    return normalizers.Replace(Regex(rf"(?:{'|'.join(patterns)})\K"), "".join(picture_tokens(name)))
