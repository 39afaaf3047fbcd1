"""The column of tools beside the canvas: brush, eraser, fill, clear, and how the paint is shown."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QToolButton, QWidget, QWidgetAction

from app.actions import Actions
from app.language import tr
from app.tools.group_button import GroupButton
from app.widgets.helpers import ShiftButton, named, small_button, tool_button
from app.widgets.theme import ICON_SIZE, Theme
from app.widgets.value_slider import ValueSlider

LEAST = 10  # percent
SPACE, MARGIN = 3, 6
SHAPES = ("tool.rectangle", "tool.ellipse", "tool.lasso", "tool.polygon")
SELECTING = ("tool.select-rectangle", "tool.select-ellipse", "tool.select-lasso", "tool.select-polygon")


class ToolColumn(QWidget):
    """Buttons of the actions; `opacity_changed` tells how opaque the paint is drawn, 0..1."""

    opacity_changed = Signal(float)

    def __init__(self, actions: Actions, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolColumn")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.opacity = ValueSlider(tr("Paint opacity"), low=LEAST, high=100, default=100, step=5, suffix=" %")
        self.opacity.explain(tr("How strongly the paint covers the picture on the screen; it acts all the same"))
        self.opacity.setMinimumWidth(200)
        self.opacity.value_changed.connect(lambda value: self.opacity_changed.emit(float(value) / 100))
        self.more = named(small_button(tr("How the paint is shown")), "paintView")
        self.more.setIconSize(ICON_SIZE)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        slider = QWidgetAction(menu)
        slider.setDefaultWidget(self.opacity)
        menu.addAction(actions["view.overlays"])
        menu.addAction(actions["view.paint_only"])
        menu.addAction(actions["view.rest"])
        menu.addSeparator()
        menu.addActions([actions["view.coverage"], actions["view.cells"]])
        menu.addSeparator()
        menu.addAction(slider)
        self.more.setMenu(menu)
        self._groups: list[list[QWidget]] = [
            [
                *(tool_button(actions[name]) for name in ("brush.paint", "brush.erase", "tool.line")),
                GroupButton(actions, SHAPES, "Shapes"),
                tool_button(actions["tool.fill"]),
                GroupButton(actions, ("tool.gradient", "tool.radial"), "Gradients"),
                GroupButton(actions, ("tool.move", "tool.transform"), "Move"),
                GroupButton(actions, SELECTING, "Selections"),
            ],
            [ShiftButton(actions["word.fill"], actions["word.fill_all"]), tool_button(actions["word.clear"])],
            [*(tool_button(actions[name]) for name in ("view.overlays", "view.heatmaps")), self.more],
        ]
        self._lines = [_line() for _ in self._groups[1:]]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(5, MARGIN, 5, MARGIN)
        self._grid.setSpacing(SPACE)
        self._across = 0
        self._arrange(1)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column where the height suffices, else two."""
        super().resizeEvent(event)
        self._arrange(1 if event.size().height() >= self._height(1) else 2)

    def minimumSizeHint(self) -> QSize:
        """As low as two columns are."""
        return QSize(super().minimumSizeHint().width(), self._height(2))

    def _height(self, across: int) -> int:
        tallest = max(button.sizeHint().height() for group in self._groups for button in group)
        rows = sum(-(-len(group) // across) for group in self._groups)
        lines = len(self._groups) - 1
        return rows * tallest + lines + (rows + lines - 1) * SPACE + 2 * MARGIN

    def _arrange(self, across: int) -> None:
        if across == self._across:
            return
        self._across, row = across, 0
        for number, group in enumerate(self._groups):
            if number:
                self._grid.addWidget(self._lines[number - 1], row, 0, 1, across)
                row += 1
            for index, button in enumerate(group):
                self._grid.addWidget(button, row + index // across, index % across)
            row += -(-len(group) // across)
        for other in range(40):
            self._grid.setRowStretch(other, 1 if other == row else 0)
        self.updateGeometry()

    def _paint_icons(self) -> None:
        self.more.setIcon(self._theme.icon("ph.dots-three"))


def _line() -> QFrame:
    """A thin level line between groups of tools."""
    line = named(QFrame(), "divider")
    line.setFixedHeight(1)
    return line
