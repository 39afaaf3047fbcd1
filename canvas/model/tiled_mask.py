"""Soft masks as immutable uint8 tiles that versions share, and their area reduction."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

import numpy as np

from canvas.model.errors import MaskError

TILE = 64
Size = tuple[int, int]
"""Width and height in pixels."""
Rect = tuple[int, int, int, int]
"""x, y, width, height in pixels, as QRect takes them."""
Key = tuple[int, int]
"""Column and row of a tile."""

_revisions = itertools.count(1)
_shared_ids: set[int] = set()
_BLANK = bytes(TILE * TILE)


@cache
def _full_tile(width: int, height: int) -> np.ndarray:
    tile = np.zeros((TILE, TILE), np.uint8)
    tile[:height, :width] = 255
    tile.setflags(write=False)
    _shared_ids.add(id(tile))
    return tile


# Every full tile inside of the canvas is this one array: it costs no memory and is recognised by identity.
FULL = _full_tile(TILE, TILE)


def full_tile(size: Size, key: Key) -> np.ndarray:
    """The fully painted tile at `key`: zero beyond the canvas edge; one shared array per shape."""
    if (key[0] + 1) * TILE <= size[0] and (key[1] + 1) * TILE <= size[1]:
        return FULL
    return _full_tile(min(TILE, size[0] - key[0] * TILE), min(TILE, size[1] - key[1] * TILE))


def tile_bytes(tile: np.ndarray) -> int:
    """Bytes that a tile costs; the shared full tiles cost none."""
    return 0 if id(tile) in _shared_ids else tile.nbytes


def grid(size: Size) -> Size:
    """Columns and rows of tiles that cover `size`."""
    return -(-size[0] // TILE), -(-size[1] // TILE)


def clip(rect: Rect, size: Size) -> Rect | None:
    """The part of `rect` inside of the canvas, or None."""
    x0, y0 = max(0, rect[0]), max(0, rect[1])
    x1, y1 = min(size[0], rect[0] + rect[2]), min(size[1], rect[1] + rect[3])
    return (x0, y0, x1 - x0, y1 - y0) if x1 > x0 and y1 > y0 else None


def unite(first: Rect | None, second: Rect | None) -> Rect | None:
    """The smallest rect that holds both; None is the empty rect."""
    if first is None or second is None:
        return first or second
    x0, y0 = min(first[0], second[0]), min(first[1], second[1])
    x1 = max(first[0] + first[2], second[0] + second[2])
    y1 = max(first[1] + first[3], second[1] + second[3])
    return x0, y0, x1 - x0, y1 - y0


def tiles_of(rect: Rect, size: Size) -> list[Key]:
    """Keys of the tiles that `rect` touches."""
    inside = clip(rect, size)
    if inside is None:
        return []
    x, y, w, h = inside
    columns = range(x // TILE, (x + w - 1) // TILE + 1)
    return [(tx, ty) for ty in range(y // TILE, (y + h - 1) // TILE + 1) for tx in columns]


def rect_of_tiles(keys: Iterable[Key], size: Size) -> Rect | None:
    """Bounding rect of tiles, clipped to the canvas; None for no tile."""
    keys = tuple(keys)
    if not keys:
        return None
    xs, ys = [k[0] for k in keys], [k[1] for k in keys]
    x, y = min(xs) * TILE, min(ys) * TILE
    return clip((x, y, (max(xs) + 1) * TILE - x, (max(ys) + 1) * TILE - y), size)


def rects_of_tiles(keys: Iterable[Key], size: Size) -> list[Rect]:
    """Few disjoint rects that cover exactly these tiles: runs along a row, grown down where they repeat."""
    by_row: dict[int, list[int]] = {}
    for tx, ty in keys:
        by_row.setdefault(ty, []).append(tx)
    runs: dict[tuple[int, int], list[list[int]]] = {}  # first and last column -> [top row, bottom row] of each block
    for ty in sorted(by_row):
        columns = sorted(by_row[ty])
        breaks = [i for i in range(1, len(columns)) if columns[i] != columns[i - 1] + 1]
        for begin, end in zip([0, *breaks], [*breaks, len(columns)], strict=True):
            blocks = runs.setdefault((columns[begin], columns[end - 1]), [])
            if blocks and blocks[-1][1] == ty - 1:
                blocks[-1][1] = ty
            else:
                blocks.append([ty, ty])
    rects = []
    for (first, last), blocks in runs.items():
        for top, bottom in blocks:
            rect = (first * TILE, top * TILE, (last - first + 1) * TILE, (bottom - top + 1) * TILE)
            inside = clip(rect, size)
            if inside:
                rects.append(inside)
    return rects


@dataclass(frozen=True, slots=True, eq=False)
class TiledMask:
    """The painted area of one word: uint8 coverage, 0 unpainted .. 255 fully painted, never written to.

    Attributes:
        size: width and height in pixels.
        tiles: key -> read-only uint8 `[64, 64]`; a tile that is not there is unpainted; zero beyond the canvas edge.
        revision: another number for each version, within this process.
    """

    size: Size
    tiles: Mapping[Key, np.ndarray] = field(default_factory=lambda: MappingProxyType({}))
    revision: int = field(default_factory=_revisions.__next__)
    _coverage: float | None = field(default=None, init=False, repr=False)

    @classmethod
    def from_array(cls, array: np.ndarray) -> TiledMask:
        """A mask from uint8 `[h, w]`. Raises MaskError for another kind or shape."""
        if array.ndim != 2 or array.dtype != np.uint8 or 0 in array.shape:
            raise MaskError(
                f"A mask must be a grey picture of 8 bits, not {array.dtype} of shape {array.shape}.",
                hint="Save the mask as an 8-bit grey picture of the picture's size.",
            )
        height, width = array.shape
        columns, rows = grid((width, height))
        padded = np.zeros((rows * TILE, columns * TILE), np.uint8)
        padded[:height, :width] = array
        blocks = padded.reshape(rows, TILE, columns, TILE).swapaxes(1, 2)
        painted = blocks.any(axis=(2, 3))
        keys = [(int(tx), int(ty)) for ty, tx in np.argwhere(painted)]
        return cls((width, height)).with_tiles({key: blocks[key[1], key[0]].copy() for key in keys})

    @classmethod
    def filled(cls, size: Size) -> TiledMask:
        """A mask that is fully painted; costs no memory, as all its tiles are shared."""
        columns, rows = grid(size)
        keys = [(tx, ty) for ty in range(rows) for tx in range(columns)]
        return cls(size, MappingProxyType({key: full_tile(size, key) for key in keys}))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is painted."""
        return not self.tiles

    @property
    def coverage(self) -> float:
        """The painted share of the canvas, 0..1; soft paint counts by its opacity. Counted once."""
        if self._coverage is None:
            total = sum(TILE * TILE * 255 if tile is FULL else int(tile.sum()) for tile in self.tiles.values())
            object.__setattr__(self, "_coverage", total / (255 * self.size[0] * self.size[1]))
        assert self._coverage is not None
        return self._coverage

    @property
    def nbytes(self) -> int:
        """Bytes of the tiles, shared ones included where another mask holds them too."""
        return sum(tile_bytes(tile) for tile in self.tiles.values())

    def __eq__(self, other: object) -> bool:
        """Equal size and coverage; revisions do not matter."""
        if not isinstance(other, TiledMask):
            return NotImplemented
        if self is other:
            return True
        if self.size != other.size or self.tiles.keys() != other.tiles.keys():
            return False
        return all(
            tile is other.tiles[key] or np.array_equal(tile, other.tiles[key]) for key, tile in self.tiles.items()
        )

    __hash__ = None  # type: ignore[assignment]

    def with_tiles(self, changed: Mapping[Key, np.ndarray | None]) -> TiledMask:
        """A new version in which some tiles are others (uint8 `[64, 64]`, taken over and frozen) or gone (None).

        Raises MaskError for a tile outside of the grid or of another kind.
        """
        columns, rows = grid(self.size)
        tiles = copied(self.tiles)
        for key, tile in changed.items():
            if not (0 <= key[0] < columns and 0 <= key[1] < rows):
                raise MaskError(f"Tile {key} lies outside the canvas.", hint="Paint inside the canvas.")
            if tile is None:
                tiles.pop(key, None)
                continue
            if tile is FULL:
                tiles[key] = full_tile(self.size, key)
                continue
            if tile.shape != (TILE, TILE) or tile.dtype != np.uint8:
                raise MaskError(f"A tile must be uint8 [{TILE}, {TILE}].", hint="Use TiledMask.from_array.")
            raw = tile.tobytes()  # comparing bytes is ten times faster than any() or array_equal here
            if raw == _BLANK:
                tiles.pop(key, None)
                continue
            if raw[0] == 255:
                full = full_tile(self.size, key)
                tile = full if raw == full.tobytes() else tile
            tile.setflags(write=False)
            tiles[key] = tile
        return TiledMask(self.size, MappingProxyType(tiles))

    def to_array(self) -> np.ndarray:
        """The whole mask as a new uint8 `[h, w]`."""
        return self.read((0, 0, *self.size))

    def read(self, rect: Rect) -> np.ndarray:
        """A new uint8 `[h, w]` of the coverage in `rect`; zero outside of the canvas."""
        x, y, w, h = rect
        out = np.zeros((h, w), np.uint8)
        for key in tiles_of(rect, self.size):
            tile = self.tiles.get(key)
            if tile is None:
                continue
            left, top = key[0] * TILE, key[1] * TILE
            x0, y0 = max(x, left), max(y, top)
            x1, y1 = min(x + w, left + TILE), min(y + h, top + TILE)
            out[y0 - y : y1 - y, x0 - x : x1 - x] = tile[y0 - top : y1 - top, x0 - left : x1 - left]
        return out

    def bounds(self) -> Rect | None:
        """The smallest rect that holds every painted pixel; None where nothing is painted."""
        if not self.tiles:
            return None
        columns, rows = [key[0] for key in self.tiles], [key[1] for key in self.tiles]
        left, top, right, bottom = min(columns), min(rows), max(columns), max(rows)
        box = None
        for (tx, ty), tile in self.tiles.items():
            if left < tx < right and top < ty < bottom:
                continue  # every tile is painted somewhere, so those at the rim decide
            ys, xs = np.flatnonzero(tile.any(axis=1)), np.flatnonzero(tile.any(axis=0))
            x, y = tx * TILE + int(xs[0]), ty * TILE + int(ys[0])
            box = unite(box, (x, y, int(xs[-1] - xs[0]) + 1, int(ys[-1] - ys[0]) + 1))
        return box

    def cropped(self, rect: Rect) -> TiledMask:
        """The paint within `rect` as a mask of that size; beyond the canvas it is unpainted."""
        if rect == (0, 0, *self.size):
            return self
        if self.is_empty:
            return TiledMask((rect[2], rect[3]))
        return TiledMask.from_array(self.read(rect))

    def resized(self, size: Size) -> TiledMask:
        """This paint on a canvas of another size: area average where it shrinks, linear where it grows."""
        if size == self.size:
            return self
        if self.is_empty:
            return TiledMask(size)
        values = area_reduce(self.to_array(), (min(size[0], self.size[0]), min(size[1], self.size[1])))
        if size[1] > values.shape[0]:
            values = _grown(values, size[1], axis=0)
        if size[0] > values.shape[1]:
            values = _grown(values, size[0], axis=1)
        return TiledMask.from_array(np.rint(values * 255).clip(0, 255).astype(np.uint8))


