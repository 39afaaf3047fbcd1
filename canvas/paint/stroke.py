"""A stroke: samples of the pointer become dabs, dabs a new version of one mask, as one undo step."""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import MappingProxyType

import numpy as np

from canvas.model.colour_layer import COLOURS, ColourLayer
from canvas.model.document import Document
from canvas.model.errors import StrokeError
from canvas.model.making_room import Room, Step
from canvas.model.scene_diff import LiveMask
from canvas.model.tiled_mask import Key, Rect, TiledMask, copied, full_tile, rect_of_tiles, unite
from canvas.paint.brush import EXACT, Brush, Dab, make_dab, quantised
from canvas.paint.colouring import blend_colour
from canvas.paint.cover import Cover, Half, Part, Point
from canvas.paint.covering import Covering, with_masks
from canvas.paint.laying import blend_all, scaled


class Samples:
    """Repairs what tablets deliver: zero or non-finite pressure, late or doubled samples.

    `feed` returns the samples that are fit to paint, as (x, y, pressure in 0..1]. Samples without a usable pressure at
    the very start wait for the first good one, so that a stroke does not begin with a blot.
    """

    def __init__(self) -> None:
        self._pressure: float | None = None
        self._time = -math.inf
        self._last: tuple[float, float, float] | None = None
        self._waiting: list[tuple[float, float]] = []

    def feed(self, x: float, y: float, pressure: float, time: float | None) -> list[tuple[float, float, float]]:
        """Take one sample; `time` in any unit, None where it is not known."""
        if not (math.isfinite(x) and math.isfinite(y)):
            return []
        if time is not None and math.isfinite(time):
            if time < self._time:
                return []
            self._time = time
        if math.isfinite(pressure) and pressure > 0:
            self._pressure = min(pressure, 1.0)
        if self._pressure is None:
            self._waiting.append((x, y))
            return []
        return self._release([*self._waiting, (x, y)])

    def flush(self) -> list[tuple[float, float, float]]:
        """At the end of a stroke that never had a pressure: what waited, at full pressure."""
        if self._pressure is None:
            self._pressure = 1.0
        return self._release(self._waiting)

    def _release(self, points: list[tuple[float, float]]) -> list[tuple[float, float, float]]:
        assert self._pressure is not None
        self._waiting = []
        fresh = []
        for x, y in points:
            if (x, y, self._pressure) != self._last:
                self._last = (x, y, self._pressure)
                fresh.append(self._last)
        return fresh


