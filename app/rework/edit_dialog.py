"""Edited words in detail: how long words and shapes of the picture are kept, and how much of each word there is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from app.widgets.value_slider import ValueSlider
from resources.limits import KEEP_CROSS, KEEP_SELF

LOW, HIGH = -2.0, 4.0
"""What the sliders of words span; 1 is as much of a word as there was."""

Span = tuple[int, int]


class EditDialog(QDialog):
    """`asked` comes with two shares, 0..1, of words and of shapes, and (span, weight) of each word that is weighed."""

    asked = Signal(float, float, tuple)

    def __init__(
        self, words: Sequence[tuple[Span, str]], *, before: str, kept: float, shapes: float, parent: QWidget
    ) -> None:
        """`words` are spans of the new prompt and what stands there; `before` is the prompt of the picture."""
        super().__init__(parent)
        self.setWindowTitle(tr("Edit Words"))
        was = PlainLabel(wordWrap=True)
        was.setText(tr("The picture was made with: {prompt}", prompt=before))
        self.kept = self._share(tr("Words kept"), KEEP_CROSS, kept)
        self.kept.explain(tr("For how much of the run words keep their places: little lets the new word find its own"))
        self.shapes = self._share(tr("Shapes kept"), KEEP_SELF, shapes)
        self.shapes.explain(tr("For how much of the run shapes are kept: little lets the new word have its own"))
        self.weights: list[tuple[Span, ValueSlider]] = []
        rows = QVBoxLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        for span, text in words:
            slider = ValueSlider(text, low=LOW, high=HIGH, default=1.0, step=0.1, decimals=1, suffix=" ×")
            slider.explain(tr("How much of the word there is: 1 is as it was, 0 is none of it, below 0 its opposite"))
            rows.addWidget(slider)
            self.weights.append((span, slider))
        rows.addStretch(1)
        inner = QWidget()
        inner.setLayout(rows)
        area = named(QScrollArea(), "editWeights")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        area.setMinimumHeight(min(220, inner.sizeHint().height() + 4))
        note = named(PlainLabel(wordWrap=True), "muted")
        note.setText(tr("More or less of each word, without changing the prompt:"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Edit Words"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (was, self.kept, self.shapes, note, area, self.buttons):
            column.addWidget(widget)
        self.setMinimumWidth(420)

    def accept(self) -> None:
        super().accept()
        weighed = tuple((span, float(slider.value)) for span, slider in self.weights if slider.value not in (None, 1.0))
        self.asked.emit(self._of(self.kept), self._of(self.shapes), weighed)

    @staticmethod
    def _share(label: str, usual: float, value: float) -> ValueSlider:
        slider = ValueSlider(label, low=0, high=100, default=round(100 * usual), step=1, suffix=" %")
        slider.set_value(round(100 * value))
        return slider

    @staticmethod
    def _of(slider: ValueSlider) -> float:
        return float(slider.value or 0) / 100
