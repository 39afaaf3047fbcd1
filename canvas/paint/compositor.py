"""Overlays: tinted, patterned words composed to premultiplied pixels, tile by tile, only where something changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from canvas.model.scene import Paintable, Scene, Word, acting_ids
from canvas.model.scene_diff import LiveMask
from canvas.model.tiled_mask import (
    FULL,
    TILE,
    Key,
    Rect,
    Size,
    TiledMask,
    changed_tiles,
    clip,
    grid,
    rects_of_tiles,
    tiles_of,
)
from canvas.paint.patterns import IDLE, OWN, PUSHING, alpha_of

# The word at work stands out: the others are dimmer while one is selected.
_SELECTED, _OTHERS, _EQUAL = 1.0, 0.72, 0.9
_ODD = 16
_LOW = np.uint32(0x00FF00FF)
_HIGH = np.uint32(0xFF00FF00)
_EIGHT = np.uint32(8)
_SIXTEEN = np.uint32(16)
# A canvas of more tiles is not made ready ahead of the brush: what lies under the word on top takes 16 KiB a tile.
MOST_PREPARED = 2048


@dataclass(frozen=True)
class WordStyle:
    """How one word's overlay is drawn."""

    word_id: str
    color: int
    pattern: int
    strength: float
    kind: str = OWN


