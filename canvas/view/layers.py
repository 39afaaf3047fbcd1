"""The pixels that the view shows: paper or picture, the overlay of the painted words, and both made flat."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from canvas.model.document import LiveMask
from canvas.model.edits import WHOLE, Place
from canvas.model.scene import Scene
from canvas.model.tiled_mask import Rect
from canvas.view import qimage
from canvas.view.flat import Flat
from canvas.view.ground_image import GroundImage

PAPER_LIGHT = ("#f6f3ee", "#efebe4")
PAPER_DARK = ("#34373d", "#2f3237")
PAPER_SQUARES = 32  # along the longer side of the picture
LEVELS = 4
FINEST = 0.5  # screen pixels for a pixel of a level, below which the next one is shown: finer patterns would beat
HYSTERESIS = 1.1
LITTLE = 2048  # cells times words that a change of the level may wait for
MOST_KEPT = 5_000_000  # pixels of a level that is kept while another one is shown


class Layers:
    """Picture and overlay, flattened rect by rect so that a paint event draws one opaque image.

    Blending costs a fraction of scaling (no interpolation), so only the flat image is ever scaled. A picture that is
    shown smaller than half its size is blended at a level: level n is 2**n times smaller, so no more pixels are blended
    than about four for each of the screen. Where another level takes long to make, the one before is shown till it is
    there (`prepare` makes it, and then calls `ready`). `renewed` is told which rect of the picture looks a little
    different once all of a stroke that is over is laid.
    """

    def __init__(
        self, size: tuple[int, int], ready: Callable[[], None], renewed: Callable[[Rect], None] = lambda rect: None
    ) -> None:
        self.dark = True
        self.overlay_visible = True
        self.opacity = 1.0
        self.paint_only = False
        self._ready, self._renewed = ready, renewed
        self._result: QImage | None = None
        self._place = WHOLE
        self._preview: QImage | None = None
        self._preview_place = WHOLE
        self._level = 0
        self.resize(size)

    @property
    def has_picture(self) -> bool:
        """Whether there is a result or a preview, shown or (for paint only) not."""
        return (self._preview or self._result) is not None

    @property
    def base(self) -> QImage:
        """What lies under the overlay, at the level that is shown."""
        return self._shown.base

    @property
    def _picture(self) -> QImage | None:
        return None if self.paint_only else self._preview or self._result

    def resize(self, size: tuple[int, int]) -> None:
        """Another picture size `(w, h)`: the picture is scaled, the overlay starts empty."""
        self.size = size
        self._ground = GroundImage(size)
        self._flats: dict[int, Flat] = {}
        self._shown = self._flat(self._level)
        self._coming: Flat | None = None
        self._visible: Rect = (0, 0, *size)
        self._known: tuple[Scene, str | None, LiveMask | None] | None = None  # of the last `sync`
        self._moved = True

    def _flat(self, level: int) -> Flat:
        if level not in self._flats:
            self._flats[level] = Flat(self.size, level, self._found_base, self._ground)
        return self._flats[level]

    def set_picture(self, rgb: np.ndarray | None, place: Place = WHOLE) -> None:
        """What lies under the overlay, uint8 RGB of any size (scaled smoothly); None is paper. Ends a preview.

        It lies at `place`: left, top, width and height as shares of the canvas.
        """
        self._result = None if rgb is None else qimage.from_rgb(rgb)
        self._place = place
        self._preview = None
        self._renew(base=True)

    def set_preview(self, rgb: np.ndarray | None, place: Place = WHOLE) -> bool:
        """What lies there for a while, at a place of its own; None goes back to the result.

        Says whether anything changed.
        """
        if rgb is None and self._preview is None:
            return False
        self._preview = None if rgb is None else qimage.from_rgb(rgb)
        self._preview_place = place
        self._renew(base=True)
        return True

    def set_dark(self, dark: bool) -> None:
        """Dark or light paper, for the theme."""
        if dark != self.dark:
            self.dark = dark
            self._renew(base=True)

    def sync(self, scene: Scene, *, selected: str | None, live: LiveMask | None) -> list[Rect]:
        """Takes note of a scene of this size; returns the rects of the picture whose overlay will change."""
        self._known = (scene, selected, live)
        if self._coming is not None:
            self._catch_up(self._coming)
        return self._shown.sync(scene, selected=selected, live=live)

    def prepare(self, seconds: float) -> bool:
        """Makes the level that is to be shown, then the next strokes cheap; says whether there is more to do."""
        done = self._shown.settle(self._seen_opacity, seconds)
        for rect in done:
            self._renewed(rect)
        if done:
            return True
        if self._coming is None:
            return self._shown.prepare(seconds)
        if self._coming.advance(self._visible, self._seen_opacity, seconds):
            self._arrive(self._coming)
            self._ready()
        return True

    def set_overlay_visible(self, visible: bool) -> bool:
        """Shows or hides the overlay; says whether anything changed."""
        if visible == self.overlay_visible:
            return False
        self.overlay_visible = visible
        self._renew()
        return True

    def set_opacity(self, opacity: float) -> bool:
        """Another opacity of the overlay, 0..1; says whether anything changed."""
        if opacity == self.opacity:
            return False
        self.opacity = opacity
        self._renew()
        return True

    def color_at(self, x: int, y: int) -> QColor:
        """What the picture, or the paper, shows at a pixel inside the canvas, without colours and overlay."""
        base, level = self._shown.base, self._shown.level
        return base.pixelColor(min(x >> level, base.width() - 1), min(y >> level, base.height() - 1))

    def set_paint_only(self, alone: bool) -> bool:
        """Shows the overlay on paper instead of on the picture; says whether anything changed."""
        if alone == self.paint_only:
            return False
        self.paint_only = alone
        self._renew(base=True)
        return True

    def set_zoom(self, zoom: float) -> None:
        """Take note of the zoom: it decides the level.

        Small steps of the zoom about a limit change nothing, as composing everything again takes time.
        """
        wanted = level_of(zoom)
        if wanted != self._level + 1 or zoom * 2**self._level <= FINEST / HYSTERESIS:
            self._level = wanted

    def move(self) -> None:
        """Other parts of the picture are seen, or at another zoom: the next `image` shows what is soonest there."""
        self._moved = True

    def image(self, visible: Rect) -> tuple[QImage, int]:
        """The flat image, up to date within `visible` (of the picture), and its level.

        What is not visible is composed when it comes into view.
        """
        if self._moved:
            self._choose(visible)
        self._shown.advance(visible, self._seen_opacity, math.inf)
        return self._shown.image, self._shown.level

    def _choose(self, visible: Rect) -> None:
        """Shows the level that is wanted, or for the time being the nearest one, if that is there already."""
        self._moved, self._visible = False, visible
        wanted = self._flat(self._level)
        self._catch_up(wanted)
        if wanted.work(visible) > LITTLE:
            for flat in sorted(self._flats.values(), key=lambda flat: abs(flat.level - self._level)):
                self._catch_up(flat)
                if flat.work(visible) <= LITTLE:
                    self._shown, self._coming = flat, wanted
                    return
        self._arrive(wanted)

    def _catch_up(self, flat: Flat) -> None:
        if self._known is not None:
            scene, selected, live = self._known
            flat.sync(scene, selected=selected, live=live)

    @property
    def _seen_opacity(self) -> float:
        return self.opacity if self.overlay_visible else 0.0

    def _arrive(self, flat: Flat) -> None:
        self._shown, self._coming = flat, None
        kept = [each for each in self._flats.values() if each is flat or pixels_of(each.image) <= MOST_KEPT]
        self._flats = {each.level: each for each in kept}

    def _renew(self, *, base: bool = False) -> None:
        for flat in self._flats.values():
            flat.renew(base=base)

    def _found_base(self, size: tuple[int, int]) -> QImage:
        """What lies under the overlay at a level of that size; a smaller picture as it is."""
        if self._picture is None:
            return _paper(size, PAPER_DARK if self.dark else PAPER_LIGHT)
        place = self._place if self._preview is None else self._preview_place
        if place != WHOLE:
            return self._placed(self._picture, place, size)
        wide, high = self._picture.width(), self._picture.height()
        if (wide, high) == size or (wide <= size[0] and high <= size[1]):
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


def level_of(zoom: float) -> int:
    """The level at which a picture is shown at a zoom: so many times its sides are halved."""
    level = 0
    while level < LEVELS and zoom * 2**level < FINEST:
        level += 1
    return level


def pixels_of(image: QImage) -> int:
    """How many pixels an image has."""
    return image.width() * image.height()


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
