"""Brush and eraser: a stroke on the chosen word; with Shift a straight line from where the last stroke ended."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from canvas.model.document import Document
from canvas.paint.stroke import Stroke
from canvas.view.tools.base import OneDrag, Sample, Surface, target


class Paint(OneDrag):
    """One stroke of the brush or eraser on the selected word or style; the document tells the view what changed."""

    def __init__(self, surface: Surface, document: Document, word_id: str, sample: Sample, *, line: bool) -> None:
        brush = surface.brush
        if sample.erase and not brush.erase:
            brush = replace(brush, erase=True)
        self._surface = surface
        self._at = sample.point
        self._stroke = Stroke(document, word_id, brush)
        start = surface.last_point if line else None
        self._stroke.begin(*(start or self._at), sample.pressure, sample.time)
        if start is not None:
            self._stroke.extend(*self._at, sample.pressure, sample.time)

    def move(self, sample: Sample) -> None:
        """Paints on to the sample's place."""
        self._at = sample.point
        self._stroke.extend(*self._at, sample.pressure, sample.time)

    def end(self) -> None:
        """One undo entry for the whole stroke."""
        self._surface.last_point = self._at
        self._stroke.commit()

    def abort(self) -> None:
        """The mask is as it was before the stroke."""
        self._stroke.abort()


class BrushTool:
    """Paints, or takes paint away where the brush is an eraser."""

    name = "brush"
    cursor = Qt.CursorShape.BlankCursor
    hint = "Paint where the word should be. Shift-click draws a line; right-click picks the word under the pointer."

    def begin(self, surface: Surface, sample: Sample) -> Paint | None:
        """Starts a stroke on the selected word, or says why there is none."""
        found = target(surface)
        if found is None:
            return None
        return Paint(surface, found[0], found[1].id, sample, line=sample.shift)
