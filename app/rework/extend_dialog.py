"""The question for a larger canvas: its edges are dragged outwards in a small picture, or four numbers are typed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.language import tr
from app.widgets.helpers import named
from app.widgets.plain_text import PlainLabel, plain_tip
from resources.limits import MAX_SIDE

Margins = tuple[int, int, int, int]
"""Pixels that are added: left, top, right, bottom."""
SIDES = ("left", "top", "right", "bottom")
NAMES = {"left": "Left", "top": "Top", "right": "Right", "bottom": "Bottom"}
GRIP = 8  # screen pixels
ROOM = 1.0  # of the picture's own side can be dragged out on each side; more can be typed


class ExtendView(QWidget):
    """The picture on its canvas to come. Its edges are dragged; `changed` tells the margins."""

    changed = Signal(object)

    def __init__(self, size: tuple[int, int], rgb: np.ndarray | None) -> None:
        super().__init__()
        self._size, self.margins = size, (0, 0, 0, 0)
        self._image = None
        if rgb is not None:
            rgb = np.ascontiguousarray(rgb)
            height, width = rgb.shape[:2]
            self._image = QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
        self._dragged: set[str] = set()
        self._held: float | None = None  # the scale while an edge is dragged, so that it stays under the pointer
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 260)
        self.setAccessibleName(tr("The new canvas; the four numbers beside it say the same"))

    def sizeHint(self) -> QSize:
        return QSize(420, 320)

    def set_margins(self, margins: Margins) -> None:
        """Show another canvas."""
        if margins != self.margins:
            self.margins = margins
            self.update()

    def _scale(self) -> float:
        """Screen pixels of a pixel of the picture: there is room to drag each edge out."""
        if self._held is not None:
            return self._held
        left, top, right, bottom = self.margins
        wide = self._size[0] + 2 * max(ROOM * self._size[0] / 2, left, right)
        high = self._size[1] + 2 * max(ROOM * self._size[1] / 2, top, bottom)
        return min((self.width() - 2 * GRIP) / wide, (self.height() - 2 * GRIP) / high)

    def picture_rect(self) -> QRectF:
        """Where the picture is drawn."""
        scale = self._scale()
        width, height = self._size[0] * scale, self._size[1] * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def canvas_rect(self) -> QRectF:
        """Where the canvas to come is drawn."""
        scale = self._scale()
        left, top, right, bottom = (side * scale for side in self.margins)
        return self.picture_rect().adjusted(-left, -top, right, bottom)

    def _edges_at(self, at: QPointF) -> set[str]:
        rect = self.canvas_rect()
        near = {
            "left": abs(at.x() - rect.left()), "right": abs(at.x() - rect.right()),
            "top": abs(at.y() - rect.top()), "bottom": abs(at.y() - rect.bottom()),
        }  # fmt: skip
        if not rect.adjusted(-GRIP, -GRIP, GRIP, GRIP).contains(at):
            return set()
        return {side for side, distance in near.items() if distance <= GRIP}

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged = self._edges_at(event.position())
        self._held = self._scale()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if not self._dragged:
            edges = self._edges_at(at)
            across, down = edges & {"left", "right"}, edges & {"top", "bottom"}
            diagonal = bool(edges & {"left"}) == bool(edges & {"top"})
            shape = (
                (Qt.CursorShape.SizeFDiagCursor if diagonal else Qt.CursorShape.SizeBDiagCursor)
                if across and down
                else Qt.CursorShape.SizeHorCursor
                if across
                else Qt.CursorShape.SizeVerCursor
                if down
                else Qt.CursorShape.ArrowCursor
            )
            self.setCursor(shape)
            return
        scale, rect = self._scale(), self.picture_rect()
        out = {
            "left": rect.left() - at.x(), "right": at.x() - rect.right(),
            "top": rect.top() - at.y(), "bottom": at.y() - rect.bottom(),
        }  # fmt: skip
        margins = tuple(
            max(0, round(out[side] / scale)) if side in self._dragged else now
            for side, now in zip(SIDES, self.margins, strict=True)
        )
        self.changed.emit(margins)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged, self._held = set(), None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colours = self.palette()
        canvas, picture = self.canvas_rect(), self.picture_rect()
        new = QColor(colours.color(QPalette.ColorRole.Highlight))
        painter.setPen(Qt.PenStyle.NoPen)
        fill = QColor(new)
        fill.setAlpha(50)
        painter.setBrush(fill)
        painter.drawRect(canvas)
        if self._image is not None:
            painter.drawImage(picture, self._image)
        else:
            painter.setBrush(colours.color(QPalette.ColorRole.Base))
            painter.drawRect(picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(new, 1.5))
        painter.drawRect(canvas)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(new)
        middle = canvas.center()
        for x, y in (
            (canvas.left(), middle.y()), (canvas.right(), middle.y()),
            (middle.x(), canvas.top()), (middle.x(), canvas.bottom()),
        ):  # fmt: skip
            painter.drawEllipse(QPointF(x, y), 5, 5)


class ExtendDialog(QDialog):
    """`asked` comes with the margins, whether what is new is filled at once, and whether the paint at the edges goes on
    into it, when it is accepted."""

    asked = Signal(object, bool, bool)

    def __init__(
        self,
        size: tuple[int, int],
        rgb: np.ndarray | None,
        nearest: Callable[[int], int],
        parent: QWidget,
        *,
        painted: bool = False,
        larger: tuple[int, int] | None = None,
    ) -> None:
        """`rgb` is the picture on the canvas; `nearest` is the side next to another that the model can make.

        `painted` says whether there is paint that may go on; `larger` is the picture's own size where it has more
        pixels than the canvas, to which it is scaled.
        """
        super().__init__(parent)
        self.setWindowTitle(tr("Extend the Canvas"))
        self._size, self._nearest = size, nearest
        self.view = ExtendView(size, rgb)
        self.boxes = {side: named(QSpinBox(), f"extend-{side}") for side in SIDES}
        grid = QGridLayout()
        for (side, box), (across, down) in zip(self.boxes.items(), ((1, 0), (0, 1), (1, 2), (2, 1)), strict=True):
            box.setRange(0, MAX_SIDE - size[side in ("top", "bottom")])
            box.setSingleStep(16)
            box.setSuffix(" px")
            box.lineEdit().setTextMargins(6, 0, 0, 0)
            box.setAccessibleName(tr(NAMES[side]))
            box.setToolTip(plain_tip(tr(NAMES[side])))
            box.valueChanged.connect(lambda _value: self._show())
            grid.addWidget(box, across, down, Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(self.view, 1, 1)
        grid.addWidget(self.boxes["top"], 0, 1, Qt.AlignmentFlag.AlignCenter)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)
        self.fill = QCheckBox(tr("Fill the new part to match the picture"))
        self.fill.setChecked(rgb is not None)
        self.fill.setVisible(rgb is not None)
        self.grow_paint = named(QCheckBox(tr("Let the paint at the edges continue")), "extendPaint")
        tip = tr(
            "Words that touch an edge grow beyond it: a sky or a lake up to the new edge, a thing such as a house only "
            "a little. Undo takes it back together with the larger canvas."
        )
        self.grow_paint.setToolTip(plain_tip(tip))
        self.grow_paint.setChecked(painted)
        self.grow_paint.setVisible(painted)
        self.becomes = PlainLabel()
        self.scaled = named(PlainLabel(wordWrap=True), "muted")
        self.scaled.setVisible(larger is not None)
        if larger is not None:
            text = tr(
                "The picture has {width} × {height} pixels. It is scaled to its place on the canvas "
                "({own_width} × {own_height}) when the new part is filled.",
                width=larger[0], height=larger[1], own_width=size[0], own_height=size[1],
            )  # fmt: skip
            self.scaled.setText(text)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Extend"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(grid, 1)
        for widget in (self.becomes, self.scaled, self.grow_paint, self.fill, self.buttons):
            column.addWidget(widget)
        self.view.changed.connect(self._dragged)
        self._show()

    @property
    def margins(self) -> Margins:
        """What is added, so that the model can make the whole: a side that it cannot make grows or shrinks a little."""
        left, top, right, bottom = (self.boxes[side].value() for side in SIDES)
        left, right = self._fitted(left, right, self._size[0])
        top, bottom = self._fitted(top, bottom, self._size[1])
        return left, top, right, bottom

    def accept(self) -> None:
        super().accept()
        self.asked.emit(self.margins, self.fill.isChecked(), self.grow_paint.isChecked())

    def _fitted(self, before: int, after: int, side: int) -> tuple[int, int]:
        """Margins on both sides with which a side is one that the model can make; the larger of them takes the rest."""
        if not before and not after:
            return 0, 0
        whole = self._nearest(side + before + after)
        while whole <= side:
            whole = self._nearest(whole + self._nearest(1))
        rest = whole - side - before - after
        if before > after:
            return max(0, before + rest), whole - side - max(0, before + rest)
        return whole - side - max(0, after + rest), max(0, after + rest)

    def _dragged(self, margins: Margins) -> None:
        for box, value in zip(self.boxes.values(), margins, strict=True):
            box.setValue(value)

    def _show(self) -> None:
        left, top, right, bottom = self.margins
        self.view.set_margins(tuple(box.value() for box in self.boxes.values()))  # type: ignore[arg-type]
        width, height = self._size
        new = width + left + right, height + top + bottom
        fits = max(new) <= MAX_SIDE
        self.becomes.setText(
            tr(
                "{width} × {height} pixels become {new_width} × {new_height}",
                width=width, height=height, new_width=new[0], new_height=new[1],
            )
        )  # fmt: skip
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(fits and new != self._size)
