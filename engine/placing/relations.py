"""What stands on, in, under or beside what: read from the words between two phrases, and turned into boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.placing.mentions import Mention
from engine.placing.things import Box
from resources.noun_phrases import PARTING, is_determiner

_WORD = re.compile(r"[^\W_]+")

_KINDS = {
    "on": "on", "onto": "on", "upon": "on", "atop": "on",
    "in": "in", "inside": "in", "into": "in", "within": "in",
    "under": "under", "below": "under", "beneath": "under", "underneath": "under",
    "above": "above", "over": "above",
    "beside": "beside", "by": "beside", "near": "beside", "next": "beside",
    "behind": "behind", "before": "before", "front": "before",
}  # fmt: skip
"""What a preposition says of two things; of several the last counts, but "in front of" is one."""

_AFTER = frozenset({"of", "to"})
"""What belongs to a preposition: "in front of", "next to"."""

_MARK = re.compile(r"[,;:.!?]")

IN_FRONT = frozenset({"on", "in", "before"})
"""Where a thing hides some of the other."""

_FOOT, _WITHIN = 0.15, 0.5
"""How deep, of its height, a thing stands in what it is on, and in what it is in."""

_GAP = 0.15
"""The distance of things beside one another, of the smaller one's width."""


@dataclass(frozen=True)
class Relation:
    """How a mention stands to another: one of `_KINDS`, and the other's number."""

    kind: str
    other: int


def relations(prompt: str, said: Sequence[Mention]) -> list[Relation | None]:
    """For each mention how it stands to the next one; None where nothing is said.

    In "a cat and a dog on a bench" both are on the bench.
    """
    found: list[Relation | None] = [None] * len(said)
    for number in reversed(range(len(said) - 1)):
        text = prompt[said[number].span[1] : said[number + 1].span[0]]
        between = [word.casefold() for word in _WORD.findall(text)]
        *_, last = [None, *(word for word in _WORD.finditer(text) if word[0].casefold() in _KINDS)]
        if last is not None:
            if _leads_on(text[last.end() :]):
                kind = "before" if "front" in between else _KINDS[last[0].casefold()]
                found[number] = Relation(kind, number + 1)
        elif between[:1] == ["and"] and "." not in text:
            found[number] = found[number + 1]
    return found


def _leads_on(text: str) -> bool:
    """Whether what follows on a preposition is of one phrase: in "by a barn with a cow" nothing is by the cow."""
    words = [word.casefold() for word in _WORD.findall(text)]
    parted = any(word in PARTING and not is_determiner(word) and word not in _AFTER for word in words)
    return not parted and not _MARK.search(text)


def candidates(kind: str, wide: int, high: int, other: Box, outline: np.ndarray) -> Iterator[tuple[int, int]]:
    """Where a thing may stand to another: (column of its middle, row of its foot) in pixels.

    Args:
        wide, high: its width and height in pixels. other: the other's box. outline: bool `[h, w]`, the other's shape.
    """
    left, top, right, bottom = other
    middle, width, height = (left + right) // 2, right - left, bottom - top
    shares = (0.5, 0.35, 0.65, 0.2, 0.8)
    if kind in ("on", "in"):
        for share in shares:
            # The top of the outline there; where a column of it is empty, the top of the box.
            row = top + int(np.argmax(outline[:, int(share * outline.shape[1])])) * height // len(outline)
            yield left + int(share * width), row + int((_FOOT if kind == "on" else _WITHIN) * high)
    elif kind == "under":
        for share in shares:
            yield left + int(share * width), bottom + max(0, high - height // 2)
    elif kind == "above":
        for share in shares:
            yield left + int(share * width), top - int(_GAP * high)
    elif kind in ("behind", "before"):
        for share in (0.2, 0.8, 0.5):
            yield left + int(share * width), bottom + int((_FOOT if kind == "before" else -_FOOT) * high)
    else:
        gap = (width + wide) // 2 + int(_GAP * min(width, wide))
        for further in (gap, gap + wide):  # beyond what is beside it already
            yield middle + further, bottom
            yield middle - further, bottom
