"""The pictures before those made out of them: Undo brings each back while nothing was changed since."""

from __future__ import annotations

from dataclasses import dataclass

from app.image_info.displayed_image import DisplayedImage
from app.session import Session
from canvas.model.scene import Scene

MOST = 8
"""How many pictures can be gone back."""


@dataclass(frozen=True, eq=False)
class _Made:
    scene: Scene  # that on the canvas when the picture came
    before: DisplayedImage
    after: DisplayedImage


class FormerPictures:
    """Remembers which picture a repainted, varied, refined or extended one took the place of.

    It is no step of the document, whose scene is the same: it goes before the newest step while both the scene and
    the picture are those of that moment, so edits that came later are undone first.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._back: list[_Made] = []
        self._forth: list[_Made] = []

    def made(self, image: DisplayedImage) -> None:
        """A picture is about to take the place of the painter's own."""
        own = self._session.own
        if image.begun is not None and own.rgb is not None and not (image.live or own.live):
            self._back = [*self._back, _Made(self._session.scene, own, image)][-MOST:]
            self._forth.clear()

    @property
    def can_undo(self) -> bool:
        """Whether the newest change is a picture with one before it."""
        return bool(self._back) and self._is_now(self._back[-1], self._back[-1].after)

    @property
    def can_redo(self) -> bool:
        """Whether the newest change was that such a picture was undone."""
        return bool(self._forth) and self._is_now(self._forth[-1], self._forth[-1].before)

    def undo(self) -> DisplayedImage:
        """The picture before; only while `can_undo`."""
        made = self._back.pop()
        self._forth.append(made)
        return made.before

    def redo(self) -> DisplayedImage:
        """The picture that was undone; only while `can_redo`."""
        made = self._forth.pop()
        self._back.append(made)
        return made.after

    def _is_now(self, made: _Made, image: DisplayedImage) -> bool:
        session = self._session
        # by its pixels: it has another name since it was kept in the results
        return not session.looking and session.scene is made.scene and session.own.rgb is image.rgb