class Stroke:
    """One press, drag and release of the brush on one word of a document, on a style with an area, or on the colours.

    While it runs, `document.live` holds the mask, or the colours, that the view shows. Dabs of one stroke do not add
    up: their largest coverage, times the brush's opacity, is laid over the paint below (or takes it away), as in
    Krita's wash mode; with a flow below 1 they add up to that. A brush that mirrors lays each dab on the other sides
    too. It stays within the selection and keeps to the rules of `canvas.model.overlap`. Points are in canvas pixels
    (floats), pressure in 0..1.
    Raises StrokeError for what the scene cannot paint.
    """

    def __init__(self, document: Document, word_id: str, brush: Brush) -> None:
        if not document.scene.can_paint(word_id):
            raise StrokeError("There is no word to paint.", hint="Click a word in the prompt first.")
        self._document = document
        self._word_id = word_id
        self._brush = brush
        self._base: TiledMask | ColourLayer = _painted(document, word_id)
        self._mask = self._base
        self._rules = Covering(document.scene, word_id, erase=brush.erase)
        self._room: Room | None = None
        self._samples = Samples()
        self._at: tuple[float, float, float] | None = None
        self._since = 0.0  # pixels of the way since the last dab, of a brush with gaps
        self._rect: Rect | None = None
        self._live: LiveMask | None = None
        self._cover = Cover(self._base.size, flow=brush.flow)
        self._dab: tuple[Point, float] | None = None  # the last one: its centre and its diameter
        self._cap = round(brush.opacity * 255)

    @property
    def mask(self) -> TiledMask | ColourLayer:
        """The word's mask, or the colour layer, as it is now, with this stroke."""
        return self._mask

    @property
    def active(self) -> bool:
        """Whether it has begun and was neither committed nor given up (undo and load give it up)."""
        return self._live is not None and self._document.live is self._live

    def begin(self, x: float, y: float, pressure: float = 1.0, time: float | None = None) -> Rect | None:
        """Press at a point; returns the rect where paint changed, None where none did."""
        self._live = LiveMask(self._word_id, self._mask)
        self._document.set_live(self._live)
        return self.extend(x, y, pressure, time)

    def extend(self, x: float, y: float, pressure: float = 1.0, time: float | None = None) -> Rect | None:
        """Drag to a point; returns the rect where paint changed, None where none did (or the stroke is over)."""
        if not self.active:
            return None
        return self._paint(self._samples.feed(x, y, pressure, time))

    def commit(self) -> bool:
        """Release: the paint becomes one undo step. Returns whether anything changed."""
        if not self.active:
            return False
        self._paint(self._samples.flush())
        self._live = None
        document, others = self._document, self._room.made() if self._room is not None else {}
        same = self._mask is self._base and not others
        if same or not document.scene.can_paint(self._word_id) or _painted(document, self._word_id) is not self._base:
            document.set_live(None)
            return False
        verb = "Erase" if self._brush.erase else "Paint"
        if isinstance(self._mask, ColourLayer):
            document.commit_live(document.scene.replace(colours=self._mask), f"{verb} colours")
            return True
        label = f"{verb} “{document.scene.paintable(self._word_id).title}”"
        document.commit_live(with_masks(document.scene, {**others, self._word_id: self._mask}), label)
        return True

    def abort(self) -> None:
        """Give the stroke up: the mask is as it was."""
        if self.active:
            self._live = None
            self._document.set_live(None)

    def _paint(self, samples: list[tuple[float, float, float]]) -> Rect | None:
        pressed = [(x, y, self._brush.pressed(pressure)) for x, y, pressure in samples]
        touched = self._lay([dab for sample in pressed for dab in self._walk(sample)])
        if not touched:
            return None
        keys, covers = self._allowed(touched)
        if not keys:
            return None
        tiles = self._blended(keys, covers)
        before = self._mask.tiles
        changed = {key: tile for key, tile in zip(keys, tiles, strict=True) if tile is not before.get(key)}
        mask = self._mask.with_tiles(changed)
        room = self._taking(mask, keys, covers) if isinstance(mask, TiledMask) and self._rules.pushed else None
        if not changed and (room is None or not room.made()):
            return None
        step = Step(self._mask.revision, changed.keys())
        self._mask, self._room = mask, room
        rect = rect_of_tiles(changed.keys() if room is None else keys, mask.size)
        self._rect = unite(self._rect, rect)
        self._live = LiveMask(self._word_id, mask, room, step)
        self._document.set_live(self._live, rect=rect)
        return rect

    def _taking(self, mask: TiledMask, keys: list[Key], covers: np.ndarray) -> Room:
        """What the stroke takes from the words that make room: its word's paint, as far as the stroke reaches."""
        before = self._room.taken if self._room is not None else TiledMask(mask.size)
        taken, parts = copied(before.tiles), dict[Key, np.ndarray | None]()
        for key, cover in zip(keys, covers, strict=True):
            tile = mask.tiles.get(key)
            if tile is None:
                continue
            if key in self._base.tiles:
                parts[key] = np.where(cover, tile, 0).astype(np.uint8)
            else:
                taken[key] = tile
        now = TiledMask(mask.size, MappingProxyType(taken))
        return Room(self._rules.pushed, now.with_tiles(parts) if parts else now, Step(before.revision, keys))

    def _blended(self, keys: list[Key], covers: np.ndarray) -> list[np.ndarray | None]:
        """The tiles of the word, or of the colours, with the stroke laid over them, or taken out of them."""
        bases, size = [self._base.tiles.get(key) for key in keys], self._base.size
        cap, erase = self._cap, self._brush.erase
        if isinstance(self._base, ColourLayer):
            colour = self._brush.colour
            return [
                blend_colour(base, cover, colour, cap=cap, erase=erase)
                for base, cover in zip(bases, covers, strict=True)
            ]
        return blend_all(bases, covers, [full_tile(size, key) for key in keys], cap=cap, erase=erase)

    def _walk(self, sample: tuple[float, float, float]) -> list[tuple[float, float, float]]:
        """Evenly spaced points up to the sample, which is the last of them unless the brush leaves gaps."""
        start, self._at = self._at, sample
        if start is None:
            return [sample]
        length = math.hypot(sample[0] - start[0], sample[1] - start[1])
        step = self._brush.spacing(min(self._diameter(start[2]), self._diameter(sample[2])))
        if self._brush.gap:
            return [_between(start, sample, at / length) for at in self._gaps(length, step)]
        count = max(1, math.ceil(length / step))
        return [_between(start, sample, k / count) for k in range(1, count + 1)]

    def _gaps(self, length: float, step: float) -> list[float]:
        """Where on the next piece of the way dabs lie that are `step` apart, counted on from the last dab."""
        count = max(0, math.floor((self._since + length) / step))
        found = [k * step - self._since for k in range(1, count + 1)]
        self._since = self._since + length - count * step
        return [min(max(at, 0.0), length) for at in found] if length else []

    def _diameter(self, pressure: float) -> float:
        return max(1.0, self._brush.diameter * (pressure if self._brush.pressure_size else 1.0))

    def _lay(self, points: list[tuple[float, float, float]]) -> list[Key]:
        """Raise the stroke's coverage to the dabs'; returns the tiles where it rose."""
        brush, (width, height) = self._brush, self._base.size
        sides = [(across, down) for across in (1, -1)[: 1 + brush.mirror_x] for down in (1, -1)[: 1 + brush.mirror_y]]
        # Twice the places of the axes: they lie between pixels, or in the middle of them.
        twice_x, twice_y = round(2 * brush.axis[0] * width), round(2 * brush.axis[1] * height)
        parts: dict[tuple[int, int, int], list[Part]] = {}
        dabs = [
            (turn, make_dab(x, y, self._diameter(pressure), brush.hardness), pressure)
            for turn, x, y, pressure in self._turned(points, twice_x / 2, twice_y / 2)
        ]
        halves = [None if turn else self._ahead(dab, pressure) for turn, dab, pressure in dabs]
        for (turn, dab, pressure), ahead, behind in zip(dabs, halves, [*halves, None][1:], strict=True):
            coverage = dab.coverage
            if brush.pressure_opacity and pressure < 1.0:
                coverage = scaled(coverage, round(pressure * 255))
            h, w = coverage.shape
            for across, down in sides:
                left, top = dab.x if across > 0 else twice_x - dab.x - w, dab.y if down > 0 else twice_y - dab.y - h
                x0, y0, x1, y1 = max(0, left), max(0, top), min(width, left + w), min(height, top + h)
                if x0 < x1 and y0 < y1:
                    piece = coverage[::down, ::across][y0 - top : y1 - top, x0 - left : x1 - left]
                    known = (ahead, behind) if across > 0 < down else (None, None)
                    parts.setdefault((turn, across, down), []).append(Part(x0, y0, x1, y1, piece, *known))
        return list({key: None for each in parts.values() for key in self._cover.lay(each)})

    def _turned(
        self, points: list[tuple[float, float, float]], x: float, y: float
    ) -> Iterator[tuple[int, float, float, float]]:
        """The points as often as the brush repeats them around a place, each with the number of its turn."""
        for turn in range(self._brush.turns):
            if not turn:
                yield from ((0, *point) for point in points)
                continue
            angle = 2 * math.pi * turn / self._brush.turns
            across, down = math.cos(angle), math.sin(angle)
            for px, py, pressure in points:
                dx, dy = px - x, py - y
                yield turn, x + dx * across - dy * down, y + dx * down + dy * across, pressure

    def _ahead(self, dab: Dab, pressure: float) -> Half | None:
        """Where a dab covers more than the one before it; None where that is not known, as their edges differ."""
        brush, size = self._brush, quantised(self._diameter(pressure))
        before, self._dab = self._dab, (dab.centre, size)
        if before is None or before[1] != size or size <= EXACT or brush.flow < 1 or brush.pressure_opacity:
            return None
        (x, y), (to_x, to_y) = before[0], dab.centre
        return ((x + to_x) / 2, (y + to_y) / 2), (to_x - x, to_y - y)

    def _allowed(self, keys: list[Key]) -> tuple[list[Key], np.ndarray]:
        """The tiles that may be painted, and how much: uint8 `[n, 64, 64]`."""
        covers = self._cover.tiles(keys)
        if not self._rules.limits:
            return keys, covers
        kept = []
        for index, key in enumerate(keys):
            cover = self._rules.allowed(key, covers[index])
            if cover is not None:
                covers[index] = cover
                kept.append(index)
        return [keys[index] for index in kept], covers[kept]


def _between(
    start: tuple[float, float, float], end: tuple[float, float, float], f: float
) -> tuple[float, float, float]:
    return (
        start[0] + (end[0] - start[0]) * f,
        start[1] + (end[1] - start[1]) * f,
        start[2] + (end[2] - start[2]) * f,
    )


def _painted(document: Document, any_id: str) -> TiledMask | ColourLayer:
    """What the brush changes."""
    return document.scene.colours if any_id == COLOURS else document.scene.masks[any_id]
