"""A word's heatmap over the picture: its colour where the heat is, dusk elsewhere, and the lines that matter."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from canvas.model.tiled_mask import TiledMask
from canvas.paint import heatmap_mask
from canvas.view import qimage
from canvas.view.viewport import Viewport

SIDE = 640  # of the drawn image, whatever the picture's size: fine lines on small pictures, quick on large ones
DUSK, TINT = 0.62, 0.66  # how dark the picture is where there is no heat, how strong the colour where it peaks
DASH = 12
_WHITE, _BLACK = np.uint32(0xFFFFFFFF), np.uint32(0xB0000000)


class HeatLayer:
    """Holds the heatmap that is shown, and the image that is drawn for it."""

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._pixels: np.ndarray | None = None  # the image's memory
        self._made_of: tuple[np.ndarray, str, tuple[int, int], TiledMask | None] | None = None

    @property
    def shows(self) -> bool:
        """Whether there is a heatmap."""
        return self._image is not None

    def set_heat(self, values: np.ndarray | None, color: str, size: tuple[int, int], paint: TiledMask | None) -> None:
        """Another heatmap `[h, w]` of a picture of that size (None, or one without heat: none), and the word's paint.

        A white line goes around what would be kept as paint, a dashed one around the paint that is there.
        """
        if values is None or not heatmap_mask.usable(values):
            self._image = self._pixels = self._made_of = None
            return
        known = self._made_of
        if known is not None and known[1:3] == (color, size) and known[3] is paint and np.array_equal(known[0], values):
            return
        self._made_of = (values.copy(), color, size, paint)
        scale = SIDE / max(size)
        drawn = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
        inside = None if paint is None or paint.is_empty else _painted(paint, drawn)
        self._pixels = _composed(heatmap_mask.grown(values, drawn), color, inside)
        self._image = qimage.wrap_argb(self._pixels, drawn)

    def draw(self, painter: QPainter, rect: QRect, viewport: Viewport) -> None:
        """Draw the part that shows in `rect` of the view."""
        if self._image is None:
            return
        left, top = viewport.corner
        width, height = viewport.picture[0] * viewport.scale, viewport.picture[1] * viewport.scale
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, top, width, height), self._image)
        painter.restore()


def _painted(paint: TiledMask, size: tuple[int, int]) -> np.ndarray:
    """Where a mask is painted, as bits at another size: large ones by samples, since it is made again at each step."""
    if max(paint.size) <= max(size):
        return paint.resized(size).to_array() >= 128
    columns, rows = ((np.arange(n) + 0.5) * (whole / n) for n, whole in zip(size, paint.size, strict=True))
    return paint.to_array()[np.ix_(rows.astype(int), columns.astype(int))] >= 128


def _composed(shares: np.ndarray, color: str, painted: np.ndarray | None) -> np.ndarray:
    """Premultiplied 0xAARRGGBB, uint32 `[h, w]`; by table and by bits, since it is made again at each step."""
    pixels = _inks(color)[(shares * np.float32(255) + np.float32(0.5)).astype(np.uint8)]
    lines = _border(shares >= heatmap_mask.KEPT_SHARE)
    if painted is not None:
        ys, xs = np.ogrid[: shares.shape[0], : shares.shape[1]]
        lines |= _border(painted) & ((xs + ys) % DASH < DASH // 2)
    pixels[_spread(lines)] = _BLACK
    pixels[lines] = _WHITE
    return pixels


@lru_cache(maxsize=64)
def _inks(color: str) -> np.ndarray:
    """The pixel for each 255th of the peak."""
    shares = np.arange(256, dtype=np.float32) / 255
    tint = TINT * shares
    alpha = tint + DUSK * (1 - shares) ** 2 * (1 - tint)
    red, green, blue = (np.rint(int(color[i : i + 2], 16) * tint).astype(np.uint32) for i in (1, 3, 5))
    return np.rint(alpha * 255).astype(np.uint32) << 24 | red << 16 | green << 8 | blue


def _border(inside: np.ndarray) -> np.ndarray:
    """The pixels on both sides of where a bit changes."""
    border = np.zeros(inside.shape, bool)
    down, right = inside[1:] ^ inside[:-1], inside[:, 1:] ^ inside[:, :-1]
    border[1:] |= down
    border[:-1] |= down
    border[:, 1:] |= right
    border[:, :-1] |= right
    return border


def _spread(lines: np.ndarray) -> np.ndarray:
    """The lines a pixel wider on each side."""
    wide = lines.copy()
    wide[1:] |= lines[:-1]
    wide[:-1] |= lines[1:]
    across = wide.copy()
    wide[:, 1:] |= across[:, :-1]
    wide[:, :-1] |= across[:, 1:]
    return wide