def copied(tiles: Mapping[Key, np.ndarray]) -> dict[Key, np.ndarray]:
    """A dictionary of tiles to be changed; one behind a proxy is copied whole, which is ten times as fast as `dict`."""
    return tiles.copy() if isinstance(tiles, MappingProxyType) else dict(tiles)


def united(first: TiledMask, second: TiledMask) -> TiledMask:
    """The stronger of two masks of one size at each pixel; tiles that only one has are shared with it."""
    if first.is_empty or second.is_empty:
        return second if first.is_empty else first
    changed = {
        key: tile if key not in first.tiles or tile is first.tiles[key] else np.maximum(tile, first.tiles[key])
        for key, tile in second.tiles.items()
    }
    return first.with_tiles(changed)


def changed_tiles(old: TiledMask, new: TiledMask) -> set[Key]:
    """Keys of the tiles that are not one and the same array in both masks."""
    if old is new:
        return set()
    before, after = old.tiles, new.tiles
    changed = {key for key, tile in after.items() if before.get(key) is not tile}
    changed.update(key for key in before if key not in after)
    return changed


def area_reduce(mask: np.ndarray, size: Size) -> np.ndarray:
    """A mask uint8 `[H, W]` as the model sees it: float32 `[h, w]` in 0..1, the exact mean over each cell's area.

    `size` is (w, h), at most the mask's own. Cells need not hold a whole number of pixels, for which Pillow's and
    torch's area filters are not exact; OpenCV's is, but a large package for one function. Time and memory grow with the
    number of pixels.

    Raises:
        MaskError: a side of `size` is below 1, or more than the mask's own.
    """
    height, width = mask.shape
    for length, cells in ((height, size[1]), (width, size[0])):
        if not 1 <= cells <= length:
            raise MaskError(
                f"A mask of {length} pixels cannot be reduced to {cells} cells.",
                hint="Reduce to 1 cell or more, at most one per pixel.",
            )
    axes = (1, 0) if size[0] * height <= size[1] * width else (0, 1)  # first along the one that shrinks more
    sums: np.ndarray = mask
    for axis in axes:
        sums = _cell_sums(sums, size[1 - axis], axis=axis)
    return (sums * (size[0] * size[1] / (255.0 * height * width))).astype(np.float32)


