"""Overlaps and gaps, and the paint as the model sees it: switched on and off, or for as long as a key is held."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QMenu

from app.actions import Actions
from app.language import number, tr
from app.session import Session
from canvas.model.document import Change
from canvas.paint.cells import Cells, as_the_model_sees, coverage
from canvas.view.canvas_view import CanvasView
from resources.limits import OVERLAPS

HELD_MS = 350  # a key that is held for longer is a look: letting go ends it
RENEW_MS = 50  # between two renewals while the paint changes
COVERAGE, CELLS = "view.coverage", "view.cells"


class MarksController(QObject):
    """Keeps the marks on the canvas to the scene as it is seen, with the paint of a running stroke.

    Signals:
        said: what is shown now.
    """

    said = Signal(str)

    def __init__(self, session: Session, actions: Actions, *, view: CanvasView, label: QLabel) -> None:
        super().__init__(view)
        self._session, self._view, self._label = session, view, label
        self._all = actions
        self._actions = {name: actions[name] for name in (COVERAGE, CELLS)}
        self._cells = {COVERAGE: Cells(), CELLS: Cells()}
        self._since = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True, interval=RENEW_MS)
        self._timer.timeout.connect(self._renew)
        for name, action in self._actions.items():
            action.toggled.connect(lambda on, name=name: self._switch(name, on))
        self._rules = QMenu(tr("Where Words O&verlap"), label)
        group = QActionGroup(self)
        for rule in OVERLAPS:
            action = actions[f"word.overlap_{rule}"]
            group.addAction(action)
            self._rules.addAction(action)
            action.triggered.connect(lambda _on=False, rule=rule: session.document.set_settings(overlap=rule))
        label.setCursor(Qt.CursorShape.PointingHandCursor)
        label.setToolTip(tr("Choose what happens where words overlap"))
        label.installEventFilter(self)
        self._show_rule()
        session.document.subscribe(self._on_change)
        session.facts_changed.connect(lambda _facts: self._later())
        view.installEventFilter(self)
        label.hide()

    @property
    def cell(self) -> int:
        """Pixels of the canvas along a side of what the model attends with where it is coarsest."""
        facts = self._session.facts
        return facts.cell if facts is not None else 8

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A key that was held for a look is let go; a click on the shares offers the rules."""
        if watched is self._label and event.type() == QEvent.Type.MouseButtonRelease:
            self._rules.popup(self._label.mapToGlobal(self._label.rect().topLeft()))
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
            pressed = QKeySequence(event.key() | event.modifiers().value)
            for action in self._actions.values():
                held = self._since.isValid() and self._since.elapsed() >= HELD_MS
                if action.isChecked() and held and pressed in action.shortcuts():
                    action.setChecked(False)
        return super().eventFilter(watched, event)

    def _switch(self, name: str, on: bool) -> None:
        if on:
            self._since.start()
        else:
            self._cells[name].keep_only(())
        self._renew()
        if on and name == CELLS:
            columns, rows = (-(-side // self.cell) for side in self._session.scene.size)
            self.said.emit(
                tr(
                    "The model places words in {columns} × {rows} cells where it is coarsest.",
                    columns=columns,
                    rows=rows,
                )
            )

    def _show_rule(self) -> None:
        self._all[f"word.overlap_{self._session.scene.settings.overlap}"].setChecked(True)

    def _on_change(self, change: Change) -> None:
        if change.kinds & {"all", "settings"}:
            self._show_rule()
        if change.kinds & {"all", "size", "masks", "words", "live", "prompt", "settings"}:
            self._later()

    def _later(self) -> None:
        if any(action.isChecked() for action in self._actions.values()) and not self._timer.isActive():
            self._timer.start()

    def _renew(self) -> None:
        scene = self._session.document.shown_scene
        shown = coverage(scene, self._cells[COVERAGE]) if self._actions[COVERAGE].isChecked() else None
        self._view.set_coverage(shown)
        seen = self._actions[CELLS].isChecked()
        self._view.set_cells(as_the_model_sees(scene, self._cells[CELLS], self.cell) if seen else None)
        self._label.setVisible(shown is not None)
        if shown is not None:
            overlaps = number(shown.overlaps, ".1%")
            if shown.overlaps:
                rules = (f"{tr(OVERLAPS[name])} {number(share, '.1%')}" for name, share in shown.by_rule.items())
                one = len(shown.by_rule) == 1
                overlaps += f" ({tr(OVERLAPS[next(iter(shown.by_rule))]) if one else ', '.join(rules)})"
            self._label.setText(
                tr("Overlaps {overlaps} · no word {bare}", overlaps=overlaps, bare=number(shown.bare, ".1%"))
            )
