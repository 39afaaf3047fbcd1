"""What a running stroke takes from the words that make room for it: noted by tiles, worked out when wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from canvas.model.tiled_mask import FULL, Key, TiledMask

_BATCH = 32  # tiles in one go: more would not fit the processor's cache


@dataclass(frozen=True, eq=False)
class Room:
    """Of the words in `masks`, as they were before the stroke, at most 255 - `taken` stays at each pixel.

    A large brush covers hundreds of tiles of several words in one move. So a move only notes what it takes, which the
    view draws as a loss of what lies below; the words' own masks are made at the end of the stroke, or for whoever
    wants them before.
    """

    masks: Mapping[str, TiledMask]
    taken: TiledMask

    def made(self) -> dict[str, TiledMask]:
        """The masks of those words that lose something."""
        found = {}
        for word_id, mask in self.masks.items():
            changed = self._changed(mask)
            if changed:
                found[word_id] = mask.with_tiles(changed)
        return found

    def _changed(self, mask: TiledMask) -> dict[Key, np.ndarray | None]:
        taken, tiles = self.taken.tiles, mask.tiles
        keys = [key for key in taken if key in tiles]
        changed: dict[Key, np.ndarray | None] = {key: None for key in keys if taken[key] is FULL}
        soft = [key for key in keys if key not in changed]
        for start in range(0, len(soft), _BATCH):
            part = soft[start : start + _BATCH]
            before = np.stack([tiles[key] for key in part])
            after = np.minimum(before, 255 - np.stack([taken[key] for key in part]))
            for key, less, tile in zip(part, (after != before).any(axis=(1, 2)), after, strict=True):
                if less:
                    changed[key] = tile.copy()
        return changed
