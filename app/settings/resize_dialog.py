"""Another canvas size, and what becomes of the paint: scaled with it, or cut and extended about an anchor."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QRadioButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.language import tr
from app.widgets.helpers import named, row
from app.widgets.plain_text import PlainLabel, plain_tip
from resources.limits import MAX_SIDE

STOPS = (0.0, 0.5, 1.0)
PLACES = (("upper left", "top", "upper right"), ("left", "middle", "right"), ("lower left", "bottom", "lower right"))


class ResizeDialog(QDialog):
    """`resize_asked` tells width, height and the anchor (x, y) of a crop, or None where the paint is scaled."""

    resize_asked = Signal(int, int, object)

    def __init__(self, size: tuple[int, int], nearest: Callable[[int], int], parent: QWidget) -> None:
        """`nearest` is the side next to a typed one that the model can make."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Resize Canvas"))
        self._nearest = nearest
        self.width_box, self.height_box = (named(QSpinBox(), name) for name in ("resizeWidth", "resizeHeight"))
        for box, side in zip((self.width_box, self.height_box), size, strict=True):
            box.setRange(1, MAX_SIDE)
            box.setSuffix(" px")
            box.lineEdit().setTextMargins(6, 0, 0, 0)
            box.setValue(side)
        self.scale = named(QRadioButton(tr("Scale the paint to the new size")), "scalePaint")
        self.crop = named(QRadioButton(tr("Crop or extend: the paint keeps its size")), "cropPaint")
        self.scale.setChecked(True)
        self._anchors = QButtonGroup(self)
        grid_box = QWidget()
        grid = QGridLayout(grid_box)
        grid.setContentsMargins(24, 0, 0, 0)
        grid.setSpacing(2)
        for index in range(9):
            button = QToolButton()
            button.setText("●")
            button.setCheckable(True)
            button.setChecked(index == 4)
            name = PLACES[index // 3][index % 3]
            button.setToolTip(plain_tip(tr(f"The {name} stays in place")))
            button.setAccessibleName(button.toolTip())
            self._anchors.addButton(button, index)
            grid.addWidget(button, index // 3, index % 3)
        grid.setColumnStretch(3, 1)
        grid_box.setEnabled(False)
        self.crop.toggled.connect(grid_box.setEnabled)
        buttons = QDialogButtonBox()
        self.go = buttons.addButton(tr("Resize"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(row(self.width_box, PlainLabel("×"), self.height_box, stretch=(1, 0, 1)))
        for widget in (self.scale, self.crop, grid_box, buttons):
            column.addWidget(widget)

    def anchor_button(self, index: int) -> QToolButton:
        """One of the nine places that can stay where they are, row by row."""
        button = self._anchors.button(index)
        assert isinstance(button, QToolButton)
        return button

    def accept(self) -> None:
        """Tell what was asked for."""
        index = self._anchors.checkedId()
        anchor = (STOPS[index % 3], STOPS[index // 3]) if self.crop.isChecked() else None
        size = (self._nearest(self.width_box.value()), self._nearest(self.height_box.value()))
        self.resize_asked.emit(*size, anchor)
        super().accept()
