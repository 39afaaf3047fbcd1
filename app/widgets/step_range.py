"""From where to where in the steps a word's paint acts: two small sliders side by side."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.language import number, tr
from app.widgets.value_slider import ValueSlider

ALWAYS = (0.0, 1.0)
_TIP = "Early steps decide the layout, late steps the detail."


class ActWindow(QWidget):
    """Start and end as percent of the steps; one that is dragged beyond the other takes it along."""

    changed = Signal(float, float)  # start and end, 0..1
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = self._slider(tr("Active from"), 0)
        self.end = self._slider(tr("to"), 100)
        self.start.explain(tr("The first of the steps in which this word's paint is active\n{tip}", tip=tr(_TIP)))
        self.end.explain(tr("The last of the steps in which this word's paint is active\n{tip}", tip=tr(_TIP)))
        self.start.value_changed.connect(lambda value: self._tell(value, max(value, self.end.value)))
        self.end.value_changed.connect(lambda value: self._tell(min(value, self.start.value), value))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.start, 3)
        row.addWidget(self.end, 2)

    def show_window(self, window: tuple[float, float], colour: QColor) -> None:
        """Show a word's window in its colour; nothing is announced."""
        for slider, value in zip((self.start, self.end), window, strict=True):
            slider.fill_colour = colour
            slider.set_value(float(round(value * 100)))

    def _slider(self, label: str, default: float) -> ValueSlider:
        slider = ValueSlider(label, low=0, high=100, default=default, step=5, suffix=" %", parent=self)
        slider.released.connect(self.released)
        return slider

    def _tell(self, start: float, end: float) -> None:
        self.changed.emit(start / 100, end / 100)


def in_words(window: tuple[float, float]) -> str:
    """A window as a sentence."""
    return tr("Active from {start} to {end} of the steps", start=number(window[0], ".0%"), end=number(window[1], ".0%"))
