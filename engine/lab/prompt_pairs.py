"""Pairs of prompts of held-out layouts, each with names that the other lacks, for the text window lab."""

from __future__ import annotations

from dataclasses import dataclass

from engine.lab.requests import SETS
from engine.world.scenes import HELD_OUT, NAMES, Render

FEWEST_NAMES = 2
"""Names that each prompt of a pair has to itself."""

_SEEDS = HELD_OUT + 11_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Pair:
    """Two prompts, and the names that only one of them has: what a picture is recognised by."""

    a: Render
    b: Render

    @property
    def only_a(self) -> list[int]:
        """Indices into `NAMES`."""
        return [NAMES.index(name) for name in self.a.names if name not in self.b.names]

    @property
    def only_b(self) -> list[int]:
        """Indices into `NAMES`."""
        return [NAMES.index(name) for name in self.b.names if name not in self.a.names]


def make_pairs(n: int) -> list[Pair]:
    """Pairs of held-out layouts, the world's and free ones in turns, that each have `FEWEST_NAMES` to themselves."""
    pairs: list[Pair] = []
    seed = _SEEDS
    while len(pairs) < n:
        draw = SETS[("world", "free")[len(pairs) % 2]]
        pair = Pair(a=draw(seed), b=draw(seed + 1))
        seed += 2
        if min(len(pair.only_a), len(pair.only_b)) >= FEWEST_NAMES:
            pairs.append(pair)
    return pairs
