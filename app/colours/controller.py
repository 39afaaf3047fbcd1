"""The colour layer between its card, the actions, the canvas and the document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PIL import Image, ImageOps
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QWidget

from app.actions import Actions
from app.colours.card import ColoursCard
from app.colours.swatches import remembered
from app.language import tr
from app.preferences import Preferences
from app.session import Session
from canvas.model import colour_edits, edits
from canvas.model.colour_layer import COLOURS
from canvas.model.document import Change
from canvas.model.scene import Scene
from canvas.model.tiled_mask import Size
from canvas.paint.covering import paint
from canvas.paint.laying import Patch
from canvas.view.canvas_view import CanvasView

NO_PICTURE = "There is no picture yet to take colours from. Generate one, or open one, first."
BEHIND = "#ffffff"


class ColoursController(QObject):
    """Every edit goes to the document, each one undo step; the card shows what the document says.

    Signals:
        said: what was done, or why there is nothing to do.
    """

    said = Signal(str)

    def __init__(
        self,
        session: Session,
        actions: Actions,
        preferences: Preferences,
        *,
        card: ColoursCard,
        view: CanvasView,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._document, self._preferences = session, session.document, preferences
        self._actions, self._card, self._view, self._window = actions, card, view, window
        self._behind = BEHIND
        self._before = session.brush.colour
        self._dialog: QColorDialog | None = None
        if preferences.values.recent_colours:
            self._paint_with(preferences.values.recent_colours[0])
        card.chosen.connect(self.choose)
        card.strength_changed.connect(self._set_strength)
        card.edit_ended.connect(self._document.end_merge)
        card.visible_changed.connect(self._set_visible)
        card.picked.connect(self._paint_with)
        card.pick_ended.connect(self._remember)
        self._connect_actions()
        view.stroke_finished.connect(self._used)
        session.brush_changed.connect(lambda _brush: self._show_colours())
        session.word_changed.connect(lambda _word: self._show())
        session.picture_changed.connect(lambda _image: self._show())
        self._unsubscribe = session.document.subscribe(self._on_change)
        card.swatches.show_recent(preferences.values.recent_colours)
        self._show()
        self._show_colours()

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    @property
    def _chosen(self) -> bool:
        return self._session.word == COLOURS

    def _connect_actions(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "colour.paint": self.choose,
            "colour.choose": self.ask,
            "colour.swap": self.swap,
            "colour.clear": self.clear,
            "colour.from_picture": self.take_picture,
        }
        for name, act in acts.items():
            self._actions[name].triggered.connect(lambda _on=False, act=act: act())
        # What the menu of words does with the chosen word, it does with the colours where they are chosen.
        for name, own in (
            ("word.clear", self.clear),
            ("word.fill_all", lambda: self.fill(rest=False)),
            ("word.fill", lambda: self.fill(rest=True)),
            ("word.mirror", self.mirror),
            ("word.flip", lambda: self.mirror(upright=True)),
        ):
            self._actions[name].triggered.connect(lambda _on=False, own=own: own() if self._chosen else None)

    # edits -------------------------------------------------------------------------------------------------------
    def choose(self) -> None:
        """Paint colours from now on."""
        self._session.choose_word(COLOURS)
        self._view.set_selected_word(COLOURS)
        self._view.setFocus()

    def clear(self) -> None:
        """Take the colours away; with a selection only those in it."""
        self._apply(colour_edits.clear(self._session.scene), "Clear the colours")

    def fill(self, *, rest: bool) -> None:
        """Paint the whole canvas, or what is left of it (`rest`), in the brush's colour; within the selection."""
        scene = self._session.scene
        cover = np.full((scene.size[1], scene.size[0]), 255, np.uint8)
        if rest:
            cover -= scene.colours.alpha().to_array()
        filled = paint(scene, COLOURS, Patch(0, 0, cover), colour=self._session.brush.colour)
        self._apply(filled, "Fill with colour")
        self._remember()

    def mirror(self, *, upright: bool = False) -> None:
        """Mirror the colours within their own bounds."""
        self._apply(colour_edits.mirror(self._session.scene, upright=upright), "Mirror the colours")

    def take_picture(self) -> None:
        """The picture on the canvas becomes the colours; with a selection only what is in it."""
        scene = self._session.scene
        rgb = self._session.displayed.on_canvas(scene.size)
        if rgb is None:
            self.said.emit(tr(NO_PICTURE))
            return
        share = np.full(rgb.shape[:2], 255, np.uint8) if scene.selection is None else scene.selection.to_array()
        self._apply(colour_edits.set_colours(scene, np.dstack([rgb, share])), "Take the picture's colours")
        self.choose()

    def begin_from(self, rgb: np.ndarray, *, size: Size | None = None) -> None:
        """A picture, uint8 RGB `[h, w, 3]`, becomes the colours, large enough to cover the canvas.

        With a `size` the canvas has that afterwards, in the same step.
        """
        scene = self._session.scene if size is None else edits.set_size(self._session.scene, size)
        fitted = np.asarray(ImageOps.fit(Image.fromarray(rgb), scene.size, Image.Resampling.LANCZOS))
        whole = np.dstack([fitted, np.full(fitted.shape[:2], 255, np.uint8)])
        self._apply(colour_edits.set_colours(scene, whole), "Start from a picture")
        self.choose()

    def _set_strength(self, strength: float) -> None:
        scene = colour_edits.set_strength(self._session.scene, min(max(strength, 0.0), 1.0))
        self._document.apply(scene, "Strength of the colours", merge_key="colour strength")

    def _set_visible(self, visible: bool) -> None:
        self._apply(
            colour_edits.set_visible(self._session.scene, visible), f"{'Show' if visible else 'Hide'} the colours"
        )

    def _apply(self, scene: Scene, label: str) -> None:
        self._document.apply(scene, label)

    # the colour that is painted with -----------------------------------------------------------------------------
    def swap(self) -> None:
        """Paint with the colour behind, which takes its place."""
        front, self._behind = self._behind, self._session.brush.colour
        self._paint_with(front)

    def ask(self) -> None:
        """Ask for any colour, in a dialog beside the canvas; the brush follows it."""
        if self._dialog is None:
            self._dialog = QColorDialog(self._window)
            self._dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
            self._dialog.setWindowTitle(tr("Choose a Colour"))
            self._dialog.currentColorChanged.connect(self._follow_dialog)
            self._dialog.accepted.connect(self._remember)
            self._dialog.rejected.connect(lambda: self._paint_with(self._before))
        self._before = self._session.brush.colour
        self._dialog.setCurrentColor(QColor(self._before))
        self._dialog.open()

    def _follow_dialog(self, colour: QColor) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._paint_with(colour.name())

    def take(self, colour: str) -> None:
        """The brush takes a colour, "#rrggbb", that was found beside the canvas."""
        self._paint_with(colour)
        self._remember()
        self.said.emit(tr("Colour {colour}", colour=colour))

    def _paint_with(self, colour: str) -> None:
        self._session.set_brush(replace(self._session.brush, colour=colour))

    def _used(self) -> None:
        """A stroke ended: its colour is one of those that were used."""
        if self._chosen and not self._session.brush.erase:
            self._remember()

    def _remember(self) -> None:
        recent = remembered(self._preferences.values.recent_colours, self._session.brush.colour)
        self._preferences.change(recent_colours=recent)
        self._card.swatches.show_recent(recent)

    # what is shown -----------------------------------------------------------------------------------------------
    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "size", "colours", "pictures"}:
            self._show()

    def _show(self) -> None:
        layer = self._session.scene.colours
        self._card.show_layer(layer, selected=self._chosen, ground=self._session.scene.has_ground)
        self._actions["colour.clear"].setEnabled(not layer.is_empty)
        self._actions["colour.from_picture"].setEnabled(self._session.displayed.rgb is not None)

    def _show_colours(self) -> None:
        self._card.show_colours(self._session.brush.colour, self._behind)
