"""Rectangle, ellipse, lasso and polygon: the inside of a shape becomes the chosen word's paint."""

from __future__ import annotations

from PySide6.QtCore import Qt

from canvas.model.colour_layer import ColourLayer
from canvas.model.document import Document
from canvas.model.scene import Paintable
from canvas.paint.covering import paint
from canvas.paint.laying import Patch
from canvas.view.tools.base import Sample, Surface, target
from canvas.view.tools.outlines import Drawing

HINTS = {
    "rectangle": "Drag a rectangle. Shift makes it a square, Ctrl draws it from its middle.",
    "ellipse": "Drag an ellipse. Shift makes it a circle, Ctrl draws it from its middle.",
    "lasso": "Draw around the area to paint.",
    "polygon": "Click corner by corner; a double click, Enter or a click on the first corner closes it.",
}


class PaintedShape(Drawing):
    """A shape that is being drawn for the paint."""

    def __init__(
        self, kind: str, sample: Sample, surface: Surface, document: Document, thing: Paintable | ColourLayer
    ) -> None:
        super().__init__(kind, sample, document.scene.size)
        self._document, self._thing, self._brush = document, thing, surface.brush
        self._erase = surface.brush.erase or sample.erase
        self._kind = kind

    def done(self, patch: Patch | None) -> None:
        """The inside is painted, or taken away with the eraser: one undo step."""
        scene = self._document.scene
        if patch is None or not scene.can_paint(self._thing.id):
            return
        after = paint(
            scene, self._thing.id, patch, opacity=self._brush.opacity, erase=self._erase, colour=self._brush.colour
        )
        verb = "Erase" if self._erase else "Paint"
        self._document.apply(after, f"{verb} {self._kind} of “{self._thing.title}”")


class ShapeTool:
    """Draws one kind of shape: "rectangle", "ellipse", "lasso" or "polygon"."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, kind: str) -> None:
        self.snaps = kind != "lasso"
        self.name = kind
        self.hint = HINTS[kind]

    def begin(self, surface: Surface, sample: Sample) -> PaintedShape | None:
        """Starts the shape, or says why there is none."""
        found = target(surface)
        return None if found is None else PaintedShape(self.name, sample, surface, *found)
