"""A compact slider that carries its name and value, takes typed numbers, and resets on a double click."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QColor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLineEdit, QSizePolicy, QWidget
from shiboken6 import isValid

from app.language import number, tr
from app.widgets.plain_text import plain_tip

DRAG_SLACK = 3
PADDING = 8
FILL = 88  # opacity of the filled part, 0..255: texts on it keep a contrast of 4.5 in both themes
OWN_KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
USE = "Drag, or click the number to type. Double-click resets."


class _Field(QLineEdit):
    """The field to type a number in: Enter takes it, Esc leaves it; neither key goes on to anybody else."""

    done = Signal(bool)  # whether the number is wanted

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter or event.key() == Qt.Key.Key_Escape:
                if event.type() == QEvent.Type.KeyPress:
                    self.done.emit(enter)
                event.accept()
                return True
        return super().event(event)


class ValueSlider(QWidget):
    """A bar filled up to its value. Drag or wheel changes it, a click on its number lets one type, a double click
    resets it, and so does a number that is typed away.

    `low`..`high` is what the bar spans; typed numbers may go up to `typed_high`. `automatic` is text shown for the
    value None ("the model's own"). `curve` > 1 gives small values more room.
    """

    value_changed = Signal(object)  # float, or None for automatic
    released = Signal()

    def __init__(
        self,
        label: str,
        *,
        low: float,
        high: float,
        default: float | None,
        step: float = 1.0,
        decimals: int = 0,
        suffix: str = "",
        typed_low: float | None = None,
        typed_high: float | None = None,
        automatic: str | None = None,
        curve: float = 1.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.label = label
        self.low, self.high, self.step, self.decimals, self.suffix = low, high, step, decimals, suffix
        self.typed_low = low if typed_low is None else typed_low
        self.typed_high = high if typed_high is None else typed_high
        self.default, self.automatic, self.curve = default, automatic, curve
        self._value = default
        self._press: QPointF | None = None
        self._dragging = False
        self._hover = False
        self._over_number = False
        self._editor: _Field | None = None
        self._keys_to: QWidget | None = None  # who had the keys before the field
        self.fill_colour: QColor | None = None
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # numbers grow to the right in every language
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.explain("")

    # value -------------------------------------------------------------------------------------------------------
    @property
    def value(self) -> float | None:
        """The value, None for automatic."""
        return self._value

    def set_value(self, value: float | None) -> None:
        """Show a value without announcing it."""
        if value != self._value:
            self._value = value
            self.update()

    def explain(self, text: str) -> None:
        """Say in the tooltip what the value does; how a slider is used is said there too."""
        self.setToolTip(plain_tip(f"{text}\n{tr(USE)}" if text else tr(USE)))

    def rename(self, label: str) -> None:
        """Call it something else: it stands for another value."""
        if label != self.label:
            self.label = label
            self.setAccessibleName(label)
            self.update()

    def set_automatic_text(self, text: str) -> None:
        """What is shown for None."""
        if text != self.automatic:
            self.automatic = text
            self.update()

    def _choose(self, value: float | None) -> None:
        if value is not None:
            value = round(value, self.decimals)
        if value == self._value:
            return
        self._value = value
        self.update()
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, self.text()))
        self.value_changed.emit(value)

    def text(self) -> str:
        """The value as shown."""
        if self._value is None:
            return self.automatic or ""
        return self._shown(self._value) + self.suffix

    def _shown(self, value: float) -> str:
        return number(value, f".{self.decimals}f")

    def number_rect(self) -> QRectF:
        """Where the number stands, with a little room around it."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 10.0
        return QRectF(self.width() - PADDING + 5 - width, 4, width, self.height() - 8)

    def shown_label(self) -> str:
        """The label as far as the value leaves it room."""
        room = self.width() - 2 * PADDING - self.fontMetrics().horizontalAdvance(self.text()) - 6
        if room <= 28 and self.fontMetrics().horizontalAdvance(self.label) > room:
            return ""
        return self.fontMetrics().elidedText(self.label, Qt.TextElideMode.ElideRight, room)

    def _fraction(self, value: float) -> float:
        span = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return span ** (1 / self.curve)

    def _value_at(self, x: float) -> float:
        fraction = min(max(x / max(1, self.width() - 1), 0.0), 1.0) ** self.curve
        value = self.low + fraction * (self.high - self.low)
        return self.low + round((value - self.low) / self.step) * self.step

    def _nudge(self, steps: float) -> None:
        base = self._value
        if base is None:
            base = self.default if self.default is not None else (self.low + self.high) / 2
        value = base + steps * self.step
        if self.curve != 1.0 and abs(steps) == 1:
            value = base + math.copysign(max(self.step, abs(base) * 0.08), steps)
        self._choose(min(max(value, self.typed_low), max(self.high, base)))

    @property
    def hovered(self) -> bool:
        """Whether the mouse is over it and it can be used."""
        return self._hover and self.isEnabled()

    # look --------------------------------------------------------------------------------------------------------
    def sizeHint(self) -> QSize:
        return QSize(150, max(28, self.fontMetrics().height() + 12))

    def minimumSizeHint(self) -> QSize:
        # The value is never cut; the label gives way.
        widest = self.automatic or self._shown(self.typed_high) + self.suffix
        return QSize(self.fontMetrics().horizontalAdvance(widest) + 24, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = self.palette()
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        edge = palette.color(QPalette.ColorRole.Mid)
        if self.hasFocus():
            edge = palette.color(QPalette.ColorRole.Accent)
        elif self._hover and self.isEnabled():
            edge = palette.color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(box, 6, 6)
        if self._value is not None:
            fill = QColor(self.fill_colour or palette.color(QPalette.ColorRole.Accent))
            fill.setAlpha(FILL if self.isEnabled() else FILL // 2)
            start = self._fraction(max(self.low, min(0.0, self.high)))
            here = self._fraction(self._value)
            left, right = sorted((box.left() + start * box.width(), box.left() + here * box.width()))
            painter.save()
            painter.setClipRect(QRectF(left, box.top(), max(right - left, 2.0), box.height()))
            painter.setBrush(fill)
            painter.drawRoundedRect(box, 6, 6)
            painter.restore()
            if self.low < 0 < self.high:
                painter.fillRect(QRectF(box.left() + start * box.width() - 0.5, box.top() + 6, 1, box.height() - 12),
                                 palette.color(QPalette.ColorRole.PlaceholderText))  # fmt: skip
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(edge)
        painter.drawRoundedRect(box, 6, 6)
        self.paint_texts(painter)
        painter.end()

    def ink(self) -> QColor:
        """The colour of label and number: it can be read on the bar and on its filled part."""
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        return self.palette().color(group, QPalette.ColorRole.Text)

    def grounds(self, fill: QColor) -> tuple[QColor, QColor]:
        """What texts are drawn on: the empty part of the bar, and the part that is filled with a colour."""
        base, share = self.palette().color(QPalette.ColorRole.Base), FILL / 255
        pairs = ((base.red(), fill.red()), (base.green(), fill.green()), (base.blue(), fill.blue()))
        return base, QColor(*(round(under + (over - under) * share) for under, over in pairs))

    def paint_texts(self, painter: QPainter) -> None:
        """The label at the left, the number at the right."""
        inner = self.rect().adjusted(PADDING, 0, -PADDING, 0)
        painter.setPen(self.ink())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.shown_label())
        self.paint_number(painter, Qt.AlignmentFlag.AlignRight)

    def paint_number(self, painter: QPainter, side: Qt.AlignmentFlag) -> None:
        """The number, which under the mouse looks like the field that a click on it opens."""
        palette = self.palette()
        if self.hovered:
            painter.setPen(
                palette.color(QPalette.ColorRole.PlaceholderText if self._over_number else QPalette.ColorRole.Mid)
            )
            painter.setBrush(palette.color(QPalette.ColorRole.Base))
            painter.drawRoundedRect(self.number_rect(), 4, 4)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        inner = self.rect().adjusted(PADDING, 0, -PADDING, 0)
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, self.text())

    # input -------------------------------------------------------------------------------------------------------
    def event(self, event: QEvent) -> bool:
        key = event.key() if isinstance(event, QKeyEvent) and not event.modifiers() else None
        if event.type() == QEvent.Type.ShortcutOverride and key in OWN_KEYS:
            event.accept()  # they are the slider's, which has the keys
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press, self._dragging = event.position(), False
        elif event.button() == Qt.MouseButton.RightButton:
            self.edit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            self._show_over_number(self.number_rect().contains(event.position()))
            return
        if not self._dragging and abs(event.position().x() - self._press.x()) < DRAG_SLACK:
            return
        self._dragging = True
        self._choose(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._press is None or event.button() != Qt.MouseButton.LeftButton:
            return
        on_number = not self._dragging and self.number_rect().contains(self._press)
        if not self._dragging and not on_number:
            self._choose(self._value_at(event.position().x()))
        self._press = None
        self.released.emit()
        if on_number:
            self.edit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = None
            self._choose(self.default)
            self.released.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if not self.hasFocus() and _in_list(self):
            event.ignore()  # scrolling the list must not change a value
        elif self.isEnabled() and notches:
            self._nudge(notches)
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Up):
            self._nudge(1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Down):
            self._nudge(-1)
        elif key == Qt.Key.Key_PageUp:
            self._nudge(10)
        elif key == Qt.Key.Key_PageDown:
            self._nudge(-10)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._choose(self.default)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit()
        elif event.text() and event.text() in "0123456789.,-":
            self.edit(event.text())
        else:
            super().keyPressEvent(event)

    def edit(self, start: str = "") -> None:
        """Open a line edit over the bar to type a number."""
        self._keys_to = QApplication.focusWidget()
        editor = _Field(self)
        editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        editor.setGeometry(self.rect())
        editor.setText(start or ("" if self._value is None else self._shown(self._value)))
        editor.setAccessibleName(tr("Type {label}", label=self.label))
        if self.automatic:
            editor.setPlaceholderText(self.automatic)
        if not start:
            editor.selectAll()
        editor.done.connect(self._end_editing)
        editor.editingFinished.connect(self._close_editor)
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._editor = editor

    def _end_editing(self, wanted: bool) -> None:
        """The field closes, and the keys go back to where they were: the canvas, where a click opened the field."""
        if wanted:
            self._typed()
        before = self._keys_to
        self._close_editor()
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self) -> None:
        if self._editor is None:
            return
        text = self._editor.text().strip().replace(",", ".").removesuffix(self.suffix.strip() or "\0")
        if not text:
            self._choose(self.default)
            self.released.emit()
            return
        try:
            value = float(text)
        except ValueError:
            return
        if math.isfinite(value):
            self._choose(min(max(value, self.typed_low), self.typed_high))
            self.released.emit()

    def _close_editor(self) -> None:
        if self._editor is not None:
            editor, self._editor, self._keys_to = self._editor, None, None
            editor.deleteLater()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover = True
        self.update()

    def _show_over_number(self, over: bool) -> None:
        if over != self._over_number:
            self._over_number = over
            self.setCursor(Qt.CursorShape.IBeamCursor if over else Qt.CursorShape.SizeHorCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self._show_over_number(False)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)


def _in_list(widget: QWidget) -> bool:
    """Whether a widget stands in something that scrolls."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QAbstractScrollArea):
        parent = parent.parentWidget()
    return parent is not None
