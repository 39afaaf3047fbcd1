"""Moves the chosen word's paint, or the part of it that is selected."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath

from canvas.model.document import Document, LiveMask
from canvas.model.tiled_mask import TiledMask
from canvas.paint.laying import Patch, lay
from canvas.view.tools.base import OneDrag, Sample, Surface, target_with_mask


class Moved(OneDrag):
    """Paint that is being moved; the selection goes along."""

    def __init__(self, document: Document, word_id: str, sample: Sample) -> None:
        self._document, self._word_id, self._from = document, word_id, sample.point
        scene = document.scene
        self._scene = scene
        mask = scene.masks[word_id]
        if scene.selection is None:
            self._rest, self._taken = TiledMask(scene.size), mask
        else:
            values, chosen = mask.to_array().astype(np.uint16), scene.selection.to_array()
            part = ((values * chosen + 127) // 255).astype(np.uint8)
            self._rest = TiledMask.from_array((values - part).astype(np.uint8))
            self._taken = TiledMask.from_array(part)
        self._by = (0, 0)
        self._mask = mask

    def move(self, sample: Sample) -> None:
        """Whole pixels away; Shift keeps it level or upright."""
        x, y = round(sample.x - self._from[0]), round(sample.y - self._from[1])
        if sample.shift:
            x, y = (x, 0) if abs(x) > abs(y) else (0, y)
        if (x, y) == self._by:
            return
        self._by = (x, y)
        self._mask = _laid(self._rest, self._taken, self._by)
        self._document.set_live(LiveMask(self._word_id, self._mask))

    def end(self) -> None:
        """One undo step."""
        scene = self._document.scene
        if self._by == (0, 0) or scene is not self._scene:
            self._document.set_live(None)
            return
        selection = scene.selection and _laid(TiledMask(scene.size), scene.selection, self._by)
        moved = scene.with_mask(self._word_id, self._mask).replace(selection=selection or None)
        self._document.commit_live(moved, f"Move “{scene.paintable(self._word_id).title}”")

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
    hint = "Drag to move the chosen word's paint, or what is selected of it. Shift keeps it level or upright."

    def begin(self, surface: Surface, sample: Sample) -> Moved | None:
        """Starts to move, or says why it cannot."""
        found = target_with_mask(surface)
        if found is None:
            return None
        if found[0].scene.masks[found[1].id].is_empty:
            surface.say(f"“{found[1].title}” has no paint to move.")
            return None
        return Moved(found[0], found[1].id, sample)
