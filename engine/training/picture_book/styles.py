"""The styles that a reference picture can choose: the pack that drew the things, and the look that the whole is in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.world.looks import MEDIA as MEDIA
from engine.world.looks import PLAIN, Look, trained_looks

GROUP = 4
"""So many seeds in a row share a style, so that each picture can be the other's reference."""

STYLE_PACKS = ("", "F", "N", "T", "X", "S")
"""The packs' letters; "" is a picture of many hands."""

_PACK_SHARES = (0.4, 0.17, 0.17, 0.16, 0.05, 0.05)
_LOOK_SHARE = 0.25


@dataclass(frozen=True)
class Style:
    """One pack or many (""), in a look of the world's."""

    pack: str
    look: Look

    @property
    def shows(self) -> bool:
        """Whether a reference in this style says anything."""
        return bool(self.pack) or self.look != PLAIN


def style_of(seed: int) -> Style:
    """The style of a scene's seed; never a look that is withheld."""
    group = seed // GROUP
    rng = np.random.default_rng((group, 24))
    pack = str(rng.choice(STYLE_PACKS, p=_PACK_SHARES))
    if rng.random() >= _LOOK_SHARE:
        return Style(pack, PLAIN)
    looks = trained_looks()[1:]
    medium, light = looks[int(rng.integers(len(looks)))]
    return Style(pack, Look(medium, light, group))
