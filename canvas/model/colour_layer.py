"""The colour layer under the words, and the picture layers under it, that a run begins from: immutable RGBA tiles.

Colours are straight, not premultiplied: so they are in PNG and OpenRaster files, the eyedropper finds exactly what was
painted, and what is faint keeps its colour through saving and opening.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from PIL import Image

from canvas.model.errors import SceneError, scene_errors
from canvas.model.tiled_mask import TILE, Key, Rect, Size, TiledMask, copied, grid, tiles_of
from resources.checking import check
from resources.limits import COLOUR_STRENGTH, Identifier, Name, Share

COLOURS = "#colours"
"""What the colour layer is called among the ids of what can be painted: no word or style can have that id."""

_revisions = itertools.count(1)


@dataclass(frozen=True, eq=False)
class ColourLayer:
    """Colours on the canvas. Raises SceneError for a strength out of range.

    Attributes:
        size: width and height in pixels.
        tiles: key -> read-only uint8 `[64, 64, 4]`, straight RGBA; one that is not there is unpainted; zero where alpha
            is, and beyond the canvas' edge.
        strength: how much of the colours is kept in the picture, 0 (nothing) .. 1 (all).
        visible: whether it is shown; hidden colours act all the same.
        revision: another number for each version of the tiles, within this process.
    """

    size: Size
    tiles: Mapping[Key, np.ndarray] = field(default_factory=lambda: MappingProxyType({}))
    strength: float = COLOUR_STRENGTH
    visible: bool = True
    revision: int = field(default_factory=_revisions.__next__)

    id = COLOURS
    title = "Colours"

    def __post_init__(self) -> None:
        with scene_errors():
            check(self.strength, Share, "The strength of the colours")
            check(self.visible, bool, "Whether the colours are shown")

    @classmethod
    def from_array(cls, array: np.ndarray) -> ColourLayer:
        """Colours from straight RGBA, uint8 `[h, w, 4]`. Raises SceneError for another kind or shape."""
        if array.ndim != 3 or array.shape[2] != 4 or array.dtype != np.uint8 or 0 in array.shape:
            raise SceneError(
                f"Colours must be RGBA of 8 bits, not {array.dtype} of shape {array.shape}.",
                hint="Save them as an RGBA picture of the canvas' size.",
            )
        height, width = array.shape[:2]
        layer, changed = cls((width, height)), {}
        columns, rows = grid(layer.size)
        for ty, tx in itertools.product(range(rows), range(columns)):
            part = array[ty * TILE : (ty + 1) * TILE, tx * TILE : (tx + 1) * TILE]
            if part[..., 3].any():
                tile = np.zeros((TILE, TILE, 4), np.uint8)
                tile[: part.shape[0], : part.shape[1]] = part
                changed[tx, ty] = tile
        return layer.with_tiles(changed)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is painted."""
        return not self.tiles

    @property
    def acts(self) -> bool:
        """Whether it changes what is made."""
        return bool(self.tiles) and self.strength > 0

    @property
    def nbytes(self) -> int:
        """Bytes of the tiles."""
        return sum(tile.nbytes for tile in self.tiles.values())

    def __eq__(self, other: object) -> bool:
        """Equal size, colours, strength and eye; revisions do not matter."""
        if not isinstance(other, ColourLayer):
            return NotImplemented
        if self is other:
            return True
        if (self.size, self.strength, self.visible) != (other.size, other.strength, other.visible):
            return False
        return self.tiles.keys() == other.tiles.keys() and all(
            tile is other.tiles[key] or np.array_equal(tile, other.tiles[key]) for key, tile in self.tiles.items()
        )

    __hash__ = None  # type: ignore[assignment]

    def with_tiles(self, changed: Mapping[Key, np.ndarray | None]) -> ColourLayer:
        """A version in which some tiles are others (uint8 `[64, 64, 4]`, taken over and frozen) or gone (None).

        What has no alpha loses its colour, so that equal layers have equal tiles. Raises SceneError for a tile outside
        of the grid or of another kind.
        """
        columns, rows = grid(self.size)
        tiles = copied(self.tiles)
        for key, tile in changed.items():
            if not (0 <= key[0] < columns and 0 <= key[1] < rows):
                raise SceneError(f"Tile {key} lies outside the canvas.", hint="Paint inside the canvas.")
            if tile is not None and (tile.shape != (TILE, TILE, 4) or tile.dtype != np.uint8):
                raise SceneError(f"A tile must be uint8 [{TILE}, {TILE}, 4].", hint="Use ColourLayer.from_array.")
            if tile is None or not tile[..., 3].any():
                tiles.pop(key, None)
                continue
            if tile.flags.writeable:
                tile[tile[..., 3] == 0] = 0
                tile.setflags(write=False)
            tiles[key] = tile
        return replace(self, tiles=MappingProxyType(tiles), revision=next(_revisions))

    def to_array(self) -> np.ndarray:
        """The whole layer as new straight RGBA, uint8 `[h, w, 4]`."""
        return self.read((0, 0, *self.size))

    def read(self, rect: Rect) -> np.ndarray:
        """New straight RGBA uint8 `[h, w, 4]` of what is in `rect`; zero outside of the canvas."""
        x, y, w, h = rect
        out = np.zeros((h, w, 4), np.uint8)
        for key in tiles_of(rect, self.size):
            tile = self.tiles.get(key)
            if tile is None:
                continue
            left, top = key[0] * TILE, key[1] * TILE
            x0, y0 = max(x, left), max(y, top)
            x1, y1 = min(x + w, left + TILE), min(y + h, top + TILE)
            out[y0 - y : y1 - y, x0 - x : x1 - x] = tile[y0 - top : y1 - top, x0 - left : x1 - left]
        return out

    def alpha(self) -> TiledMask:
        """Where something is painted, and how opaque."""
        return TiledMask(self.size).with_tiles({key: tile[..., 3].copy() for key, tile in self.tiles.items()})

    def cropped(self, rect: Rect) -> ColourLayer:
        """What lies within `rect` as a layer of that size; beyond the canvas it is unpainted."""
        if rect == (0, 0, *self.size):
            return self
        if self.is_empty:
            return ColourLayer((rect[2], rect[3]), strength=self.strength, visible=self.visible)
        return self._alike(ColourLayer.from_array(self.read(rect)))

    def resized(self, size: Size) -> ColourLayer:
        """These colours on a canvas of another size; edges keep their colour as they are scaled."""
        if size == self.size:
            return self
        if self.is_empty:
            return ColourLayer(size, strength=self.strength, visible=self.visible)
        smaller = size[0] * size[1] < self.size[0] * self.size[1]
        way = Image.Resampling.BOX if smaller else Image.Resampling.BILINEAR
        # Pillow scales RGBA premultiplied, so that what is unpainted darkens no edge.
        return self._alike(ColourLayer.from_array(np.array(Image.fromarray(self.to_array()).resize(size, way))))

    def _alike(self, other: ColourLayer) -> ColourLayer:
        return replace(other, strength=self.strength, visible=self.visible)