@lru_cache(maxsize=1024)
def _inks(kind: str, pattern: int, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Opacity 0..256 of a fully painted pixel, uint32 `[64, 64]`, and the factor f with coverage*f >> 16 for any."""
    alpha = alpha_of(kind, pattern).astype(np.float32)
    alpha = np.rint(alpha * (strength * 256 / 255)).astype(np.uint32)
    return alpha, (alpha * np.uint32(65536) + np.uint32(254)) // np.uint32(255)


def _kind(thing: Paintable, acting: frozenset[str]) -> str:
    """How the overlay of a word or style is drawn."""
    if not isinstance(thing, Word):
        return OWN
    return IDLE if thing.id not in acting else PUSHING if thing.strength < 0 else OWN


def _faded(color: str) -> str:
    """A colour half way to grey, for paint that does not act."""
    parts = [int(color[start : start + 2], 16) for start in (1, 3, 5)]
    return "#" + "".join(f"{(part + 140) // 2:02x}" for part in parts)


def _packed(color: str, rgba: bool) -> int:
    """Opaque "#rrggbb" as 0xFFrrggbb, or as 0xFFbbggrr whose little-endian bytes are R, G, B, A."""
    red, green, blue = int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
    return 0xFF000000 | green << 8 | (blue << 16 | red if rgba else red << 16 | blue)


def _lay(under: np.ndarray | None, tile: np.ndarray, style: WordStyle, out: np.ndarray) -> np.ndarray:
    """Lay a word's tile over packed premultiplied pixels uint32 `[64, 64]` (None is clear), into `out`.

    Two channels at a time in one integer: under*256 + (color - under)*alpha, alpha in 0..256, whose 16-bit halves
    end in 0..65280, so that no half disturbs the other. What lies under is kept packed: memory is slower than sums.
    """
    low, high = np.uint32(style.color & 0x00FF00FF), np.uint32(style.color >> 8 & 0x00FF00FF)
    alpha, factor = _inks(style.kind, style.pattern, style.strength)
    if tile is not FULL:
        alpha = tile * factor
        alpha >>= _SIXTEEN
    if under is None:
        first, second = alpha * low, alpha * high
    else:
        kept = under & _LOW
        first = low - kept
        first *= alpha
        kept <<= _EIGHT
        first += kept
        np.bitwise_and(under, _HIGH, out=kept)
        second = kept >> _EIGHT
        np.subtract(high, second, out=second)
        second *= alpha
        second += kept
    first >>= _EIGHT
    first &= _LOW
    second &= _HIGH
    return np.bitwise_or(first, second, out=out)


class Compositor:
    """Keeps the overlays of one canvas as pixels and renews only the tiles that changed.

    `sync` finds out by identity which tiles differ from those shown; `flush` composes them. The selected word (or the
    one under the brush) lies on top, and what lies under it is kept per tile, so that a dab costs one blend a tile.
    With `rgba` the bytes of `buffer` are R, G, B, A (QImage.Format_RGBA8888_Premultiplied), on little-endian machines.
    """

    def __init__(self, *, rgba: bool = False) -> None:
        self._rgba = rgba
        self._scene: Scene | None = None
        self._live: LiveMask | None = None
        self._selected: str | None = None
        self._size: Size = (0, 0)
        self._buffer = np.zeros((0, 0), np.uint32)
        self._styles: dict[str, WordStyle] = {}
        self._masks: dict[str, TiledMask] = {}
        self._top: str | None = None
        self._under: dict[Key, Any] = {}  # pixels of a tile, as the class keeps them; None where there are none
        self._pending: set[Key] = set()

    @property
    def size(self) -> Size:
        """Width and height of the canvas in pixels."""
        return self._size

    @property
    def buffer(self) -> np.ndarray:
        """Premultiplied pixels, uint32 `[rows, columns]` of 0xAARRGGBB (QImage.Format_ARGB32_Premultiplied).

        Whole tiles and more, so it is larger than the canvas: use the top left `size` part, with its own stride. The
        same array until `size` changes; written by `flush` only.
        """
        return self._buffer

    def sync(self, scene: Scene, *, selected: str | None = None, live: LiveMask | None = None) -> list[Rect]:
        """Take note of a scene; returns the rects whose pixels will change. Hidden words count as not there.

        The word of `live` is shown with its running stroke, on top, even where it is hidden.
        """
        if self._scene is scene and self._live is live and self._selected == selected:
            return []
        shown, self._live = self._live, live
        if self._scene is scene and self._selected == selected and _goes_on(shown, live):
            assert live is not None
            return self._stroke(live)
        self._scene, self._selected = scene, selected
        acting = acting_ids(scene)
        everything = scene.size != self._size
        if everything:
            self._reset(scene.size)
        top = live.word_id if live is not None and scene.can_paint(live.word_id) else selected
        top = top if scene.can_paint(top) else None
        styles, masks = {}, {}
        running = self._masks_of(live) if live is not None else {}
        for thing in scene.paintables:
            alive = running.get(thing.id)
            if not (thing.visible or (live is not None and live.word_id == thing.id)):
                continue
            mask = alive if alive is not None and alive.size == scene.size else scene.masks[thing.id]
            strength = _EQUAL if top is None else _SELECTED if thing.id == top else _OTHERS
            kind = _kind(thing, acting)
            color = _packed(_faded(thing.color) if kind == IDLE else thing.color, self._rgba)
            styles[thing.id] = WordStyle(thing.id, color, thing.pattern, strength, kind)
            masks[thing.id] = mask
        top = top if top in styles else None
        dirty, stale = self._noted(live), set[Key]()
        empty = TiledMask(scene.size)
        for word_id in self._styles.keys() | styles.keys():
            before, after = self._masks.get(word_id), masks.get(word_id)
            moved = self._styles.get(word_id) != styles.get(word_id) or (word_id == top) != (word_id == self._top)
            repainted = set() if before is after else changed_tiles(before or empty, after or empty)
            if moved or before is None or after is None:
                changed = {*(before.tiles if before is not None else ()), *(after.tiles if after is not None else ())}
            elif before is after:
                continue
            else:
                changed = repainted
            if repainted:
                self._repainted(word_id, repainted)
            dirty |= changed
            if moved or word_id != top:
                stale |= changed
        if [key for key in self._styles if key in styles] != [key for key in styles if key in self._styles]:
            everything = True
        self._styles, self._masks, self._top = styles, masks, top
        if everything:
            columns, rows = grid(self._size)
            dirty = {(tx, ty) for ty in range(rows) for tx in range(columns)}
            self._under.clear()
        self._renew(dirty, stale)
        return rects_of_tiles(dirty, self._size)

    def _stroke(self, live: LiveMask) -> list[Rect]:
        """`sync` where nothing but the masks of a running stroke has changed."""
        dirty, stale = self._noted(live), set[Key]()
        for word_id, mask in self._masks_of(live).items():
            shown = self._masks.get(word_id)
            if shown is None or shown is mask:
                continue  # hidden, or as before
            changed = live.changed(shown) if mask is live.mask else changed_tiles(shown, mask)
            if changed:
                self._repainted(word_id, changed)
            self._masks[word_id] = mask
            dirty |= changed
            if word_id != self._top:
                stale |= changed
        self._renew(dirty, stale)
        return rects_of_tiles(dirty, self._size)

    def _masks_of(self, live: LiveMask) -> Mapping[str, TiledMask]:
        """The masks that are laid in place of the scene's while a stroke runs."""
        return live.masks

    def _noted(self, live: LiveMask | None) -> set[Key]:
        """Takes note of what a stroke does beside that; the tiles where it is something else than before."""
        return set()

    def _repainted(self, word_id: str, keys: set[Key]) -> None:
        """Those tiles of a word's mask are others now."""

    def _renew(self, dirty: set[Key], stale: set[Key]) -> None:
        """Tiles to be composed again; what lies under the word on top is another one in those of `stale`."""
        for key in stale:
            self._under.pop(key, None)
        self._pending |= dirty

    def flush(self, rect: Rect | None = None) -> None:
        """Compose what changed since the last time, within `rect` (or all of it), into `buffer`."""
        if not self._pending:
            return
        keys = set(self._pending) if rect is None else self._pending.intersection(tiles_of(rect, self._size))
        for key in keys:
            self._compose(key)
        self._pending -= keys

    def prepare(self, seconds: float) -> bool:
        """Make ready what lies under the word on top, for as long as that; returns whether there is more to do.

        The first dab on a tile would have to compose all other words there. Canvases of very many tiles are left alone.
        """
        columns, rows = grid(self._size)
        if self._top is None or columns * rows > MOST_PREPARED:
            return False
        until = time.perf_counter() + seconds
        for key in ((tx, ty) for ty in range(rows) for tx in range(columns)):
            if key not in self._under:
                if time.perf_counter() > until:
                    return True
                self._beneath(key)
        return False

    def _reset(self, size: Size) -> None:
        columns, rows = grid(size)
        self._size = size
        # Rows that lie a power of two apart would all want the same few lines of the processor's cache.
        self._buffer = np.zeros((rows * TILE, columns * TILE + _ODD), np.uint32)
        self._pending.clear()
        self._under.clear()

    def _compose(self, key: Key) -> None:
        tx, ty = key
        target = self._buffer[ty * TILE : (ty + 1) * TILE, tx * TILE : (tx + 1) * TILE]
        tile = self._masks[self._top].tiles.get(key) if self._top is not None else None
        pixels = self._beneath(key)
        if self._top is None or tile is None:
            target[...] = 0 if pixels is None else pixels
        else:
            _lay(pixels, tile, self._styles[self._top], target)

    def _beneath(self, key: Key) -> Any:
        """All words but the top one in a tile, composed; None where there are none."""
        if key in self._under:
            return self._under[key]
        pixels = None
        for word_id, style in self._styles.items():
            tile = self._masks[word_id].tiles.get(key)
            if tile is not None and word_id != self._top:
                pixels = _lay(pixels, tile, style, np.empty((TILE, TILE), np.uint32))
        self._under[key] = pixels
        return pixels


def _goes_on(before: LiveMask | None, live: LiveMask | None) -> bool:
    """Whether a stroke has only painted more, on a canvas of the same size."""
    return (
        before is not None
        and live is not None
        and before.word_id == live.word_id
        and before.mask.size == live.mask.size
        and (before.room is None or (live.room is not None and live.room.masks is before.room.masks))
    )


_shared = threading.local()


def compose(scene: Scene, rect: Rect, *, selected: str | None = None, live: LiveMask | None = None) -> np.ndarray:
    """The overlays within `rect`: premultiplied RGBA uint8 `[h, w, 4]`, clear outside of the canvas.

    Each thread keeps the last canvas composed (see Compositor), so that calls after small changes are quick.
    """
    x, y, w, h = rect
    out = np.zeros((h, w, 4), np.uint8)
    inside = clip(rect, scene.size)
    if inside is None:
        return out
    compositor = getattr(_shared, "compositor", None)
    if compositor is None:
        compositor = _shared.compositor = Compositor(rgba=True)
    compositor.sync(scene, selected=selected, live=live)
    compositor.flush(inside)
    left, top, width, height = inside
    pixels = compositor.buffer[top : top + height, left : left + width].astype("<u4", copy=False)
    target = out[top - y : top - y + height, left - x : left - x + width]
    target.view("<u4")[..., 0] = pixels
    return out


def over(rgb: np.ndarray, overlay: np.ndarray) -> np.ndarray:
    """Premultiplied RGBA uint8 `[h, w, 4]` laid over RGB uint8 `[h, w, 3]`."""
    clear = 255 - overlay[..., 3:].astype(np.uint16)
    return (overlay[..., :3] + (rgb * clear + 127) // 255).clip(0, 255).astype(np.uint8)
