"""When live mode asks: its masks are made beside the window where that takes longer than a frame, then its request."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.generation.live_mode import LiveState
from app.generation.request_builder import make_masks, makes_masks
from app.session import Session
from app.storage.background import Background
from canvas.model.scene import Scene

if TYPE_CHECKING:
    from app.generation.controller import GenerationController


class LiveRequests(QObject):
    """Gives `submit` the scene that is seen, once its masks are there; what was asked for before is dropped then.

    What the painter asked for goes first: while that runs, nothing is asked for here.
    """

    def __init__(self, session: Session, generation: GenerationController, submit: Callable[[Scene], object]) -> None:
        super().__init__(generation)
        self._session, self._generation, self._submit = session, generation, submit
        self._worker = Background("live masks", self)
        self._number = 0  # of what is awaited; 0 for nothing
        self._asked = 0

    def ask(self) -> None:
        """A live picture follows the paint that is seen, a running stroke included."""
        scene = self._session.document.shown_scene
        if self._generation.running or not scene.prompt.strip():
            return
        if not makes_masks(scene):
            self._submit(scene)
            return
        self._asked += 1
        number = self._number = self._asked
        self._generation.live.started()  # what changes meanwhile is next
        # A mask that cannot be made is told of by the request.
        self._worker.run(
            lambda: make_masks(scene), lambda _made: self._take(number, scene), lambda _error: self._take(number, scene)
        )

    def forget(self) -> None:
        """What is being made is for a scene that is left."""
        if self._number:
            self._number = 0
            self._generation.live.ended()

    def close(self, timeout: float | None = None) -> bool:
        """Stop; False where that took longer than `timeout` seconds."""
        self._number = 0
        return self._worker.close(timeout)

    def _take(self, number: int, scene: Scene) -> None:
        if number != self._number:
            return
        self._number = 0
        if self._generation.live.state in (LiveState.OFF, LiveState.PAUSED):
            self._generation.live.ended()
        elif not self._generation.running:  # else that tells of its own end
            self._submit(scene)