@dataclass(frozen=True)
class PictureLayer:
    """A picture of the canvas' size. Raises SceneError for a value out of range.

    Attributes:
        id: letters, digits, `_` and `-`; unique among the scene's picture layers.
        name: what it is called.
        pixels: its straight RGBA; its own strength and eye mean nothing.
        opacity: how much of it lies over what is below, 0 (nothing) .. 1 (all).
        visible: whether it is shown; unlike the colours, a hidden picture is left out of what a run begins from.
    """

    id: Identifier
    name: Name
    pixels: ColourLayer = field(repr=False, hash=False)
    opacity: Share = 1.0
    visible: bool = True

    def __post_init__(self) -> None:
        with scene_errors():
            check(self.id, Identifier, "A picture layer's id", advice="Use at most 64 letters and digits.")
            check(self.name, Name, "A picture layer's name", advice="Give it a name of printable characters.")
            check(self.opacity, Share, f"The opacity of “{self.name}”")
            check(self.visible, bool, f"Whether “{self.name}” is shown")

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        return self.pixels.size

    @property
    def acts(self) -> bool:
        """Whether anything of it is seen."""
        return self.visible and self.opacity > 0 and not self.pixels.is_empty

    def cropped(self, rect: Rect) -> PictureLayer:
        """What lies within `rect` as a layer of that size; beyond the canvas there is nothing."""
        return replace(self, pixels=self.pixels.cropped(rect))

    def resized(self, size: Size) -> PictureLayer:
        """This picture on a canvas of another size."""
        return replace(self, pixels=self.pixels.resized(size))


def changed_colours(old: ColourLayer, new: ColourLayer) -> set[Key]:
    """Keys of the tiles that are not one and the same array in both layers, which have one size."""
    if old.tiles is new.tiles:
        return set()
    changed = {key for key, tile in new.tiles.items() if old.tiles.get(key) is not tile}
    changed.update(key for key in old.tiles if key not in new.tiles)
    return changed


def hex_of(colour: tuple[int, int, int]) -> str:
    """Red, green and blue, 0..255, as "#rrggbb"."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def rgb_of(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0..255, of "#rrggbb"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
