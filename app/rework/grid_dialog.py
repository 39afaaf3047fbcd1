"""The question for a grid: what differs from column to column, and perhaps from row to row."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.language import tr
from app.rework.grid_axes import SEEDS, USUAL, WORDS, Axis, Way, axis_from, count_of, ways_of
from app.widgets.helpers import Choice, named
from app.widgets.plain_text import PlainLabel
from canvas.model.scene import Scene
from canvas.model.variations import MOST


class GridDialog(QDialog):
    """`asked` comes when it is accepted, with the axes, of which the last is that of the columns.

    Args:
        chosen: the id of the word under the brush, whose ways come first. time: how long so many pictures take, in
            words, "" where nobody can say.
    """

    asked = Signal(object)  # list of Axis

    def __init__(self, scene: Scene, chosen: str | None, *, time: Callable[[int], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Grid"))
        self._time = time
        self.ways = ways_of(scene, chosen)
        self.columns, self.rows = AxisChoice("columns", tr("Columns"), self), AxisChoice("rows", tr("Rows"), self)
        for way, text in self.ways.items():
            self.columns.way.addItem(text, way)
        self.rows.way.addItem(tr("None: a single row"), None)
        for way, text in self.ways.items():
            self.rows.way.addItem(text, way)
        form = QGridLayout()
        form.setColumnStretch(2, 1)
        for line, choice in enumerate((self.columns, self.rows)):
            form.addWidget(PlainLabel(choice.title), line, 0)
            form.addWidget(choice.way, line, 1)
            form.addWidget(choice.field, line, 2)
            choice.changed.connect(self._check)
        self.why = named(PlainLabel(wordWrap=True), "muted")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(tr("Make the grid"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.why)
        column.addWidget(self.buttons)
        self.resize(560, self.sizeHint().height())
        self._check()

    @property
    def axes(self) -> list[Axis] | None:
        """What stands there now; None where that cannot be."""
        asked = [choice for choice in (self.rows, self.columns) if choice.chosen is not None]
        axes = [choice.axis for choice in asked]
        found = [axis for axis in axes if axis is not None]
        if len(found) < len(axes) or len({axis.way for axis in found}) < len(found):
            return None
        return found

    def accept(self) -> None:
        axes = self.axes
        super().accept()
        if axes:
            self.asked.emit(axes)

    def _check(self) -> None:
        axes = self.axes
        counts = [count_of(axis) for axis in axes or ()]
        total = 1
        for count in counts:
            total *= count
        fine = bool(axes) and 1 <= total <= MOST
        self.ok.setEnabled(fine)
        if fine:
            product = f"{counts[1]} × {counts[0]} = {total}" if len(counts) == 2 else str(total)
            time = self._time(total)
            said = tr("{count} pictures, and a sheet of all of them", count=product)
            self.why.setText(f"{said} · {time}" if time else said)
        elif self.columns.chosen == self.rows.chosen:
            self.why.setText(tr("Columns and rows are the same: choose something else for one of them."))
        elif axes:
            self.why.setText(tr("{count} pictures are too many: a grid has {most} at most.", count=total, most=MOST))
        else:
            self.why.setText(tr("Values separated by commas, {count} at most", count=MOST))


class AxisChoice(QWidget):
    """What one axis runs over, and its values; only its parts are shown, in the dialog's layout."""

    changed = Signal()

    def __init__(self, name: str, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self.title = title
        self.way = named(Choice(), f"grid-{name}")
        self.way.setAccessibleName(title)
        self.field = named(QLineEdit(), f"grid-{name}-values")
        self.field.setAccessibleName(tr("Values of {what}", what=title))
        self.way.currentIndexChanged.connect(lambda _index: self._turn())
        self.field.textChanged.connect(lambda _text: self.changed.emit())

    @property
    def chosen(self) -> Way | None:
        """What it runs over; None for nothing."""
        way = self.way.currentData()
        return way if isinstance(way, Way) else None

    @property
    def axis(self) -> Axis | None:
        """The axis as it stands there; None where there is none, or it cannot be."""
        return None if self.chosen is None else axis_from(self.chosen, self.field.text())

    def choose(self, way: Way | None) -> None:
        """Choose a way that is offered."""
        self.way.setCurrentIndex(next(i for i in range(self.way.count()) if self.way.itemData(i) == way))

    def _turn(self) -> None:
        way = self.chosen
        self.field.setEnabled(way is not None)
        hints = {SEEDS: tr("how many, or which: 4, or 7, 8, 9"), WORDS: tr("cat, dog, tall tower")}
        self.field.setPlaceholderText("" if way is None else hints.get(way.over, tr("values separated by commas")))
        self.field.setText("" if way is None else USUAL.get(way.over, ""))
        self.changed.emit()
