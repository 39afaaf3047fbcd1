"""Selections: the same shapes, drawn to say where tools work."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from canvas.model.document import Document
from canvas.paint import selecting
from canvas.paint.laying import Patch
from canvas.view.tools.base import Sample, Surface
from canvas.view.tools.outlines import Drawing

MODES = {
    (False, False): selecting.REPLACE,
    (True, False): selecting.ADD,
    (False, True): selecting.SUBTRACT,
    (True, True): selecting.INTERSECT,
}


class SelectedShape(Drawing):
    """A shape that is being drawn for the selection."""

    def __init__(self, kind: str, sample: Sample, document: Document) -> None:
        super().__init__(kind, sample, document.scene.size)
        self._document = document
        self._mode = MODES[sample.shift, sample.control]
        self._held = (sample.shift, sample.control)

    def move(self, sample: Sample) -> None:
        """The keys that chose the mode form the shape only after they were let go once."""
        self._held = (self._held[0] and sample.shift, self._held[1] and sample.control)
        shift, control = sample.shift and not self._held[0], sample.control and not self._held[1]
        super().move(replace(sample, shift=shift, control=control))

    def done(self, patch: Patch | None) -> None:
        """The selection is another one: one undo step. A click that draws nothing selects everything again."""
        scene = self._document.scene
        drawn = selecting.of_patch(patch, scene.size)
        if drawn.is_empty and self._mode != selecting.REPLACE:
            return
        selection = selecting.combined(scene.selection, drawn, self._mode)
        if selection is not scene.selection:
            self._document.apply(scene.replace(selection=selection), "Select" if selection else "Select everything")


class SelectTool:
    """Draws one kind of selection: "rectangle", "ellipse", "lasso" or "polygon"."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, kind: str) -> None:
        self.snaps = kind != "lasso"
        self._kind = kind
        self.name = f"select-{kind}"
        self.hint = (
            "Select the area in which tools work. Shift adds, Ctrl subtracts, both intersect; a click deselects."
        )

    def begin(self, surface: Surface, sample: Sample) -> SelectedShape | None:
        """Starts the shape."""
        return None if surface.document is None else SelectedShape(self._kind, sample, surface.document)
