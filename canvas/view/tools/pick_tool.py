"""The word picker: a click takes the word whose paint lies under the pointer."""

from __future__ import annotations

from PySide6.QtCore import Qt

from canvas.view.tools.base import Sample, Surface


class PickTool:
    """Picks words from the canvas, as a right click does with every tool."""

    name = "pick"
    cursor = Qt.CursorShape.PointingHandCursor
    hint = "Click a word's paint or label to choose the word; click again for the one below."

    def begin(self, surface: Surface, sample: Sample) -> None:
        """Picks at once."""
        surface.pick(sample)
