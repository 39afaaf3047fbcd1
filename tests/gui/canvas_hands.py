"""A canvas in a shown window, and a person's mouse, pen and keys on it: input events and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPaintEvent, QPointingDevice, QPointingDeviceUniqueId, QTabletEvent, QWheelEvent
from PySide6.QtTest import QTest

from canvas.model.document import Document
from canvas.model.scene import Scene
from canvas.view.canvas_view import CanvasView
from canvas.view.qimage import to_rgb

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier
PEN = QPointingDevice(
    "pen",
    1,
    QInputDevice.DeviceType.Stylus,
    QPointingDevice.PointerType.Pen,
    QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
    1,
    1,
    "",
    QPointingDeviceUniqueId(),
)
RUBBER = QPointingDevice(
    "rubber",
    2,
    QInputDevice.DeviceType.Stylus,
    QPointingDevice.PointerType.Eraser,
    QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
    1,
    1,
    "",
    QPointingDeviceUniqueId(),
)


class Paints(QObject):
    """Notes which part of a widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.regions: list = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.regions.append(event.region())
        return False


class CanvasHands:
    """A view of a scene with two words, at 100 % unless zoomed; places are given in picture pixels."""

    def __init__(self, qtbot, *, size: tuple[int, int] = (400, 300), prompt: str = "a lake under hills") -> None:
        self.document = Document(Scene(prompt=prompt, size=size))
        self.lake, self.hills = self.document.add_word((2, 6)), self.document.add_word((13, 18))
        self.view = CanvasView()
        qtbot.addWidget(self.view)
        self.view.resize(640, 480)
        self.view.set_document(self.document)
        self.view.show()
        qtbot.waitExposed(self.view)
        self.view.actual_size()
        self.view.setFocus()
        self.messages: list[str] = []
        self.view.message.connect(self.messages.append)
        self.settle()

    def settle(self) -> None:
        for _ in range(4):
            QCoreApplication.processEvents()

    def at(self, x: float, y: float) -> QPointF:
        return QPointF(*self.view.viewport.to_view(x, y))

    def point(self, x: float, y: float) -> QPoint:
        return self.at(x, y).toPoint()

    def press(self, x: float, y: float, button=LEFT, modifier=NONE) -> None:
        QTest.mousePress(self.view, button, modifier, self.point(x, y))

    def move(self, x: float, y: float) -> None:
        QTest.mouseMove(self.view, self.point(x, y))
        self.settle()

    def release(self, x: float, y: float, button=LEFT, modifier=NONE) -> None:
        QTest.mouseRelease(self.view, button, modifier, self.point(x, y))
        self.settle()

    def drag(self, *places: tuple[float, float], button=LEFT, modifier=NONE) -> None:
        self.press(*places[0], button, modifier)
        for place in places[1:]:
            self.move(*place)
        self.release(*places[-1], button, modifier)

    def pen(self, kind: QEvent.Type, x: float, y: float, pressure: float, *, device=PEN, time: int = 0) -> QTabletEvent:
        at = self.at(x, y)
        up = kind == QEvent.Type.TabletRelease
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.TabletMove else LEFT
        held = Qt.MouseButton.NoButton if up else LEFT
        event = QTabletEvent(
            kind, device, at, self.view.mapToGlobal(at), pressure, 0.0, 0.0, 0.0, 0.0, 0.0, NONE, button, held
        )
        event.setTimestamp(time)
        QCoreApplication.sendEvent(self.view, event)
        return event

    def pen_stroke(self, places: Sequence[tuple[float, float]], pressures: Sequence[float], *, device=PEN) -> None:
        kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * (len(places) - 1)]
        for kind, place, pressure in zip(kinds, places, pressures, strict=True):
            self.pen(kind, *place, pressure, device=device)
        self.pen(QEvent.Type.TabletRelease, *places[-1], 0.0, device=device)
        self.settle()

    def wheel(self, x: float, y: float, notches: float) -> None:
        at = self.at(x, y)
        turn = QPoint(0, round(120 * notches))
        event = QWheelEvent(
            at,
            self.view.mapToGlobal(at),
            QPoint(),
            turn,
            Qt.MouseButton.NoButton,
            NONE,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QCoreApplication.postEvent(self.view, event)
        self.settle()

    def mask(self, word_id: str) -> np.ndarray:
        return self.document.scene.masks[word_id].to_array()

    def screen(self) -> np.ndarray:
        """The pixels on the screen, as partial updates left them."""
        self.settle()
        window = self.view.window()
        corner = self.view.mapTo(window, QPoint(0, 0))
        grabbed = self.view.screen().grabWindow(
            window.winId(), corner.x(), corner.y(), self.view.width(), self.view.height()
        )
        return to_rgb(grabbed.toImage())

    def pixel(self, x: float, y: float) -> tuple[int, ...]:
        """The colour on the screen at a place of the picture."""
        at = self.point(x, y)
        return tuple(int(value) for value in self.screen()[at.y(), at.x()])
