"""Grid, guides and snapping: their actions, and what is remembered of them."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog

from app.actions import Actions
from app.language import tr
from app.preferences import Preferences
from app.session import Session
from canvas.model.document import Change
from canvas.view.canvas_view import CanvasView

SMALLEST, LARGEST = 2, 2048  # pixels along a side of the grid's squares


class GuidesController(QObject):
    """Between the session's guides, the actions and the view."""

    def __init__(self, session: Session, actions: Actions, preferences: Preferences, *, view: CanvasView) -> None:
        super().__init__(view)
        self._session, self._preferences, self._view = session, preferences, view
        self._grid, self._snap, self._clear = (actions[f"view.{name}"] for name in ("grid", "snap", "guides_clear"))
        view.set_grid(step=round(preferences.values.grid_step))
        self._snap.setChecked(preferences.values.snaps)
        view.set_snapping(preferences.values.snaps)
        self._grid.toggled.connect(lambda on: view.set_grid(shown=on))
        self._snap.toggled.connect(self._set_snapping)
        self._clear.triggered.connect(lambda: session.document.set_guides(()))
        actions["view.grid_size"].triggered.connect(self.ask_size)
        session.document.subscribe(self._on_change)
        self._on_change(Change(frozenset({"all"})))

    def ask_size(self) -> None:
        """Let the user say how large the squares are; the grid is shown then."""
        dialog = QInputDialog(self._view.window())
        dialog.setWindowTitle(tr("Grid Size"))
        dialog.setLabelText(tr("Side of a square, in pixels of the picture:"))
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(SMALLEST, LARGEST)
        dialog.setIntValue(round(self._preferences.values.grid_step))
        dialog.intValueSelected.connect(self.set_size)
        dialog.open()

    def set_size(self, step: int) -> None:
        """So many pixels from now on."""
        self._preferences.change(grid_step=float(step))
        self._view.set_grid(step=step)
        self._grid.setChecked(True)

    def _set_snapping(self, on: bool) -> None:
        self._preferences.change(snaps=on)
        self._view.set_snapping(on)

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"guides", "size", "all"}:
            self._clear.setEnabled(bool(self._session.document.scene.guides))
