"""The fidelity dial, from loose to exact, what it switches on, and under a fold each piece alone."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from app.language import number, tr
from app.settings.fidelity_text import in_words, pieces_of
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from app.widgets.theme import SMALL_ICON_SIZE, Theme
from app.widgets.value_slider import ValueSlider
from canvas.model.fidelity import MAX_GRADIENT_STEPS, FidelityPieces, FidelityValue
from canvas.model.scene import Settings
from engine.facts import ModelFacts

BY_HAND = "by hand"
TIP = (
    "How strictly words keep to their paint, from 0 (loose) to 1 (exact). Exact takes longer and may look less natural."
)


class FidelityBox(QWidget):
    """`changed` tells the dial, 0..1, or the pieces where one was set alone; None is the model's own."""

    changed = Signal(object)
    edit_ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._value: FidelityValue = None
        self._own = 0.0  # the model's own place on the dial
        self.dial = ValueSlider(
            tr("Fidelity"), low=0, high=1, default=None, step=0.05, decimals=2, automatic=tr(BY_HAND)
        )  # fmt: skip
        self.dial.explain(tr(TIP))
        self.dial.value_changed.connect(self.changed)
        self.note = named(PlainLabel(wordWrap=True), "muted")
        self.fold = named(QToolButton(), "fidelityFold")
        self.fold.setText(tr("Each part"))
        self.fold.setAccessibleName(tr("Each part of the paint fidelity"))
        self.fold.setCheckable(True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setIconSize(SMALL_ICON_SIZE)
        self.fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fold.setToolTip(tr("Set each part of the fidelity by itself"))
        self.containment = ValueSlider(tr("Containment"), low=0, high=1, default=0, step=0.05, decimals=2)
        self.containment.explain(tr("How strictly a painted word is kept out of everything but its paint"))
        self.separation = ValueSlider(tr("Separation"), low=0, high=1, default=0, step=0.05, decimals=2)
        self.separation.explain(tr("How strictly differently painted areas are kept from blending"))
        self.gradient = ValueSlider(tr("Gradient steps"), low=0, high=MAX_GRADIENT_STEPS, default=0)
        self.gradient.explain(
            tr("How many of the first steps pull the picture towards its paint; each takes as long as three")
        )
        self.pieces = QWidget()
        inner = QVBoxLayout(self.pieces)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(7)
        for slider, name in (
            (self.containment, "containment"), (self.separation, "separation"), (self.gradient, "gradient_steps"),
        ):  # fmt: skip
            slider.value_changed.connect(lambda value, name=name: self._set_piece(name, value))
            inner.addWidget(slider)
        for each in (self.dial, self.containment, self.separation, self.gradient):
            each.released.connect(self.edit_ended)
        self.pieces.hide()
        self.fold.toggled.connect(self._unfold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        for widget in (self.dial, self.note, self.fold, self.pieces):
            column.addWidget(widget)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._show()

    def show_settings(self, settings: Settings) -> None:
        """Show the fidelity of a scene; nothing is announced."""
        if settings.fidelity != self._value:
            self._value = settings.fidelity
            self._show()

    def show_model(self, facts: ModelFacts | None) -> None:
        """Take what the model likes by itself."""
        self._own = facts.defaults.fidelity if facts is not None else 0.0
        self._show()

    def show_detail(self, on: bool) -> None:
        """Offer each piece alone too, or only the dial."""
        self.note.setVisible(on)
        self.fold.setVisible(on)
        self.pieces.setVisible(on and self.fold.isChecked())

    def _show(self) -> None:
        by_hand = isinstance(self._value, FidelityPieces)
        self.dial.set_automatic_text(BY_HAND if by_hand else f"auto · {number(self._own, '.2f')}")
        self.dial.set_value(None if isinstance(self._value, FidelityPieces) else self._value)
        self.note.setText(in_words(self._value, self._own))
        pieces = pieces_of(self._value, self._own)
        self.containment.set_value(float(pieces.containment))
        self.separation.set_value(float(pieces.separation))
        self.gradient.set_value(float(pieces.gradient_steps))

    def _set_piece(self, name: str, value: float) -> None:
        changes: dict[str, Any] = {name: round(value) if name == "gradient_steps" else value}
        self.changed.emit(dataclasses.replace(pieces_of(self._value, self._own), **changes))

    def _unfold(self, open_: bool) -> None:
        self.pieces.setVisible(open_)
        self._paint_icons()

    def _paint_icons(self) -> None:
        icon = "ph.caret-down" if self.fold.isChecked() else "ph.caret-right"
        self.fold.setIcon(self._theme.icon(icon, role="muted"))
