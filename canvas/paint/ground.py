"""What a run begins from: the picture layers over one another, and the colour layer over them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from canvas.model.colour_layer import ColourLayer, hex_of
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TILE, Key
from canvas.paint.colouring import laid_on


def ground_of(scene: Scene) -> np.ndarray:
    """New straight RGBA uint8 `[h, w, 4]` of all that acts; where a scene has no pictures, exactly its colours."""
    stack = [*_shown(scene), *([] if scene.colours.is_empty else [(scene.colours, 1.0)])]
    if not stack:
        return ColourLayer(scene.size).to_array()
    out = _faint(stack[0][0].to_array(), stack[0][1])
    for layer, opacity in stack[1:]:
        for key, tile in layer.tiles.items():
            place = _place(key)
            below = out[place]
            below[...] = over(below, _faint(tile[: below.shape[0], : below.shape[1]], opacity))
    return out


def laid_on_picture(rgb: np.ndarray, scene: Scene) -> np.ndarray:
    """A picture, uint8 RGB `[h, w, 3]` of the scene's size, with pictures and colours over it, where they are shown."""
    for layer, opacity in _shown(scene):
        faint = {key: _faint(tile, opacity) for key, tile in layer.tiles.items()}
        rgb = laid_on(rgb, ColourLayer(scene.size).with_tiles(faint))
    return laid_on(rgb, scene.colours)


def colour_seen(scene: Scene, x: int, y: int) -> str | None:
    """The colour that is seen at a pixel of colours and pictures, "#rrggbb"; None where there is none of them."""
    layers = [*_shown(scene), *([(scene.colours, 1.0)] if scene.colours.visible else [])]
    seen = np.zeros((1, 1, 4), np.uint8)
    for layer, opacity in layers:
        seen = over(seen, _faint(layer.read((x, y, 1, 1)), opacity))
    red, green, blue, alpha = (int(value) for value in seen[0, 0])
    return hex_of((red, green, blue)) if alpha else None


def over(below: np.ndarray, above: np.ndarray) -> np.ndarray:
    """One straight RGBA uint8 `[h, w, 4]` over another: Porter and Duff's “over” (1984)."""
    share = above[..., 3:].astype(np.float32) / 255
    left = below[..., 3:].astype(np.float32) * (1 - share)
    alpha = share * 255 + left
    under = left / np.maximum(alpha, 1e-6)
    colours = above[..., :3] + (below[..., :3].astype(np.float32) - above[..., :3]) * under
    made = np.rint(np.concatenate([colours, alpha], axis=-1)).astype(np.uint8)
    return np.where(above[..., 3:] == 0, below, made)


def _shown(scene: Scene) -> Iterator[tuple[ColourLayer, float]]:
    return ((layer.pixels, layer.opacity) for layer in scene.pictures if layer.acts)


def _faint(rgba: np.ndarray, opacity: float) -> np.ndarray:
    """Straight RGBA with so much of its alpha left; the same array at 1."""
    if opacity == 1:
        return rgba
    out = rgba.copy()
    out[..., 3] = np.rint(out[..., 3] * np.float32(opacity)).astype(np.uint8)
    return out


def _place(key: Key) -> tuple[slice, slice]:
    return slice(key[1] * TILE, (key[1] + 1) * TILE), slice(key[0] * TILE, (key[0] + 1) * TILE)
