"""The styles that a reference picture can select: the pack of the drawings, and the look of the whole picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.world.looks import MEDIA as MEDIA
from engine.world.looks import PLAIN, Look, trained_looks

GROUP = 4
"""The number of consecutive seeds that share a style, so that they can be references for each other."""

STYLE_PACKS = ("", "F", "N", "T")
"""The letters of the packs; "" means drawings from several packs."""

DEFAULT_PACK = "F"
"""The pack that is drawn without a reference, so that a word alone means one drawing."""

_PACK_SHARES = (0.0, 0.7, 0.15, 0.15)
_LOOK_SHARE = 0.15


@dataclass(frozen=True)
class Style:
    """One pack, or several (""), in one of the looks of `engine.world.looks`."""

    pack: str
    look: Look

    @property
    def shows(self) -> bool:
        """Whether it takes a reference to ask for this style."""
        return self.pack != DEFAULT_PACK or self.look != PLAIN


def style_of(seed: int) -> Style:
    """The style of a scene's seed; its look is never a withheld one."""
    group = seed // GROUP
    rng = np.random.default_rng((group, 24))
    pack = str(rng.choice(STYLE_PACKS, p=_PACK_SHARES))
    if rng.random() >= _LOOK_SHARE:
        return Style(pack, PLAIN)
    looks = trained_looks()[1:]
    medium, light = looks[int(rng.integers(len(looks)))]
    return Style(pack, Look(medium, light, group))
