"""How hard the pen has to be pressed: the curve of its pressure, and a pad to try it on."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QTabletEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from app.language import tr
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel
from app.widgets.value_slider import ValueSlider
from canvas.paint.brush import Brush

WIDEST = 26.0  # logical pixels of a line on the pad at full pressure
SIDE = 150


class Curve(QWidget):
    """Draws what each pressure counts as, and where the pen is on it."""

    def __init__(self) -> None:
        super().__init__()
        self.brush = Brush()
        self.pressure: float | None = None
        self.setFixedSize(SIDE, SIDE)
        self.setAccessibleName(tr("Curve of the pen's pressure"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The curve on a field, from light at the left to hard at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.base())
        side = SIDE - 1.0
        path = QPainterPath(QPointF(0, side * (1 - self.brush.pressed(0.0))))
        for step in range(1, 65):
            path.lineTo(side * step / 64, side * (1 - self.brush.pressed(step / 64)))
        painter.setPen(QPen(palette.highlight(), 2))
        painter.drawPath(path)
        if self.pressure is not None:
            painter.setBrush(palette.highlight())
            painter.drawEllipse(QPointF(side * self.pressure, side * (1 - self.brush.pressed(self.pressure))), 5, 5)
        painter.end()


class Pad(QWidget):
    """Lines as wide as the pen is pressed; `pressed` tells the pressure, -1 once the pen is up."""

    pressed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.brush = Brush()
        self.lines: list[list[tuple[QPointF, float]]] = []
        self._down = False
        self.setMinimumSize(280, SIDE)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(tr("Pad to try the pen on"))

    def sizeHint(self) -> QSize:
        """Wide enough for a stroke."""
        return QSize(320, SIDE)

    def _draw(self, at: QPointF, pressure: float, *, begins: bool) -> None:
        if begins:
            self.lines = [*self.lines[-7:], []]
        if self.lines:
            self.lines[-1].append((at, pressure))
        self.pressed.emit(pressure)
        self.update()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """The pen draws."""
        kind = event.type()
        if kind in (QTabletEvent.Type.TabletPress, QTabletEvent.Type.TabletMove):
            begins = kind == QTabletEvent.Type.TabletPress
            if begins or event.buttons():
                self._draw(event.position(), event.pressure(), begins=begins)
        else:
            self.pressed.emit(-1.0)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A mouse presses fully."""
        self._draw(event.position(), 1.0, begins=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Only while a button is held."""
        self._draw(event.position(), 1.0, begins=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The line is over."""
        self.pressed.emit(-1.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lines, as the curve is now."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().base())
        for line in self.lines:
            before = line[0][0] if line else QPointF()
            for at, pressure in line:
                width = max(1.0, WIDEST * self.brush.pressed(pressure))
                pen = QPen(self.palette().text(), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                painter.drawLine(before, at)
                before = at
        painter.end()


class PressureDialog(QDialog):
    """Two numbers make the curve; each change acts at once, and Cancel takes it back. `changed`: gamma and floor."""

    changed = Signal(float, float)

    def __init__(self, gamma: float, floor: float, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Pen Pressure Curve"))
        self._before = (gamma, floor)
        self.curve, self.pad = Curve(), Pad()
        # Softness is -log2 of gamma: 0 is a straight line, above it a light hand suffices.
        self.softness = ValueSlider(tr("Softness"), low=-2, high=2, default=0, step=0.05, decimals=2)
        self.softness.explain(tr("Above 0 a light hand is enough, below 0 the pen must be pressed harder"))
        self.least = ValueSlider(tr("Least"), low=0, high=90, default=0, step=1, suffix=" %")
        self.least.explain(tr("What the lightest touch counts as"))
        self.pad.pressed.connect(self._show_pressure)
        fields = QHBoxLayout()
        fields.addWidget(self.curve)
        fields.addWidget(self.pad, 1)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok
            | QDialogButtonBox.StandardButton.Cancel
            | QDialogButtonBox.StandardButton.RestoreDefaults
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        defaults = buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
        defaults.clicked.connect(lambda: self.show_values(1.0, 0.0))
        column = QVBoxLayout(self)
        column.addWidget(
            named(PlainLabel(tr("Draw on the right with the pen, lightly and hard."), wordWrap=True), "muted")
        )
        column.addLayout(fields)
        for widget in (self.softness, self.least, buttons):
            column.addWidget(widget)
        self.show_values(gamma, floor)
        for slider in (self.softness, self.least):
            slider.value_changed.connect(lambda _value: self._take())
        self.rejected.connect(lambda: self.changed.emit(*self._before))

    def show_values(self, gamma: float, floor: float) -> None:
        """Other numbers in the sliders, and their curve."""
        self.softness.set_value(-math.log2(gamma))
        self.least.set_value(float(round(floor * 100)))
        self._take()

    def _take(self) -> None:
        gamma, floor = 2.0 ** -float(self.softness.value or 0), float(self.least.value or 0) / 100
        brush = Brush(pressure_gamma=min(max(gamma, 0.25), 4.0), pressure_floor=floor)
        self.curve.brush = self.pad.brush = brush
        self.curve.update()
        self.pad.update()
        self.changed.emit(brush.pressure_gamma, brush.pressure_floor)

    def _show_pressure(self, pressure: float) -> None:
        self.curve.pressure = pressure if pressure >= 0 else None
        self.curve.update()
