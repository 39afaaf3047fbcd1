"""The saved brushes: kept in the preferences, taken by a key or from the menu; and the curve of the pen's pressure."""

from __future__ import annotations

import dataclasses
from dataclasses import fields, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget

from app.actions import Actions
from app.language import tr
from app.preferences import Preferences, Preset
from app.preferences.values import LONGEST_NAME, MOST_BRUSHES
from app.session import Session
from app.tools.brush_controller import REFERENCE_SIDE
from app.tools.brush_menu import KEYS, BrushMenu
from app.tools.pressure_dialog import PressureDialog
from canvas.paint.brush import LIMITS

_SHARED = [each.name for each in fields(Preset) if each.name not in ("name", "diameter")]


class BrushesController(QObject):
    """Signals: `said`, which brush was taken or saved."""

    said = Signal(str)

    def __init__(
        self, session: Session, actions: Actions, preferences: Preferences, *, menu: BrushMenu, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._preferences, self._menu, self._window = session, preferences, menu, window
        for number in range(KEYS):
            actions[f"brush.{number + 1}"].triggered.connect(lambda _on=False, number=number: self.take(number))
        actions["brush.save"].triggered.connect(lambda: self.ask_name())
        actions["brush.curve"].triggered.connect(lambda: self.show_curve())
        menu.taken.connect(self.take)
        menu.removed.connect(self.remove)
        menu.show_brushes(self.brushes)

    @property
    def brushes(self) -> tuple[Preset, ...]:
        """The saved ones, in the order of their keys."""
        return self._preferences.values.brushes

    @property
    def _share(self) -> float:
        """Pixels of this canvas for each pixel of a saved diameter."""
        return min(self._session.scene.size) / REFERENCE_SIDE

    def take(self, number: int) -> None:
        """Paint with a saved brush from now on."""
        if not 0 <= number < len(self.brushes):
            return
        preset, (low, high) = self.brushes[number], LIMITS["diameter"]
        values = {name: getattr(preset, name) for name in _SHARED}
        diameter = float(round(min(max(preset.diameter * self._share, low), high)))
        self._session.set_brush(replace(self._session.brush, diameter=diameter, **values))
        self.said.emit(tr("Brush “{name}”.", name=preset.name))

    def ask_name(self) -> None:
        """Save the brush that is in the hand under a name that the user is asked for."""
        free = tr("Brush {number}", number=len(self.brushes) + 1)
        name, sure = QInputDialog.getText(
            self._window, tr("Save This Brush"), tr("Name:"), QLineEdit.EchoMode.Normal, free
        )
        if sure and name.strip():
            self.save(name.strip()[:LONGEST_NAME])

    def save(self, name: str) -> None:
        """Save the brush that is in the hand; one that has the name already becomes this one."""
        brush = self._session.brush
        values = {each: getattr(brush, each) for each in _SHARED}
        preset = Preset(name, float(brush.diameter / self._share), **values)
        names = [each.name for each in self.brushes]
        if name in names:
            self._keep(tuple(preset if each.name == name else each for each in self.brushes))
        elif len(names) >= MOST_BRUSHES:
            self.said.emit(
                tr("There are {most_brushes} saved brushes already: remove one first.", most_brushes=MOST_BRUSHES)
            )
            return
        else:
            self._keep((*self.brushes, preset))
        number = [each.name for each in self.brushes].index(name) + 1
        key = tr(" Press {number} to take it.", number=number) if number <= KEYS else ""
        self.said.emit(tr("“{name}” is saved.{key}", name=name, key=key))

    def remove(self, number: int) -> None:
        """Forget a saved brush."""
        self._keep(tuple(each for index, each in enumerate(self.brushes) if index != number))

    def show_curve(self) -> None:
        """Open the dialog in which the pen is tried and its pressure set."""
        brush = self._session.brush
        dialog = PressureDialog(brush.pressure_gamma, brush.pressure_floor, self._window)
        dialog.changed.connect(
            lambda gamma, floor: self._session.set_brush(
                dataclasses.replace(self._session.brush, pressure_gamma=gamma, pressure_floor=floor)
            )
        )
        dialog.open()

    def _keep(self, brushes: tuple[Preset, ...]) -> None:
        self._preferences.change(brushes=brushes)
        self._menu.show_brushes(brushes)
