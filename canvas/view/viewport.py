"""Where the picture lies on the screen: zoom, pan and the exact map between view and picture, without Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

MIN_ZOOM = 0.05
MAX_ZOOM = 32.0
KEEP_VISIBLE = 48.0  # logical pixels of the picture that can never be panned out of the view
ZOOM_STOPS = (0.05, 0.1, 0.17, 0.25, 0.33, 0.5, 0.67, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0)

Rect = tuple[int, int, int, int]
"""`(x, y, width, height)` in whole pixels."""


def clip_rect(rect: Rect, size: tuple[int, int]) -> Rect:
    """The part of `rect` within `(0, 0, *size)`; width and height are 0 where nothing is left."""
    x0, y0 = max(0, rect[0]), max(0, rect[1])
    x1, y1 = min(size[0], rect[0] + rect[2]), min(size[1], rect[1] + rect[3])
    return (x0, y0, max(0, x1 - x0), max(0, y1 - y0))


@dataclass(frozen=True)
class Viewport:
    """One state of the view.

    Attributes:
        view: size of the widget in logical pixels.
        picture: size of the picture in its own pixels.
        zoom: physical screen pixels for each picture pixel, so that 1 is 100 % on every screen.
        origin: where the picture's top left corner lies, in logical pixels of the view, before snapping.
        dpr: physical pixels for each logical pixel.
    """

    view: tuple[float, float] = (1.0, 1.0)
    picture: tuple[int, int] = (1, 1)
    zoom: float = 1.0
    origin: tuple[float, float] = (0.0, 0.0)
    dpr: float = 1.0

    @property
    def scale(self) -> float:
        """Logical pixels for each picture pixel."""
        return self.zoom / self.dpr

    @property
    def corner(self) -> tuple[float, float]:
        """The origin snapped to whole physical pixels: for drawing and mapping alike, so that 100 % is crisp."""
        return (round(self.origin[0] * self.dpr) / self.dpr, round(self.origin[1] * self.dpr) / self.dpr)

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """A place in the view (logical pixels) as continuous picture coordinates; pixel i covers [i, i+1)."""
        left, top = self.corner
        return ((x - left) / self.scale, (y - top) / self.scale)

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """Picture coordinates as a place in the view, in logical pixels."""
        left, top = self.corner
        return (left + x * self.scale, top + y * self.scale)

    def view_rect(self, rect: Rect, *, margin: float = 1.0) -> Rect:
        """The whole logical pixels that a rect of the picture can touch, with `margin` picture pixels for smoothing."""
        x0, y0 = self.to_view(rect[0] - margin, rect[1] - margin)
        x1, y1 = self.to_view(rect[0] + rect[2] + margin, rect[1] + rect[3] + margin)
        left, top = math.floor(x0), math.floor(y0)
        return (left, top, math.ceil(x1) - left, math.ceil(y1) - top)

    def picture_rect(self, rect: Rect, *, margin: int = 2) -> Rect:
        """The picture pixels that a rect of the view shows, with a margin for smoothing, clipped to the picture."""
        x0, y0 = self.to_picture(rect[0], rect[1])
        x1, y1 = self.to_picture(rect[0] + rect[2], rect[1] + rect[3])
        left, top = math.floor(x0) - margin, math.floor(y0) - margin
        return clip_rect((left, top, math.ceil(x1) + margin - left, math.ceil(y1) + margin - top), self.picture)

    def resized(self, view: tuple[float, float], dpr: float) -> Viewport:
        """The same picture centre in a view of another size or on another screen."""
        dx, dy = (view[0] - self.view[0]) / 2, (view[1] - self.view[1]) / 2
        middle = self.to_picture(self.view[0] / 2, self.view[1] / 2)
        moved = replace(self, view=view, dpr=dpr, origin=(self.origin[0] + dx, self.origin[1] + dy))
        if dpr != self.dpr:
            scale = moved.scale
            moved = replace(moved, origin=(view[0] / 2 - middle[0] * scale, view[1] / 2 - middle[1] * scale))
        return moved.kept()

    def zoomed(self, zoom: float, x: float, y: float) -> Viewport:
        """Another zoom, with the picture point under `(x, y)` of the view held where it is."""
        zoom = min(MAX_ZOOM, max(MIN_ZOOM, zoom))
        factor = zoom / self.zoom
        origin = (x - (x - self.origin[0]) * factor, y - (y - self.origin[1]) * factor)
        return replace(self, zoom=zoom, origin=origin).kept()

    def panned(self, dx: float, dy: float) -> Viewport:
        """The picture moved by a distance in logical pixels."""
        return replace(self, origin=(self.origin[0] + dx, self.origin[1] + dy)).kept()

    def centred(self, zoom: float) -> Viewport:
        """The picture in the middle of the view at a zoom."""
        zoom = min(MAX_ZOOM, max(MIN_ZOOM, zoom))
        scale = zoom / self.dpr
        origin = ((self.view[0] - self.picture[0] * scale) / 2, (self.view[1] - self.picture[1] * scale) / 2)
        return replace(self, zoom=zoom, origin=origin)

    def fitted(self, *, border: float = 24.0, foot: float = 0.0) -> Viewport:
        """The whole picture as large as the view holds, with a border in logical pixels where there is room.

        Args:
            foot: how much of the view's lower edge something else covers.
        """
        border = min(border, self.view[0] / 8, self.view[1] / 8)
        more = min(max(0.0, foot - border), self.view[1] / 4)
        room = (max(1.0, self.view[0] - 2 * border), max(1.0, self.view[1] - 2 * border - more))
        found = self.centred(min(room[0] / self.picture[0], room[1] / self.picture[1]) * self.dpr)
        return found if not more else replace(found, origin=(found.origin[0], found.origin[1] - more / 2))

    def kept(self) -> Viewport:
        """The same, moved so that a strip of the picture stays in the view."""
        origin = []
        for axis in (0, 1):
            length = self.picture[axis] * self.scale
            strip = min(KEEP_VISIBLE, length, self.view[axis])
            origin.append(min(max(self.origin[axis], strip - length), self.view[axis] - strip))
        return replace(self, origin=(origin[0], origin[1]))


def next_stop(zoom: float, *, up: bool) -> float:
    """The next round zoom above or below."""
    stops = ZOOM_STOPS if up else tuple(reversed(ZOOM_STOPS))
    for stop in stops:
        if (stop > zoom * 1.001) if up else (stop < zoom * 0.999):
            return stop
    return stops[-1]
