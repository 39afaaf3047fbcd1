"""Lays coverage over a mask, or takes it away: what brush, shapes, fills and gradients have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from canvas.model.tiled_mask import TILE, Key, Rect, Size, TiledMask, clip, full_tile, tiles_of

_BATCH = 16  # tiles in one go: more would not fit the processor's cache


@dataclass(frozen=True, eq=False)
class Patch:
    """Coverage of a part of a canvas: uint8 `[h, w]`, read-only, whose first pixel lies at canvas pixel (x, y)."""

    x: int
    y: int
    coverage: np.ndarray

    @property
    def rect(self) -> Rect:
        """x, y, width and height."""
        height, width = self.coverage.shape
        return self.x, self.y, width, height

    def tile(self, key: Key, size: Size) -> np.ndarray:
        """The part that lies in a tile of a canvas of that size: a new uint8 `[64, 64]`, zero elsewhere."""
        left, top = key[0] * TILE, key[1] * TILE
        out = np.zeros((TILE, TILE), np.uint8)
        inside = clip(self.rect, size)
        if inside is None:
            return out
        x, y, w, h = inside
        x0, y0, x1, y1 = max(x, left), max(y, top), min(x + w, left + TILE), min(y + h, top + TILE)
        if x0 < x1 and y0 < y1:
            out[y0 - top : y1 - top, x0 - left : x1 - left] = self.coverage[
                y0 - self.y : y1 - self.y, x0 - self.x : x1 - self.x
            ]
        return out


def lay(mask: TiledMask, patch: Patch, *, opacity: float = 1.0, erase: bool = False) -> TiledMask:
    """The mask with a patch laid over it (`a + b - ab`, as paint), or taken out of it; `opacity` 0..1 scales the patch.

    The same mask where nothing changes.
    """
    cap, changed = round(opacity * 255), {}
    for key in tiles_of(patch.rect, mask.size):
        cover, before = patch.tile(key, mask.size), mask.tiles.get(key)
        if not cover.any():
            continue
        after = blend(before, cover, full_tile(mask.size, key), cap=cap, erase=erase)
        if after is not before:
            changed[key] = after
    return mask.with_tiles(changed) if changed else mask


def blend(
    base: np.ndarray | None, cover: np.ndarray, full: np.ndarray, *, cap: int = 255, erase: bool = False
) -> np.ndarray | None:
    """A tile with coverage laid over it, or taken out of it; tiles are uint8 `[64, 64]`, None is unpainted.

    Args:
        full: the fully painted tile at this place; what is full already stays this one array.
        cap: 0..255, scales the coverage.
    """
    if erase:
        return None if base is None else times(base, 255 - (cover if cap == 255 else scaled(cover, cap)))
    if base is full:
        return full
    if cap < 255:
        cover = scaled(cover, cap)
    return cover.copy() if base is None else 255 - times(255 - base, 255 - cover)


def blend_all(
    bases: Sequence[np.ndarray | None], covers: np.ndarray, fulls: Sequence[np.ndarray], *, cap: int, erase: bool
) -> list[np.ndarray | None]:
    """`blend` of many tiles, with `covers` uint8 `[n, 64, 64]`."""
    if erase or cap < 255:
        return [
            blend(base, cover, full, cap=cap, erase=erase)
            for base, cover, full in zip(bases, covers, fulls, strict=True)
        ]
    found = [full if base is full else cover.copy() for base, cover, full in zip(bases, covers, fulls, strict=True)]
    mixed = [(index, base) for index, base in enumerate(bases) if base is not None and base is not fulls[index]]
    for start in range(0, len(mixed), _BATCH):
        part = mixed[start : start + _BATCH]
        indices = [index for index, _ in part]
        laid = 255 - times(255 - np.stack([base for _, base in part]), 255 - covers[indices])
        for index, tile in zip(indices, laid, strict=True):
            found[index] = tile.copy()
    return list(found)


def times(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """first * second / 255 of uint8 arrays, rounded exactly (Blinn's division by 255)."""
    product = np.multiply(first, second, dtype=np.uint16)
    product += 128
    product += product >> 8
    product >>= 8
    return product.astype(np.uint8)


def scaled(values: np.ndarray, factor: int) -> np.ndarray:
    """values * factor / 255, rounded exactly."""
    product = np.multiply(values, np.uint16(factor), dtype=np.uint16)
    product += 128
    product += product >> 8
    product >>= 8
    return product.astype(np.uint8)
