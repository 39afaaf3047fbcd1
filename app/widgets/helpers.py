"""Small helpers to make widgets of one look: names for the style sheet, rows, tool buttons, dividers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QToolButton, QWidget

from app.language import tr
from app.widgets.plain_text import plain_tip
from app.widgets.theme import ICON_SIZE, SMALL_ICON_SIZE

Named = TypeVar("Named", bound=QObject)


class Choice(QComboBox):
    """A drop-down list that leaves the wheel to the panel it stands in, unless it was clicked or tabbed to."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def named(thing: Named, name: str) -> Named:
    """The same object with a name, by which the style sheet and tests find it."""
    thing.setObjectName(name)
    return thing


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names as in a sentence: “a, b and c”; with more than `most` (and one) the rest is counted: “a, b and 5 more”."""
    more = len(names) - most
    shown = list(names) if more <= 1 else [*names[:most], tr("{count} more", count=more)]
    return tr("{names} and {last}", names=", ".join(shown[:-1]), last=shown[-1]) if len(shown) > 1 else "".join(shown)


def row(*widgets: QWidget, stretch: tuple[int, ...]) -> QHBoxLayout:
    """Widgets side by side; `stretch` is each one's share of the room."""
    layout = QHBoxLayout()
    layout.setSpacing(6)
    for widget, share in zip(widgets, stretch, strict=True):
        layout.addWidget(widget, share)
    return layout


def tool_button(action: QAction) -> QToolButton:
    """A tool button of one look and size for an action; it never takes the focus from the canvas by a click."""
    return as_tool(QToolButton(), action)


def as_tool(button: QToolButton, action: QAction) -> QToolButton:
    """Give a tool button an action, and the look and size of its like."""
    named(button, f"button.{action.objectName()}")
    button.setDefaultAction(action)
    button.setIconSize(ICON_SIZE)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(action.text().replace("&", ""))
    return button


class ShiftButton(QToolButton):
    """A tool button that does something larger when it is clicked with Shift held."""

    def __init__(self, action: QAction, shifted: QAction) -> None:
        super().__init__()
        as_tool(self, action)
        self._shifted = shifted

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.isDown() and self.hitButton(event.position().toPoint())
        if inside and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.setDown(False)
            self._shifted.trigger()
        else:
            super().mouseReleaseEvent(event)


def small_button(tip: str) -> QToolButton:
    """A small tool button without an action; its tip is its name too."""
    button = QToolButton()
    button.setToolTip(plain_tip(tip))
    button.setAccessibleName(tip)
    button.setIconSize(SMALL_ICON_SIZE)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def scrolling(inside: QWidget) -> QScrollArea:
    """A widget in an area that scrolls up and down. A click in it leaves the keys where they are: with the canvas."""
    area = QScrollArea(widgetResizable=True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area


def divider() -> QFrame:
    """A thin upright line between groups of tools."""
    line = named(QFrame(), "divider")
    line.setFixedSize(1, 20)
    return line
