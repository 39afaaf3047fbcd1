"""What a press, a drag and a release do on the canvas: paint, pan, pick."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPointingDevice, QSinglePointEvent, QTabletEvent

from canvas.paint.brush import MAX_DIAMETER, MIN_DIAMETER, Brush
from canvas.paint.stroke import Stroke

if TYPE_CHECKING:
    from canvas.model.document import Document
    from canvas.model.scene import Scene
    from canvas.view.viewport import Viewport

PICKABLE = 24  # coverage of 255 from which paint counts as being under the cursor
SIZE_FACTOR = 1.25
MESSAGE_NO_WORD = "Click a word in the prompt first, then paint where it should be."


@dataclass(frozen=True)
class Sample:
    """One place of the pointer: in the view (logical pixels) and in the picture; pressure 0..1, milliseconds."""

    view: QPointF
    x: float
    y: float
    pressure: float = 1.0
    time: float | None = None
    erase: bool = False


class Surface(Protocol):
    """What gestures and input need of the view."""

    viewport: Viewport
    last_point: tuple[float, float] | None

    @property
    def document(self) -> Document | None: ...
    @property
    def selected_word(self) -> str | None: ...
    @property
    def brush(self) -> Brush: ...
    def pan_by(self, dx: float, dy: float) -> None: ...
    def zoom_by(self, factor: float, at: QPointF) -> None: ...
    def pick(self, sample: Sample) -> None: ...
    def say(self, text: str) -> None: ...
    def toggle_overlays(self) -> None: ...
    def leave(self, *, forward: bool) -> None: ...
    def move_cursor(self, at: QPointF | None) -> None: ...
    def gesture_begun(self, gesture: Gesture) -> None: ...
    def gesture_over(self, gesture: Gesture) -> None: ...
    def pan_armed(self, armed: bool) -> None: ...
    def mapFromGlobal(self, point: QPointF, /) -> QPointF: ...


class Gesture(Protocol):
    """Something under way between press and release."""

    def move(self, sample: Sample) -> None: ...
    def end(self) -> None: ...
    def abort(self) -> None: ...


class Pan:
    """Drags the picture."""

    def __init__(self, surface: Surface, sample: Sample) -> None:
        self._surface = surface
        self._at = sample.view

    def move(self, sample: Sample) -> None:
        """Moves the picture by as much as the pointer moved."""
        delta = sample.view - self._at
        self._at = sample.view
        self._surface.pan_by(delta.x(), delta.y())

    def end(self) -> None:
        """Nothing is left to do."""

    def abort(self) -> None:
        """A pan stays where it came to."""


class Paint:
    """One stroke of the brush or eraser on the selected word or style; the document tells the view what changed."""

    def __init__(self, surface: Surface, document: Document, word_id: str, sample: Sample, *, line: bool) -> None:
        brush = surface.brush
        if sample.erase and not brush.erase:
            brush = replace(brush, erase=True)
        self._surface = surface
        self._at = (sample.x, sample.y)
        self._stroke = Stroke(document, word_id, brush)
        start = surface.last_point if line else None
        self._stroke.begin(*(start or self._at), sample.pressure, sample.time)
        if start is not None:
            self._stroke.extend(*self._at, sample.pressure, sample.time)

    def move(self, sample: Sample) -> None:
        """Paints on to the sample's place."""
        self._at = (sample.x, sample.y)
        self._stroke.extend(*self._at, sample.pressure, sample.time)

    def end(self) -> None:
        """One undo entry for the whole stroke."""
        self._surface.last_point = self._at
        self._stroke.commit()

    def abort(self) -> None:
        """The mask is as it was before the stroke."""
        self._stroke.abort()


def begin_paint(surface: Surface, sample: Sample, *, line: bool) -> Paint | None:
    """Starts a stroke on the selected word, or says why there is none."""
    document, word_id = surface.document, surface.selected_word
    if document is None or word_id is None:
        surface.say(MESSAGE_NO_WORD)
        return None
    thing = document.scene.paintable(word_id)
    if not thing.visible:
        surface.say(f"“{thing.title}” is hidden: show it to paint it.")
        return None
    return Paint(surface, document, word_id, sample, line=line)


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
