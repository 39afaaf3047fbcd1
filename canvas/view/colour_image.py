"""The colour layer as pixels of the view: one image at picture size, of which only changed tiles are made again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from canvas.model.colour_layer import ColourLayer
from canvas.model.tiled_mask import TILE, Key, Rect, Size, grid, rects_of_tiles, tiles_of
from canvas.paint.laying import times
from canvas.view import qimage

Tiles = Mapping[Key, np.ndarray]
"""The tiles of a colour layer that are shown."""


def changed_keys(before: Tiles, after: Tiles) -> set[Key]:
    """Keys of the tiles that are not one and the same array."""
    if before is after:
        return set()
    return {key for key, tile in after.items() if before.get(key) is not tile} | (before.keys() - after.keys())


class ColourImage:
    """Has no pixels until something is painted: a large canvas without colours costs nothing."""

    def __init__(self, size: Size) -> None:
        self._take(size)

    def _take(self, size: Size) -> None:
        self._size = size
        self._tiles: Tiles = {}
        self._pending: set[Key] = set()
        self._image: QImage | None = None
        self._buffer: np.ndarray | None = None

    def sync(self, layer: ColourLayer) -> Tiles:
        """Take note of a layer; returns the tiles of it that are shown now."""
        if layer.size != self._size:
            self._take(layer.size)
        before, self._tiles = self._tiles, layer.tiles if layer.visible else {}
        self._pending |= changed_keys(before, self._tiles)
        return self._tiles

    def changed(self, before: Tiles) -> list[Rect]:
        """The rects in which other tiles are shown now than those."""
        return rects_of_tiles(changed_keys(before, self._tiles), self._size)

    def draw(self, painter: QPainter, part: QRect, level: int) -> None:
        """Draw what lies in a rect of an image that is 2**level times smaller."""
        if not self._tiles:
            return
        around = QRect(part.x() << level, part.y() << level, part.width() << level, part.height() << level)
        self._flush((around.x(), around.y(), around.width(), around.height()))
        if self._image is None:
            return
        if level == 0:
            painter.drawImage(part, self._image, part)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(part, self._image, around)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)

    def _flush(self, visible: Rect) -> None:
        """Make the pixels of what changed within a rect."""
        due = self._pending & set(tiles_of(visible, self._size))
        if not due:
            return
        if self._buffer is None:
            columns, rows = grid(self._size)
            self._buffer = np.zeros((rows * TILE, columns * TILE), np.uint32)
            self._image = qimage.wrap_argb(self._buffer, self._size)
        for tx, ty in due:
            tile = self._tiles.get((tx, ty))
            place = slice(ty * TILE, (ty + 1) * TILE), slice(tx * TILE, (tx + 1) * TILE)
            self._buffer[place] = 0 if tile is None else _premultiplied(tile)
        self._pending -= due


def _premultiplied(tile: np.ndarray) -> np.ndarray:
    """Straight RGBA uint8 `[h, w, 4]` as premultiplied 0xAARRGGBB, uint32 `[h, w]`."""
    alpha = tile[..., 3]
    packed = alpha.astype(np.uint32) << 24
    for channel, shift in ((0, 16), (1, 8), (2, 0)):
        packed |= times(tile[..., channel], alpha).astype(np.uint32) << shift
    return packed
