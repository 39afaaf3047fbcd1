"""A control picture's card: a small picture, what it shows, its ControlNet, strength and steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.elided_label import ElidedLabel
from app.widgets.helpers import Choice, named, row, small_button
from app.widgets.plain_text import PlainLabel, plain_tip
from app.widgets.step_range import ActWindow
from app.widgets.theme import Theme
from app.widgets.value_slider import ValueSlider
from canvas.files.image_io import read_thumbnail
from canvas.model.control import Control
from canvas.view.qimage import from_rgb
from resources.limits import CONTROL_KINDS, CONTROL_MAPS, ControlStrength, bounds

BUTTON, THUMBNAIL = 22, 56
FIRST = "First that fits"


class ControlCard(QFrame):
    """One picture. What is asked goes out as signals; what is shown comes from `show_control`."""

    changed = Signal(str, object)  # the name of a field of Control, and its value
    remove_asked = Signal()
    edit_ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self._theme = theme
        self._shown = b""
        self.picture = PlainLabel()
        self.picture.setFixedSize(QSize(THUMBNAIL, THUMBNAIL))
        self.name = ElidedLabel()
        self.remove = small_button(tr("Remove this control picture"))
        self.remove.setFixedSize(BUTTON, BUTTON)
        self.remove.clicked.connect(self.remove_asked)
        self.kind = self._choice(tr("Shows"), "kind", tr("What the picture shows"), CONTROL_KINDS)
        self.prepare = self._choice(
            tr("Is"), "prepare", tr("How the control map is made from the picture"), CONTROL_MAPS
        )
        self.model = self._choice(
            tr("ControlNet"), "model", tr("The network that makes the result follow the picture"), {}
        )
        low, high = bounds(ControlStrength)
        self.strength = ValueSlider(tr("Strength"), low=low, high=high, default=1.0, step=0.05, decimals=2)
        self.strength.explain(tr("How closely the result follows the picture: 1 is normal, 0 is off"))
        self.strength.value_changed.connect(
            lambda value: self.changed.emit("strength", 1.0 if value is None else value)
        )
        self.strength.released.connect(self.edit_ended)
        self.steps = ActWindow()
        self.steps.start.explain(tr("The first of the steps in which the picture acts"))
        self.steps.end.explain(tr("The last of the steps in which the picture acts\nEarly steps decide the layout."))
        self.steps.changed.connect(lambda start, end: self.changed.emit("window", (start, end)))
        self.steps.released.connect(self.edit_ended)
        self._lay_out()
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def _choice(self, label: str, field: str, tip: str, names: Mapping[str, str]) -> Choice:
        choice = Choice()
        choice.setAccessibleName(label)
        choice.setToolTip(plain_tip(tip))
        choice.setMinimumContentsLength(6)
        for value, name in names.items():
            choice.addItem(tr(name), value)
        choice.activated.connect(lambda _index: self.changed.emit(field, choice.currentData()))
        return choice

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 6, 7, 7)
        column.setSpacing(5)
        title = QHBoxLayout()
        title.setSpacing(4)
        title.addWidget(self.name, 1)
        title.addWidget(self.remove)
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addLayout(title)
        beside.addWidget(self.kind)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.picture, alignment=Qt.AlignmentFlag.AlignTop)
        top.addLayout(beside, 1)
        column.addLayout(top)
        column.addWidget(self.prepare)
        column.addLayout(row(named(PlainLabel(tr("ControlNet")), "muted"), self.model, stretch=(0, 1)))
        column.addWidget(self.strength)
        column.addWidget(self.steps)

    def show_control(self, control: Control, models: Sequence[str]) -> None:
        """Show the picture as it is now; `models` are the ControlNets to choose from. Nothing is announced."""
        self.setAccessibleName(tr("Control picture {name}", name=control.name))
        self.name.show_name(control.name, lost=False, faint=not control.strength)
        if control.picture is not self._shown:
            self._shown = control.picture
            side = round(THUMBNAIL * self.devicePixelRatioF())
            pixmap = QPixmap.fromImage(from_rgb(read_thumbnail(control.picture, side)))
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            self.picture.setPixmap(pixmap)
        self.kind.setCurrentIndex(self.kind.findData(control.kind))
        self.prepare.setCurrentIndex(self.prepare.findData(control.prepare))
        self._show_models(control.model, models)
        self.strength.set_value(control.strength)
        self.steps.show_window(control.window, QColor(self._theme.colours.accent))

    def _show_models(self, chosen: str, models: Sequence[str]) -> None:
        wanted = [("", tr(FIRST)), *((name, name) for name in models)]
        if chosen and chosen not in models:
            wanted.append((chosen, chosen))
        if [(self.model.itemData(place), self.model.itemText(place)) for place in range(self.model.count())] != wanted:
            self.model.clear()
            for value, name in wanted:
                self.model.addItem(name, value)
        self.model.setCurrentIndex([value for value, _name in wanted].index(chosen))

    def _paint_icons(self) -> None:
        self.remove.setIcon(self._theme.icon("ph.x", role="muted"))
