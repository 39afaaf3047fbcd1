"""Random crops of compositions for the autoencoder, from a small stock of scenes that is constantly renewed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from engine.training.picture_book.canvas import Scene
from engine.training.picture_book.compose import Composer
from engine.training.picture_book.finish import in_style
from engine.training.picture_book.placing import CELL

_STOCK = 48
_AT_THINGS = 0.7
"""The share of crops that are placed around a thing, where the detail is."""


class Crops:
    """Draws batches of crops.

    Args:
        composer: of training scenes. first: the seed of the first scene; a resumed run continues after its last one.
        renew: the number of new scenes per batch; below 1, the probability of one.
    """

    def __init__(self, composer: Composer, *, first: int, renew: float = 1.0) -> None:
        self.composer, self.next, self.renew = composer, first, renew
        self.rng = np.random.default_rng((first, 23))
        self._stock: list[Scene] = []
        self._owed = 0.0

    def __call__(self, batch: int, side: int) -> Tensor:
        """Return crops, float `[batch, 3, side, side]` in -1..1."""
        self._owed += self.renew
        while self._owed >= 1 or len(self._stock) < min(_STOCK, 8):
            self._owed = max(0.0, self._owed - 1)
            scene = self.composer(self.next)
            self._stock.append(replace(scene, rgb=in_style(scene, self.next)))
            self.next += 1
        del self._stock[:-_STOCK]
        cut = np.empty((batch, side, side, 3), np.uint8)
        for row in range(batch):
            scene = self._stock[int(self.rng.integers(len(self._stock)))]
            # On the grid on which things stand: elsewhere no drawing is ever encoded.
            y, x = (at // CELL * CELL for at in self._corner(scene, side))
            cut[row] = scene.rgb[y : y + side, x : x + side]
        return torch.from_numpy(cut).permute(0, 3, 1, 2).float() / 127.5 - 1

    def _corner(self, scene: Scene, side: int) -> tuple[int, int]:
        size, rng = scene.rgb.shape[0], self.rng
        things = [part for part in scene.parts if part.group >= 0]
        if things and rng.random() < _AT_THINGS:
            rows, columns = np.nonzero(things[int(rng.integers(len(things)))].area[::4, ::4])
            if len(rows):
                k = int(rng.integers(len(rows)))
                y, x = (
                    int(np.clip(4 * at - rng.integers(side), 0, size - side)) for at in (int(rows[k]), int(columns[k]))
                )
                return y, x
        y, x = (int(at) for at in rng.integers(size - side + 1, size=2))
        return y, x