def _cell_sums(values: np.ndarray, cells: int, *, axis: int) -> np.ndarray:
    """The sum of `values` over each of `cells` equal cells along an axis, float64; pixels on an edge count in part."""
    length = values.shape[axis]
    first, rest = np.divmod(np.arange(cells + 1) * length, cells)  # of each cell's edge: its pixel, and where in it
    sums = np.add.reduceat(values, first[:-1], axis=axis, dtype=np.float64)
    part = np.expand_dims(rest / cells, 1 - axis)
    edge = values.take(np.minimum(first, length - 1), axis=axis) * part
    low, high = (slice(None, -1), slice(1, None))
    return sums + (edge[high] - edge[low] if axis == 0 else edge[:, high] - edge[:, low])


def _grown(values: np.ndarray, target: int, *, axis: int) -> np.ndarray:
    """Linear interpolation between pixel centres along an axis, to `target` pixels."""
    length = values.shape[axis]
    position = ((np.arange(target) + 0.5) * (length / target) - 0.5).clip(0, length - 1)
    left = np.minimum(position.astype(int), max(length - 2, 0))
    part = np.expand_dims((position - left).astype(np.float32), 1 - axis)
    right = np.minimum(left + 1, length - 1)
    return values.take(left, axis=axis) * (1 - part) + values.take(right, axis=axis) * part
