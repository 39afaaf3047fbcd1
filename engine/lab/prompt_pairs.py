"""Pairs of prompts for the text window lab: held-out captions that each name something the other does not."""

from __future__ import annotations

from dataclasses import dataclass

from engine.lab.requests import SETS
from engine.world.scenes import HELD_OUT, NAMES, Render

FEWEST_NAMES = 2
"""How many names each prompt of a pair must have that the other lacks."""

_SEEDS = HELD_OUT + 11_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Pair:
    """Two prompts (layouts), and the names that only one has, which show which prompt a picture follows."""

    a: Render
    b: Render

    @property
    def only_a(self) -> list[int]:
        """The names that only A has, as indices into `NAMES`."""
        return [NAMES.index(name) for name in self.a.names if name not in self.b.names]

    @property
    def only_b(self) -> list[int]:
        """The names that only B has, as indices into `NAMES`."""
        return [NAMES.index(name) for name in self.b.names if name not in self.a.names]


def make_pairs(n: int) -> list[Pair]:
    """`n` pairs of held-out layouts, world layouts and free ones in turn, each with `FEWEST_NAMES` of its own."""
    pairs: list[Pair] = []
    seed = _SEEDS
    while len(pairs) < n:
        draw = SETS[("world", "free")[len(pairs) % 2]]
        pair = Pair(a=draw(seed), b=draw(seed + 1))
        seed += 2
        if min(len(pair.only_a), len(pair.only_b)) >= FEWEST_NAMES:
            pairs.append(pair)
    return pairs
