"""Transforms paint or colours, or the selected part of them: a box with handles, until it is applied."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF

from canvas.model.colour_layer import COLOURS
from canvas.model.document import Document, LiveMask
from canvas.model.tiled_mask import TiledMask
from canvas.paint.laying import lay
from canvas.paint.piece import Piece, piece_of, with_paint
from canvas.paint.shapes import Point
from canvas.paint.transforming import Box, Transform, turn
from canvas.view.tools.base import OneDrag, Sample, Surface, target

REACH = 11.0  # logical pixels about a handle in which it is grasped
HANDLE = 4.0  # half the side of a handle as it is drawn
STEP = math.pi / 12  # with Shift it turns by 15 degrees at a time
HANDLES: tuple[tuple[int, int], ...] = tuple(
    (x, y) for x, y in itertools.product((-1, 0, 1), repeat=2) if (x, y) != (0, 0)
)
CORNERS = ((-1, -1), (1, -1), (1, 1), (-1, 1))
LEAST = 1.0  # pixels that a side keeps
QUICK = 600_000  # pixels that are mapped within a frame; a larger piece is coarser while it is dragged
_SLANTS = (
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
)  # of a line from the middle of the box, by eighths of a turn


class Transformed(OneDrag):
    """Paint in a box. Each drag changes the box; what was there at the start stays what is mapped."""

    goes_on = True
    applies = True

    def __init__(self, surface: Surface, document: Document, any_id: str, piece: Piece) -> None:
        self._surface, self._document, self._any_id, self._piece = surface, document, any_id, piece
        self._scene = document.scene
        self._start = self._box = Box.of(piece.rect)
        self._held: tuple[Box, Point, tuple[int, int] | str] | None = None
        self._paint, self._step = piece.whole, 1
        self.cursor: Qt.CursorShape | None = None

    @property
    def outdated(self) -> bool:
        """Whether the scene is another one than that whose paint it holds."""
        return self._document.scene is not self._scene

    def press(self, sample: Sample) -> None:
        """Grasps a handle, the inside or the outside."""
        self._held = (self._box, sample.point, self._part_at(sample))

    def release(self, sample: Sample) -> None:
        """Lets go; the box stays, and the paint is as fine as the screen shows it."""
        self._held = None
        if self._box != self._start and self._step > self._screen_step():
            self._show(self._box)

    def move(self, sample: Sample) -> None:
        """Drags what is held; else shows what a press would grasp."""
        if self._held is None:
            self.cursor = self._shape_for(self._part_at(sample))
            return
        box, start, part = self._held
        if part == "inside":
            changed = self._snapped(_moved(box, start, sample))
        elif part == "outside":
            changed = _turned(box, start, sample)
        else:
            assert isinstance(part, tuple)
            grasped = box.place(*part)
            aim = self._surface.snapped(grasped[0] + sample.x - start[0], grasped[1] + sample.y - start[1])
            changed = _scaled(box, aim, sample, part)
        if changed != self._box:
            self._show(changed)

    def _snapped(self, box: Box) -> Box:
        """The box with its bounds on lines that are near."""
        corners = [box.place(*corner) for corner in CORNERS]
        (left, right), (top, bottom) = ((min(values), max(values)) for values in zip(*corners, strict=True))
        x, y = self._surface.snap_shift((left, top), (right, bottom))
        return replace(box, centre=(box.centre[0] + x, box.centre[1] + y))

    def _screen_step(self) -> int:
        """Pixels of the canvas that are one on the screen."""
        return max(1, int(1 / self._surface.viewport.zoom))

    def _lay(self, box: Box, step: int) -> None:
        self._paint, self._step = self._piece.mapped(box, step=step), step

    def _show(self, box: Box) -> None:
        self._box, step = box, self._screen_step()
        if self._held is not None:
            width, height = self._scene.size
            extents = (abs(factor) * length for factor, length in zip(box.scale, box.rect[2:], strict=True))
            step = max(step, math.ceil(math.sqrt(min(math.prod(extents), width * height) * self._piece.weight / QUICK)))
        self._lay(box, step)
        self._document.set_live(LiveMask(self._any_id, self._paint))
        across, down = (f"{factor * 100:.0f} %" for factor in box.scale)
        degrees = math.degrees(math.remainder(box.angle, 2 * math.pi))
        self._surface.say(f"{across} × {down}, {degrees:.0f}°. Enter applies it, Esc cancels.")

    def end(self) -> None:
        """Applies it: one undo step; the selection goes along."""
        scene = self._document.scene
        if self._box == self._start or scene is not self._scene:
            self._document.set_live(None)
            return
        if self._step > 1:
            self._lay(self._box, 1)
        changed = with_paint(scene, self._any_id, self._paint)
        if scene.selection is not None:
            patch = Transform(scene.selection.read(self._start.rect))(self._box, scene.size)
            selection = None if patch is None else lay(TiledMask(scene.size), patch)
            changed = changed.replace(selection=None if selection is None or selection.is_empty else selection)
        label = "Transform colours" if self._any_id == COLOURS else f"Transform “{scene.paintable(self._any_id).title}”"
        self._document.commit_live(changed, label)

    def abort(self) -> None:
        """It is as it was."""
        self._document.set_live(None)

    def outline(self) -> QPainterPath | None:
        """The box and its handles, which are of one size at every zoom."""
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(*self._box.place(*corner)) for corner in (*CORNERS, CORNERS[0])]))
        half = HANDLE / self._surface.viewport.scale
        for handle in HANDLES:
            x, y = self._box.place(*handle)
            path.addRect(QRectF(x - half, y - half, 2 * half, 2 * half))
        return path

    def _part_at(self, sample: Sample) -> tuple[int, int] | str:
        """The handle under the pointer, corners before edges, or "inside" or "outside"."""
        reach = REACH / self._surface.viewport.scale
        near = [
            (math.dist(self._box.place(*handle), sample.point), -abs(handle[0]) - abs(handle[1]), handle)
            for handle in HANDLES
        ]
        found = [(order, away, handle) for away, order, handle in near if away <= reach]
        x, y = self._box.within(sample.point)
        inside = abs(x) <= 1 and abs(y) <= 1
        small = min(abs(self._box.scale[axis]) * self._box.rect[2 + axis] for axis in (0, 1)) < 3 * reach
        if found and not (small and max(abs(x), abs(y)) < 0.5):  # there must be room to grasp a small one and move it
            return min(found)[2]
        return "inside" if inside else "outside"

    def _shape_for(self, part: tuple[int, int] | str) -> Qt.CursorShape:
        if part == "inside":
            return Qt.CursorShape.SizeAllCursor
        if isinstance(part, str):
            return Qt.CursorShape.PointingHandCursor
        x, y = (a - b for a, b in zip(self._box.place(*part), self._box.centre, strict=True))
        return _SLANTS[round(math.atan2(y, x) / (math.pi / 4)) % 4]


def _moved(box: Box, start: Point, sample: Sample) -> Box:
    """By whole pixels; Shift keeps it horizontal or vertical."""
    x, y = round(sample.x - start[0]), round(sample.y - start[1])
    if sample.shift:
        x, y = (x, 0) if abs(x) > abs(y) else (0, y)
    return replace(box, centre=(box.centre[0] + x, box.centre[1] + y))


def _turned(box: Box, start: Point, sample: Sample) -> Box:
    """About its middle; Shift by 15 degrees at a time."""
    before, now = (
        math.atan2(point[1] - box.centre[1], point[0] - box.centre[0]) for point in (start, sample.point)
    )  # fmt: skip
    angle = box.angle + now - before
    return replace(box, angle=round(angle / STEP) * STEP if sample.shift else angle)


def _scaled(box: Box, aim: Point, sample: Sample, handle: tuple[int, int]) -> Box:
    """The handle goes to where it is aimed, the one across stays; Shift keeps proportions, Ctrl or Alt the middle."""
    middle = sample.control or sample.alt
    fixed = box.centre if middle else box.place(-handle[0], -handle[1])
    grasped = box.place(*handle)
    was = turn((grasped[0] - fixed[0], grasped[1] - fixed[1]), -box.angle)
    now = turn((aim[0] - fixed[0], aim[1] - fixed[1]), -box.angle)
    if sample.shift:
        factor = (was[0] * now[0] + was[1] * now[1]) / (was[0] ** 2 + was[1] ** 2)
        factors = [factor, factor]
    else:
        factors = [now[axis] / was[axis] if handle[axis] else 1.0 for axis in (0, 1)]
    scale = [_kept(box.scale[axis] * factors[axis], box.rect[2 + axis]) for axis in (0, 1)]
    if middle:
        return replace(box, scale=(scale[0], scale[1]))
    reach = tuple(handle[axis] * scale[axis] * box.rect[2 + axis] / 2 for axis in (0, 1))
    out = turn((reach[0], reach[1]), box.angle)
    return replace(box, scale=(scale[0], scale[1]), centre=(fixed[0] + out[0], fixed[1] + out[1]))


def _kept(factor: float, length: int) -> float:
    """A factor by which a side of a length keeps a pixel."""
    return math.copysign(max(abs(factor), LEAST / length), factor)


class TransformTool:
    """Moves, scales, turns and mirrors paint."""

    name = "transform"
    cursor = Qt.CursorShape.CrossCursor
    hint = (
        "Drag inside the box to move, a handle to scale (Shift keeps the proportions, Ctrl the middle), outside to "
        "turn. Enter applies it, Esc cancels."
    )

    def stand(self, surface: Surface) -> Transformed | None:
        """The box about the paint there is; None for none."""
        document, any_id = surface.document, surface.selected_word
        if document is None or any_id is None or not document.scene.can_paint(any_id):
            return None
        thing = document.scene.paintable(any_id)
        if not thing.visible or getattr(thing, "locked", False):
            return None
        piece = piece_of(document.scene, any_id)
        return None if piece is None else Transformed(surface, document, any_id, piece)

    def begin(self, surface: Surface, sample: Sample) -> Transformed | None:
        """The box, grasped where the press is, or the reason why there is none."""
        found = target(surface)
        if found is None:
            return None
        document, thing = found
        piece = piece_of(document.scene, thing.id)
        if piece is None:
            if document.scene.selection is None:
                surface.say(f"“{thing.title}” has no paint to transform.")
            else:
                surface.say(f"“{thing.title}” has no paint in the selection to transform.")
            return None
        gesture = Transformed(surface, document, thing.id, piece)
        gesture.press(sample)
        return gesture
