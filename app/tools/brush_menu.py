"""The menu of the brush: flow and smoothing, mirrors, and the saved brushes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget, QWidgetAction

from app.actions import Actions
from app.language import tr
from app.preferences import Preset
from app.widgets.helpers import named, tool_button
from app.widgets.plain_text import plain_tip

KEYS = 9  # saved brushes that have a key of their own


class BrushMenu(QObject):
    """Made anew from the saved brushes; `taken` and `removed` carry their number, from 0."""

    taken = Signal(int)
    removed = Signal(int)

    def __init__(self, actions: Actions, sliders: Sequence[QWidget], turns: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self.menu = QMenu(tr("Brush settings"), parent)
        self.menu.setToolTipsVisible(True)
        self.button = named(tool_button(actions["brush.settings"]), "brushMenu")
        self.button.setMenu(self.menu)
        actions["brush.settings"].triggered.connect(lambda: self.button.showMenu())
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for slider in sliders:
            self._add(slider)
        self.menu.addSeparator()
        self._add(turns)
        self.menu.addActions([actions[f"brush.{name}"] for name in ("mirror_x", "mirror_y", "middle", "curve")])
        self.menu.addSeparator()
        self.menu.addAction(actions["brush.save"])
        self._saved = self.menu.addSeparator()
        self._remove = QMenu(tr("&Remove a Brush"), self.menu)
        self.menu.addMenu(self._remove)
        self.show_brushes(())

    def _add(self, slider: QWidget) -> None:
        slider.setMinimumWidth(220)
        holder = QWidgetAction(self.menu)
        holder.setDefaultWidget(slider)
        self.menu.addAction(holder)

    def show_brushes(self, brushes: Sequence[Preset]) -> None:
        """Show these saved brushes; the first nine have keys."""
        for action in self.menu.actions():
            if isinstance(action.data(), int):
                self.menu.removeAction(action)
        self._remove.clear()
        for number, preset in enumerate(brushes):
            text = preset.name.replace("&", "&&")
            if number < KEYS:
                action = self._actions[f"brush.{number + 1}"]
                action.setText(text)
                action.setToolTip(plain_tip(f"{preset.name}  ({action.shortcut().toString()})"))
            else:
                action = self.menu.addAction(text)
                action.triggered.connect(lambda _on=False, number=number: self.taken.emit(number))
            action.setData(number)
            self.menu.insertAction(self._remove.menuAction(), action)
            self._remove.addAction(text).triggered.connect(lambda _on=False, number=number: self.removed.emit(number))
        for number in range(KEYS):
            self._actions[f"brush.{number + 1}"].setEnabled(number < len(brushes))
        self._remove.menuAction().setVisible(bool(brushes))
