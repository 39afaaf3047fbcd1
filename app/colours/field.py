"""Fields to choose a colour in by hand: saturation and brightness in a square, the hue in a strip beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QLinearGradient, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.language import tr

LEAST, HEIGHT = 44, 104  # in a low window it makes way for the words
STRIP = 16
GAP = 6
STEP = 0.02  # of the square's side, for one press of an arrow key


class ColourField(QWidget):
    """Announces `picked` with "#rrggbb" while the pointer is dragged, and `released` after it."""

    picked = Signal(str)
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hue, self._saturation, self._value = 0.0, 1.0, 1.0
        self._shown = ""
        self._in_strip = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setMinimumHeight(LEAST)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(tr("Colour: saturation, brightness and hue"))

    def sizeHint(self) -> QSize:
        """As wide as the panel lets it be."""
        return QSize(180, HEIGHT)

    def show_colour(self, colour: str) -> None:
        """Show a colour; a grey keeps the hue that was there, and black the saturation."""
        if colour == self._shown:
            return
        self._shown = colour
        found = QColor(colour)
        self._value = found.valueF()
        if found.valueF() > 0:
            self._saturation = found.hsvSaturationF()
        if found.hsvHueF() >= 0:
            self._hue = found.hsvHueF()
        self.update()

    @property
    def square(self) -> QRectF:
        """Where saturation grows to the right and brightness upwards."""
        return QRectF(0, 0, max(1, self.width() - STRIP - GAP), self.height())

    @property
    def strip(self) -> QRectF:
        """Where the hue goes round from the top to the bottom."""
        return QRectF(self.width() - STRIP, 0, STRIP, self.height())

    def _take(self, at: QPointF) -> None:
        square = self.square
        down = min(max(at.y() / square.height(), 0.0), 1.0)
        if self._in_strip:
            self._hue = min(down, 0.999)
        else:
            self._saturation = min(max(at.x() / square.width(), 0.0), 1.0)
            self._value = 1 - down
        self._tell()

    def _tell(self) -> None:
        self._shown = QColor.fromHsvF(self._hue, self._saturation, self._value).name()
        self.update()
        self.picked.emit(self._shown)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._in_strip = event.position().x() > self.square.right() + GAP / 2
            self._take(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._take(event.position())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.released.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys change saturation and brightness, with Shift held the hue."""
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._hue = (self._hue + STEP * (step[0] - step[1])) % 1
        else:
            self._saturation = min(max(self._saturation + STEP * step[0], 0.0), 1.0)
            self._value = min(max(self._value + STEP * step[1], 0.0), 1.0)
        self._tell()
        self.released.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square, strip = self.square, self.strip
        across = QLinearGradient(square.topLeft(), square.topRight())
        across.setColorAt(0, QColor("white"))
        across.setColorAt(1, QColor.fromHsvF(self._hue, 1, 1))
        down = QLinearGradient(square.topLeft(), square.bottomLeft())
        down.setColorAt(0, QColor(0, 0, 0, 0))
        down.setColorAt(1, QColor("black"))
        painter.fillRect(square, across)
        painter.fillRect(square, down)
        hues = QLinearGradient(strip.topLeft(), strip.bottomLeft())
        for sixth in range(7):
            hues.setColorAt(sixth / 6, QColor.fromHsvF(sixth / 6 % 1, 1, 1))
        painter.fillRect(strip, hues)
        at = QPointF(self._saturation * square.width(), (1 - self._value) * square.height())
        for pen in (QPen(QColor("black"), 3), QPen(QColor("white"), 1.5)):
            painter.setPen(pen)
            painter.drawEllipse(at, 5, 5)
            level = strip.top() + self._hue * strip.height()
            painter.drawLine(QPointF(strip.left(), level), QPointF(strip.right(), level))
        if self.hasFocus():
            painter.setPen(QPen(self.palette().highlight().color(), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
