"""The eyedropper: takes the colour under the pointer, from the colour layer or else from the picture."""

from __future__ import annotations

from PySide6.QtCore import Qt

from canvas.view.tools.base import OneDrag, Sample, Surface


class Picking(OneDrag):
    """A colour that is being looked for; the pointer may be dragged to it."""

    def __init__(self, surface: Surface, sample: Sample) -> None:
        self._surface, self._before = surface, surface.brush
        self.move(sample)

    def move(self, sample: Sample) -> None:
        """The colour here."""
        self._surface.take_colour(sample)

    def abort(self) -> None:
        """The colour is the one before."""
        self._surface.set_brush(self._before)


class EyedropperTool:
    """Takes colours from the canvas, as Alt-click does with every tool while the colours are painted."""

    name = "eyedropper"
    cursor = Qt.CursorShape.CrossCursor
    hint = "Click or drag to take a colour, from the painted colours or else from the picture."

    def begin(self, surface: Surface, sample: Sample) -> Picking:
        """Takes the colour at once, and others while it is dragged."""
        return Picking(surface, sample)
