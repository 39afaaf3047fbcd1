"""What a stroke, a shape or a fill may cover: within the selection, up to the words that keep their area."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from canvas.model.colour_layer import COLOURS
from canvas.model.overlap import barriers, pushed
from canvas.model.scene import Scene
from canvas.model.tiled_mask import Key, TiledMask, full_tile, tiles_of
from canvas.paint.brush import Brush
from canvas.paint.colouring import blend_colour
from canvas.paint.laying import Patch, blend, times


class Covering:
    """The rules for painting one word (or style with an area) of a scene, tile by tile.

    Args:
        erase: paint is taken away: no other word is touched or in the way.
    """

    def __init__(self, scene: Scene, word_id: str, *, erase: bool = False) -> None:
        self._selection = scene.selection
        self._barriers = () if erase else tuple(scene.masks[each] for each in barriers(scene, word_id))
        self._pushed = {} if erase else {each: scene.masks[each] for each in pushed(scene, word_id)}

    def allowed(self, key: Key, cover: np.ndarray) -> np.ndarray | None:
        """The part of a tile's coverage uint8 `[64, 64]` that may be painted; None for nothing of it."""
        if self._selection is not None:
            inside = self._selection.tiles.get(key)
            if inside is None:
                return None
            cover = times(cover, inside)
        for mask in self._barriers:
            tile = mask.tiles.get(key)
            if tile is not None:
                cover = np.minimum(cover, 255 - tile)
        return cover

    @property
    def limits(self) -> bool:
        """Whether `allowed` is ever less than the coverage."""
        return self._selection is not None or bool(self._barriers)

    def others(self, key: Key, cover: np.ndarray, painted: np.ndarray | None) -> Mapping[str, np.ndarray]:
        """The tiles of the words that make room where `cover` lies, now that the word's own tile is `painted`."""
        if painted is None or not self._pushed:
            return {}
        most, changed = left_by(cover, painted), {}
        for word_id, mask in self._pushed.items():
            tile = mask.tiles.get(key)
            if tile is None:
                continue
            room = np.minimum(tile, most)
            if room.tobytes() != tile.tobytes():  # ten times faster than to compare arrays
                changed[word_id] = room
        return changed

    @property
    def pushed(self) -> Mapping[str, TiledMask]:
        """The masks, before any paint, of the words that make room."""
        return self._pushed


def left_by(cover: np.ndarray, painted: np.ndarray) -> np.ndarray:
    """How much of another word may stay, 0..255: all where nothing is covered, else what the word does not paint."""
    return np.maximum(255 - painted, (cover == 0).view(np.uint8) * np.uint8(255))


def paint(
    scene: Scene,
    word_id: str,
    patch: Patch,
    *,
    opacity: float = 1.0,
    erase: bool = False,
    colour: str = Brush.colour,
) -> Scene:
    """The scene with a patch laid over a word's paint, or over the colours, or taken out of it, by the rules; the same
    where nothing is new.

    Args:
        opacity: 0..1, scales the patch. colour: "#rrggbb" for the colours; words need none.
    """
    rules, cap = Covering(scene, word_id, erase=erase), round(opacity * 255)
    if word_id == COLOURS:
        return _coloured(scene, patch, rules, cap, colour, erase=erase)
    mask, own, rest = scene.masks[word_id], {}, dict[str, dict[Key, np.ndarray | None]]()
    for key in tiles_of(patch.rect, scene.size):
        cover = rules.allowed(key, patch.tile(key, scene.size))
        if cover is None or not cover.any():
            continue
        before = mask.tiles.get(key)
        after = blend(before, cover, full_tile(scene.size, key), cap=cap, erase=erase)
        if after is not before:
            own[key] = after
        for other, tile in rules.others(key, cover, after).items():
            rest.setdefault(other, {})[key] = tile
    if not own and not rest:
        return scene
    masks = {other: scene.masks[other].with_tiles(tiles) for other, tiles in rest.items()}
    return with_masks(scene, {**masks, word_id: mask.with_tiles(own)})


def _coloured(scene: Scene, patch: Patch, rules: Covering, cap: int, colour: str, *, erase: bool) -> Scene:
    layer, changed = scene.colours, dict[Key, np.ndarray | None]()
    for key in tiles_of(patch.rect, scene.size):
        cover = rules.allowed(key, patch.tile(key, scene.size))
        before = layer.tiles.get(key)
        after = before if cover is None else blend_colour(before, cover, colour, cap=cap, erase=erase)
        if after is not before:
            changed[key] = after
    return scene.replace(colours=layer.with_tiles(changed)) if changed else scene


def with_masks(scene: Scene, masks: Mapping[str, TiledMask]) -> Scene:
    """The scene in which several masks are others."""
    return scene.replace(masks={**scene.masks, **masks})
