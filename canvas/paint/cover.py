"""How much of each pixel a running stroke has covered: raised by dabs, only where there is something left to raise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from canvas.model.tiled_mask import TILE, Key, Size, grid

Point = tuple[float, float]
Half = tuple[Point, Point]
"""A place on the line that divides a plane, and the way across it."""


@dataclass(frozen=True, eq=False)
class Part:
    """A piece of coverage, uint8 `[h, w]`, between these edges on the canvas.

    Of dabs of one size in a row each covers the most of what is nearest to its own centre. `ahead` is where it covers
    more than the one before it, `behind` where it covers no less than the one after it that is laid as well: each the
    place half way between two centres, and the way from one to the other.
    """

    left: int
    top: int
    right: int
    bottom: int
    piece: np.ndarray
    ahead: Half | None = None
    behind: Half | None = None

    def between(self, left: int, top: int, right: int, bottom: int) -> tuple[int, int, int, int] | None:
        """What of a box can rise by it: left, top, right and bottom; None for nothing."""
        left, top = max(self.left, left), max(self.top, top)
        right, bottom = min(self.right, right), min(self.bottom, bottom)
        if self.ahead is not None and top < bottom:
            left, right = _beyond(self.ahead, 1.0, left, top, right, bottom)
        if self.behind is not None and top < bottom:
            left, right = _beyond(self.behind, -1.0, left, top, right, bottom)
        return (left, top, right, bottom) if left < right and top < bottom else None


_ONES = np.uint64(2**64 - 1)
_BAND = 4  # rows of tiles that are looked at in one go
_WORDS = TILE // 8  # of eight pixels, in a row of a tile


def _beyond(half: Half, way: float, left: int, top: int, right: int, bottom: int) -> tuple[int, int]:
    """Between which columns a box has pixels on the side of a line that lies its way (1) or the other way (-1)."""
    (x, y), (across, down) = half
    across, down = way * across, way * down
    most = max(down * (top + 0.5 - y), down * (bottom - 0.5 - y))  # of the rows, along the way
    if across > 0:
        left = max(left, math.floor(x - most / across - 0.5))
    elif across < 0:
        right = min(right, math.ceil(x - most / across + 0.5))
    elif most < 0:
        right = left
    return left, right


class Cover:
    """Coverage uint8 over a canvas, zero at first; pieces laid on it do not add up: the largest counts.

    A large brush moves on by a tenth of its width, so most of what lies below it is covered whole already. Tiles that
    are cannot change any more and are passed over.

    Args:
        size: of the canvas.
        flow: below 1 each piece covers that share of what is still missing, so that they do add up.
    """

    def __init__(self, size: Size, *, flow: float = 1.0) -> None:
        columns, rows = grid(size)
        self._pixels = np.zeros((rows * TILE, columns * TILE), np.uint8)
        self._by_tile = self._pixels.reshape(rows, TILE, columns, TILE)
        self._built = np.zeros(self._pixels.shape if flow < 1 else (0, 0), np.uint16)  # the same, finer
        self._share = np.uint32(round(flow * 257)) if flow < 1 else None
        self._open = np.ones((rows, columns), bool)

    def lay(self, parts: Sequence[Part]) -> list[Key]:
        """Lay pieces that lie near one another; returns the tiles where the coverage rose."""
        top, bottom = min(part.top for part in parts) // TILE, -(-max(part.bottom for part in parts) // TILE)
        left, right = min(part.left for part in parts) // TILE, -(-max(part.right for part in parts) // TILE)
        bands = [(row, min(row + _BAND, bottom)) for row in range(top, bottom, _BAND)]
        return [key for row, below in bands for key in self._lay_band(row, below, left, right, parts)]

    def tiles(self, keys: Sequence[Key]) -> np.ndarray:
        """A copy of the coverage in some tiles, uint8 `[n, 64, 64]`."""
        columns, rows = np.array(keys, np.intp).T
        return self._by_tile[rows, :, columns]

    def _lay_band(self, row: int, below: int, left: int, right: int, parts: Sequence[Part]) -> list[Key]:
        """Lay what falls in some rows of tiles between two columns; returns the tiles where it rose."""
        box = left * TILE, row * TILE, right * TILE, below * TILE
        boxes = [(part, each) for part in parts if (each := part.between(*box)) is not None]
        if not boxes:
            return []
        left, right = min(each[0] for _, each in boxes) // TILE, -(-max(each[2] for _, each in boxes) // TILE)
        columns = np.flatnonzero(self._open[row:below, left:right].any(axis=0))
        if not len(columns):
            return []
        first, last = left + int(columns[0]), left + int(columns[-1]) + 1
        region = self._pixels[row * TILE : below * TILE, first * TILE : last * TILE]
        before = region.copy()
        for part, (x, y, end, under) in boxes:
            x, end = max(x, first * TILE), min(end, last * TILE)
            if x < end:
                piece = part.piece[y - part.top : under - part.top, x - part.left : end - part.left]
                self._raise(x, y, end, under, piece)
        # Eight pixels at a time, then the eight of those in each row of a tile.
        now = region.view(np.uint64)
        shape = (below - row, TILE, last - first)
        rose = np.bitwise_or.reduce((now != before.view(np.uint64)).view(np.uint64).reshape(shape), axis=1)
        keys = [(first + int(tx), row + int(ty)) for ty, tx in np.argwhere(rose)]
        if keys:
            whole = np.bitwise_and.reduce(now.reshape(*shape[:2], -1), axis=1).reshape(*shape[::2], _WORDS)
            self._open[row:below, first:last] &= (whole != _ONES).any(axis=2)
        return keys

    def _raise(self, left: int, top: int, right: int, bottom: int, part: np.ndarray) -> None:
        target = self._pixels[top:bottom, left:right]
        if self._share is None:
            np.maximum(target, part, out=target)
            return
        built = self._built[top:bottom, left:right]
        share = np.multiply(part, self._share, dtype=np.uint32)
        built += ((np.uint32(65535) - built) * share >> 16).astype(np.uint16)
        target[...] = built >> 8
