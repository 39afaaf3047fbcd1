"""What the canvas shows: the picture that was made, a result that is only looked at, one whose scene was taken."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.generation.controller import GenerationController
from app.image_info.displayed_image import DisplayedImage, UndoPayload, fitted, moved
from app.language import tr
from app.picture.former import FormerPictures
from app.picture.preview_bar import PreviewBar
from app.session import Session
from app.storage.results import spoken
from canvas.model.colour_layer import changed_colours
from canvas.model.document import Beside, Change
from canvas.model.edits import WHOLE
from canvas.model.scene import Scene
from canvas.view.canvas_view import CanvasView


class PictureController(QObject):
    """Puts the session's picture on the canvas, and its bar under one that is only looked at.

    A look changes no scene and is no step. It ends when the painter goes back, takes the scene, or goes on with the own
    one: any edit, a stroke's first dab too, restores the own picture, and with it its scores and heatmaps.
    """

    began_look = Signal()

    def __init__(
        self,
        session: Session,
        generation: GenerationController,
        view: CanvasView,
        *,
        bar: PreviewBar,
        may_rest: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._generation, self._view = session, generation, view
        self._bar, self._may_rest = bar, may_rest
        self.former = FormerPictures(session)
        self._woken = False  # whether the paint was seen when the look began
        bar.take_asked.connect(lambda: self.bring_back(session.displayed))
        bar.back_asked.connect(self.go_back)
        session.picture_changed.connect(lambda image: view.set_picture(image.seen, image.place))
        session.opened.connect(lambda _opened: bar.hide())

    def show(self, image: DisplayedImage) -> None:
        """Show a picture that is the scene's from now on."""
        self._bar.hide()
        self._session.show(image)

    def take_picture(self, image: DisplayedImage) -> None:
        """A picture that was just made is seen without the paint, unless that has changed since or is being painted."""
        self.former.made(image)
        self.show(image)
        scene, made_with = self._session.scene, image.scene or Scene()
        masks, before = scene.masks, made_with.masks
        same = masks.keys() == before.keys() and all(masks[key] is before[key] for key in masks)
        if same and scene.pictures == made_with.pictures and not changed_colours(scene.colours, made_with.colours):
            self._rest_paint()

    def undo(self) -> bool:
        """Show the picture before, where the newest change is that one was made out of it; whether it was."""
        return self._show_former(self.former.undo() if self.former.can_undo else None)

    def redo(self) -> bool:
        """Show the picture again whose coming was undone last; whether there was one."""
        return self._show_former(self.former.redo() if self.former.can_redo else None)

    def _show_former(self, image: DisplayedImage | None) -> bool:
        if image is not None:
            self._return_to(UndoPayload(image, self._session.seed_used))
        return image is not None

    def look(self, image: DisplayedImage) -> None:
        """Show a result; the scene stays, and so does the painter's own picture, to go back to."""
        session = self._session
        self.began_look.emit()
        if image.result is not None and image.result == session.own.result:
            image = session.own
        self._generation.end_live()
        if not session.looking:
            self._woken = self._view.overlays_visible
        session.look(image if image is session.own else fitted(image, session.scene.size))
        self._rest_paint()
        self._tell_look()

    def go_back(self) -> None:
        """End a look: the painter's own picture again, under the paint where that was seen."""
        self._bar.hide()
        if self._session.looking:
            self._session.end_look()
            if self._woken:
                self._view.set_overlays_visible(True)

    def bring_back(self, image: DisplayedImage) -> None:
        """Show a result and take its scene, as one step; its undo shows the own picture again, not one looked at."""
        session, own = self._session, self._session.own
        if session.looking and image.scene is not None and image.place != WHOLE:
            # it was fitted into the canvas of the scene that was there; its own is of its shape
            image = dataclasses.replace(image, place=WHOLE)
        now, then = UndoPayload(own, session.seed_used), UndoPayload(image, None)  # the next Generate makes it again
        if image.scene is not None and (image.scene, image.result) != (session.scene, own.result):
            beside = Beside(now, then, own.bytes + image.bytes)
            session.document.apply(image.scene, "Open a result's scene", beside=beside)
        if session.own is not image or session.looking:  # no scene, or the one that is here
            self._return_to(then)
        self._bar.hide()

    def follow(self, change: Change) -> bool:
        """The document changed; whether the picture changed with it."""
        if isinstance(change.beside, UndoPayload):
            self._return_to(self._on_this_canvas(change.beside))
            return change.beside.rest  # else it is the same picture at another place
        if not change.kinds <= {"state"}:
            self._bar.hide()
            self._session.end_look()
        return False

    def _on_this_canvas(self, moment: UndoPayload) -> UndoPayload:
        """A moment of a crop, with the picture of now where that came after it."""
        session, frame = self._session, moment.frame
        if frame is None:
            return moment
        own, before, session.frame = session.own, session.frame, frame
        self._view.set_preview(None)  # one of the canvas before; the next comes to its place
        if own.rgb is moment.shown.rgb:
            return moment
        return dataclasses.replace(moment, shown=dataclasses.replace(own, place=moved(own.place, before, frame)))

    def _return_to(self, moment: UndoPayload) -> None:
        self._generation.end_live()
        self._session.seed_used = moment.seed_used
        self.show(moment.shown)
        if moment.rest:
            self._rest_paint()

    def _rest_paint(self) -> None:
        """Let the picture be seen without the paint, until the painter goes on."""
        scene = self._session.scene
        painted = scene.has_ground or any(not mask.is_empty for mask in scene.masks.values())
        if painted and self._may_rest():
            self._view.rest_overlays()

    def _tell_look(self) -> None:
        session = self._session
        image, scene = session.displayed, session.displayed.scene
        may_take = scene is not None and scene != session.scene
        if not (session.looking or may_take):
            self._bar.hide()
            return
        note = (
            tr("preview only")
            if may_take
            else tr("same scene as yours")
            if scene is not None
            else tr("no scene in this file")
        )
        name = tr("This picture") if image.result is None else spoken(image.result.stem)
        self._bar.show_look(name, note, may_take=may_take, own=not session.looking)
