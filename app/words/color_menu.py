"""The menu of colours for a word's paint: the palette as swatches, and any other."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QColorDialog, QGridLayout, QMenu, QToolButton, QWidget, QWidgetAction

from app.language import tr
from app.widgets.plain_text import plain_tip
from canvas.model.colors import PALETTE

COLUMNS = 8
SIDE = 20


class ColorMenu(QMenu):
    """`chosen` tells a colour as "#rrggbb"."""

    chosen = Signal(str)

    def __init__(self, current: str, parent: QWidget) -> None:
        super().__init__("&Colour", parent)
        self._current = current
        grid_box = QWidget()
        grid = QGridLayout(grid_box)
        grid.setContentsMargins(8, 4, 8, 4)
        grid.setSpacing(3)
        self.swatches: dict[str, QToolButton] = {}
        for index, color in enumerate(PALETTE):
            button = QToolButton()
            pixmap = QPixmap(SIDE, SIDE)
            pixmap.fill(QColor(color))
            button.setIcon(QIcon(pixmap))
            button.setIconSize(QSize(SIDE, SIDE))
            button.setToolTip(plain_tip(color))
            button.setAccessibleName(tr("Colour {color}", color=color))
            button.setCheckable(True)
            button.setChecked(color == current)
            button.clicked.connect(lambda _checked=False, color=color: self._take(color))
            self.swatches[color] = button
            grid.addWidget(button, index // COLUMNS, index % COLUMNS)
        row = QWidgetAction(self)
        row.setDefaultWidget(grid_box)
        self.addAction(row)
        self.addAction(tr("&Other Colour…"), self._ask)

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
