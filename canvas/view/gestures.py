"""What every tool shares: panning, picking words, and what a press means."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPointingDevice, QSinglePointEvent, QTabletEvent

from canvas.paint.brush import MAX_DIAMETER, MIN_DIAMETER
from canvas.view.tools.base import OneDrag, Sample, Surface

if TYPE_CHECKING:
    from canvas.model.scene import Scene

PICKABLE = 24  # coverage of 255 from which paint counts as being under the cursor
SIZE_FACTOR = 1.25
UPRIGHT = 2.0  # degrees about upright at which a view that is turned by hand stays


class Pan(OneDrag):
    """Drags the picture."""

    def __init__(self, surface: Surface, sample: Sample) -> None:
        self._surface = surface
        self._at = sample.view

    def move(self, sample: Sample) -> None:
        """Moves the picture by as much as the pointer moved."""
        delta = sample.view - self._at
        self._at = sample.view
        self._surface.pan_by(delta.x(), delta.y())


class Rotate(OneDrag):
    """Turns the view about its middle."""

    def __init__(self, surface: Surface, sample: Sample) -> None:
        self._surface, self._before = surface, surface.turn
        self._from = self._angle(sample)

    def _angle(self, sample: Sample) -> float:
        """Of the pointer about the middle of the view, on the screen, in degrees."""
        width, height = self._surface.viewport.view
        at = self._surface.turn.linear().map(sample.view - QPointF(width / 2, height / 2))
        return math.degrees(math.atan2(at.y(), at.x()))

    def move(self, sample: Sample) -> None:
        """By as much as the pointer went round; near upright it is upright."""
        turn = self._before.by(self._angle(sample) - self._from)
        self._surface.set_turn(replace(turn, angle=0.0) if abs(turn.angle) < UPRIGHT else turn)

    def abort(self) -> None:
        """As it was."""
        self._surface.set_turn(self._before)


def words_at(scene: Scene, x: float, y: float) -> list[str]:
    """Ids of the visible words and styles whose paint lies under a place of the picture, the strongest first."""
    column, row = math.floor(x), math.floor(y)
    if not (0 <= column < scene.size[0] and 0 <= row < scene.size[1]):
        return []
    found = []
    for index, thing in enumerate(scene.paintables):
        coverage = int(scene.masks[thing.id].read((column, row, 1, 1))[0, 0]) if thing.visible else 0
        if coverage >= PICKABLE:
            found.append((-coverage, -index, thing.id))
    return [word_id for _, _, word_id in sorted(found)]


def next_pick(found: list[str], selected: str | None) -> str:
    """The first of the found words, or the one after the selected if it is among them: clicking again goes deeper."""
    return found[(found.index(selected) + 1) % len(found)] if selected in found else found[0]


def pressure_of(event: QSinglePointEvent) -> float:
    """Pressure of a pointer event as the device gives it (the stroke repairs nonsense); 1 for a mouse."""
    return event.pressure() if isinstance(event, QTabletEvent) else 1.0


def is_eraser(event: QSinglePointEvent) -> bool:
    """Whether the pen is held upside down."""
    return isinstance(event, QTabletEvent) and event.pointerType() == QPointingDevice.PointerType.Eraser


def stepped_diameter(diameter: float, steps: int) -> float:
    """A brush diameter some steps larger or smaller: by a factor, but at least by one pixel, from 1 to 1024."""
    stepped = diameter * SIZE_FACTOR**steps
    if abs(stepped - diameter) < 1:
        stepped = diameter + math.copysign(1, steps)
    return float(min(MAX_DIAMETER, max(MIN_DIAMETER, round(stepped))))


def wants_pan(event: QSinglePointEvent, *, space: bool) -> bool:
    """Whether a press starts a pan: the middle button, or the left with Space held."""
    return event.button() == Qt.MouseButton.MiddleButton or (space and event.button() == Qt.MouseButton.LeftButton)


def wants_pick(event: QSinglePointEvent) -> bool:
    """Whether a press picks the word under it: the right button, or the left with Alt."""
    alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    return event.button() == Qt.MouseButton.RightButton or (alt and event.button() == Qt.MouseButton.LeftButton)
