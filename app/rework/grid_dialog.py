"""The question for a grid: over seeds, strengths of the chosen word, or other words in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from canvas.model.variations import MOST

SEEDS, STRENGTHS, WORDS = "seeds", "strengths", "words"
USUAL = {SEEDS: "4", STRENGTHS: "0, 0.5, 1, 1.5, 2", WORDS: ""}


@dataclass(frozen=True)
class Asked:
    """What was chosen: over what, and the values, of seeds how many."""

    over: str
    values: tuple[str, ...]


class GridDialog(QDialog):
    """`asked` comes when it is accepted; what cannot be is greyed, and why is said."""

    asked = Signal(object)  # Asked

    def __init__(self, word: str | None, *, painted: bool, parent: QWidget) -> None:
        """`word` is the chosen one, None for none; `painted` is whether it has paint."""
        super().__init__(parent)
        self.setWindowTitle(tr("Grid"))
        self.choices = {
            SEEDS: QRadioButton(tr("Seeds: how many")),
            STRENGTHS: QRadioButton(tr("Strengths of “{word}”", word=word or "…")),
            WORDS: QRadioButton(tr("Words in place of “{word}”", word=word or "…")),
        }
        self.fields = {over: named(QLineEdit(text), f"grid-{over}") for over, text in USUAL.items()}
        self.fields[WORDS].setPlaceholderText(tr("cat, dog, tall tower"))
        form = QFormLayout()
        for over, choice in self.choices.items():
            self.fields[over].setAccessibleName(choice.text())
            form.addRow(choice, self.fields[over])
            choice.toggled.connect(lambda _on: self._check())
            self.fields[over].textChanged.connect(lambda _text: self._check())
        self.why = named(PlainLabel(), "muted")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Make the grid"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.why)
        column.addWidget(self.buttons)
        self.choices[WORDS].setEnabled(word is not None)
        self.choices[STRENGTHS].setEnabled(word is not None and painted)
        self.choices[SEEDS].setChecked(True)
        self._check()

    @property
    def chosen(self) -> Asked:
        """What stands there now."""
        over = next(over for over, choice in self.choices.items() if choice.isChecked())
        values = tuple(filter(None, (each.strip() for each in re.split(r"[,;\n]", self.fields[over].text()))))
        return Asked(over, values)

    def accept(self) -> None:
        super().accept()
        self.asked.emit(self.chosen)

    def _check(self) -> None:
        found = self.chosen
        for over, field in self.fields.items():
            field.setEnabled(over == found.over)
        count = len(found.values)
        if found.over == SEEDS:
            count = int(found.values[0]) if count == 1 and re.fullmatch(r"\d{1,3}", found.values[0]) else 0
        elif found.over == STRENGTHS and not all(map(_is_number, found.values)):
            count = 0
        fine = 1 <= count <= MOST
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(fine)
        if fine:
            self.why.setText(tr("{count} pictures, and a sheet of all of them", count=count))
        else:
            self.why.setText(tr("Values apart by commas, {count} at most", count=MOST))


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(?:\.\d+)?", text) is not None
