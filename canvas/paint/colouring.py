"""Lays colour over the tiles of the colour layer, or takes it away, by the same coverage that brush and shapes give."""

from __future__ import annotations

import numpy as np

from canvas.model.colour_layer import ColourLayer, rgb_of
from canvas.model.tiled_mask import TILE, Key, tiles_of
from canvas.paint.laying import scaled


def blend_colour(
    base: np.ndarray | None, cover: np.ndarray, colour: str, *, cap: int = 255, erase: bool = False
) -> np.ndarray | None:
    """A tile of the colour layer, straight RGBA uint8 `[64, 64, 4]`, with a colour laid over it, or made clearer.

    Porter and Duff's “over” (1984) for straight alpha; None is an unpainted tile, and the same tile comes back where
    nothing changes.

    Args:
        cover: uint8 `[64, 64]`, how much of the colour is laid, or how much is taken away.
        colour: "#rrggbb". cap: 0..255, scales the coverage. erase: take away instead.
    """
    if cap < 255:
        cover = scaled(cover, cap)
    touched = cover > 0
    if not touched.any() or (erase and base is None):
        return base
    if base is None or (not erase and cover.min() == 255):  # what is below does not show
        tile = np.empty((*cover.shape, 4), np.uint8)
        tile[..., :3] = rgb_of(colour)
        tile[..., 3] = cover
        tile[~touched] = 0
        return tile
    over = cover.astype(np.float32) * np.float32(1 / 255)
    below = (1 - over) * base[..., 3]  # 0..255
    tile = base.copy()
    if erase:
        tile[..., 3] = (below + 0.5).astype(np.uint8)
        return tile
    over *= 255
    alpha = over + below
    under = below / np.maximum(alpha, 1e-6)  # the share of what is below; where nothing is laid it is all
    for channel, value in enumerate(rgb_of(colour)):
        tile[..., channel] = value + (base[..., channel] - np.float32(value)) * under + 0.5
    tile[..., 3] = alpha + 0.5
    tile = np.where(touched[..., None], tile, base)
    return tile if tile.tobytes() != base.tobytes() else base


def lay_colours(layer: ColourLayer, x: int, y: int, rgba: np.ndarray) -> ColourLayer:
    """The layer with straight RGBA uint8 `[h, w, 4]` laid over it, whose first pixel lies at canvas pixel (x, y).

    What lies beyond the canvas is cut off; where nothing was painted, it is as it was given.
    """
    height, width = rgba.shape[:2]
    changed: dict[Key, np.ndarray | None] = {}
    for key in tiles_of((x, y, width, height), layer.size):
        left, top = key[0] * TILE, key[1] * TILE
        x0, y0 = max(x, left), max(y, top)
        x1, y1 = (
            min(x + width, left + TILE, layer.size[0]), min(y + height, top + TILE, layer.size[1])
        )  # fmt: skip
        piece = rgba[y0 - y : y1 - y, x0 - x : x1 - x]
        if not piece[..., 3].any():
            continue
        below = layer.tiles.get(key)
        tile = np.zeros((TILE, TILE, 4), np.uint8) if below is None else below.copy()
        place = tile[y0 - top : y1 - top, x0 - left : x1 - left]
        place[...] = piece if below is None else _over(place, piece)
        changed[key] = tile
    return layer.with_tiles(changed) if changed else layer


def _over(below: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """Straight RGBA over straight RGBA, uint8 `[h, w, 4]` (Porter and Duff 1984)."""
    over = piece[..., 3:].astype(np.float32)
    under = below[..., 3:] * (1 - over / 255)
    alpha = over + under
    share = over / np.maximum(alpha, 1e-6)
    out = np.empty_like(below)
    out[..., :3] = np.rint(below[..., :3] + (piece[..., :3].astype(np.float32) - below[..., :3]) * share)
    out[..., 3:] = np.rint(alpha)
    return out


def laid_on(rgb: np.ndarray, layer: ColourLayer) -> np.ndarray:
    """A picture, uint8 RGB `[h, w, 3]` of the layer's size, with the colours over it, where they are shown."""
    if layer.is_empty or not layer.visible:
        return rgb
    out = rgb.copy()
    for tx, ty in layer.tiles:
        part = out[ty * TILE : (ty + 1) * TILE, tx * TILE : (tx + 1) * TILE]
        over = layer.tiles[tx, ty][: part.shape[0], : part.shape[1]]
        share = over[..., 3:].astype(np.float32) / 255
        part[...] = np.rint(part + (over[..., :3].astype(np.float32) - part) * share).astype(np.uint8)
    return out
