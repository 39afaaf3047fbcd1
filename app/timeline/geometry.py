"""The geometry of the timeline's strip: where bar, boundaries and ticks lie, and what is under a point."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from app.timeline.axis import Axis
from app.timeline.partition import Experts

GRAB = 6.0  # pixels on either side of a boundary that take hold of it
EDGE = 3.0  # of the strip that stay empty at either end, for the playhead
TOP, TICK_GAP, TICK = 4.0, 2.0, 5.0
BAR, SLIM_BAR = 20.0, 13.0
HEIGHT, SLIM_HEIGHT = 34, 26


@dataclass(frozen=True)
class Part:
    """An interval, or the boundary between the intervals `index` and `index + 1`."""

    kind: str
    index: int


def parts_of(experts: Experts) -> list[Part]:
    """Intervals and boundaries from left to right."""
    parts = [Part("interval", 0)]
    for index in range(1, len(experts)):
        parts += [Part("boundary", index - 1), Part("interval", index)]
    return parts


@dataclass(frozen=True)
class Shape:
    """A strip of that width, in pixels; `slim` where one expert has it all and there is nothing to read on it."""

    experts: Experts
    axis: Axis
    width: float
    slim: bool

    @property
    def bar(self) -> QRectF:
        """Where the intervals lie."""
        return QRectF(EDGE, TOP, self.width - 2 * EDGE, SLIM_BAR if self.slim else BAR)

    def x(self, place: float) -> float:
        """The pixel of a place from 0 to 1."""
        return self.bar.left() + place * self.bar.width()

    def place(self, x: float) -> float:
        """The place from 0 to 1 of a pixel."""
        return min(max((x - self.bar.left()) / max(1.0, self.bar.width()), 0.0), 1.0)

    def boundary(self, index: int) -> float:
        """The pixel of a boundary."""
        return self.x(self.axis.place(self.experts[index].low))

    def interval(self, index: int) -> QRectF:
        """The box of an interval."""
        bar, expert = self.bar, self.experts[index]
        left, right = self.x(self.axis.place(expert.high)), self.x(self.axis.place(expert.low))
        return QRectF(left, bar.top(), right - left, bar.height())

    def rect(self, part: Part) -> QRectF:
        """The box of a part."""
        if part.kind == "interval":
            return self.interval(part.index)
        return QRectF(self.boundary(part.index) - GRAB, self.bar.top(), 2 * GRAB, self.bar.height())

    def part_at(self, point: QPointF) -> Part:
        """What a point is on, or next to: a boundary that is near wins."""
        distances = {index: abs(self.boundary(index) - point.x()) for index in range(len(self.experts) - 1)}
        nearest = min(distances, key=lambda index: distances[index], default=None)
        if nearest is not None and distances[nearest] <= GRAB:
            return Part("boundary", nearest)
        place = self.place(point.x())
        owner = next(
            (index for index, expert in enumerate(self.experts) if place < self.axis.place(expert.low)),
            len(self.experts) - 1,
        )
        return Part("interval", owner)
