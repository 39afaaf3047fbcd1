"""The gradients, straight and round: paint that is full where the drag begins and fades to nothing where it ends."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath

from canvas.model.colour_layer import ColourLayer
from canvas.model.document import Document
from canvas.model.scene import Paintable
from canvas.paint.covering import paint
from canvas.paint.shapes import gradient, radial
from canvas.view.tools.base import OneDrag, Sample, Surface, target


class Gradient(OneDrag):
    """A gradient that is being drawn."""

    def __init__(
        self, surface: Surface, sample: Sample, document: Document, thing: Paintable | ColourLayer, *, round_: bool
    ) -> None:
        self._document, self._thing, self._brush, self._round = document, thing, surface.brush, round_
        self._from = self._to = sample.point

    def move(self, sample: Sample) -> None:
        """It ends here; Shift keeps it horizontal or vertical."""
        x, y = sample.point
        if sample.shift:
            level = abs(x - self._from[0]) > abs(y - self._from[1])
            x, y = (x, self._from[1]) if level else (self._from[0], y)
        self._to = (x, y)

    def outline(self) -> QPainterPath | None:
        """From full to nothing."""
        path = QPainterPath(QPointF(*self._from))
        path.lineTo(QPointF(*self._to))
        reach = math.dist(self._from, self._to) if self._round else 1.0
        path.addEllipse(QPointF(*self._from), reach, reach)
        return path

    def end(self) -> None:
        """The paint is laid: one undo step."""
        scene = self._document.scene
        patch = (radial if self._round else gradient)(self._from, self._to, scene.size)
        if patch is None or not scene.can_paint(self._thing.id):
            return
        after = paint(
            scene,
            self._thing.id,
            patch,
            opacity=self._brush.opacity,
            erase=self._brush.erase,
            colour=self._brush.colour,
        )
        self._document.apply(after, f"Gradient of “{self._thing.title}”")


class GradientTool:
    """Lays a gradient of the word's paint: straight, or (`round_`) from a point to all sides."""

    snaps = True
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, *, round_: bool = False) -> None:
        self._round = round_
        self.name = "radial" if round_ else "gradient"
        self.hint = (
            "Drag from where the word should be full to where it should be gone, all around."
            if round_
            else "Drag from where the word should be full to where it should be gone. Shift keeps it horizontal or"
            " vertical."
        )

    def begin(self, surface: Surface, sample: Sample) -> Gradient | None:
        """Starts a gradient, or says why there is none."""
        found = target(surface)
        return None if found is None else Gradient(surface, sample, *found, round_=self._round)
