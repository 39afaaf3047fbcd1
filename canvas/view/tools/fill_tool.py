"""The bucket: fills the place under the pointer up to the paint of other words."""

from __future__ import annotations

from PySide6.QtCore import Qt

from canvas.paint.covering import paint
from canvas.paint.flood import flood
from canvas.view.tools.base import Sample, Surface, target


class FillTool:
    """A click fills; with the eraser, or with Ctrl held, it takes the word's paint away there."""

    name = "fill"
    cursor = Qt.CursorShape.PointingHandCursor
    hint = "Click to fill up to the paint of other words. Ctrl-click removes the word's paint there."

    def begin(self, surface: Surface, sample: Sample) -> None:
        """Fills at once: one undo step."""
        found = target(surface)
        if found is None:
            return
        document, thing = found
        patch = flood(document.scene, thing.id, *sample.pixel)
        if patch is None:
            surface.say("Another word is painted there. Click where there is no paint.")
            return
        erase = surface.brush.erase or sample.erase or sample.control
        after = paint(
            document.scene, thing.id, patch, opacity=surface.brush.opacity, erase=erase, colour=surface.brush.colour
        )
        document.apply(after, f"{'Clear' if erase else 'Fill'} an area of “{thing.title}”")
