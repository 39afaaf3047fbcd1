"""A mask at a lower level of detail: the mean coverage of 2x2, 4x4 ... pixels, renewed only where it changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from canvas.model.tiled_mask import FULL, TILE, Key, Size, TiledMask

_WHOLE = FULL.tobytes()
_BATCH = 64  # tiles reduced in one go
_LOW, _EIGHT = np.uint16(0x00FF), np.uint16(8)


class Reducer:
    """Keeps one word's mask at a level, in cells of 64x64 of the level's pixels, each of 2**level tiles a side.

    Cells are reduced when they are asked for. Pixels of the level that reach beyond the canvas count what lies on it.
    """

    def __init__(self, size: Size, level: int) -> None:
        self._size, self._level = size, level
        self._cells: dict[Key, np.ndarray] = {}
        self._stale: dict[Key, set[Key]] = {}
        self._todo: list[tuple[np.ndarray, Key]] = []  # the place in a cell, and the tile that belongs there
        self._rim = {length // TILE for length in size if length % TILE}  # columns and rows that may be cut

    def renew(self, keys: Iterable[Key]) -> None:
        """Those tiles of the mask are others now."""
        level = self._level
        for key in keys:
            self._stale.setdefault((key[0] >> level, key[1] >> level), set()).add(key)

    def cells(self, mask: TiledMask, wanted: Sequence[Key]) -> list[tuple[Key, np.ndarray]]:
        """Of the cells that are wanted those that are painted: uint8 `[64, 64]`, FULL where all is fully painted.

        `mask` is the one that all calls of `renew` led to.
        """
        for cell, keys in [(cell, self._stale.pop(cell)) for cell in wanted if cell in self._stale]:
            self._renew_cell(cell, keys, mask)
        self._reduce(mask)
        return [(cell, self._cells[cell]) for cell in wanted if cell in self._cells]

    def _renew_cell(self, cell: Key, keys: Iterable[Key], mask: TiledMask) -> None:
        """Fill in what needs no reducing, and note what does."""
        level, tiles, whole, gone = self._level, mask.tiles, 0, False
        known = self._cells.get(cell)
        if known is None or known is FULL:
            known = np.full((TILE, TILE), 0 if known is None else 255, np.uint8)
            self._cells[cell] = known
        side = TILE >> level
        for key in keys:
            x, y = (key[0] << 6 >> level) % TILE, (key[1] << 6 >> level) % TILE
            place, tile = known[y : y + side, x : x + side], tiles.get(key)
            if tile is None or tile is FULL:
                place.fill(0 if tile is None else 255)
                whole, gone = whole + (tile is FULL), gone or tile is None
            else:
                self._todo.append((place, key))
        if gone and not any(key in tiles for key in tiles_under(cell, level)):
            del self._cells[cell]
        elif whole and known.tobytes() == _WHOLE:
            self._cells[cell] = FULL

    def _reduce(self, mask: TiledMask) -> None:
        """Reduce what was noted."""
        for start in range(0, len(self._todo), _BATCH):
            batch = self._todo[start : start + _BATCH]
            gathered = np.empty((len(batch), TILE, TILE), np.uint8)
            for index, (_, key) in enumerate(batch):
                gathered[index] = mask.tiles[key]
                if key[0] in self._rim or key[1] in self._rim:
                    self._extend(gathered[index], key)
            for (place, _), means in zip(batch, means_of(gathered, self._level), strict=True):
                place[...] = means
        self._todo.clear()

    def _extend(self, tile: np.ndarray, key: Key) -> None:
        """What lies beyond the canvas' edge is as at the edge."""
        for axis, length in ((1, self._size[0]), (0, self._size[1])):
            inside = length - key[1 - axis] * TILE
            if inside < TILE:
                rows = tile if axis == 0 else tile.T
                rows[inside:] = rows[inside - 1]


def tiles_under(cell: Key, level: int) -> list[Key]:
    """The tiles of the canvas that a cell of a level covers, those beyond the edge too."""
    x, y, count = cell[0] << level, cell[1] << level, 1 << level
    return [(x + column, y + row) for row in range(count) for column in range(count)]


def means_of(tiles: np.ndarray, level: int) -> np.ndarray:
    """Tiles uint8 `[n, 64, 64]` as uint8 `[n, 64 >> level, 64 >> level]`: the mean of 2**level pixels a side, rounded.

    `level` is 1..4: sums of up to 256 pixels are kept in 16 bits, and pairs are added in place of widening bytes.
    """
    pairs = tiles.view(np.uint16)
    sums = (pairs & _LOW) + (pairs >> _EIGHT)
    sums = sums[:, ::2] + sums[:, 1::2]
    for _ in range(level - 1):
        sums = sums[:, ::2] + sums[:, 1::2]
        sums = sums[:, :, ::2] + sums[:, :, 1::2]
    bits = np.uint16(2 * level)
    return ((sums + np.uint16(1 << 2 * level - 1)) >> bits).astype(np.uint8)
