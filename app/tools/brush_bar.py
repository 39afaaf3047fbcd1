"""The bar over the canvas: undo, the brush's size, hardness, opacity and pressure, and the zoom."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from app.actions import Actions
from app.language import tr
from app.tools.brush_menu import BrushMenu
from app.widgets.helpers import divider, named, tool_button
from app.widgets.plain_text import PlainLabel
from app.widgets.value_slider import ValueSlider
from canvas.paint.brush import Brush


class BrushBar(QWidget):
    """Settings of the brush and zoom; signals on every change by the user."""

    diameter_changed = Signal(float)
    hardness_changed = Signal(float)
    opacity_changed = Signal(float)
    flow_changed = Signal(float)
    smoothing_changed = Signal(float)
    gap_changed = Signal(float)
    turns_changed = Signal(int)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("brushBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.diameter = ValueSlider(
            tr("Size"), low=1, high=1024, default=64, step=1, suffix=" px", curve=2.6, parent=self
        )
        self.hardness = ValueSlider(tr("Hardness"), low=0, high=100, default=80, step=1, suffix=" %", parent=self)
        self.opacity = ValueSlider(tr("Opacity"), low=1, high=100, default=100, step=1, suffix=" %", parent=self)
        smaller, larger = (actions[name].shortcut().toString() for name in ("brush.smaller", "brush.larger"))
        self.diameter.explain(tr("Diameter of the brush  ({smaller} {larger})", smaller=smaller, larger=larger))
        self.hardness.explain(tr("How sharp the edge of the brush is"))
        self.opacity.explain(tr("How much paint one stroke leaves"))
        self.diameter.value_changed.connect(lambda value: self.diameter_changed.emit(float(value)))
        self.hardness.value_changed.connect(lambda value: self.hardness_changed.emit(value / 100))
        self.opacity.value_changed.connect(lambda value: self.opacity_changed.emit(value / 100))
        self.flow = ValueSlider(tr("Flow"), low=1, high=100, default=100, step=1, suffix=" %")
        self.flow.explain(tr("How much each dab adds: below 100 % paint builds up where a stroke goes over itself"))
        self.smoothing = ValueSlider(tr("Smoothing"), low=0, high=100, default=0, step=1, suffix=" %")
        self.smoothing.explain(tr("How long a string the pointer pulls the brush by: longer gives calmer lines"))
        self.flow.value_changed.connect(lambda value: self.flow_changed.emit(value / 100))
        self.smoothing.value_changed.connect(lambda value: self.smoothing_changed.emit(value / 100))
        self.gap = ValueSlider(
            tr("Spacing"), low=5, high=200, typed_high=400, default=None, step=5, suffix=" %", automatic=tr("smooth")
        )
        self.gap.explain(
            tr("From one dab to the next, in brush diameters: from 100 % up they stand apart, like stamps")
        )
        self.gap.value_changed.connect(lambda value: self.gap_changed.emit(0.0 if value is None else value / 100))
        self.turns = ValueSlider(tr("Repeat around"), low=1, high=16, default=1, step=1, suffix=" ×")
        self.turns.explain(tr("How many times a stroke is painted around the point where the axes cross, like petals"))
        self.turns.value_changed.connect(lambda value: self.turns_changed.emit(round(value)))
        self.brushes = BrushMenu(actions, (self.flow, self.gap, self.smoothing), self.turns, self)
        self.zoom = named(PlainLabel("100 %"), "muted")
        self.zoom.setMinimumWidth(46)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(3)
        for name in ("edit.undo", "edit.redo"):
            row.addWidget(tool_button(actions[name]))
        row.addWidget(divider())
        row.addSpacing(3)
        for slider, share in ((self.diameter, 5), (self.hardness, 6), (self.opacity, 6)):
            slider.setMaximumWidth(180)
            row.addWidget(slider, share)
        row.addWidget(self._pressure_button(actions))
        row.addWidget(self.brushes.button)
        row.addStretch()
        row.addWidget(self.zoom)
        for name in ("view.zoom_out", "view.zoom_in", "view.fit"):
            row.addWidget(tool_button(actions[name]))

    def _pressure_button(self, actions: Actions) -> QToolButton:
        """A click switches the pressure's effect on the size; its menu has the one on the opacity too."""
        button = tool_button(actions["brush.pressure_size"])
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        menu.addActions([actions[f"brush.{name}"] for name in ("pressure_size", "pressure_opacity", "curve")])
        button.setMenu(menu)
        return button

    def show_brush(self, brush: Brush) -> None:
        """Show the brush as it is now."""
        self.diameter.set_value(float(round(brush.diameter)))
        for name in ("hardness", "opacity", "flow", "smoothing"):
            getattr(self, name).set_value(float(round(getattr(brush, name) * 100)))
        self.turns.set_value(float(brush.turns))
        self.gap.set_value(float(round(brush.gap * 100)) if brush.gap else None)

    def show_zoom(self, zoom: float) -> None:
        """Show the zoom, 1.0 is one picture pixel on one screen pixel."""
        self.zoom.setText(f"{zoom * 100:.0f} %")
