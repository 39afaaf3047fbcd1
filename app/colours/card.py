"""The colour layer's entry above the words: one line, how much of it is kept, and while it is chosen the colours."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.actions import Actions
from app.colours.field import ColourField
from app.colours.swatches import ColourPair, Swatches
from app.language import number, tr
from app.widgets.helpers import named, small_button
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.theme import Theme
from app.widgets.value_slider import ValueSlider
from canvas.model.colour_layer import ColourLayer
from engine.protocol import ColourPaint
from resources.settings import specs

BUTTON = 22


class ColoursCard(QWidget):
    """Announces what is asked, and shows what it is told.

    Signals:
        chosen: the colours are to be painted. strength_changed: how much of them is kept, 0..1; edit_ended: that is it.
        visible_changed: they are to be shown, or not. picked: "#rrggbb", the colour to paint with; pick_ended: that is
            it.
    """

    chosen = Signal()
    strength_changed = Signal(float)
    edit_ended = Signal()
    visible_changed = Signal(bool)
    picked = Signal(str)
    pick_ended = Signal()

    def __init__(self, actions: Actions, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions, self._theme = actions, theme
        self._visible = True
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.frame = _Frame(self.chosen.emit)
        self.pair = ColourPair()
        self.name = PlainLabel(tr("Colours"))
        self.note = named(PlainLabel(), "muted")
        self.eye = small_button(tr("Show or hide the colours. Hidden colours still act"))
        self.eye.clicked.connect(lambda _checked=False: self.visible_changed.emit(not self._visible))
        self.dropper = _button_of(actions, "tool.eyedropper")
        self.dropper.setCheckable(True)
        self.wipe = _button_of(actions, "colour.clear")
        spec = specs(ColourPaint)["strength"]
        self.strength = ValueSlider(
            tr(spec.label), low=spec.low, high=spec.high, default=spec.default, step=spec.step, decimals=spec.decimals
        )
        self.strength.explain(tr(spec.tip))
        self.strength.value_changed.connect(lambda value: self.strength_changed.emit(float(value)))
        self.strength.released.connect(self.edit_ended)
        self.field = ColourField()
        self.swatches = Swatches()
        self.pair.asked.connect(actions["colour.choose"].trigger)
        self.pair.swapped.connect(actions["colour.swap"].trigger)
        self.field.picked.connect(self.picked)
        self.field.released.connect(self.pick_ended)
        self.swatches.picked.connect(self._swatch)
        self._lay_out()
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.pair)
        top.addSpacing(6)
        top.addWidget(self.name, 1)
        top.addWidget(self.note)
        for button in (self.dropper, self.wipe, self.eye):
            button.setFixedSize(BUTTON, BUTTON)
            top.addWidget(button)
        self.details = QWidget()
        inner = QVBoxLayout(self.details)
        inner.setContentsMargins(0, 0, 0, 2)
        inner.setSpacing(6)
        for widget in (self.field, self.swatches):
            inner.addWidget(widget)
        self.details.hide()
        self.strength.hide()
        column = QVBoxLayout(self.frame)
        column.setContentsMargins(8, 4, 5, 4)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.strength)
        column.addWidget(self.details)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 8, 10, 2)
        whole.addWidget(self.frame)

    def show_layer(self, layer: ColourLayer, *, selected: bool, ground: bool) -> None:
        """Show the layer as it is now; `ground` says whether there is anything that a run can begin from."""
        self._visible = layer.visible
        covered = layer.alpha().coverage if layer.tiles else 0.0
        said = (
            ""
            if not ground
            else tr("off")
            if not layer.strength
            else number(max(covered, 0.01), ".0%")
            if covered
            else ""
        )
        self.note.setText(said)
        tip = tr("Paint colours here for the picture to start from")
        self.frame.setToolTip(plain_tip(tip))
        self.frame.setAccessibleName(f"{tr('Colours')}{f', {said}' if said else ''}")
        self.strength.set_value(layer.strength)
        self.frame.setProperty("selected", "true" if selected else "false")
        self.frame.style().polish(self.frame)
        self.details.setVisible(selected)
        self.strength.setVisible(selected or ground)
        self._paint_icons()

    def show_colours(self, front: str, back: str) -> None:
        """Show what is painted with."""
        self.pair.show_colours(front, back)
        self.field.show_colour(front)

    def _swatch(self, colour: str) -> None:
        self.picked.emit(colour)
        self.pick_ended.emit()

    def _paint_icons(self) -> None:
        self.eye.setIcon(self._theme.icon("ph.eye" if self._visible else "ph.eye-slash", role="muted"))


class _Frame(QFrame):
    """The card itself: a click anywhere on it chooses the colours."""

    def __init__(self, choose: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setProperty("selected", "false")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._choose = choose

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose()
        event.accept()


def _button_of(actions: Actions, name: str) -> QToolButton:
    """A small button that triggers an action, and has its tip and its icon."""
    action = actions[name]
    button = small_button(action.text().replace("&", ""))
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return named(button, f"button.{name}")
