"""The pen: pressure is taken, its shadow mouse is ignored, nonsense is repaired."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFocusEvent

from canvas.paint.brush import Brush
from tests.gui.canvas_hands import RUBBER, CanvasHands

PRESS, MOVE, RELEASE = QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease
LINE = [(60 + 20 * step, 150) for step in range(10)]


@pytest.fixture
def hands(qtbot) -> CanvasHands:
    hands = CanvasHands(qtbot)
    hands.view.brush = Brush(diameter=60, hardness=1.0)
    hands.view.set_selected_word(hands.lake)
    return hands


def width_at(mask: np.ndarray, x: int) -> int:
    return int((mask[:, x] > 127).sum())


def test_pressure_makes_the_line_wider(hands: CanvasHands) -> None:
    hands.pen_stroke(LINE, np.linspace(0.1, 1.0, len(LINE)))
    mask = hands.mask(hands.lake)
    widths = [width_at(mask, x) for x in (70, 120, 180, 235)]
    assert widths == sorted(widths)
    assert widths[0] < 15
    assert widths[-1] > 50


def test_pen_events_are_accepted_so_that_no_mouse_is_made_of_them(hands: CanvasHands) -> None:
    events = [hands.pen(kind, 100, 100, 0.5) for kind in (PRESS, MOVE, RELEASE)]
    assert all(event.isAccepted() for event in events)


def test_the_mouse_is_ignored_while_the_pen_draws(hands: CanvasHands) -> None:
    hands.pen(PRESS, 100, 150, 1.0)
    hands.press(100, 150)
    hands.move(350, 40)
    hands.pen(MOVE, 140, 150, 1.0)
    hands.release(350, 40)
    hands.pen(MOVE, 180, 150, 1.0)
    hands.pen(RELEASE, 180, 150, 0.0)
    mask = hands.mask(hands.lake)
    assert mask[150, 100:180].min() == 255
    assert not mask[:100, 300:].any()
    hands.drag((350, 40), (360, 40))
    assert hands.mask(hands.lake)[40, 355] == 255


def test_the_mouse_paints_again_where_a_pens_release_was_lost_with_the_focus(hands: CanvasHands) -> None:
    hands.pen(PRESS, 100, 150, 1.0)
    hands.view.event(QFocusEvent(QEvent.Type.FocusOut))
    hands.drag((350, 40), (360, 40))
    assert hands.mask(hands.lake)[40, 355] == 255


def test_a_pen_whose_shadow_came_first_takes_the_stroke_over(hands: CanvasHands) -> None:
    hands.press(100, 150)
    hands.pen(PRESS, 100, 150, 0.2)
    hands.pen(MOVE, 200, 150, 0.2)
    hands.release(200, 150)
    hands.pen(RELEASE, 200, 150, 0.0)
    assert hands.document.live is None
    assert width_at(hands.mask(hands.lake), 100) < 20
    hands.document.undo()
    assert not hands.mask(hands.lake).any()


@pytest.mark.parametrize("nonsense", [0.0, math.nan, math.inf, -1.0])
def test_a_pressure_that_cannot_be_does_not_break_the_line(hands: CanvasHands, nonsense: float) -> None:
    pressures = [1.0] * len(LINE)
    pressures[4] = pressures[5] = nonsense
    hands.pen_stroke(LINE, pressures)
    mask = hands.mask(hands.lake)
    assert {width_at(mask, x) for x in range(70, 230)} <= {59, 60, 61}


def test_a_pen_without_pressure_draws_at_full_width(hands: CanvasHands) -> None:
    hands.pen_stroke(LINE, [0.0] * len(LINE))
    assert 59 <= width_at(hands.mask(hands.lake), 150) <= 61


def test_the_pen_upside_down_erases(hands: CanvasHands) -> None:
    hands.drag((60, 150), (240, 150))
    hands.pen_stroke([(150, 100), (150, 200)], [1.0, 1.0], device=RUBBER)
    mask = hands.mask(hands.lake)
    assert mask[150, 150] == 0
    assert mask[150, 70] == 255
    assert not hands.view.brush.erase


def test_a_pen_that_hovers_moves_the_ring_and_paints_nothing(hands: CanvasHands) -> None:
    before = hands.screen()
    hands.pen(MOVE, 200, 200, 0.0)
    assert not np.array_equal(hands.screen(), before)
    assert not hands.mask(hands.lake).any()
    assert hands.document.live is None
