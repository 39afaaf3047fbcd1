"""Which nouns are learnt first: a denoiser that begins with few learns that things have parts, and keeps it for all."""

from __future__ import annotations

import numpy as np

from engine.training.picture_book.nouns import nouns

_FIRST = (
    "cat house frog whale sun penguin strawberry tree fire-engine balloon Santa-Claus fox lamp flamingo cow car owl "
    "apple rocket snowman"
)


def first_nouns(count: int) -> frozenset[str]:
    """The first `count` nouns to learn: twenty of different looks, then the others in a fixed, random order."""
    first = [name.replace("-", " ") for name in _FIRST.split()]
    others = np.random.default_rng(80).permutation([name for name in nouns() if name not in first])
    return frozenset([*first, *map(str, others)][: max(count, 0)])
