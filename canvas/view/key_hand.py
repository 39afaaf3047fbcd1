"""A hand of keys: the arrows move a cursor over the picture, Space or Enter sets the tool down and lifts it again."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from canvas.view.gestures import words_at
from canvas.view.tools.base import Gesture, Sample, Snapping, Surface

STEP, STRIDE = 1, 10  # pixels of the picture by an arrow, and with Shift
ARM = 12  # logical pixels from the middle of the cross to its ends
EDGE = 24.0  # logical pixels that the cursor keeps from the edge of the view
_WAYS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)
}  # fmt: skip
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_DOWN = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Pressed(Protocol):
    """What it needs of the input: the gesture under way, and to drive it."""

    @property
    def gesture(self) -> Gesture | None: ...
    def press_at(self, sample: Sample) -> None: ...
    def move_to(self, sample: Sample) -> None: ...
    def release_at(self, sample: Sample) -> None: ...
    def finish(self) -> bool: ...


class KeyHand:
    """Takes keys once an arrow has been pressed, until the pointer moves or Esc is pressed with nothing under way.

    `told` gets what it says: where it is and what lies there, what it began and what came of it.
    """

    def __init__(self, surface: Surface, hand: Pressed, told: Callable[[str], None]) -> None:
        self._surface, self._hand, self._told = surface, hand, told
        self._at: tuple[float, float] | None = None

    @property
    def at(self) -> tuple[float, float] | None:
        """Where it is, in picture coordinates; None where the pointer leads."""
        return self._at

    def handle(self, event: QKeyEvent) -> bool:
        """Takes a key; False leaves it to others."""
        key, plain = event.key(), not event.modifiers() & ~(_SHIFT | Qt.KeyboardModifier.KeypadModifier)
        mine = plain and (key in _WAYS or (self._at is not None and (key in _DOWN or key == Qt.Key.Key_Escape)))
        if not mine or (key == Qt.Key.Key_Escape and self._hand.gesture is not None):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            if key in _WAYS:
                self._move(self._way(*_WAYS[Qt.Key(key)]), STRIDE if event.modifiers() & _SHIFT else STEP)
            elif key == Qt.Key.Key_Escape:
                self.leave()
            elif not event.isAutoRepeat():
                self._press(finish=key != Qt.Key.Key_Space)
        return True

    def leave(self) -> None:
        """The pointer leads again."""
        if self._at is not None:
            self._show(None)

    def draw(self, painter: QPainter) -> None:
        """A cross at its place."""
        if self._at is None:
            return
        middle = QPointF(*self._surface.viewport.to_view(*self._at))
        painter.save()
        for pen in (QPen(QColor(0, 0, 0, 190), 4.0), QPen(QColor(255, 255, 255), 1.6)):
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            for x, y in _WAYS.values():
                painter.drawLine(middle + QPointF(x, y) * 4, middle + QPointF(x, y) * ARM)
        painter.restore()

    def _way(self, x: int, y: int) -> tuple[int, int]:
        """Along which axis of the picture an arrow points on the screen, where the view is turned or mirrored."""
        way = self._surface.turn.linear().inverted()[0].map(QPointF(x, y))
        if abs(way.x()) >= abs(way.y()):
            return (1 if way.x() > 0 else -1), 0
        return 0, (1 if way.y() > 0 else -1)

    def _move(self, way: tuple[int, int], step: int) -> None:
        (width, height), before = self._surface.viewport.picture, self._at
        if before is None:
            port = self._surface.viewport
            middle = port.to_picture(port.view[0] / 2, port.view[1] / 2)
            now = tuple(
                math.floor(min(max(each, 0), long - 1)) + 0.5
                for each, long in zip(middle, (width, height), strict=True)
            )
        else:
            now = tuple(
                min(max(each + step * by, 0.5), long - 0.5)
                for each, by, long in zip(before, way, (width, height), strict=True)
            )
        self._show((now[0], now[1]))
        if self._hand.gesture is not None:
            self._hand.move_to(self._sample())
        self._told(self._place())

    def _press(self, *, finish: bool) -> None:
        gesture, sample = self._hand.gesture, self._sample()
        if gesture is None:
            self._hand.press_at(sample)
            begun = self._hand.gesture
            if begun is None:
                return  # it is done, or the tool has said why it cannot be
            if not begun.goes_on:
                self._told("The tool is down: arrows draw, Space lifts it, Esc cancels.")
                return
            self._hand.release_at(sample)
            self._told("Started: move on and press Space again; Enter finishes, Esc cancels.")
        elif gesture.goes_on and not finish:
            self._hand.press_at(sample)
            self._hand.release_at(sample)
            self._told(self._place())
        elif gesture.goes_on:
            self._hand.finish()
        else:
            self._hand.release_at(sample)
            document = self._surface.document
            self._told("Done." if document is None or not document.undo_label else document.undo_label)

    def _show(self, at: tuple[float, float] | None) -> None:
        before, self._at = self._at, at
        if at is not None:
            self._bring_into_view()
        for each in (before, at):
            if each is not None:
                x, y = self._surface.viewport.to_view(*each)
                self._surface.update(QRect(int(x) - ARM - 2, int(y) - ARM - 2, 2 * ARM + 5, 2 * ARM + 5))
        self._surface.move_cursor(None if at is None else QPointF(*self._surface.viewport.to_view(*at)))

    def _bring_into_view(self) -> None:
        assert self._at is not None
        port, away = self._surface.viewport, []
        for place, long in zip(port.to_view(*self._at), port.view, strict=True):
            edge = min(EDGE, long / 4)
            away.append(max(edge - place, 0.0) + min(long - edge - place, 0.0))
        if any(away):
            self._surface.pan_by(*away)

    def _sample(self) -> Sample:
        assert self._at is not None
        tool, (x, y) = self._surface.tool, self._at
        view = QPointF(*self._surface.viewport.to_view(x, y))
        if isinstance(tool, Snapping) and tool.snaps:
            x, y = self._surface.snapped(x, y)
        return Sample(view, x, y)

    def _place(self) -> str:
        """Where it is, and whose paint lies there."""
        assert self._at is not None
        x, y = (math.floor(each) for each in self._at)
        document = self._surface.document
        found = words_at(document.scene, *self._at) if document is not None else []
        if document is None or not found:
            return f"{x}, {y}"
        return f"{x}, {y}: " + ", ".join(document.scene.paintable(each).title for each in found)
