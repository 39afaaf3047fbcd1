"""The brush between its bar, the canvas, the actions and what is remembered of it."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QObject

from app.actions import Actions
from app.preferences import Preferences
from app.session import Session
from app.tools.brush_bar import BrushBar
from canvas.model.document import Change
from canvas.paint.brush import MAX_DIAMETER, MIN_DIAMETER
from canvas.view.canvas_view import CanvasView

REFERENCE_SIDE = 256  # pixels of the canvas' shorter side for which the size of the brush is remembered
SWITCHES = ("pressure_size", "pressure_opacity", "mirror_x", "mirror_y")  # of the brush, and of the actions
KEPT = (
    "hardness",
    "opacity",
    "flow",
    "smoothing",
    "gap",
    "pressure_size",
    "pressure_opacity",
    "pressure_gamma",
    "pressure_floor",
    "mirror_x",
    "mirror_y",
    "turns",
    "axis",
)  # what preferences remember as it is


class BrushController(QObject):
    """The session's brush is what the canvas paints with and the bar shows; the canvas' own keys change it too."""

    def __init__(
        self, session: Session, actions: Actions, preferences: Preferences, *, bar: BrushBar, view: CanvasView
    ) -> None:
        super().__init__(view)
        self._session, self._actions, self._preferences, self._bar = session, actions, preferences, bar
        self._side = min(session.scene.size)  # of the canvas that the brush's size goes with
        session.set_brush(view.brush)
        session.document.subscribe(self._on_change)
        view.brush_changed.connect(lambda: session.set_brush(view.brush))
        session.brush_changed.connect(view.set_brush)
        bar.diameter_changed.connect(lambda value: self._change(diameter=value))
        bar.hardness_changed.connect(lambda value: self._change(hardness=value))
        bar.opacity_changed.connect(lambda value: self._change(opacity=value))
        bar.flow_changed.connect(lambda value: self._change(flow=value))
        bar.smoothing_changed.connect(lambda value: self._change(smoothing=value))
        bar.turns_changed.connect(lambda value: self._change(turns=value))
        actions["brush.middle"].triggered.connect(lambda: self._change(axis=(0.5, 0.5)))
        bar.gap_changed.connect(lambda value: self._change(gap=value))
        for name in SWITCHES:
            actions[f"brush.{name}"].triggered.connect(lambda on, name=name: self._change(**{name: on}))
        actions["brush.larger"].triggered.connect(lambda: view.grow_brush())
        actions["brush.smaller"].triggered.connect(view.shrink_brush)
        kept = preferences.values
        own = {
            "diameter": kept.brush_diameter and kept.brush_diameter * self._side / REFERENCE_SIDE,
            **{name: getattr(kept, f"brush_{name}") for name in KEPT},
        }
        self._change(**{name: value for name, value in own.items() if value is not None})
        session.brush_changed.connect(lambda _brush: self._show())
        session.brush_changed.connect(lambda _brush: self._keep())
        self._show()

    def _on_change(self, change: Change) -> None:
        """On a canvas of another size the brush keeps its share of it."""
        before, self._side = self._side, min(self._session.scene.size)
        if change.kinds & {"all", "size"} and before != self._side:
            diameter = min(max(self._session.brush.diameter * self._side / before, MIN_DIAMETER), MAX_DIAMETER)
            self._change(diameter=float(round(diameter)))

    def _change(self, **values: Any) -> None:
        self._session.set_brush(dataclasses.replace(self._session.brush, **values))
        self._show()  # an action that was triggered has its tick already, whatever became of it

    def _keep(self) -> None:
        """Remember the brush, also where the program ends in a way that leaves no time for it."""
        brush = self._session.brush
        self._preferences.change(
            brush_diameter=float(brush.diameter) * REFERENCE_SIDE / self._side,
            **{f"brush_{name}": getattr(brush, name) for name in KEPT},
        )

    def _show(self) -> None:
        brush = self._session.brush
        self._bar.show_brush(brush)
        for name in SWITCHES:
            self._actions[f"brush.{name}"].setChecked(getattr(brush, name))
        self._actions["brush.middle"].setEnabled(brush.axis != (0.5, 0.5))
