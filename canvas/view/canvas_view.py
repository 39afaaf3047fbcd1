"""The canvas on the screen: the picture under the painted words, and the brush that paints them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QSizePolicy, QWidget

from canvas.model.colour_layer import COLOURS
from canvas.model.document import Change, Document
from canvas.model.edits import WHOLE, Place
from canvas.model.scene import Scene
from canvas.paint.ground import colour_seen
from canvas.view import drawing, gestures
from canvas.view.hand_view import HandView
from canvas.view.labels import Labels
from canvas.view.rects import rects_of, to_rect
from canvas.view.soft_paint import Soft, SoftPaint
from canvas.view.tools.base import Sample

EMPTY_SCENE = Scene(size=(512, 512))  # what is shown without a document
MANY_RECTS = 24  # an update of more parts than this is drawn in one go, clipped


class CanvasView(HandView):
    """Shows a document's scene over a picture and paints on its selected word.

    Signals:
        selected_word_changed: the id of the word that is painted now, "" for none.
        entered: the pointer came over the canvas; what can be done there may be said.
    """

    selected_word_changed = Signal(str)
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(EMPTY_SCENE.size, parent)
        self._unsubscribe: Callable[[], None] = _nothing
        self._selected: str | None = None
        self._missed: str | None = None  # the word that was selected and that undo took away
        self._labels = Labels(lambda text: self.sentence(text))
        self._soft = SoftPaint()
        self._was_empty = True
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Canvas")
        self.setAccessibleDescription(
            "The picture and its painted words: pick a word in the prompt, then paint it here. The arrow keys move a "
            "cursor, with Shift by ten pixels; Space sets the tool down and lifts it, Esc cancels."
        )
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setCursor(Qt.CursorShape.BlankCursor)  # the ring is the cursor

    # -- what is shown

    @property
    def _scene(self) -> Scene:
        return EMPTY_SCENE if self._document is None else self._document.scene

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

    def show_soft_edges(self, soft: Soft) -> None:
        """Shows these words' paint with the soft edges that the model gets, where it is still the paint they are of."""
        if self._soft.take(soft):
            self._refresh()

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

    def _viewport_changed(self, *, zoomed: bool) -> None:
        super()._viewport_changed(zoomed=zoomed)
        self._place_labels()
        if zoomed:
            self._layers.set_zoom(self.zoom)
        self._layers.move()
        self._preparing.go_on()

    def pick(self, sample: Sample) -> None:
        """Selects the word whose label or paint lies under the pointer; once more goes to the one below."""
        if sample.alt and self._selected == COLOURS:
            self.take_colour(sample)
            return
        if not (self._overlays or self._resting):
            self.say("The paint is hidden: show it to pick a word on it.")
            return
        label = self._labels.at(sample.view) if self._overlays else None
        found = [label] if label else gestures.words_at(self._scene, sample.x, sample.y)
        if found:
            self.set_selected_word(gestures.next_pick(found, self._selected))
        else:
            self.say("There is no painted word here.")

    def take_colour(self, sample: Sample) -> None:
        """The brush takes the colour under the pointer: of colours and pictures painted there, else of the result."""
        (x, y), (width, height) = sample.pixel, self._scene.size
        if not (0 <= x < width and 0 <= y < height):
            return
        found = colour_seen(self._scene, x, y) if self.overlays_visible else None
        colour = found or self._layers.color_at(x, y).name()
        self.set_brush(replace(self.brush, colour=colour))
        self.say(f"Colour {colour}")

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
        if "guides" in change.kinds:
            self.show_guides(self._scene.guides)
        if "selection" in change.kinds:
            self._show_selection()
        edited = bool(change.kinds & {"masks", "words", "styles", "colours", "pictures"})
        if change.kinds & {"masks", "colours", "pictures"}:
            self._wake_overlays()
        self._keep_selected()
        if edited or change.kinds & {"live", "prompt"}:
            self._refresh()
        if change.kinds == {"masks"}:
            self._labels_later()
        elif edited:
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
        self.show_guides(self._scene.guides)
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
        else:
            self._preparing.pause()
        region = QRegion()
        margin = 2 / min(1.0, self.zoom)
        scene = self._soft.seen(self._scene, None if live is None else live.word_id)
        for rect in self._layers.sync(scene, selected=self._selected, live=live):
            region += QRect(*self.viewport.view_rect(rect, margin=margin))
        if self._layers.overlay_visible:
            self.update(
                region
                & self._turn.seen(self.rect(), self.width(), self.height())
                & drawing.picture_frame(self.viewport)
            )
        empty = self._is_empty()
        if empty or self._was_empty:
            self.update()
        self._was_empty = empty

    def _is_empty(self) -> bool:
        """Whether there is nothing to see yet, so that a hint is shown."""
        if self._layers.has_picture:
            return False
        live = self._document.live if self._document is not None else None
        if live is not None and not live.mask.is_empty:
            return False
        scene = self._scene if live is None else live.on(self._scene)
        return not scene.has_ground and all(mask.is_empty for mask in scene.masks.values())

    def _place_labels(self, *, on: bool = False) -> None:
        """Puts the names where the paint is now; during a stroke they stay where they were."""
        if not self.painting:
            changed = self._labels.place(self._scene, self.viewport, font=self.font(), selected=self._selected, on=on)
            if self._turn.upright:
                self.update(changed)
            elif not changed.isEmpty():
                self.update()  # they stand upright beyond their places
            if self._labels.unfinished:
                self._preparing.go_on()

    def _labels_later(self) -> None:
        """Puts the names where the paint is as soon as nothing else is to be done: a stroke's end is not to wait."""
        self._labels.unfinished = True
        self._preparing.go_on()

    def _prepare(self, seconds: float) -> bool:
        if self._labels.unfinished and not self.painting:
            self._place_labels(on=True)
            return True
        return super()._prepare(seconds)

    # -- Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws what the update asked for, and no more."""
        region, turn = event.region(), self._turn
        bounds = turn.seen(region.boundingRect(), self.width(), self.height())
        if not turn.upright:
            region = QRegion(bounds)
        parts = [bounds] if region.rectCount() > MANY_RECTS else rects_of(region)
        image, level = self._layers.image(self.viewport.picture_rect(to_rect(bounds)))
        painter = QPainter(self)
        if not turn.upright:
            painter.fillRect(event.rect(), drawing.background(self.palette()))
            painter.setTransform(turn.map(self.width(), self.height()))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        drawing.draw_surround(painter, region, self.viewport, self.palette())
        for part in parts:
            drawing.draw_picture(painter, part, self.viewport, image, level)
            if self.heatmap_shown:
                self._heat.draw(painter, part, self.viewport)
            self._marks.draw(painter, part, self.viewport)
        if self._is_empty():
            title, text = map(self.sentence, drawing.hint(self._scene, self._selected, has_keys=self.hasFocus()))
            drawing.draw_hint(painter, self.viewport, title, text, self.font(), dark=self._layers.dark)
        elif self._layers.overlay_visible:
            self._labels.draw(painter, region, font=self.font(), turn=turn)
        self._tool_layer.draw(painter, bounds, self.viewport, guides=self._overlays or self.painting)
        self._cursor.draw(painter, bounds)
        self._input.keys.draw(painter)
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
