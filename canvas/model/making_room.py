"""What a running stroke takes from the words that make room for it: noted by tiles, worked out when wanted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from canvas.model.tiled_mask import FULL, Key, TiledMask, changed_tiles


@dataclass(frozen=True, eq=False)
class Step:
    """How a mask came from another: the other's revision, and the tiles that may differ, all others being the same."""

    since: int
    keys: Collection[Key]


@dataclass(frozen=True, eq=False)
class Room:
    """Of the words in `masks`, as they were before the stroke, at most 255 - `taken` stays at each pixel.

    A large brush covers hundreds of tiles of several words in one move. So a move only notes what it takes, which the
    view draws as a loss of what lies below; the words' own masks are made at the end of the stroke, or for whoever
    wants them before. `step` says how `taken` came from what was taken before.
    """

    masks: Mapping[str, TiledMask]
    taken: TiledMask
    step: Step | None = None

    def changed(self, before: TiledMask) -> set[Key]:
        """The tiles where something else is taken than `before`."""
        if self.step is not None and self.step.since == before.revision:
            return set(self.step.keys)
        return changed_tiles(before, self.taken)

    def made(self) -> dict[str, TiledMask]:
        """The masks of those words that lose something."""
        found, rests = {}, dict[Key, np.ndarray]()
        for word_id, mask in self.masks.items():
            changed = self._changed(mask, rests)
            if changed:
                found[word_id] = mask.with_tiles(changed)
        return found

    def _changed(self, mask: TiledMask, rests: dict[Key, np.ndarray]) -> dict[Key, np.ndarray | None]:
        """What stays of the tiles of a mask that lose something; `rests` keeps what stays of full ones for the next."""
        taken, tiles = self.taken.tiles, mask.tiles
        changed = dict[Key, np.ndarray | None]()
        for key in taken.keys() & tiles.keys():
            loss, tile = taken[key], tiles[key]
            if loss is FULL:
                changed[key] = None
                continue
            rest = rests.get(key)
            if rest is None:
                rest = rests[key] = 255 - loss
            if tile is FULL:
                changed[key] = rest
                continue
            after = np.minimum(tile, rest)
            if after.tobytes() != tile.tobytes():  # ten times faster than to compare arrays
                changed[key] = after
        return changed
