"""Brush and eraser: strokes on the chosen word, lines from the last one (Shift), and the brush's size (Ctrl)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath

from canvas.model.document import Document
from canvas.paint.brush import LIMITS
from canvas.paint.smoothing import Pulled
from canvas.paint.stroke import Stroke
from canvas.view.tools.base import OneDrag, Sample, Surface, target

STRING = 120.0  # logical pixels of the longest string of the stabiliser


class Paint(OneDrag):
    """One stroke of the brush or eraser on the selected word or style; the document tells the view what changed."""

    def __init__(self, surface: Surface, document: Document, word_id: str, sample: Sample, *, line: bool) -> None:
        brush = surface.brush
        if sample.erase and not brush.erase:
            brush = replace(brush, erase=True)
        self._surface = surface
        self._string = Pulled(sample.point, brush.smoothing * STRING / surface.viewport.scale)
        self._smooth = brush.smoothing > 0
        self._last = sample
        self._at = sample.point
        self._stroke = Stroke(document, word_id, brush)
        start = surface.last_point if line else None
        self._stroke.begin(*(start or self._at), sample.pressure, sample.time)
        if start is not None:
            self._stroke.extend(*self._at, sample.pressure, sample.time)

    def move(self, sample: Sample) -> None:
        """Paints on to the sample's place, or as near to it as the string pulls the brush."""
        self._last = sample
        if self._string.pull(sample.point) or not self._smooth:
            self._at = self._string.at
            self._stroke.extend(*self._at, sample.pressure, sample.time)

    def outline(self) -> QPainterPath | None:
        """The string."""
        if self._string.at == self._string.pointer:
            return None
        path = QPainterPath(QPointF(*self._string.at))
        path.lineTo(QPointF(*self._string.pointer))
        return path

    def end(self) -> None:
        """One undo entry for the whole stroke, which ends where the pointer is."""
        if self._at != self._last.point:
            self._at = self._last.point
            self._stroke.extend(*self._at, self._last.pressure, self._last.time)
        self._surface.last_point = self._at
        self._stroke.commit()

    def abort(self) -> None:
        """The mask is as it was before the stroke."""
        self._stroke.abort()


class Sizing(OneDrag):
    """The brush's diameter, by dragging to the right for larger and to the left for smaller."""

    def __init__(self, surface: Surface, sample: Sample) -> None:
        self._surface, self._from, self._before = surface, sample.view.x(), surface.brush

    def move(self, sample: Sample) -> None:
        """By as many pixels of the screen as the pointer moved, on both sides."""
        away = 2 * (sample.view.x() - self._from) / self._surface.viewport.scale
        low, high = LIMITS["diameter"]
        diameter = float(round(min(max(self._before.diameter + away, low), high)))
        self._surface.set_brush(replace(self._surface.brush, diameter=diameter))
        self._surface.say(f"Brush: {diameter:.0f} px")

    def abort(self) -> None:
        """It is as large as before."""
        self._surface.set_brush(replace(self._surface.brush, diameter=self._before.diameter))


class BrushTool:
    """Paints, or takes paint away where the brush is an eraser."""

    name = "brush"
    cursor = Qt.CursorShape.BlankCursor
    hint = (
        "Paint where the word should be. Shift-click draws a line, Ctrl-drag sizes the brush; right-click picks the "
        "word under the pointer."
    )

    def begin(self, surface: Surface, sample: Sample) -> Paint | Sizing | None:
        """Starts a stroke on the selected word, or says why there is none; with Ctrl the brush is sized."""
        if sample.control:
            return Sizing(surface, sample)
        found = target(surface)
        if found is None:
            return None
        return Paint(surface, found[0], found[1].id, sample, line=sample.shift)
