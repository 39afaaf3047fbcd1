"""The pixels that the view shows: paper or picture, the overlay of the painted words, and both made flat."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRegion

from canvas.model.document import LiveMask
from canvas.model.edits import WHOLE, Place
from canvas.model.scene import Scene
from canvas.model.tiled_mask import TILE, Rect
from canvas.view import qimage
from canvas.view.rects import rects_of
from canvas.view.screen_compositor import ScreenCompositor, at_level

PAPER_LIGHT = ("#f6f3ee", "#efebe4")
PAPER_DARK = ("#34373d", "#2f3237")
PAPER_SQUARES = 32  # along the longer side of the picture
LEVELS = 4
FINEST = 0.5  # screen pixels for a pixel of a level, below which the next one is shown: finer patterns would beat
HYSTERESIS = 1.1


class Layers:
    """Picture and overlay, flattened rect by rect so that a paint event draws one opaque image.

    Blending costs a fraction of scaling (no interpolation), so only the flat image is ever scaled. A picture that is
    shown smaller than half its size is blended at a level: level n is 2**n times smaller, so no more pixels are blended
    than about four for each of the screen.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self.dark = True
        self.overlay_visible = True
        self.opacity = 1.0
        self.paint_only = False
        self._compositor = ScreenCompositor()
        self._unseen = QRegion()
        self._result: QImage | None = None
        self._place = WHOLE
        self._preview: QImage | None = None
        self._preview_place = WHOLE
        self.resize(size)

    @property
    def has_picture(self) -> bool:
        """Whether there is a result or a preview, shown or (for paint only) not."""
        return (self._preview or self._result) is not None

    @property
    def _picture(self) -> QImage | None:
        return None if self.paint_only else self._preview or self._result

    def resize(self, size: tuple[int, int]) -> None:
        """Another picture size `(w, h)`: the picture is scaled, the overlay starts empty."""
        self.size = size
        # The first sync gives the compositor its size and its image, which stays the same until the size changes.
        self._compositor.sync(Scene(size=size))
        self._start()

    def _start(self) -> None:
        """Everything anew, at another size or level."""
        self._flat = QImage(*at_level(self.size, self._compositor.level), QImage.Format.Format_RGB32)
        self._unseen = QRegion(QRect(0, 0, *self.size))
        self._refresh_base()

    def set_picture(self, rgb: np.ndarray | None, place: Place = WHOLE) -> None:
        """What lies under the overlay, uint8 RGB of any size (scaled smoothly); None is paper. Ends a preview.

        It lies at `place`: left, top, width and height as shares of the canvas.
        """
        self._result = None if rgb is None else qimage.from_rgb(rgb)
        self._place = place
        self._preview = None
        self._refresh_base()

    def set_preview(self, rgb: np.ndarray | None, place: Place = WHOLE) -> bool:
        """What lies there for a while, at a place of its own; None goes back to the result.

        Says whether anything changed.
        """
        if rgb is None and self._preview is None:
            return False
        self._preview = None if rgb is None else qimage.from_rgb(rgb)
        self._preview_place = place
        self._refresh_base()
        return True

    def set_dark(self, dark: bool) -> None:
        """Dark or light paper, for the theme."""
        if dark != self.dark:
            self.dark = dark
            self._refresh_base()

    def sync(self, scene: Scene, *, selected: str | None, live: LiveMask | None) -> list[Rect]:
        """Takes note of a scene of this size; returns the rects of the picture whose overlay will change."""
        rects = self._compositor.sync(scene, selected=selected, live=live)
        for rect in rects:
            self._unseen += QRect(*rect)
        return rects

    def prepare(self, seconds: float) -> bool:
        """Makes the next strokes cheap, for as long as that; says whether there is more to do."""
        return self._compositor.prepare(seconds)

    def set_overlay_visible(self, visible: bool) -> bool:
        """Shows or hides the overlay; says whether anything changed."""
        if visible == self.overlay_visible:
            return False
        self.overlay_visible = visible
        self._stale = QRegion(self._flat.rect())
        return True

    def set_opacity(self, opacity: float) -> bool:
        """Another opacity of the overlay, 0..1; says whether anything changed."""
        if opacity == self.opacity:
            return False
        self.opacity = opacity
        self._stale = QRegion(self._flat.rect())
        return True

    def set_paint_only(self, alone: bool) -> bool:
        """Shows the overlay on paper instead of on the picture; says whether anything changed."""
        if alone == self.paint_only:
            return False
        self.paint_only = alone
        self._refresh_base()
        return True

    def set_zoom(self, zoom: float) -> bool:
        """Take note of the zoom: it decides the level. Says whether a `sync` is due for it.

        Small steps of the zoom about a limit change nothing, as composing everything again takes time.
        """
        level = self._compositor.level
        wanted = level_of(zoom)
        if wanted == level or (wanted == level + 1 and zoom * 2**level > FINEST / HYSTERESIS):
            return False
        self._compositor.set_level(wanted)
        self._compositor.sync(Scene(size=self.size))
        self._start()
        return True

    def image(self, visible: Rect) -> tuple[QImage, int]:
        """The flat image, up to date within `visible` (of the picture), and its level.

        What is not visible is composed when it comes into view.
        """
        level = self._compositor.level
        if self.overlay_visible and not self._unseen.isEmpty():
            self._compositor.flush(visible)
            seen = self._unseen & _whole_cells(visible, level)
            for rect in rects_of(seen):
                self._stale += _at_level(rect, level)
            self._unseen -= seen
        self._flatten()
        return self._flat, level

    def _refresh_base(self) -> None:
        self._base = self._made_base()
        self._stale = QRegion(self._flat.rect())

    def _made_base(self) -> QImage:
        size = (self._flat.width(), self._flat.height())
        if self._picture is None:
            return _paper(size, PAPER_DARK if self.dark else PAPER_LIGHT)
        place = self._place if self._preview is None else self._preview_place
        if place != WHOLE:
            return self._placed(self._picture, place, size)
        if (self._picture.width(), self._picture.height()) == size:
            return self._picture
        return self._picture.scaled(
            *size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        ).convertToFormat(QImage.Format.Format_RGB32)

    def _placed(self, picture: QImage, place: Place, size: tuple[int, int]) -> QImage:
        """The picture at its place on paper, each edge at the nearest whole pixel."""
        (width, height), (left, top, wide, high) = size, place
        x0, y0 = round(left * width), round(top * height)
        x1, y1 = round((left + wide) * width), round((top + high) * height)
        base = _paper(size, PAPER_DARK if self.dark else PAPER_LIGHT)
        painter = QPainter(base)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRect(x0, y0, max(x1 - x0, 1), max(y1 - y0, 1)), picture)
        painter.end()
        return base

    def _flatten(self) -> None:
        if self._stale.isEmpty():
            return
        overlay = self._compositor.image
        painter = QPainter(self._flat)
        for rect in rects_of(self._stale):
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(rect, self._base, rect)
            if self.overlay_visible:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
                painter.setOpacity(self.opacity)
                painter.drawImage(rect, overlay, rect)
                painter.setOpacity(1.0)
        painter.end()
        self._stale = QRegion()


