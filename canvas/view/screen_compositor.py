"""The overlays at the level of detail that the screen shows, blended by Qt, which is several times as fast as numpy."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from PySide6.QtGui import QImage, QPainter

from canvas.model.colour_layer import ColourLayer
from canvas.model.making_room import Room
from canvas.model.scene_diff import LiveMask
from canvas.model.tiled_mask import (
    FULL,
    TILE,
    Key,
    Rect,
    Size,
    TiledMask,
    changed_tiles,
    grid,
    tiles_of,
)
from canvas.paint.compositor import MOST_PREPARED, Compositor, WordStyle
from canvas.paint.patterns import alpha_of
from canvas.paint.reducing import Reducer
from canvas.view import qimage

_HEIGHTS = (*range(1, 17), 20, 24, 28, 32, 40, 48, 56, 64)
_BATCH = _HEIGHTS[-1]  # cells whose ink is mixed in one go: more would not fit the processor's cache
_MOST_INKS = 256
_PREMULTIPLIED = QImage.Format.Format_ARGB32_Premultiplied
_TAKEN = ""  # no word's id: what a running stroke takes
NOTHING: Mapping[Key, np.ndarray] = MappingProxyType({})
_AT_ONCE = 4  # cells prepared between two looks at the clock
_LOW, _HIGH, _EIGHT = np.uint16(0x00FF), np.uint16(0xFF00), np.uint16(8)
_SOURCE, _OVER = QPainter.CompositionMode.CompositionMode_Source, QPainter.CompositionMode.CompositionMode_SourceOver
_LOSS = QPainter.CompositionMode.CompositionMode_DestinationOut


class _Ink:
    """A word's colour in its pattern: `full` is a cell that is fully painted, premultiplied; others are mixed.

    Two pixels at a time in one uint16, the even and the odd ones by turns: numpy widens bytes slowly.
    """

    def __init__(self, style: WordStyle, scratch: np.ndarray) -> None:
        """`scratch` is uint16 `[2, n, 64, 32]`; it is overwritten by each `mix`, and must outlive the ink."""
        alpha = alpha_of(style.kind, style.pattern).astype(np.float32) * style.strength
        opacity = np.rint(alpha).astype(np.uint8)
        pairs = ((opacity.astype(np.uint16) * 256 + 254) // 255).astype(np.uint8).view(np.uint16)
        self._even, self._odd = pairs & _LOW, pairs >> _EIGHT
        self._scratch = scratch
        self._table = [value << 24 | (style.color & 0xFFFFFF) for value in range(256)]
        self._sheets: dict[int, QImage] = {}
        self._opacity = np.ascontiguousarray(opacity)
        self.full = _indexed(self._opacity, self._table).convertToFormat(_PREMULTIPLIED)

    def mix(self, tiles: np.ndarray) -> QImage:
        """Tiles of coverage uint8 `[n, 64, 64]` in this ink, one below the other; there may be more rows than that."""
        count = len(tiles)
        pairs, (even, odd) = tiles.view(np.uint16), self._scratch[:, :count]
        np.bitwise_and(pairs, _LOW, out=even)
        even *= self._even
        even >>= _EIGHT
        np.right_shift(pairs, _EIGHT, out=odd)
        odd *= self._odd
        odd &= _HIGH
        even |= odd
        return self._sheet(count).convertToFormat(_PREMULTIPLIED)

    def _sheet(self, count: int) -> QImage:
        """An image of the scratch in this colour, one for each of a few heights: colour tables are slow to set."""
        height = next(height for height in _HEIGHTS if height >= count)
        if height not in self._sheets:
            pixels = self._scratch[0, :height].view(np.uint8).reshape(height * TILE, TILE)
            self._sheets[height] = _indexed(pixels, self._table)
        return self._sheets[height]


def _indexed(pixels: np.ndarray, table: list[int]) -> QImage:
    image = QImage(pixels.data, TILE, pixels.shape[0], TILE, QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image


class ScreenCompositor(Compositor):
    """Composes in cells of 64x64 pixels of a level: level n is 2**n times smaller than the canvas.

    Seen from afar the pixels of a canvas are many more than those of the screen, so each word's mask is reduced to its
    mean first. Patterns are as large as the level's pixels, so they are as fine on the screen at any level. `size` and
    the rects of `sync` and `flush` are in pixels of the canvas; `buffer` and `image` are the level's.

    What a running stroke takes from other words is drawn as a loss of what lies under its word, so that a large brush
    need not lay each of them again with every move. At soft edges of several words on one another that is a little
    different from what comes once the stroke is over; words that keep their paint are laid as they are.
    """

    def __init__(self) -> None:
        super().__init__()
        self.level = 0
        self.image = QImage()
        self._reducers: dict[str, Reducer] = {}
        self._room: Room | None = None  # of the running stroke
        self._gathered = np.zeros((_BATCH, TILE, TILE), np.uint8)
        self._inks: dict[WordStyle, _Ink] = {}
        self._scratch = np.zeros((2, _BATCH, TILE, TILE // 2), np.uint16)

    @property
    def level_size(self) -> Size:
        """Width and height of `image`."""
        return at_level(self._size, self.level)

    def set_level(self, level: int) -> None:
        """Another level; everything is composed again. The next `sync` tells all of the canvas."""
        if level != self.level:
            self.level = level
            self._scene = self._room = None
            self._reset((0, 0))

    def prepare(self, seconds: float) -> bool:
        """Make ready what lies under the word on top, for as long as that; returns whether there is more to do."""
        columns, rows = grid(self.level_size)
        if self._top is None or columns * rows > MOST_PREPARED:
            return False
        until = time.perf_counter() + seconds
        missing = [(x, y) for y in range(rows) for x in range(columns) if (x, y) not in self._under]
        for start in range(0, len(missing), _AT_ONCE):
            if time.perf_counter() > until:
                return True
            self._make_under(missing[start : start + _AT_ONCE])
        return False

    def _masks_of(self, live: LiveMask) -> Mapping[str, TiledMask]:
        return live.masks if live.room is None or isinstance(live.mask, ColourLayer) else {live.word_id: live.mask}

    def _noted(self, live: LiveMask | None) -> set[Key]:
        room = live.room if live is not None and live.mask.size == self._size else None
        before, self._room = self._room, room
        if room is before:
            return set()
        empty = TiledMask(self._size)
        old, new = (empty if each is None or each.taken.size != self._size else each.taken for each in (before, room))
        taken = room.changed(old) if room is not None and new is room.taken else changed_tiles(old, new)
        self._repainted(_TAKEN, taken)
        if room is None:
            self._reducers.pop(_TAKEN, None)
        return taken

    def flush(self, rect: Rect | None = None) -> None:
        """Compose what changed since the last time, within `rect` of the canvas (or all of it), into `image`."""
        self.flush_cells(self._pending if rect is None else self.cells_of(rect))

    def flush_cells(self, cells: Iterable[Key]) -> None:
        """The same for some cells."""
        due = self._pending.intersection(cells)
        if due:
            self._compose_cells(sorted(due, key=lambda cell: (cell[1], cell[0])))
            self._pending -= due

    def cells_of(self, rect: Rect) -> list[Key]:
        """The cells that a rect of the canvas touches."""
        x, y = rect[0] >> self.level, rect[1] >> self.level
        right, bottom = at_level((rect[0] + rect[2], rect[1] + rect[3]), self.level)
        return tiles_of((x, y, right - x, bottom - y), self.level_size)

    def _reset(self, size: Size) -> None:
        self._size = size
        columns, rows = grid(self.level_size)
        # Rows that lie a power of two apart would all want the same few lines of the processor's cache.
        self._buffer = np.zeros((rows * TILE, columns * TILE + 16), np.uint32)
        self.image = qimage.wrap_argb(self._buffer, (columns * TILE, rows * TILE)) if size != (0, 0) else QImage()
        self._pending.clear()
        self._under.clear()
        self._reducers.clear()
        self._styles, self._masks = {}, {}

    def _repainted(self, word_id: str, keys: set[Key]) -> None:
        if self.level:
            if word_id not in self._reducers:
                self._reducers[word_id] = Reducer(self._size, self.level)
            self._reducers[word_id].renew(keys)

    def _renew(self, dirty: set[Key], stale: set[Key]) -> None:
        level = self.level
        super()._renew(
            {(x >> level, y >> level) for x, y in dirty} if level else dirty,
            {(x >> level, y >> level) for x, y in stale} if level else stale,
        )
        for word_id in self._reducers.keys() - self._masks.keys() - {_TAKEN}:
            del self._reducers[word_id]

    def _compose_cells(self, cells: Sequence[Key]) -> None:
        taken = {} if self._room is None else self._taken_in(cells, self._room.taken)
        shared = self._kept(list(taken)) if taken else set()
        painter = QPainter(self.image)
        painter.setCompositionMode(_SOURCE)
        fresh = []
        for cell in cells:
            x, y = cell[0] * TILE, cell[1] * TILE
            known = None if cell in shared else self._under.get(cell)
            if known is None or taken.get(cell) is FULL:
                self._buffer[y : y + TILE, x : x + TILE].fill(0)
                if cell not in self._under and cell not in shared and taken.get(cell) is not FULL:
                    fresh.append(cell)
            else:
                painter.drawImage(x, y, known)
        painter.setCompositionMode(_OVER)
        if fresh:
            touched = self._lay_all(painter, fresh, (0, 0))
            if self._top is not None:
                for cell in fresh:
                    found = self.image.copy(cell[0] * TILE, cell[1] * TILE, TILE, TILE) if cell in touched else None
                    self._under[cell] = found
        if shared:
            self._lay_all(painter, sorted(shared), (0, 0), taken)
        if taken:
            self._lose(painter, [(cell, tile) for cell, tile in taken.items() if cell not in shared])
        if self._top is not None:
            self._lay(painter, self._top, cells, (0, 0))
        painter.end()

    def _taken_in(self, cells: Sequence[Key], taken: TiledMask) -> dict[Key, np.ndarray]:
        """What the stroke takes in cells; where that is all of its word's paint, it is not reduced once more."""
        if not self.level or self._top is None:
            return dict(self._tiles(_TAKEN, taken, cells))
        # Where the word had no paint before the stroke, all of its paint there is what it takes.
        painted, level = self._masks[self._top], self.level
        before = self._scene.masks[self._top].tiles if self._scene is not None else painted.tiles
        touched = {(x >> level, y >> level) for x, y in before}
        alike = {cell for cell in cells if cell not in touched}
        return {
            **dict(self._tiles(_TAKEN, taken, [cell for cell in cells if cell not in alike])),
            **dict(self._tiles(self._top, painted, [cell for cell in cells if cell in alike])),
        }

    def _kept(self, cells: Sequence[Key]) -> set[Key]:
        """The cells where there is paint that stays where it is while the word on top is painted."""
        assert self._room is not None
        kept = [each for each in self._styles if each != self._top and each not in self._room.masks]
        return {cell for each in kept for cell, _ in self._tiles(each, self._masks[each], cells)}

    def _lose(self, painter: QPainter, taken: Sequence[tuple[Key, np.ndarray]]) -> None:
        """Takes from what lies in the image."""
        painter.setCompositionMode(_LOSS)
        soft = [(cell, tile) for cell, tile in taken if tile is not FULL]
        for start in range(0, len(soft), _BATCH):
            batch = soft[start : start + _BATCH]
            for index, (_, tile) in enumerate(batch):
                self._gathered[index] = tile
            image = QImage(self._gathered.data, TILE, len(batch) * TILE, TILE, QImage.Format.Format_Alpha8)
            for index, (cell, _) in enumerate(batch):
                painter.drawImage(cell[0] * TILE, cell[1] * TILE, image, 0, index * TILE, TILE, TILE)
        painter.setCompositionMode(_OVER)

    def _make_under(self, cells: Iterable[Key]) -> None:
        for cell in cells:
            image = QImage(TILE, TILE, _PREMULTIPLIED)
            image.fill(0)
            painter = QPainter(image)
            touched = self._lay_all(painter, [cell], (cell[0] * TILE, cell[1] * TILE))
            painter.end()
            self._under[cell] = image if touched else None

    def _lay_all(
        self, painter: QPainter, cells: Sequence[Key], origin: Key, taken: Mapping[Key, np.ndarray] = NOTHING
    ) -> set[Key]:
        """Lays all words but the top one; returns the cells where there is any."""
        touched: set[Key] = set()
        for word_id in self._styles:
            if word_id != self._top:
                pushed = self._room is not None and word_id in self._room.masks
                touched.update(self._lay(painter, word_id, cells, origin, taken if pushed else NOTHING))
        return touched

    def _tiles(self, word_id: str, mask: TiledMask, cells: Sequence[Key]) -> list[tuple[Key, np.ndarray]]:
        """What a mask has in cells of the level, of those where it has any."""
        if not self.level:
            tiles = mask.tiles
            return [(cell, tiles[cell]) for cell in cells if cell in tiles]
        return self._reducers[word_id].cells(mask, cells) if word_id in self._reducers else []

    def _lay(
        self,
        painter: QPainter,
        word_id: str,
        cells: Sequence[Key],
        origin: Key,
        taken: Mapping[Key, np.ndarray] = NOTHING,
    ) -> list[Key]:
        """Lays one word, without what is taken, over cells of a painter's image, whose first pixel is `origin` of the
        level."""
        found = self._tiles(word_id, self._masks[word_id], cells)
        if not found:
            return []
        if taken:
            found = [(cell, np.minimum(tile, 255 - taken[cell])) for cell, tile in found]
        ink = self._ink(self._styles[word_id])
        soft = []
        for cell, tile in found:
            if tile is FULL:
                painter.drawImage(cell[0] * TILE - origin[0], cell[1] * TILE - origin[1], ink.full)
            else:
                soft.append((cell, tile))
        for start in range(0, len(soft), _BATCH):
            batch = soft[start : start + _BATCH]
            for index, (_, tile) in enumerate(batch):
                self._gathered[index] = tile
            mixed = ink.mix(self._gathered[: len(batch)])
            for index, (cell, _) in enumerate(batch):
                x, y = cell[0] * TILE - origin[0], cell[1] * TILE - origin[1]
                painter.drawImage(x, y, mixed, 0, index * TILE, TILE, TILE)
        return [cell for cell, _ in found]

    def _ink(self, style: WordStyle) -> _Ink:
        known = self._inks.get(style)
        if known is None:
            if len(self._inks) >= _MOST_INKS:
                self._inks.clear()
            known = self._inks[style] = _Ink(style, self._scratch)
        return known


def at_level(size: Size, level: int) -> Size:
    """Width and height at a level, rounded up."""
    return -(-size[0] >> level), -(-size[1] >> level)
