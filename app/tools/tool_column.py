"""The column of tools beside the canvas: brush, eraser, fill, clear, and how the paint is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu, QToolButton, QVBoxLayout, QWidget, QWidgetAction

from app.actions import Actions
from app.tools.group_button import GroupButton
from app.widgets.helpers import ShiftButton, named, small_button, tool_button
from app.widgets.theme import ICON_SIZE, Theme
from app.widgets.value_slider import ValueSlider

LEAST = 10  # percent
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
        self.opacity = ValueSlider("Paint opacity", low=LEAST, high=100, default=100, step=5, suffix=" %")
        self.opacity.explain("How strongly the paint covers the picture on the screen; it acts all the same")
        self.opacity.setMinimumWidth(200)
        self.opacity.value_changed.connect(lambda value: self.opacity_changed.emit(float(value) / 100))
        self.more = named(small_button("How the paint is shown"), "paintView")
        self.more.setIconSize(ICON_SIZE)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        slider = QWidgetAction(menu)
        slider.setDefaultWidget(self.opacity)
        menu.addAction(actions["view.overlays"])
        menu.addAction(actions["view.paint_only"])
        menu.addAction(actions["view.rest"])
        menu.addSeparator()
        menu.addAction(slider)
        self.more.setMenu(menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 6, 5, 6)
        column.setSpacing(3)
        for name in ("brush.paint", "brush.erase", "tool.line"):
            column.addWidget(tool_button(actions[name]))
        column.addWidget(GroupButton(actions, SHAPES, "Shapes"))
        for name in ("tool.fill", "tool.gradient", "tool.move", "tool.pick"):
            column.addWidget(tool_button(actions[name]))
        column.addWidget(GroupButton(actions, SELECTING, "Selections"))
        column.addWidget(_line())
        column.addWidget(ShiftButton(actions["word.fill"], actions["word.fill_all"]))
        column.addWidget(tool_button(actions["word.clear"]))
        column.addWidget(_line())
        for name in ("view.overlays", "view.heatmaps"):
            column.addWidget(tool_button(actions[name]))
        column.addWidget(self.more)
        column.addStretch(1)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def _paint_icons(self) -> None:
        self.more.setIcon(self._theme.icon("ph.dots-three"))


def _line() -> QFrame:
    """A thin level line between groups of tools."""
    line = named(QFrame(), "divider")
    line.setFixedHeight(1)
    return line