def level_of(zoom: float) -> int:
    """The level at which a picture is shown at a zoom: so many times its sides are halved."""
    level = 0
    while level < LEVELS and zoom * 2**level < FINEST:
        level += 1
    return level


def _whole_cells(rect: Rect, level: int) -> QRect:
    """The cells that a rect touches, in pixels of the picture: the compositor flushes whole ones."""
    side = TILE << level
    x, y = rect[0] // side * side, rect[1] // side * side
    return QRect(x, y, -(-(rect[0] + rect[2]) // side) * side - x, -(-(rect[1] + rect[3]) // side) * side - y)


def _at_level(rect: QRect, level: int) -> QRect:
    """The pixels of a level that a rect of the picture touches."""
    left, top = rect.x() >> level, rect.y() >> level
    right, bottom = at_level((rect.x() + rect.width(), rect.y() + rect.height()), level)
    return QRect(left, top, right - left, bottom - top)


def _paper(size: tuple[int, int], colors: tuple[str, str]) -> QImage:
    """A quiet checker that says "nothing here yet"."""
    side = max(4, max(size) // PAPER_SQUARES)
    image = QImage(size[0], size[1], QImage.Format.Format_RGB32)
    image.fill(QColor(colors[0]))
    painter = QPainter(image)
    for row, y in enumerate(range(0, size[1], side)):
        for x in range((row % 2) * side, size[0], 2 * side):
            painter.fillRect(x, y, side, side, QColor(colors[1]))
    painter.end()
    return image
