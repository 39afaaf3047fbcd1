"""Moves the paint of the chosen word, or the colours, or the part of them that is selected."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath

from canvas.model.colour_layer import COLOURS
from canvas.model.document import Document, LiveMask
from canvas.model.tiled_mask import TiledMask
from canvas.paint.laying import Patch, lay
from canvas.paint.piece import Piece, piece_of, with_paint
from canvas.view.tools.base import OneDrag, Sample, Surface, target


class Moved(OneDrag):
    """Paint that is being moved; the selection goes along."""

    def __init__(self, surface: Surface, document: Document, any_id: str, piece: Piece, sample: Sample) -> None:
        self._surface = surface
        self._document, self._any_id, self._piece, self._from = document, any_id, piece, sample.point
        self._scene = document.scene
        self._by = (0, 0)
        self._paint = piece.whole

    def move(self, sample: Sample) -> None:
        """Whole pixels away; Shift keeps it horizontal or vertical."""
        x, y = round(sample.x - self._from[0]), round(sample.y - self._from[1])
        if sample.shift:
            x, y = (x, 0) if abs(x) > abs(y) else (0, y)
        left, top, width, height = self._piece.rect
        snap = self._surface.snap_shift((left + x, top + y), (left + x + width, top + y + height))
        x, y = x + round(snap[0]), y + round(snap[1])
        if (x, y) == self._by:
            return
        self._by = (x, y)
        self._paint = self._piece.moved(self._by)
        self._document.set_live(LiveMask(self._any_id, self._paint))

    def end(self) -> None:
        """One undo step."""
        scene = self._document.scene
        if self._by == (0, 0) or scene is not self._scene:
            self._document.set_live(None)
            return
        selection = scene.selection and _laid(TiledMask(scene.size), scene.selection, self._by)
        moved = with_paint(scene, self._any_id, self._paint).replace(selection=selection or None)
        label = "Move colours" if self._any_id == COLOURS else f"Move “{scene.paintable(self._any_id).title}”"
        self._document.commit_live(moved, label)

    def abort(self) -> None:
        """It is where it was."""
        self._document.set_live(None)

    def outline(self) -> QPainterPath | None:
        """The paint itself shows where it goes."""
        return None


def _laid(rest: TiledMask, part: TiledMask, by: tuple[int, int]) -> TiledMask:
    bounds = part.bounds()
    if bounds is None:
        return rest
    return lay(rest, Patch(bounds[0] + by[0], bounds[1] + by[1], part.read(bounds)))


class MoveTool:
    """Moves paint."""

    name = "move"
    cursor = Qt.CursorShape.SizeAllCursor
    hint = "Drag to move the chosen word's paint, or the selected part of it. Shift keeps it horizontal or vertical."

    def begin(self, surface: Surface, sample: Sample) -> Moved | None:
        """Starts to move, or says why it cannot."""
        found = target(surface)
        if found is None:
            return None
        document, thing = found
        piece = piece_of(document.scene, thing.id)
        if piece is None:
            if document.scene.selection is None:
                surface.say(f"“{thing.title}” has no paint to move.")
            else:
                surface.say(f"“{thing.title}” has no paint in the selection to move.")
            return None
        return Moved(surface, document, thing.id, piece, sample)
