"""What a tool is: something in the painter's hand that turns a press on the canvas into a gesture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainterPath

if TYPE_CHECKING:
    from canvas.model.colour_layer import ColourLayer
    from canvas.model.document import Document
    from canvas.model.scene import Paintable
    from canvas.paint.brush import Brush
    from canvas.view.turn import Turn
    from canvas.view.viewport import Viewport

MESSAGE_NO_WORD = "Click a word in the prompt first, then paint where it should be."


@dataclass(frozen=True)
class Sample:
    """One place of the pointer: in the view (logical pixels) and in the picture; pressure 0..1, milliseconds.

    Attributes:
        erase: the pen is held upside down.
        shift, alt, control: which of the keys is held.
    """

    view: QPointF
    x: float
    y: float
    pressure: float = 1.0
    time: float | None = None
    erase: bool = False
    shift: bool = False
    alt: bool = False
    control: bool = False

    @property
    def point(self) -> tuple[float, float]:
        """The place in the picture."""
        return self.x, self.y

    @property
    def pixel(self) -> tuple[int, int]:
        """The pixel of the picture."""
        return math.floor(self.x), math.floor(self.y)


class Gesture(Protocol):
    """Something under way between press and release, or, where it `goes_on`, until it is finished."""

    @property
    def goes_on(self) -> bool:
        """Whether it waits for more presses after a release."""
        ...

    @property
    def applies(self) -> bool:
        """Whether it is finished where the painter turns to something else; others are given up."""
        ...

    @property
    def outdated(self) -> bool:
        """Whether what it works on is not there any more."""
        ...

    @property
    def cursor(self) -> Qt.CursorShape | None:
        """How the pointer looks meanwhile; None is as the tool says."""
        ...

    def press(self, sample: Sample) -> None:
        """Another press of one that goes on."""
        ...

    def release(self, sample: Sample) -> None:
        """The button was let go of one that goes on."""
        ...

    def move(self, sample: Sample) -> None:
        """The pointer moved."""
        ...

    def end(self) -> None:
        """The button was let go (or, for one that goes on, finished by a double click or Enter)."""
        ...

    def abort(self) -> None:
        """Everything is as it was before."""
        ...

    def outline(self) -> QPainterPath | None:
        """What is drawn over the picture meanwhile, in picture coordinates."""
        ...


class OneDrag:
    """A gesture that is over at the release and draws nothing: the defaults of `Gesture`."""

    goes_on = False
    applies = False
    cursor: Qt.CursorShape | None = None

    @property
    def outdated(self) -> bool:
        """It is over before anything else can happen."""
        return False

    def press(self, sample: Sample) -> None:
        """There is one press only."""

    def release(self, sample: Sample) -> None:
        """Nothing waits for it."""

    def move(self, sample: Sample) -> None:
        """Nothing follows the pointer."""

    def end(self) -> None:
        """Nothing is left to do."""

    def abort(self) -> None:
        """Nothing was changed."""

    def outline(self) -> QPainterPath | None:
        """Nothing is drawn."""
        return None


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
    @property
    def tool(self) -> Tool: ...
    @property
    def turn(self) -> Turn: ...
    def set_turn(self, turn: Turn) -> None: ...
    def upright(self, point: QPointF) -> QPointF: ...
    def snapped(self, x: float, y: float) -> tuple[float, float]: ...
    def snap_shift(self, low: tuple[float, float], high: tuple[float, float]) -> tuple[float, float]: ...
    def pan_by(self, dx: float, dy: float) -> None: ...
    def zoom_by(self, factor: float, at: QPointF) -> None: ...
    def pick(self, sample: Sample) -> None: ...
    def take_colour(self, sample: Sample) -> None: ...
    def say(self, text: str) -> None: ...
    def tell(self, text: str) -> None: ...
    def update(self, *area: QRect) -> None: ...
    def set_brush(self, brush: Brush) -> None: ...
    def toggle_overlays(self) -> None: ...
    def leave(self, *, forward: bool) -> None: ...
    def move_cursor(self, at: QPointF | None) -> None: ...
    def gesture_begun(self, gesture: Gesture) -> None: ...
    def gesture_moved(self, gesture: Gesture) -> None: ...
    def gesture_over(self, gesture: Gesture) -> None: ...
    def pan_armed(self, armed: bool) -> None: ...
    def mapFromGlobal(self, point: QPointF, /) -> QPointF: ...


class Tool(Protocol):
    """One tool: its name, how the pointer looks with it, and what a press of the left button begins."""

    @property
    def name(self) -> str:
        """As actions and preferences call it: "brush", "ellipse", "select-lasso"."""
        ...

    @property
    def cursor(self) -> Qt.CursorShape:
        """The shape of the pointer; blank where the brush's ring is drawn."""
        ...

    @property
    def hint(self) -> str:
        """One sentence that says what to do with it, for the status line."""
        ...

    def begin(self, surface: Surface, sample: Sample) -> Gesture | None:
        """What a press begins; None where it was done at once, or where it cannot be and the surface said why."""
        ...


@runtime_checkable
class Snapping(Protocol):
    """A tool whose places snap to guides, grid and edges, where that is switched on; others go where the hand goes."""

    @property
    def snaps(self) -> bool:
        """Whether they do."""
        ...


@runtime_checkable
class Standing(Protocol):
    """A tool that has something to show as soon as it is in the hand."""

    def stand(self, surface: Surface) -> Gesture | None:
        """What is under way from then on; None for nothing."""
        ...


def target(surface: Surface) -> tuple[Document, Paintable | ColourLayer] | None:
    """The document and what is painted on it now; None, with the reason said, where nothing can be painted."""
    document, word_id = surface.document, surface.selected_word
    if document is None or word_id is None:
        surface.say(MESSAGE_NO_WORD)
        return None
    thing = document.scene.paintable(word_id)
    if not thing.visible:
        surface.say(f"“{thing.title}” is hidden: show it to paint it.")
        return None
    if getattr(thing, "locked", False):
        surface.say(f"“{thing.title}” is locked: unlock it in the list to paint it.")
        return None
    return document, thing
