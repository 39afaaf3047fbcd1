"""What of a word's paint, or of the colours, is moved or transformed: the piece that is selected, and the rest."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from canvas.model.colour_layer import COLOURS, ColourLayer
from canvas.model.scene import Scene
from canvas.model.tiled_mask import Rect, TiledMask
from canvas.paint.colouring import lay_colours
from canvas.paint.laying import Patch, lay
from canvas.paint.transforming import Box, Transform

Painted = TiledMask | ColourLayer


class Piece(Protocol):
    """A piece of paint that was taken off. `rect` holds all of it; `whole` is the paint before, `weight` how many maps
    a picture of it takes."""

    rect: Rect
    whole: Painted
    weight: int

    def moved(self, by: tuple[int, int]) -> Painted:
        """The paint with the piece so many pixels away, exactly as it was."""
        ...

    def mapped(self, box: Box, *, step: int = 1) -> Painted:
        """The paint with the piece where a box of its `rect` puts it; with a `step` in squares of so many pixels."""
        ...


def piece_of(scene: Scene, any_id: str) -> Piece | None:
    """What tools move of a word, a style with an area or the colours; None where nothing of it is (selected) there."""
    if any_id != COLOURS:
        mask = scene.masks[any_id]
        rest, taken = _parted(mask, scene.selection)
        rect = taken.bounds()
        return None if rect is None else _MaskPiece(mask, rest, taken, rect)
    layer = scene.colours
    rest_alpha, taken_alpha = _parted(layer.alpha(), scene.selection)
    rect = taken_alpha.bounds()
    if rect is None:
        return None
    if scene.selection is None:
        return _ColourPiece(layer, layer.with_tiles(dict.fromkeys(layer.tiles)), layer.read(rect), rect)
    kept = {key: layer.tiles[key].copy() for key in taken_alpha.tiles}
    for key, tile in kept.items():
        tile[..., 3] = rest_alpha.tiles.get(key, 0)
    piece = layer.read(rect)
    piece[..., 3] = taken_alpha.read(rect)
    return _ColourPiece(layer, layer.with_tiles(kept), piece, rect)


def with_paint(scene: Scene, any_id: str, paint: Painted) -> Scene:
    """The scene in which the paint of one is another."""
    return scene.replace(colours=paint) if isinstance(paint, ColourLayer) else scene.with_mask(any_id, paint)


def _parted(mask: TiledMask, selection: TiledMask | None) -> tuple[TiledMask, TiledMask]:
    """What of a mask stays, and what is taken: all of it without a selection."""
    if selection is None:
        return TiledMask(mask.size), mask
    kept, taken = dict[tuple[int, int], np.ndarray | None](), dict[tuple[int, int], np.ndarray | None]()
    for key, tile in mask.tiles.items():
        chosen = selection.tiles.get(key)
        if chosen is not None:
            part = ((tile.astype(np.uint16) * chosen + 127) // 255).astype(np.uint8)
            taken[key], kept[key] = part, tile - part
    return mask.with_tiles(kept), TiledMask(mask.size).with_tiles(taken)


class _MaskPiece:
    weight = 1

    def __init__(self, whole: TiledMask, rest: TiledMask, taken: TiledMask, rect: Rect) -> None:
        self.whole: Painted = whole
        self.rect, self._rest = rect, rest
        self._values = taken.read(rect)
        self._map = Transform(self._values)

    def moved(self, by: tuple[int, int]) -> TiledMask:
        """Laid over the rest."""
        return lay(self._rest, Patch(self.rect[0] + by[0], self.rect[1] + by[1], self._values))

    def mapped(self, box: Box, *, step: int = 1) -> TiledMask:
        """Laid over the rest."""
        patch = self._map.coarse(step)(box, self._rest.size, step=step)
        return self._rest if patch is None else lay(self._rest, patch)


class _ColourPiece:
    """Straight RGBA uint8 `[h, w, 4]`. It is mapped premultiplied, so that what is clear darkens no edge."""

    weight = 4

    def __init__(self, whole: ColourLayer, rest: ColourLayer, taken: np.ndarray, rect: Rect) -> None:
        self.whole: Painted = whole
        self.rect, self._rest, self._taken = rect, rest, taken
        alpha = taken[..., 3:].astype(np.uint16)
        colours = ((taken[..., :3] * alpha + 127) // 255).astype(np.uint8)
        channels = [*np.moveaxis(colours, 2, 0), taken[..., 3]]
        self._maps = [Transform(np.ascontiguousarray(channel)) for channel in channels]

    def moved(self, by: tuple[int, int]) -> ColourLayer:
        """Laid over the rest."""
        return lay_colours(self._rest, self.rect[0] + by[0], self.rect[1] + by[1], self._taken)

    def mapped(self, box: Box, *, step: int = 1) -> ColourLayer:
        """Laid over the rest."""
        found = [each.coarse(step)(box, self._rest.size, step=step) for each in self._maps]
        patches = [patch for patch in found if patch is not None]
        if len(patches) < len(found):
            return self._rest
        premultiplied = np.stack([patch.coverage for patch in patches], axis=-1)
        alpha = np.maximum(premultiplied[..., 3:], 1).astype(np.float32)
        rgba = premultiplied.copy()
        rgba[..., :3] = np.rint(premultiplied[..., :3] * (255 / alpha)).clip(0, 255)
        return lay_colours(self._rest, patches[0].x, patches[0].y, rgba)
