"""What is withheld from training, declared only here: drawings, pairs of nouns, and seeds.

- One in ten (noun, drawing) pairs: the noun is trained with its other drawings, of which at least two remain, and the
  default pack's as long as there are others.
- One in ten pairs of nouns: both are trained, but never in the same picture.
- All seeds from `HELD_OUT` on: they are used by the judge, the labs and the sheets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from engine.training.picture_book.sprites import Sprite
from engine.training.picture_book.styles import DEFAULT_PACK
from engine.world.scenes import HELD_OUT as HELD_OUT

SHARE = 0.1


def _draw(*words: str) -> float:
    """A pseudo-random number in 0..1 that depends only on these words, on every machine."""
    digest = hashlib.sha256("\n".join(words).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def withheld_drawings(sprites: Sequence[Sprite]) -> frozenset[str]:
    """The keys of the drawings, out of one noun's, that are never trained on."""
    if not sprites:
        return frozenset()
    wanted = SHARE * len(sprites) + _draw("how many", sprites[0].noun)
    order = sorted(sprites, key=lambda sprite: (sprite.pack == DEFAULT_PACK, _draw("drawing", sprite.key)))
    return frozenset(sprite.key for sprite in order[: max(0, min(int(wanted), len(order) - 2))])


def pair_is_withheld(one: str, other: str) -> bool:
    """Whether two different nouns never appear in the same picture of the training set."""
    return one != other and _draw("pair", *sorted((one, other))) < SHARE
