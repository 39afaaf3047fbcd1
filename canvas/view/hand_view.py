"""The painter's hand on the canvas: brush, tool and cursor, and what gestures ask of the view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainterPath
from PySide6.QtWidgets import QWidget

from canvas.model.document import Document
from canvas.model.guides import Guides
from canvas.paint.brush import Brush
from canvas.view import gestures
from canvas.view.brush_cursor import BrushCursor, Ring
from canvas.view.guide_hand import GuideHand
from canvas.view.input import Input
from canvas.view.overlay_view import OverlayView
from canvas.view.precompute import Preparing
from canvas.view.rulers import Rulers
from canvas.view.snapping import REACH, Lines
from canvas.view.symmetry import MoveAxis
from canvas.view.tool_layer import ToolLayer
from canvas.view.tools.base import Gesture, Sample, Standing, Tool
from canvas.view.tools.brush_tool import BrushTool

GRID = 64  # pixels of the picture along a side of the grid's squares
VIEWING = (gestures.Pan, gestures.Rotate, MoveAxis)
"""Gestures that paint nothing."""


class HandView(OverlayView):
    """Holds the brush and one tool, and turns what the pointer does into gestures.

    Signals:
        brush_changed: another size, hardness, opacity, or eraser instead of brush.
        tool_changed: the name of the tool that is in the hand now.
        stroke_started, stroke_finished: a stroke began; it ended (also where it was aborted).
        message: a hint for the status line.
    """

    brush_changed = Signal()
    tool_changed = Signal(str)
    stroke_started = Signal()
    stroke_finished = Signal()
    message = Signal(str)

    def __init__(self, size: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(size, parent)
        self.last_point: tuple[float, float] | None = None
        self._document: Document | None = None
        self.sentence: Callable[[str], str] = str
        """Says a sentence of the view in the language of the program."""
        self._brush = Brush()
        self._tool: Tool = BrushTool()
        self._tool_layer = ToolLayer()
        self._cursor = BrushCursor(self)
        self._input = Input(self)
        self._preparing = Preparing(self, self._brush, self._prepare)
        self.rulers = Rulers(self, GuideHand(self))
        self._grid_step, self._grid_shown, self._snaps = GRID, False, False

    @property
    def document(self) -> Document | None:
        """The document that is shown and painted on."""
        return self._document

    @property
    def selected_word(self) -> str | None:
        """The id of the word, or of the style with an area, that the brush paints; None for none."""
        raise NotImplementedError

    def pick(self, sample: Sample) -> None:
        """Selects the word whose label or paint lies under the pointer; once more goes to the one below."""
        raise NotImplementedError

    def take_colour(self, sample: Sample) -> None:
        """The brush takes the colour under the pointer."""
        raise NotImplementedError

    def _place_labels(self) -> None:
        """Puts the names where the paint is now."""
        raise NotImplementedError

    def _labels_later(self) -> None:
        """Does so as soon as nothing else is to be done."""
        raise NotImplementedError

    def _prepare(self, seconds: float) -> bool:
        """Does for as long as that what can wait till nothing else is to be done; says whether there is more."""
        return self._layers.prepare(seconds)

    @property
    def painting(self) -> bool:
        """Whether a tool is at work."""
        return self._input.painting

    @property
    def brush(self) -> Brush:
        """The brush; assign another to change it (`set_brush`)."""
        return self._brush

    @brush.setter
    def brush(self, brush: Brush) -> None:
        self.set_brush(brush)

    def set_brush(self, brush: Brush) -> None:
        """Another brush; a running stroke goes on with its own."""
        self._wake_overlays()
        if brush == self._brush:
            return
        self._brush = brush
        if self._tool_layer.set_brush(brush):
            self.update()
        self._preparing.set_brush(brush)
        self._look_ring()
        self.brush_changed.emit()

    @property
    def tool(self) -> Tool:
        """The tool in the hand."""
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Another tool; what the one before had begun is applied where it stands till then, else given up."""
        if tool.name == self._tool.name:
            return
        self._input.leave()
        self._tool = tool
        self._cursor.set_shape(tool.cursor)
        self.tool_changed.emit(tool.name)
        self._stand()

    def _stand(self) -> None:
        """Begins what the tool has to show at once."""
        if isinstance(self._tool, Standing) and self._input.standing is None:
            gesture = self._tool.stand(self)
            if gesture is not None:
                self._input.start(gesture)

    def apply_pending(self) -> None:
        """Applies a transformation that waits for Enter, so that what is made or saved has it."""
        standing = self._input.standing
        if standing is not None and standing.applies:
            self._input.leave()

    def undo_pending(self) -> bool:
        """Gives a change that waits for Enter up; says whether there was one, which is then what Undo undid."""
        if self._input.standing is None or self._document is None or self._document.live is None:
            return False
        self._input.abort()
        self._stand()
        return True

    def set_grid(self, *, shown: bool | None = None, step: int | None = None) -> None:
        """Shows a grid over the picture, or no longer; or makes its squares `step` pixels large."""
        self._grid_shown = self._grid_shown if shown is None else shown
        self._grid_step = self._grid_step if step is None else step
        self._tool_layer.set_grid(self._grid_step if self._grid_shown else 0)
        self.update()

    def set_snapping(self, on: bool) -> None:
        """Lets places snap to guides, to the grid where it is shown, and to the canvas' edges and middle."""
        self._snaps = on

    def show_guides(self, guides: Guides) -> None:
        """Draws these guides, which need not be the scene's while one is dragged."""
        if self._tool_layer.set_guides(guides):
            self.rulers.mark(guides)
            self.update()

    def snapped(self, x: float, y: float) -> tuple[float, float]:
        """A place of the picture, or the place on a line near it."""
        lines = self._lines()
        return (x, y) if lines is None else lines.place((x, y), REACH / self.viewport.scale)

    def snap_shift(self, low: tuple[float, float], high: tuple[float, float]) -> tuple[float, float]:
        """How far a box of the picture is moved to lie on lines near it."""
        lines = self._lines()
        return (0.0, 0.0) if lines is None else lines.shift(low, high, REACH / self.viewport.scale)

    def _lines(self) -> Lines | None:
        if not self._snaps or self._document is None:
            return None
        scene = self._document.scene
        return Lines(scene.size, scene.guides, self._grid_step if self._grid_shown else 0)

    def use_brush(self) -> None:
        """From now on strokes add paint."""
        self.set_brush(replace(self._brush, erase=False))

    def use_eraser(self) -> None:
        """From now on strokes take paint away."""
        self.set_brush(replace(self._brush, erase=True))

    def grow_brush(self, steps: int = 1) -> None:
        """A larger brush by a factor for each step; negative steps shrink it."""
        self.set_brush(replace(self._brush, diameter=gestures.stepped_diameter(self._brush.diameter, steps)))

    def shrink_brush(self) -> None:
        """A smaller brush by one step."""
        self.grow_brush(-1)

    def abort_stroke(self) -> bool:
        """Gives a running stroke up without a trace; says whether there was one."""
        return self.painting and self._input.abort()

    def _pointer(self) -> QPointF | None:
        return self._cursor.at

    def _viewport_changed(self, *, zoomed: bool) -> None:
        if self._input.standing is not None:
            self.gesture_moved(self._input.standing)  # its handles are of one size at every zoom
        self._look_ring()
        self.rulers.follow()
        self.update()

    def say(self, text: str) -> None:
        """A hint for the user."""
        self.message.emit(text)

    def tell(self, text: str) -> None:
        """Says where the cursor of the keys is and what it does, in the status line and to screen readers."""
        self.say(text)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.sentence(text)))

    def gesture_begun(self, gesture: Gesture) -> None:
        """A gesture is under way."""
        if not isinstance(gesture, VIEWING):
            self.set_overlays_visible(True)  # who paints wants to see paint, then and afterwards
            self._show_overlays()
            self.gesture_moved(gesture)
            self.stroke_started.emit()
        else:
            self._cursor.set_shape(Qt.CursorShape.ClosedHandCursor)

    def gesture_moved(self, gesture: Gesture) -> None:
        """A gesture went on: its line is another one."""
        self._draw_outline((self._input.standing or gesture).outline())
        if gesture.cursor is not None:
            self._cursor.set_shape(gesture.cursor)

    def _draw_outline(self, path: QPainterPath | None) -> None:
        area = self._tool_layer.set_outline(path, self.viewport)
        if not area.isEmpty():
            self.update(area)

    def gesture_over(self, gesture: Gesture) -> None:
        """A gesture ended or was aborted."""
        if not isinstance(gesture, VIEWING):
            self._draw_outline(None)
            if gesture.cursor is not None:
                self._cursor.set_shape(self._tool.cursor)
            self._show_overlays()
            self._labels_later()
            self.stroke_finished.emit()
        else:
            self._cursor.set_shape(Qt.CursorShape.OpenHandCursor if self._input.space else self._tool.cursor)

    def leave(self, *, forward: bool) -> None:
        """Gives the keys to the widget after the canvas, or before it."""
        self.focusNextPrevChild(forward)

    def pan_armed(self, armed: bool) -> None:
        """Space went down or up: the next drag pans, or not."""
        if not self._input.panning:
            self._cursor.set_shape(Qt.CursorShape.OpenHandCursor if armed else self._tool.cursor)

    def move_cursor(self, at: QPointF | None) -> None:
        """The pointer is at a place of the view, or has left it."""
        self._cursor.move(at)
        self.rulers.point(at)

    def _look_ring(self) -> None:
        radius = self._brush.diameter / 2 * self.viewport.scale
        self._cursor.set_ring(Ring(radius, self._brush.hardness, self._brush.erase))
