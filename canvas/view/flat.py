"""One level of what the canvas shows: the picture below, the overlays, both made flat; each only where it is seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from canvas.model.document import LiveMask
from canvas.model.scene import Scene
from canvas.model.tiled_mask import Key, Rect, Size, rects_of_tiles
from canvas.view.ground_image import NOTHING, GroundImage
from canvas.view.screen_compositor import ScreenCompositor

_AT_ONCE = 16  # cells between two looks at the clock
_FEW = 6  # the same while something else may be wanted soon

FindBase = Callable[[Size], QImage]
"""What lies under the overlays, as an opaque image of that size, or as a smaller one that is to be stretched."""


class Flat:
    """The canvas at a level: level n is 2**n times smaller. Everything is made when it is asked for.

    `size` is the canvas' in pixels; `find_base` gives what lies under the overlays; colours and pictures, the `ground`,
    which all levels share, are drawn between.
    """

    def __init__(self, size: Size, level: int, find_base: FindBase, ground: GroundImage) -> None:
        self._compositor = ScreenCompositor()
        self._compositor.set_level(level)
        # The first sync gives the compositor its size and its image, which stays the same until the size changes.
        self._compositor.sync(Scene(size=size))
        self._find_base = find_base
        self._ground = ground
        self._coloured = NOTHING  # what is taken note of
        self._small: QImage | None = None  # what is stretched to the base
        self._base: QImage | None = None
        self._bare: set[Key] = set()  # cells of the base that are not made yet
        self.image = QImage(*self._compositor.level_size, QImage.Format.Format_RGB32)
        self._stale = self._all()
        self._settling: set[Key] = set()  # cells that show the end of a stroke nearly as it is
        self._live: LiveMask | None = None
        self._words = 0

    @property
    def level(self) -> int:
        """How many times its sides are halved."""
        return self._compositor.level

    @property
    def base(self) -> QImage:
        """What lies under the overlays."""
        return self._base_of(self._all())

    def renew(self, *, base: bool = False) -> None:
        """All of it is to be made flat again; with `base` on another picture."""
        if base:
            self._base, self._small, self._bare = None, None, set()
        self._stale = self._all()
        self._settling.clear()

    def _all(self) -> set[Key]:
        return set(self._compositor.cells_of((0, 0, *self._compositor.size)))

    def sync(self, scene: Scene, *, selected: str | None, live: LiveMask | None) -> list[Rect]:
        """Takes note of a scene of this size; returns the rects of the picture whose overlay will change at once.

        What other words lose to a stroke was drawn while it ran. Once it is over they are laid anew, a few cells at a
        time (`settle`): it is hardly to be seen, and all at once would hold up the next stroke.
        """
        layer = (live.colours if live is not None else None) or scene.colours
        words = None if live is not None and live.colours is not None else live
        rects = self._compositor.sync(scene, selected=selected, live=words)
        shown = self._ground.sync(layer, scene.pictures)
        rects = [*rects, *self._ground.changed(self._coloured)]
        self._coloured = shown
        over, self._live = self._live if live is None else None, live
        settles = over is not None and over.room is not None and scene.masks.get(over.word_id) is over.mask
        cells = {cell for rect in rects for cell in self._compositor.cells_of(rect)}
        if settles:
            self._settling |= cells - self._stale
        else:
            self._stale |= cells
            self._settling -= cells
        self._words = len(scene.paintables)
        return [] if settles else rects

    def settle(self, opacity: float, seconds: float) -> list[Rect]:
        """Goes on with what is left of a stroke that is over; returns the rects of the picture that it changed."""
        until, done, level = time.perf_counter() + seconds, list[Rect](), self.level
        while self._settling and (not done or time.perf_counter() < until):
            cells = sorted(self._settling, key=lambda cell: (cell[1], cell[0]))[:_FEW]
            self._settling.difference_update(cells)
            self._make(cells, opacity)
            for x, y, w, h in rects_of_tiles(cells, self._compositor.level_size):
                done.append((x << level, y << level, w << level, h << level))
        return done

    def prepare(self, seconds: float) -> bool:
        """Makes the next strokes cheap, for as long as that; says whether there is more to do."""
        return self._compositor.prepare(seconds)

    def work(self, visible: Rect) -> int:
        """How much `advance` would have to do: cells times words."""
        return len(self._stale.intersection(self._compositor.cells_of(visible))) * (1 + self._words)

    def advance(self, visible: Rect, opacity: float, seconds: float) -> bool:
        """Brings what lies in `visible` (of the picture) up to date, for as long as that; says whether it all is.

        `opacity` 0..1 is that of the overlays; at 0 they are not composed.
        """
        cells = self._stale.intersection(self._compositor.cells_of(visible))
        ordered = sorted(cells, key=lambda cell: (cell[1], cell[0]))
        at_once, until = _AT_ONCE if seconds < 1 else len(ordered), time.perf_counter() + seconds
        for start in range(0, len(ordered), max(at_once, 1)):
            if start and time.perf_counter() > until:
                return False
            self._make(ordered[start : start + at_once], opacity)
        return True

    def _make(self, cells: list[Key], opacity: float) -> None:
        if opacity > 0:
            self._compositor.flush_cells(cells)
        self._stale.difference_update(cells)
        base = self._base_of(cells)
        painter = QPainter(self.image)
        for rect in rects_of_tiles(cells, self._compositor.level_size):
            part = QRect(*rect)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(part, base, part)
            if opacity > 0:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
                painter.setOpacity(opacity)
                self._ground.draw(painter, part, self.level)
                painter.drawImage(part, self._compositor.image, part)
                painter.setOpacity(1.0)
        painter.end()

    def _base_of(self, cells: Iterable[Key]) -> QImage:
        """The base, made in those cells at least: stretching a picture to a large canvas takes long."""
        size = self._compositor.level_size
        if self._base is None:
            self._small = self._base = self._find_base(size)
            if (self._small.width(), self._small.height()) != size:
                self._base, self._bare = QImage(*size, QImage.Format.Format_RGB32), self._all()
        assert self._small is not None
        due = self._bare.intersection(cells)
        if due:
            painter = QPainter(self._base)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for rect in rects_of_tiles(due, size):
                painter.setClipRect(QRect(*rect))
                painter.drawImage(QRect(0, 0, *size), self._small)
            painter.end()
            self._bare -= due
        return self._base
