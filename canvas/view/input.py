"""From mouse, pen, wheel, touch and key events to gestures: which device leads, what a button means, what aborts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QSinglePointEvent, QTabletEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

from canvas.view import gestures
from canvas.view.gestures import Pan, Rotate
from canvas.view.key_hand import KeyHand
from canvas.view.symmetry import grip_at
from canvas.view.tools.base import Gesture, Sample, Snapping, Surface

NOTCH = 120.0  # eighths of a degree of one click of a mouse wheel
NOTCH_FACTOR = 1.2
FREE = 12.0  # degrees of two fingers from which they turn the view: few pinch quite straight
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Input:
    """Owns the gesture under way and the device that drives it.

    Qt may send a pen's events as mouse events too, and sometimes the mouse's first: while the pen is down the mouse is
    ignored, and a pen that comes down takes a stroke over that its own shadow mouse began.
    """

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._gesture: Gesture | None = None
        self._waiting: Gesture | None = None  # one that goes on while the picture is being dragged
        self._button = Qt.MouseButton.NoButton
        self._pen_down = False
        self._space = False
        self._last_mouse: QPointF | None = None
        self.keys = KeyHand(surface, self, surface.tell)

    @property
    def painting(self) -> bool:
        """Whether a tool is at work: a stroke or a shape is under way."""
        return self._waiting is not None or (self._gesture is not None and not self.panning)

    @property
    def panning(self) -> bool:
        """Whether the picture is being dragged."""
        return isinstance(self._gesture, Pan | Rotate)

    @property
    def space(self) -> bool:
        """Whether Space is held: the next drag pans."""
        return self._space

    @property
    def standing(self) -> Gesture | None:
        """A gesture that waits for more presses, or for Enter."""
        gesture = self._waiting or self._gesture
        return gesture if gesture is not None and gesture.goes_on else None

    @property
    def gesture(self) -> Gesture | None:
        """What is under way."""
        return self._gesture

    def press_at(self, sample: Sample) -> None:
        """The tool is set down at a place, as a left button would."""
        if self._gesture is not None:
            self._gesture.press(sample)
            self._surface.gesture_moved(self._gesture)
            return
        gesture = self._surface.tool.begin(self._surface, sample)
        if gesture is not None:
            self.start(gesture)

    def move_to(self, sample: Sample) -> None:
        """What is under way goes on to a place."""
        if self._gesture is not None:
            self._gesture.move(sample)
            self._surface.gesture_moved(self._gesture)

    def release_at(self, sample: Sample) -> None:
        """The tool is lifted at a place."""
        if self._gesture is not None:
            self._gesture.move(sample)
            self._gesture.release(sample)
            if not self._gesture.goes_on:
                self._finish()

    def finish(self) -> bool:
        """Ends what waits for more, with its effect; says whether there was any."""
        return self._finish()

    def abort(self) -> bool:
        """Ends the gesture without effect (a stroke leaves no paint); says whether there was one."""
        found = [gesture for gesture in (self._gesture, self._waiting) if gesture is not None]
        self._gesture = self._waiting = None
        for gesture in found:
            gesture.abort()
            self._surface.gesture_over(gesture)
        return bool(found)

    def leave(self) -> bool:
        """The painter turns to something else: the gesture is applied, or given up; says whether there was one."""
        standing = self.standing
        if standing is None or not standing.applies:
            return self.abort()
        self._gesture, self._waiting = standing, None
        return self._finish()

    def start(self, gesture: Gesture) -> None:
        """Something is under way without a press."""
        self._gesture, self._button = gesture, Qt.MouseButton.LeftButton
        self._surface.gesture_begun(gesture)

    def handle(self, event: QEvent) -> bool:
        """Takes an event of the canvas; False leaves it to others."""
        if isinstance(event, QTabletEvent):
            return self._tablet(event)
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if isinstance(event, QWheelEvent):
            delta = event.angleDelta()
            # Alt makes some systems turn the axis; touchpads send small turns, which add up to the same.
            self._surface.zoom_by(NOTCH_FACTOR ** ((delta.y() or delta.x()) / NOTCH), self._at(event))
            return True
        if isinstance(event, QKeyEvent):
            return self._key(event)
        if isinstance(event, QNativeGestureEvent | QGestureEvent):
            return self._pinch(event)
        if event.type() == QEvent.Type.Leave:
            self._surface.move_cursor(None)
        elif event.type() == QEvent.Type.FocusOut:
            self._hold_space(False)
            self._pen_down = False  # a dialog may have swallowed the pen's release, and the mouse must not stay dead
        return False

    def _mouse(self, event: QMouseEvent) -> bool:
        if not self._pen_down:
            if self._last_mouse is not None and event.globalPosition() != self._last_mouse:
                self.keys.leave()
            self._last_mouse = event.globalPosition()
            if self.keys.at is not None and event.type() == QEvent.Type.MouseMove:
                return True  # it only seems to move, as where the canvas slides along below it
            self._surface.move_cursor(self._at(event))
            self._point(event)
        return True

    def _tablet(self, event: QTabletEvent) -> bool:
        if event.type() == QEvent.Type.TabletPress and not self._pen_down:
            if self.standing is None:
                self.abort()
            self._pen_down = True
        self._surface.move_cursor(self._at(event))
        self._point(event)
        if event.type() == QEvent.Type.TabletRelease and not event.buttons():
            self._pen_down = False
        event.accept()  # so that no mouse event is made of it
        return True

    def _point(self, event: QSinglePointEvent) -> None:
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TabletPress):
            self._press(event)
        elif self._gesture is None:
            return
        elif kind in (QEvent.Type.MouseMove, QEvent.Type.TabletMove):
            self.move_to(self._sample(event))
        elif event.button() == self._button:
            self.release_at(self._sample(event))

    def _finish(self) -> bool:
        """Ends the gesture with its effect; says whether there was one."""
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return False
        gesture.end()
        self._surface.gesture_over(gesture)
        if self._waiting is not None:
            self._gesture, self._waiting, self._button = self._waiting, None, Qt.MouseButton.LeftButton
            self._surface.gesture_moved(self._gesture)
        return True

    def _press(self, event: QSinglePointEvent) -> None:
        if self._gesture is not None:
            self._press_again(event)  # a second button in mid-stroke, or another corner of a polygon
            return
        sample = self._sample(event)
        gesture: Gesture | None = None
        if gestures.wants_pan(event, space=self._space):
            gesture = (Rotate if sample.shift else Pan)(self._surface, sample)
        elif gestures.wants_pick(event):
            self._surface.pick(sample)
        elif event.button() == Qt.MouseButton.LeftButton:
            gesture = grip_at(self._surface, sample) or self._surface.tool.begin(self._surface, sample)
        if gesture is not None:
            self._gesture, self._button = gesture, event.button()
            self._surface.gesture_begun(gesture)

    def _press_again(self, event: QSinglePointEvent) -> None:
        gesture = self._gesture
        if gesture is None or not gesture.goes_on:
            return
        if gestures.wants_pan(event, space=self._space):
            self._waiting, self._gesture, self._button = (
                gesture,
                Pan(self._surface, self._sample(event)),
                event.button(),
            )
            self._surface.gesture_begun(self._gesture)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.type() == QEvent.Type.MouseButtonDblClick and not gesture.applies:
            self._finish()  # the click before it has set the corner
            return
        gesture.press(self._sample(event))
        self._surface.gesture_moved(gesture)

    def _at(self, event: QSinglePointEvent) -> QPointF:
        """Where an event is in the upright view."""
        return self._surface.upright(event.position())

    def _sample(self, event: QSinglePointEvent) -> Sample:
        at = self._at(event)
        x, y = self._surface.viewport.to_picture(at.x(), at.y())
        tool = self._surface.tool
        if not self.panning and isinstance(tool, Snapping) and tool.snaps:
            x, y = self._surface.snapped(x, y)
        pen = isinstance(event, QTabletEvent)
        time = float(event.timestamp()) if pen else None
        held, key = event.modifiers(), Qt.KeyboardModifier
        return Sample(
            at,
            x,
            y,
            gestures.pressure_of(event),
            time,
            gestures.is_eraser(event),
            shift=bool(held & key.ShiftModifier),
            alt=bool(held & key.AltModifier),
            control=bool(held & key.ControlModifier),
        )

    def _key(self, event: QKeyEvent) -> bool:
        key, kind = event.key(), event.type()
        if self.keys.handle(event):
            return True
        if kind == QEvent.Type.ShortcutOverride:
            # Esc is the window's Cancel, but in mid-stroke it is the stroke's; accepting makes it a key press.
            if key in (Qt.Key.Key_Escape, *ENTER) and self.painting:
                event.accept()
                return True
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._hold_space(kind == QEvent.Type.KeyPress)
            return True
        elif kind == QEvent.Type.KeyPress and key == Qt.Key.Key_Escape:
            return self.painting and self.abort()
        elif kind == QEvent.Type.KeyPress and key in ENTER and self._gesture is not None and self._gesture.goes_on:
            return self._finish()
        elif kind == QEvent.Type.KeyPress and key == Qt.Key.Key_Tab and not event.modifiers():
            self._surface.toggle_overlays()
            return True
        elif kind == QEvent.Type.KeyPress and key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return self._leave(event)
        return False

    def _leave(self, event: QKeyEvent) -> bool:
        """Ctrl+Tab goes on to the next widget and Ctrl+Shift+Tab back, as Tab alone shows and hides the paint."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._surface.leave(forward=event.key() == Qt.Key.Key_Tab)
            return True
        return False

    def _hold_space(self, held: bool) -> None:
        if held != self._space:
            self._space = held
            self._surface.pan_armed(held)

    def _pinch(self, event: QNativeGestureEvent | QGestureEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.RotateNativeGesture:
                self._surface.set_turn(self._surface.turn.by(event.value()))
                return True
            if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
                return False
            factor, at = 1.0 + event.value(), self._at(event)
        else:
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if not isinstance(pinch, QPinchGesture):
                return False
            middle, before = pinch.centerPoint(), pinch.lastCenterPoint()
            factor, at = pinch.scaleFactor(), self._surface.upright(self._surface.mapFromGlobal(middle))
            turned = pinch.rotationAngle() - pinch.lastRotationAngle()
            if abs(pinch.totalRotationAngle()) > FREE or self._surface.turn.angle:
                self._surface.set_turn(self._surface.turn.by(turned))
            if pinch.changeFlags() & QPinchGesture.ChangeFlag.CenterPointChanged and not before.isNull():
                moved = at - self._surface.upright(self._surface.mapFromGlobal(before))
                self._surface.pan_by(moved.x(), moved.y())
        if self.painting and self.standing is None:
            self.abort()  # the first finger of two had begun to paint
        self._surface.zoom_by(factor, at)
        return True
