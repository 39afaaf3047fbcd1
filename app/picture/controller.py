"""What the canvas shows: the picture that was made, a result that is only looked at, one whose scene was taken."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.generation.controller import GenerationController
from app.image_info.displayed_image import PAPER, DisplayedImage, UndoPayload
from app.picture.preview_bar import PreviewBar
from app.results.panel import ResultsPanel
from app.storage.results import spoken
from canvas.model.document import Beside, Change, Document
from canvas.view.canvas_view import CanvasView


class PictureController(QObject):
    """Holds the picture that is seen, and the painter's own beside it while another is only looked at.

    A look changes no scene and is no step. It ends when the painter goes back, takes the scene, or goes on with the own
    one: any edit, a stroke's first dab too, brings the own picture back, and with it its scores and heatmaps.
    """

    began_look = Signal()
    seen = Signal(object)  # the DisplayedImage that the canvas shows now

    def __init__(
        self,
        document: Document,
        generation: GenerationController,
        view: CanvasView,
        *,
        results: ResultsPanel,
        bar: PreviewBar,
        may_rest: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document, self._generation, self._view = document, generation, view
        self._results, self._bar, self._may_rest = results, bar, may_rest
        self.shown = PAPER
        self._own = PAPER  # what is shown, but for a look
        self._woken = False  # whether the paint was seen when the look began
        self.seed_used: int | None = None  # that of the last Generate; None where the scene's has not been used
        bar.take_asked.connect(lambda: self.bring_back(self.shown))
        bar.back_asked.connect(self.go_back)
        results.left.connect(self.go_back)

    @property
    def looking(self) -> bool:
        """Whether the picture that is seen is not the painter's own."""
        return self.shown is not self._own

    def show(self, shown: DisplayedImage) -> None:
        """Show a picture that is the scene's from now on."""
        self._own = shown
        self._bar.hide()
        self._see(shown)

    def take_picture(self, shown: DisplayedImage) -> None:
        """A picture that was just made is seen without the paint, unless that has changed since or is being painted."""
        self.show(shown)
        masks = self._document.scene.masks
        made_with = shown.scene.masks if shown.scene is not None else {}
        if masks.keys() == made_with.keys() and all(masks[key] is made_with[key] for key in masks):
            self._rest_paint()

    def open(self, shown: DisplayedImage) -> None:
        """Another scene was opened, and this is its picture."""
        self.seed_used = None
        self.show(shown)

    def look(self, shown: DisplayedImage) -> None:
        """Show a result; the scene stays, and so does the painter's own picture, to go back to."""
        self.began_look.emit()
        if shown.result is not None and shown.result == self._own.result:
            shown = self._own
        if not self._generation.running:
            self._generation.cancel()  # a live picture, which would take its place
        if not self.looking:
            self._woken = self._view.overlays_visible
        self._see(shown)
        self._rest_paint()
        self._tell_look()

    def go_back(self) -> None:
        """End a look: the painter's own picture again, under the paint where that was seen."""
        self._bar.hide()
        if self.looking:
            self._see(self._own)
            if self._woken:
                self._view.set_overlays_visible(True)

    def bring_back(self, shown: DisplayedImage) -> None:
        """Show a result and take its scene, as one step; its undo shows the own picture again, not one looked at."""
        now, then = UndoPayload(self._own, self.seed_used), UndoPayload(shown, None)  # the next Generate makes it again
        if shown.scene is not None and (shown.scene, shown.result) != (self._document.scene, self._own.result):
            beside = Beside(now, then, self._own.bytes + shown.bytes)
            self._document.apply(shown.scene, "Open a result's scene", beside=beside)
        if self._own is not shown or self.looking:  # no scene, or the one that is here
            self._return_to(then)
        self._bar.hide()

    def follow(self, change: Change) -> bool:
        """The document changed; whether the picture changed with it."""
        if isinstance(change.beside, UndoPayload):
            self._return_to(change.beside)
            return True
        if not change.kinds <= {"state"}:
            self._bar.hide()
            if self.looking:
                self._see(self._own)
        return False

    def _return_to(self, moment: UndoPayload) -> None:
        if not self._generation.running:
            self._generation.cancel()  # a live picture of the scene before
        self.seed_used = moment.seed_used
        self.show(moment.shown)
        self._rest_paint()

    def _see(self, shown: DisplayedImage) -> None:
        self.shown = shown
        self._view.set_picture(shown.rgb)
        self._results.mark_shown(shown.result)
        self.seen.emit(shown)

    def _rest_paint(self) -> None:
        """Let the picture be seen without the paint, until the painter goes on."""
        painted = any(not mask.is_empty for mask in self._document.scene.masks.values())
        if painted and self._may_rest():
            self._view.rest_overlays()

    def _tell_look(self) -> None:
        shown, scene = self.shown, self.shown.scene
        may_take = scene is not None and scene != self._document.scene
        if not (self.looking or may_take):
            self._bar.hide()
            return
        note = "preview only" if may_take else "same scene as yours" if scene is not None else "no scene in this file"
        name = "This picture" if shown.result is None else spoken(shown.result.stem)
        self._bar.show_look(name, note, may_take=may_take, own=not self.looking)
