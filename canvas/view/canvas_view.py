"""The canvas on the screen: the picture under the painted words, and the brush that paints them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QRegion
from PySide6.QtWidgets import QSizePolicy, QWidget

from canvas.model.document import Change, Document
from canvas.model.edits import WHOLE, Place
from canvas.model.scene import Scene
from canvas.paint.brush import Brush
from canvas.view import drawing, gestures
from canvas.view.brush_cursor import BrushCursor, Ring
from canvas.view.input import Input
from canvas.view.labels import Labels
from canvas.view.overlay_view import OverlayView
from canvas.view.precompute import Preparing
from canvas.view.rects import rects_of, to_rect
from canvas.view.tool_layer import ToolLayer
from canvas.view.tools.base import Gesture, Sample, Standing, Tool
from canvas.view.tools.brush_tool import BrushTool

EMPTY_SCENE = Scene(size=(512, 512))  # what is shown without a document
MANY_RECTS = 24  # an update of more parts than this is drawn in one go, clipped


class CanvasView(OverlayView):
    """Shows a document's scene over a picture and paints on its selected word.

    Signals:
        selected_word_changed: the id of the word that is painted now, "" for none.
        brush_changed: another size, hardness, opacity, or eraser instead of brush.
        tool_changed: the name of the tool that is in the hand now.
        zoom_changed: physical pixels for each picture pixel; 1 is 100 %.
        stroke_started, stroke_finished: a stroke began; it ended (also where it was aborted).
        message: a hint for the status line.
        entered: the pointer came over the canvas; what can be done there may be said.
    """

    selected_word_changed = Signal(str)
    brush_changed = Signal()
    tool_changed = Signal(str)
    stroke_started = Signal()
    stroke_finished = Signal()
    message = Signal(str)
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(EMPTY_SCENE.size, parent)
        self.last_point: tuple[float, float] | None = None
        self._document: Document | None = None
        self._unsubscribe: Callable[[], None] = _nothing
        self._selected: str | None = None
        self._missed: str | None = None  # the word that was selected and that undo took away
        self._brush = Brush()
        self._labels = Labels()
        self._was_empty = True
        self._tool: Tool = BrushTool()
        self._tool_layer = ToolLayer()
        self._cursor = BrushCursor(self)
        self._input = Input(self)
        self._preparing = Preparing(self, self._brush, self._layers.prepare)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Canvas")
        self.setAccessibleDescription(
            "The picture and its painted words: pick a word in the prompt, then paint it here."
        )
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setCursor(Qt.CursorShape.BlankCursor)  # the ring is the cursor

    # -- what is shown

    @property
    def _scene(self) -> Scene:
        return EMPTY_SCENE if self._document is None else self._document.scene

    @property
    def painting(self) -> bool:
        """Whether a tool is at work."""
        return self._input.painting

    @property
    def document(self) -> Document | None:
        """The document that is shown and painted on."""
        return self._document

    def set_document(self, document: Document | None) -> None:
        """Shows another document; a running stroke is given up, the picture is taken away."""
        self._input.abort()
        self._unsubscribe()
        self._document, self.last_point = document, None
        self._unsubscribe = document.subscribe(self._changed) if document is not None else _nothing
        self._layers.set_picture(None)
        self._resync()

    def set_picture(self, rgb: np.ndarray | None, place: Place = WHOLE) -> None:
        """The result under the painted words, uint8 RGB `[h, w, 3]` of any size; None is paper. Ends a preview.

        `place` is where it lies: left, top, width and height as shares of the canvas. Around it is paper.
        """
        self._layers.set_picture(rgb, place)
        self.update()

    def set_preview(self, rgb: np.ndarray | None, place: Place = WHOLE) -> None:
        """A coarse picture for the time of a generation, scaled up smoothly; None goes back to the result."""
        if self._layers.set_preview(rgb, place):
            self.update()

    # -- the word and the brush

    @property
    def selected_word(self) -> str | None:
        """The id of the word, or of the style with an area, that the brush paints; None for none."""
        return self._selected

    def set_selected_word(self, word_id: str | None) -> None:
        """Another word or style for the brush; an id that the scene cannot paint is none."""
        if self._scene.can_paint(word_id):
            self._missed = None
            self._wake_overlays()
        else:
            word_id = None
        if word_id == self._selected:
            return
        self._input.leave()
        self._selected, self.last_point = word_id, None
        self._refresh()
        self._place_labels()
        self.selected_word_changed.emit(word_id or "")
        self._stand()

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

    # -- zoom and pan

    def _pointer(self) -> QPointF | None:
        return self._cursor.at

    def _viewport_changed(self, *, zoomed: bool) -> None:
        if self._input.standing is not None:
            self.gesture_moved(self._input.standing)  # its handles are of one size at every zoom
        self._look_ring()
        self._place_labels()
        self.update()
        if zoomed and self._layers.set_zoom(self.zoom):
            self._refresh()

    # -- what gestures ask for (tools.Surface)

    def say(self, text: str) -> None:
        """A hint for the user."""
        self.message.emit(text)

    def pick(self, sample: Sample) -> None:
        """Selects the word whose label or paint lies under the pointer; once more goes to the one below."""
        if not (self._overlays or self._resting):
            self.say("The paint is hidden: show it to pick a word on it.")
            return
        label = self._labels.at(sample.view) if self._overlays else None
        found = [label] if label else gestures.words_at(self._scene, sample.x, sample.y)
        if found:
            self.set_selected_word(gestures.next_pick(found, self._selected))
        else:
            self.say("There is no painted word here.")

    def gesture_begun(self, gesture: Gesture) -> None:
        """A gesture is under way."""
        if not isinstance(gesture, gestures.Pan):
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
        if not isinstance(gesture, gestures.Pan):
            self._draw_outline(None)
            if gesture.cursor is not None:
                self._cursor.set_shape(self._tool.cursor)
            self._show_overlays()
            self._place_labels()
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

    def _look_ring(self) -> None:
        radius = self._brush.diameter / 2 * self.viewport.scale
        self._cursor.set_ring(Ring(radius, self._brush.hardness, self._brush.erase))

    # -- the document's changes

    def _changed(self, change: Change) -> None:
        if change.kinds & {"all", "size"}:
            self._input.abort()
            self.last_point = None
            if "size" not in change.kinds:  # another scene, in which the same id is another word
                self._missed = None
                self._wake_overlays()
            self._resync()
            self._stand()
            return
        standing = self._input.standing
        if standing is not None and standing.outdated:
            self._input.abort()
            self._stand()
        if "selection" in change.kinds:
            self._show_selection()
        edited = bool(change.kinds & {"masks", "words", "styles"})
        if "masks" in change.kinds:
            self._wake_overlays()
        self._keep_selected()
        if edited or change.kinds & {"live", "prompt"}:
            self._refresh()
        if edited:
            self._place_labels()

    def _resync(self) -> None:
        """Refresh everything, for another document, scene or size."""
        size = self._scene.size
        if size != self._layers.size:
            self._layers.resize(size)
        if size != self.viewport.picture:
            self.viewport = replace(self.viewport, picture=size)
            self.fit()
        self._keep_selected()
        self._show_selection()
        self._refresh()
        self._place_labels()
        self.update()

    def _show_selection(self) -> None:
        if self._tool_layer.set_selection(self._scene.selection):
            self.update()

    def _keep_selected(self) -> None:
        """A word that is gone is not selected; undo or redo that restores it selects it again."""
        if self._selected is not None and not self._scene.can_paint(self._selected):
            missed = self._selected
            self.set_selected_word(None)
            self._missed = missed
        elif self._selected is None and self._scene.can_paint(self._missed):
            self.set_selected_word(self._missed)

    def _refresh(self) -> None:
        """Asks for a repaint of those tiles whose overlay is another one now."""
        live = self._document.live if self._document is not None else None
        if live is None:
            self._preparing.go_on()
        region = QRegion()
        margin = 2 / min(1.0, self.zoom)
        for rect in self._layers.sync(self._scene, selected=self._selected, live=live):
            region += QRect(*self.viewport.view_rect(rect, margin=margin))
        if self._layers.overlay_visible:
            self.update(region & self.rect() & drawing.picture_frame(self.viewport))
        empty = self._is_empty()
        if empty or self._was_empty:
            self.update()
        self._was_empty = empty

    def _is_empty(self) -> bool:
        """Whether there is nothing to see yet, so that a hint is shown."""
        if self._layers.has_picture:
            return False
        scene = EMPTY_SCENE if self._document is None else self._document.shown_scene
        return all(mask.is_empty for mask in scene.masks.values())

    def _place_labels(self) -> None:
        """Puts the names where the paint is now; during a stroke they stay where they were."""
        if not self.painting:
            self.update(self._labels.place(self._scene, self.viewport, font=self.font(), selected=self._selected))

    # -- Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws what the update asked for, and no more."""
        region = event.region()
        bounds = region.boundingRect()
        parts = [bounds] if region.rectCount() > MANY_RECTS else rects_of(region)
        image, level = self._layers.image(self.zoom, self.viewport.picture_rect(to_rect(bounds)))
        painter = QPainter(self)
        drawing.draw_surround(painter, region, self.viewport, self.palette())
        for part in parts:
            drawing.draw_picture(painter, part, self.viewport, image, level)
            if self.heatmap_shown:
                self._heat.draw(painter, part, self.viewport)
        if self._is_empty():
            hint = drawing.hint(self._scene, self._selected, has_keys=self.hasFocus())
            drawing.draw_hint(painter, self.viewport, *hint, self.font(), dark=self._layers.dark)
        elif self._layers.overlay_visible:
            self._labels.draw(painter, region, font=self.font())
        self._tool_layer.draw(painter, bounds, self.viewport)
        self._cursor.draw(painter, bounds)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Pointers, wheel and keys go to the input, Tab before it could move the focus; the rest is a widget's."""
        if event.type() == QEvent.Type.Enter:
            self.entered.emit()
        if self._input.handle(event):
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._take_size()
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut) and self._is_empty():
            self.update()  # the hint names keys only while they act
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follows the theme and the font."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._layers.set_dark(drawing.is_dark(self.palette()))
            self._place_labels()
            self.update()
        super().changeEvent(event)


def _nothing() -> None:
    """What unsubscribes from no document."""
