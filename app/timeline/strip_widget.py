"""The strip of the timeline: intervals with boundaries to drag, ticks, a playhead; all of it works by keys too."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.language import tr
from app.timeline import text as words
from app.timeline.axis import Axis, even_ticks, next_stop, snapped, stops_between
from app.timeline.geometry import HEIGHT, SLIM_HEIGHT, Part, Shape, parts_of
from app.timeline.painter import Look, Playhead, draw
from app.timeline.partition import Experts, at, middle, steps_of
from app.widgets.plain_text import plain_tip
from app.widgets.theme import Theme
from canvas.model.experts import Expert
from engine.facts import BASE, NoiseLevels
from engine.protocol import Step

SNAP = 7.0  # pixels within which a dragged boundary goes between two steps
NUDGE = 0.01  # of the timeline for an arrow key with Shift, or where the steps are not known
LEAST_WIDTH = 120
MENU_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Strip(QWidget):
    """Shows a partition; what a painter wants of it goes out as signals with the indices of experts and places 0..1."""

    moved = Signal(int, float)  # boundary, place
    move_ended = Signal()
    split_asked = Signal(int, float)
    remove_asked = Signal(int)
    menu_asked = Signal(int, float, QPoint)  # interval, place, where on the screen

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._experts: Experts = (Expert(BASE),)
        self._problems: tuple[str, ...] = ("",)
        self._levels: NoiseLevels | None = None
        self._count = 1
        self._slim = True
        self._step: Step | None = None
        self._hover: Part | None = None
        self._part = Part("interval", 0)
        self._dragged: int | None = None
        self.setAccessibleName(tr("Noise timeline"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        font = self.font()
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1.5))
        self.setFont(font)
        theme.changed.connect(self.update)

    # what is shown -----------------------------------------------------------------------------------------------
    def show_experts(self, experts: Experts, problems: tuple[str, ...], *, slim: bool) -> None:
        """Show a partition, highest noise first; `problems` say for each why it cannot work, or nothing."""
        self._experts, self._problems = experts, problems
        if self._part not in parts_of(experts):
            self._part = Part("interval", min(self._part.index, len(experts) - 1))
        if self._dragged is not None and self._dragged >= len(experts) - 1:
            self._dragged = None
        self._hover = None if self._hover not in parts_of(experts) else self._hover
        if slim != self._slim:
            self._slim = slim
            self.updateGeometry()
        self._tell_part()
        self.update()

    def show_levels(self, levels: NoiseLevels | None, count: int) -> None:
        """Show the steps at their noise levels, or that many evenly where these are not known."""
        self._levels, self._count = levels, count
        self.update()

    def show_step(self, step: Step | None) -> None:
        """Move the playhead to where a run is, or take it away."""
        self._step = step
        self.update()

    @property
    def axis(self) -> Axis:
        """The axis in use."""
        return Axis(self._levels.top) if self._levels is not None else Axis()

    @property
    def shape(self) -> Shape:
        """Where things are drawn."""
        return Shape(self._experts, self.axis, self.width(), self._slim)

    @property
    def part(self) -> Part:
        """The interval or boundary that has the keys."""
        return self._part

    @property
    def playhead(self) -> Playhead | None:
        """Where the playhead is, and who works there."""
        step = self._step
        if step is None:
            return None
        owner = at(self._experts, step.sigma)
        changed = self._experts[owner].name != step.expert  # since that run began
        place = 1.0 if step.index == step.total else self.axis.place(step.sigma)
        return Playhead(place, None if changed else owner, step.expert)

    def ticks(self) -> tuple[float, ...]:
        """The places of the steps."""
        if self._levels is None:
            return even_ticks(self._count)
        return tuple(self.axis.place(sigma) for sigma in self._levels.sigmas)

    def stops(self) -> tuple[float, ...]:
        """The places between the steps; none where these are not known."""
        return stops_between(self.ticks()) if self._levels is not None else ()

    def text_of(self, part: Part) -> str:
        """What there is to say of a part."""
        if part.kind == "boundary":
            return words.of_boundary(*self._experts[part.index : part.index + 2])
        known = self._levels is not None
        turn = steps_of(self._experts, self._levels.sigmas)[part.index] if self._levels is not None else None
        return words.of_interval(self._experts[part.index], turn, known=known, problem=self._problems[part.index])

    def sizeHint(self) -> QSize:
        return QSize(400, SLIM_HEIGHT if self._slim else HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        counts: list[int | None] = [None] * len(self._experts)
        if self._levels is not None:
            turns = steps_of(self._experts, self._levels.sigmas)
            counts = [0 if turn is None else turn[1] - turn[0] + 1 for turn in turns]
        look = Look(
            colours=self._theme.colours,
            ticks=self.ticks(),
            guessed=self._levels is None,
            counts=counts,
            faulty=frozenset(index for index, problem in enumerate(self._problems) if problem),
            hover=self._hover,
            focus=self._part if self.hasFocus() else None,
            playhead=self.playhead,
        )
        painter = QPainter(self)
        draw(painter, self.shape, look)
        painter.end()

    # mouse -------------------------------------------------------------------------------------------------------
    def mousePressEvent(self, event: QMouseEvent) -> None:
        part = self.shape.part_at(event.position())
        self._choose(part)
        if event.button() == Qt.MouseButton.LeftButton and part.kind == "boundary":
            self._dragged = part.index
            self.move_ended.emit()  # of whatever was moved by keys just before

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is None:
            self._hover_over(self.shape.part_at(event.position()))
            return
        shape = self.shape
        place = snapped(shape.place(event.position().x()), self.stops(), reach=SNAP / max(1.0, shape.bar.width()))
        self.moved.emit(self._dragged, place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._dragged is not None:
            self._dragged = None
            self.move_ended.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        part = self.shape.part_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and part.kind == "interval":
            self.split_asked.emit(part.index, self.split_place(part.index, event.position()))

    def split_place(self, index: int, point: QPointF | None = None) -> float:
        """Where to split an interval: between the two steps that are nearest to a point, by default to its middle."""
        shape = self.shape
        place = shape.place(point.x()) if point is not None else middle(self._experts[index], self.axis)
        inside = shape.interval(index)
        stops = [stop for stop in self.stops() if inside.left() < shape.x(stop) < inside.right()]
        return snapped(place, stops, reach=1.0)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._ask_menu(self._part)
        else:
            self._ask_menu(self.shape.part_at(QPointF(event.pos())), QPointF(event.pos()))

    def _ask_menu(self, part: Part, point: QPointF | None = None) -> None:
        """Ask for the menu of an interval; that of a boundary is the one of the interval after it."""
        index = part.index + (part.kind == "boundary")
        self._choose(part)
        corner = self.shape.rect(part).bottomLeft() if point is None else point
        self.menu_asked.emit(index, self.split_place(index, point), self.mapToGlobal(corner.toPoint()))

    def leaveEvent(self, _event: QEvent) -> None:
        self._hover_over(None)

    def _hover_over(self, part: Part | None) -> None:
        if part != self._hover:
            self._hover = part
            on_boundary = part is not None and part.kind == "boundary"
            self.setCursor(Qt.CursorShape.SplitHCursor if on_boundary else Qt.CursorShape.ArrowCursor)
            self.update()

    # keys --------------------------------------------------------------------------------------------------------
    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through intervals and boundaries before it goes on to the next widget."""
        parts = parts_of(self._experts)
        here = parts.index(self._part) + (1 if forward else -1)
        if self.hasFocus() and 0 <= here < len(parts):
            self._choose(parts[here])
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        reason = event.reason()
        if reason == Qt.FocusReason.TabFocusReason:
            self._choose(parts_of(self._experts)[0])
        elif reason == Qt.FocusReason.BacktabFocusReason:
            self._choose(parts_of(self._experts)[-1])
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, part = event.key(), self._part
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go(left=key == Qt.Key.Key_Left, fine=fine)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_asked.emit(part.index + (part.kind == "boundary"))
        elif key in MENU_KEYS:
            self._ask_menu(part)
        else:
            super().keyPressEvent(event)

    def _go(self, *, left: bool, fine: bool) -> None:
        """Move a boundary by a step, or a little; from an interval go to what is beside it."""
        if self._part.kind == "interval":
            parts = parts_of(self._experts)
            here = parts.index(self._part) + (-1 if left else 1)
            self._choose(parts[min(max(here, 0), len(parts) - 1)])
            return
        place = self.axis.place(self._experts[self._part.index].low)
        stop = None if fine else next_stop(place, self.stops(), left=left)
        if stop is None and (fine or not self.stops()):
            stop = place + (-NUDGE if left else NUDGE)
        if stop is not None:
            self.moved.emit(self._part.index, stop)

    def _choose(self, part: Part) -> None:
        if part != self._part:
            self._part = part
            self._tell_part()
            self.update()

    def _tell_part(self) -> None:
        text = self.text_of(self._part)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    # tips --------------------------------------------------------------------------------------------------------
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            part = self.shape.part_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), plain_tip(self.text_of(part)), self, self.shape.rect(part).toRect())
            return True
        return super().event(event)
