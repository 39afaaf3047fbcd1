"""A tool button for tools of one kind: a click takes the one used last, its menu has all of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QMenu, QToolButton

from app.actions import Actions
from app.widgets.helpers import as_tool, named


class GroupButton(QToolButton):
    """Shows the tool of a group that was used last."""

    def __init__(self, actions: Actions, names: Sequence[str], title: str) -> None:
        super().__init__()
        self._title = title
        menu = QMenu(title, self)
        for name in names:
            action = actions[name]
            menu.addAction(action)
            action.toggled.connect(lambda on, name=name: self._take(actions, name) if on else None)
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._take(actions, names[0])

    def _take(self, actions: Actions, name: str) -> None:
        as_tool(self, actions[name])
        named(self, f"button.{self._title.lower()}")
