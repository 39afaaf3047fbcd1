"""Soft edges on the canvas: made on a thread once a stroke is done, and then shown as the model gets them."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.session import Session
from app.storage.background import Background
from canvas.model.document import Change
from canvas.model.tiled_mask import TiledMask
from canvas.paint.acting import softened
from canvas.view.canvas_view import CanvasView
from canvas.view.soft_paint import Soft

Wanted = tuple[tuple[str, TiledMask, float], ...]


class SoftEdges(QObject):
    """Keeps the view's soft masks to the scene. While a stroke runs nothing is made: each change asks once."""

    def __init__(self, session: Session, *, view: CanvasView) -> None:
        super().__init__(view)
        self._session, self._view = session, view
        self._worker = Background("soft edges", self)
        self._made: Wanted = ()
        self._unsubscribe = session.document.subscribe(self._on_change)
        self._ask()

    def close(self, timeout: float | None = None) -> bool:
        """Stop; False where that took longer than `timeout` seconds."""
        self._unsubscribe()
        return self._worker.close(timeout)

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "masks", "words", "size"}:
            self._ask()

    def _wanted(self) -> Wanted:
        scene = self._session.scene
        soft = (word for word in scene.words if word.feather and word.visible and not scene.masks[word.id].is_empty)
        return tuple((word.id, scene.masks[word.id], word.feather) for word in soft)

    def _ask(self) -> None:
        """Make what is missing. What comes while another stroke was made meanwhile is too late: it asks again."""
        wanted = self._wanted()
        if self._worker.busy or wanted == self._made:
            return
        if not wanted:
            self._take(wanted, {})
            return

        def failed(error: Exception) -> None:
            raise error

        self._worker.run(
            lambda: {word_id: (mask, softened(mask, feather)) for word_id, mask, feather in wanted},
            lambda soft: self._take(wanted, soft),
            failed,
        )

    def _take(self, wanted: Wanted, soft: Soft) -> None:
        self._made = wanted
        self._view.show_soft_edges(soft)
        self._ask()
