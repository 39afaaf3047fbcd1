"""The question for an instruction: what is to change in the picture, how much it is followed, and how much stays."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.helpers import named
from app.widgets.plain_line import PlainLine
from app.widgets.plain_text import PlainLabel
from app.widgets.value_slider import ValueSlider
from resources.limits import PICTURE_GUIDANCE


class InstructDialog(QDialog):
    """`asked` comes with the instruction, the guidance by its text and that by the picture."""

    asked = Signal(str, float, float)

    def __init__(
        self, text: str, *, guidance: float, usual: float, picture: float, place: str, parent: QWidget
    ) -> None:
        """`guidance` and `picture` are the values at first, `usual` the model's own guidance; `place` says where the
        picture changes."""
        super().__init__(parent)
        self.setWindowTitle(tr("Change by Instruction"))
        note = PlainLabel(wordWrap=True)
        note.setText(tr("Say what should be different:"))
        self.text = named(PlainLine(), "instruction")
        self.text.setPlaceholderText(tr("make it winter"))
        self.text.setAccessibleName(tr("Instruction"))
        self.text.setText(text)
        self.text.selectAll()
        self.guidance = ValueSlider(tr("Instruction"), low=1, high=15, default=usual, step=0.5, decimals=1)
        self.guidance.explain(tr("How closely the picture follows the instruction"))
        self.guidance.set_value(guidance)
        self.picture = ValueSlider(tr("Picture"), low=1, high=3, default=PICTURE_GUIDANCE, step=0.1, decimals=1)
        self.picture.explain(tr("How much is kept of the picture: more makes it change less"))
        self.picture.set_value(picture)
        where = named(PlainLabel(wordWrap=True), "muted")
        where.setText(place)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Change"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.text.textChanged.connect(self._show)
        column = QVBoxLayout(self)
        for widget in (note, self.text, self.guidance, self.picture, where, self.buttons):
            column.addWidget(widget)
        self.setMinimumWidth(420)
        self.text.setFocus()
        self._show()

    def accept(self) -> None:
        super().accept()
        self.asked.emit(self.text.text().strip(), float(self.guidance.value or 1), float(self.picture.value or 1))

    def _show(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.text.text().strip()))
