"""What tools draw over the picture: the line of a shape that is being drawn, and the edge of the selection."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from canvas.model.guides import Guides
from canvas.model.tiled_mask import TiledMask
from canvas.paint.brush import Brush
from canvas.paint.edges import edges
from canvas.view import symmetry
from canvas.view.viewport import Viewport

DASH = 4.0  # logical pixels
CLOSEST = 6.0  # logical pixels between two lines of the grid
MARGIN = 3  # of what is redrawn about a line


class ToolLayer:
    """Lines in picture coordinates, drawn white with black dashes, so that they show on any picture."""

    def __init__(self) -> None:
        self._outline: QPainterPath | None = None
        self._selection: TiledMask | None = None
        self._lines: list[QLineF] = []
        self._brush = Brush()
        self._grid = 0
        self._guides: Guides = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        marks = (self._lines, self._grid, self._guides, self._symmetric)
        return self._outline is None and not any(marks)

    def set_grid(self, step: int) -> None:
        """Show a grid of squares of `step` pixels; 0 for none."""
        self._grid = step

    @property
    def _symmetric(self) -> bool:
        return self._brush.mirror_x or self._brush.mirror_y or self._brush.turns > 1

    def set_brush(self, brush: Brush) -> bool:
        """Show the axes about which strokes are repeated; says whether that is news."""
        before, self._brush = self._brush, brush
        return any(getattr(before, name) != getattr(brush, name) for name in ("mirror_x", "mirror_y", "turns", "axis"))

    def set_guides(self, guides: Guides) -> bool:
        """Show other guides; says whether that is news."""
        before, self._guides = self._guides, guides
        return before != guides

    def set_outline(self, path: QPainterPath | None, viewport: Viewport) -> QRect:
        """Another line of a gesture, or none; returns what must be drawn anew, in the view."""
        before, self._outline = self._outline, path
        return self._area(before, viewport).united(self._area(path, viewport))

    def set_selection(self, mask: TiledMask | None) -> bool:
        """Another selection; says whether it is another one."""
        if mask is self._selection:
            return False
        self._selection = mask
        found = np.zeros((0, 4), np.float32) if mask is None else edges(mask)
        self._lines = [QLineF(*line) for line in found.tolist()]
        return True

    def draw(self, painter: QPainter, rect: QRect, viewport: Viewport, *, guides: bool = True) -> None:
        """Draw what shows in `rect` of the view, with the guides or without."""
        if self.empty:
            return
        painter.save()
        painter.setClipRect(rect)
        left, top = viewport.corner
        painter.setTransform(QTransform(viewport.scale, 0, 0, viewport.scale, left, top), True)
        if self._grid:
            painter.setPen(_grid_pen())
            painter.drawLines(_grid_lines(self._grid, viewport))
        if guides and self._guides:
            width, height = viewport.picture
            painter.setPen(_guide_pen())
            painter.drawLines(
                [
                    QLineF(each.at, 0, each.at, height) if each.upright else QLineF(0, each.at, width, each.at)
                    for each in self._guides
                ]
            )
        lines = [*self._lines, *symmetry.lines(self._brush, viewport.picture)]
        for pen in _pens():
            painter.setPen(pen)
            if lines:
                painter.drawLines(lines)
            if self._outline is not None:
                painter.drawPath(self._outline)
        painter.restore()
        if self._symmetric:
            self._draw_grips(painter, viewport)

    def _draw_grips(self, painter: QPainter, viewport: Viewport) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("black"), 1.4))
        painter.setBrush(QColor("white"))
        for place in symmetry.grips(self._brush, viewport).values():
            painter.drawEllipse(place, symmetry.GRIP, symmetry.GRIP)
        painter.restore()

    def _area(self, path: QPainterPath | None, viewport: Viewport) -> QRect:
        if path is None:
            return QRect()
        box = path.boundingRect()
        x0, y0 = viewport.to_view(box.left(), box.top())
        x1, y1 = viewport.to_view(box.right(), box.bottom())
        area = QRect(round(x0), round(y0), round(x1 - x0) + 1, round(y1 - y0) + 1)
        return area.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)


def _grid_lines(step: int, viewport: Viewport) -> list[QLineF]:
    """Of every so many squares that lines stand apart on the screen."""
    while step * viewport.scale < CLOSEST:
        step *= 2
    width, height = viewport.picture
    return [
        *(QLineF(x, 0, x, height) for x in range(step, width, step)),
        *(QLineF(0, y, width, y) for y in range(step, height, step)),
    ]


def _grid_pen() -> QPen:
    pen = QPen(QColor(128, 128, 128, 150), 1.0)
    pen.setCosmetic(True)
    return pen


def _guide_pen() -> QPen:
    pen = QPen(QColor(0, 170, 220, 220), 1.2)
    pen.setCosmetic(True)
    return pen


def _pens() -> tuple[QPen, QPen]:
    """White, and black dashes on it, one logical pixel wide at every zoom."""
    white, black = QPen(QColor("white"), 1.4), QPen(QColor("black"), 1.4)
    for pen in (white, black):
        pen.setCosmetic(True)
    black.setStyle(Qt.PenStyle.CustomDashLine)
    black.setDashPattern([DASH, DASH])
    return white, black
