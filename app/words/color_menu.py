"""The menu of colours and patterns for a word's paint: both as swatches, and any other colour."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QColorDialog, QGridLayout, QMenu, QToolButton, QWidget, QWidgetAction

from app.language import tr
from app.widgets.plain_text import plain_tip
from app.widgets.swatch import swatch_image
from canvas.model.colors import PALETTE
from canvas.paint.patterns import PATTERN_NAMES

COLUMNS = 8
SIDE = 20


def _grid() -> tuple[QWidget, QGridLayout]:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(8, 4, 8, 4)
    grid.setSpacing(3)
    return box, grid


def _button(pixmap: QPixmap, tip: str, *, checked: bool) -> QToolButton:
    button = QToolButton()
    button.setIcon(QIcon(pixmap))
    button.setIconSize(QSize(SIDE, SIDE))
    button.setToolTip(plain_tip(tip))
    button.setCheckable(True)
    button.setChecked(checked)
    return button


class ColorMenu(QMenu):
    """`chosen` tells a colour as "#rrggbb", `pattern_chosen` the number of a pattern of `canvas.paint.patterns`."""

    chosen = Signal(str)
    pattern_chosen = Signal(int)

    def __init__(self, current: str, parent: QWidget, *, pattern: int = 0) -> None:
        super().__init__(tr("&Colour and Pattern"), parent)
        self._current = current
        grid_box, grid = _grid()
        self.swatches: dict[str, QToolButton] = {}
        for index, color in enumerate(PALETTE):
            pixmap = QPixmap(SIDE, SIDE)
            pixmap.fill(QColor(color))
            button = _button(pixmap, color, checked=color == current)
            button.setAccessibleName(tr("Colour {color}", color=color))
            button.clicked.connect(lambda _checked=False, color=color: self._take(color))
            self.swatches[color] = button
            grid.addWidget(button, index // COLUMNS, index % COLUMNS)
        self._add(grid_box)
        self.addAction(tr("&Other Colour…"), self._ask)
        self.addSeparator()
        self.patterns: list[QToolButton] = []
        pattern_box, grid = _grid()
        for index, name in enumerate(PATTERN_NAMES):
            button = _button(QPixmap.fromImage(swatch_image(current, index)), tr(name), checked=index == pattern)
            button.setAccessibleName(tr("Pattern: {name}", name=tr(name)))
            button.clicked.connect(lambda _checked=False, index=index: self._take_pattern(index))
            self.patterns.append(button)
            grid.addWidget(button, index // COLUMNS, index % COLUMNS)
        self._add(pattern_box)

    def _add(self, box: QWidget) -> None:
        row = QWidgetAction(self)
        row.setDefaultWidget(box)
        self.addAction(row)

    def _take_pattern(self, index: int) -> None:
        self.pattern_chosen.emit(index)
        self.close()

    def _take(self, color: str) -> None:
        self.chosen.emit(color)
        self.close()

    def _ask(self) -> None:
        """Ask in a dialog; the menu, whose signal tells the answer, is kept until that is closed."""
        owner = self.parentWidget()
        dialog = QColorDialog(QColor(self._current), owner.window() if owner is not None else None)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Colour of the Paint"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialog.colorSelected.connect(lambda color: self.chosen.emit(color.name()))
        dialog.finished.connect(lambda _result: self.deleteLater())
        dialog.open()
