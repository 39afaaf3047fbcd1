"""Guides by hand: dragged out of a ruler, moved by their mark on a ruler, and dropped beside the picture to be gone."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF

from canvas.model.document import Document
from canvas.model.guides import Guide, Guides, lies_on, with_guide
from canvas.view.viewport import Viewport

NEAR = 5.0  # logical pixels about a guide's mark on a ruler in which it is grasped


class Board(Protocol):
    """What it needs of the view."""

    viewport: Viewport

    @property
    def document(self) -> Document | None: ...
    def show_guides(self, guides: Guides) -> None: ...
    def say(self, text: str) -> None: ...


class GuideHand:
    """One drag from a ruler to where the button is let go; places are those of the upright view."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._held: tuple[Guides, bool] | None = None  # the others, and whether the dragged one is upright

    @property
    def busy(self) -> bool:
        """Whether a guide is being dragged."""
        return self._held is not None

    def press(self, at: QPointF, *, across: bool) -> None:
        """On the ruler that measures across, or the one that measures down: a guide marked there, or else a new one.

        A ruler gives guides that run along it, as everywhere; it marks those that cross it.
        """
        document = self._board.document
        if document is None:
            return
        guides, value = document.scene.guides, self._value(at, upright=across)
        scale = self._board.viewport.scale
        marked = [each for each in guides if each.upright == across and abs(each.at - value) * scale <= NEAR]
        if marked:
            held = min(marked, key=lambda each: abs(each.at - value))
            self._held = tuple(each for each in guides if each != held), across
        else:
            self._held = guides, not across

    def move(self, at: QPointF) -> None:
        """It lies here, or nowhere beside the picture."""
        if self._held is None:
            return
        guide = self._guide(at)
        self._board.show_guides(self._held[0] if guide is None else with_guide(self._held[0], guide))
        if guide is not None:
            self._board.say(f"Guide at {guide.at} px")

    def release(self, at: QPointF) -> None:
        """One undo step."""
        if self._held is None:
            return
        guide, (others, _), self._held = self._guide(at), self._held, None
        document = self._board.document
        if document is None:
            return
        guides = others if guide is None else with_guide(others, guide)
        if guides == document.scene.guides:
            self._board.show_guides(guides)
        else:
            document.set_guides(guides)

    def _value(self, at: QPointF, *, upright: bool) -> float:
        x, y = self._board.viewport.to_picture(at.x(), at.y())
        return x if upright else y

    def _guide(self, at: QPointF) -> Guide | None:
        assert self._held is not None
        value, upright = round(self._value(at, upright=self._held[1])), self._held[1]
        if value < 0:
            return None
        size = self._board.viewport.picture
        guide = Guide(upright, min(value, max(size) + 1))
        return guide if lies_on(guide, size) else None
