"""The tools on a real canvas: drawn by mouse and keys, each one undo step."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest

from canvas.paint.brush import Brush
from canvas.view.symmetry import grips
from canvas.view.tools.brush_tool import BrushTool
from canvas.view.tools.fill_tool import FillTool
from canvas.view.tools.gradient_tool import GradientTool
from canvas.view.tools.line_tool import LineTool
from canvas.view.tools.move_tool import MoveTool
from canvas.view.tools.pick_tool import PickTool
from canvas.view.tools.select_tool import SelectTool
from canvas.view.tools.shape_tool import ShapeTool
from tests.gui.canvas_hands import RUBBER, CanvasHands

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def hands(qtbot):
    hands = CanvasHands(qtbot)
    hands.view.set_selected_word(hands.lake)
    return hands


def area(hands: CanvasHands, word_id: str) -> float:
    return hands.mask(word_id).sum() / 255


def test_a_rectangle_is_painted_at_once_and_undone_at_once(hands):
    hands.view.set_tool(ShapeTool("rectangle"))
    hands.drag((50, 60), (100, 80), (150, 160))
    assert area(hands, hands.lake) == pytest.approx(100 * 100, rel=0.01)
    assert hands.document.undo_label == "Paint rectangle of “lake”"
    hands.document.undo()
    assert area(hands, hands.lake) == 0


def test_shift_makes_a_circle_and_control_draws_from_the_middle(hands):
    hands.view.set_tool(ShapeTool("ellipse"))
    hands.press(200, 150)
    QTest.mouseMove(hands.view, hands.point(230, 160))
    at = hands.at(260, 170)
    hands.settle()
    event = _move(hands, at, SHIFT | CONTROL)
    assert event
    hands.release(260, 170, modifier=SHIFT | CONTROL)
    box = np.argwhere(hands.mask(hands.lake) > 127)
    (top, left), (bottom, right) = box.min(axis=0), box.max(axis=0)
    assert (left, right) == (140, 259) and (top, bottom) == (90, 209)


def _move(hands: CanvasHands, at, modifiers) -> bool:
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtGui import QMouseEvent

    kind, left = QEvent.Type.MouseMove, Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, at, hands.view.mapToGlobal(at), Qt.MouseButton.NoButton, left, modifiers)
    return QCoreApplication.sendEvent(hands.view, event)


def test_a_lasso_paints_its_inside(hands):
    hands.view.set_tool(ShapeTool("lasso"))
    hands.drag((50, 50), (150, 50), (150, 120), (50, 120))
    assert area(hands, hands.lake) == pytest.approx(100 * 70, rel=0.02)


@pytest.mark.parametrize("close", ["enter", "double click", "first corner"])
def test_a_polygon_is_set_corner_by_corner(hands, close):
    hands.view.set_tool(ShapeTool("polygon"))
    for place in ((50, 50), (150, 50), (150, 150)):
        hands.press(*place)
        hands.release(*place)
    assert area(hands, hands.lake) == 0, "it is not closed yet"
    if close == "enter":
        QTest.keyClick(hands.view, Qt.Key.Key_Return)
    elif close == "double click":
        QTest.mouseDClick(hands.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hands.point(150, 150))
    else:
        hands.press(52, 51)
        hands.release(52, 51)
    assert area(hands, hands.lake) == pytest.approx(5000, rel=0.02)


def test_escape_gives_a_polygon_up(hands):
    hands.view.set_tool(ShapeTool("polygon"))
    for place in ((50, 50), (150, 50), (150, 150)):
        hands.press(*place)
        hands.release(*place)
    QTest.keyClick(hands.view, Qt.Key.Key_Escape)
    hands.press(200, 200)
    hands.release(200, 200)
    QTest.keyClick(hands.view, Qt.Key.Key_Return)
    assert area(hands, hands.lake) == 0


def test_another_tool_gives_up_what_was_begun(hands):
    hands.view.set_tool(ShapeTool("polygon"))
    hands.press(50, 50)
    hands.release(50, 50)
    hands.view.set_tool(BrushTool())
    assert not hands.view.painting


def test_the_eraser_and_the_pens_end_take_shapes_away(hands):
    hands.document.fill_word(hands.lake)
    hands.view.set_tool(ShapeTool("rectangle"))
    hands.pen_stroke([(50, 50), (150, 150)], [0.5, 0.5], device=RUBBER)
    assert area(hands, hands.lake) == pytest.approx(400 * 300 - 100 * 100, rel=0.01)


def test_a_line_is_drawn_with_the_brush(hands):
    hands.view.set_tool(LineTool())
    hands.drag((60, 100), (200, 140), (260, 100))
    mask = hands.mask(hands.lake)
    assert mask[100, 60:260].min() == 255 and mask[139, 200] == 0


def test_the_bucket_fills_up_to_other_words(hands):
    hands.view.set_selected_word(hands.hills)
    hands.view.set_tool(ShapeTool("rectangle"))
    hands.drag((200, 0), (210, 150), (220, 320))
    hands.view.set_selected_word(hands.lake)
    hands.view.set_tool(FillTool())
    hands.press(50, 50)
    hands.release(50, 50)
    mask = hands.mask(hands.lake)
    assert mask[:, :199].min() == 255 and mask[:, 222:].max() == 0
    hands.press(210, 100)
    hands.release(210, 100)
    assert "Another word" in hands.messages[-1]


def test_a_round_gradient_fades_to_all_sides(hands):
    hands.view.set_tool(GradientTool(round_=True))
    hands.drag((200, 150), (250, 150), (280, 150))
    mask = hands.mask(hands.lake)
    assert mask[150, 200] >= 252 and mask[150, 281] == 0
    sides = [int(mask[at]) for at in ((150, 240), (150, 160), (190, 200), (110, 200))]
    assert sides == pytest.approx([127] * 4, abs=4)


def test_a_gradient_fades(hands):
    hands.view.set_tool(GradientTool())
    hands.drag((100, 150), (200, 150), (300, 150))
    row = hands.mask(hands.lake)[150].astype(int)
    assert row[50] == 255 and row[350] == 0 and 110 < row[200] < 145


def test_a_selection_bounds_the_brush_and_a_click_ends_it(hands):
    hands.view.set_tool(SelectTool("rectangle"))
    hands.drag((100, 100), (150, 150), (200, 200))
    hands.view.set_tool(BrushTool())
    hands.drag((20, 150), (150, 150), (380, 150))
    mask = hands.mask(hands.lake)
    assert mask[150, 100:200].min() == 255 and mask[:, :100].max() == 0 and mask[:, 200:].max() == 0
    hands.view.set_tool(SelectTool("rectangle"))
    hands.press(10, 10)
    hands.release(10, 10)
    assert hands.document.scene.selection is None
    hands.document.undo()
    assert hands.document.scene.selection is not None


def test_shift_adds_to_a_selection_and_control_takes_away(hands):
    hands.view.set_tool(SelectTool("rectangle"))
    hands.drag((0, 0), (50, 50), (100, 100))
    hands.drag((200, 0), (250, 50), (300, 100), modifier=SHIFT)
    hands.drag((0, 0), (20, 20), (50, 100), modifier=CONTROL)
    selection = hands.document.scene.selection
    assert selection is not None and selection.coverage * 400 * 300 == pytest.approx(100 * 100 + 50 * 100, rel=0.02)


def test_the_edge_of_the_selection_is_seen(hands):
    before = hands.screen()
    hands.view.set_tool(SelectTool("rectangle"))
    hands.drag((100, 100), (150, 150), (200, 200))
    hands.view.move_cursor(None)
    changed = np.argwhere((hands.screen() != before).any(axis=2))
    assert 300 < len(changed) < 1600


def test_paint_is_moved_and_what_is_beyond_the_canvas_is_cut(hands):
    hands.view.set_tool(ShapeTool("rectangle"))
    hands.drag((100, 100), (120, 120), (200, 200))
    hands.view.set_tool(MoveTool())
    hands.drag((150, 150), (180, 150), (200, 190))
    mask = hands.mask(hands.lake)
    assert mask[140:240, 150:250].min() == 255 and area(hands, hands.lake) == pytest.approx(10000, rel=0.01)
    assert hands.document.undo_label == "Move “lake”"
    hands.drag((200, 190), (380, 190))
    assert area(hands, hands.lake) == pytest.approx(70 * 100, rel=0.02)


def test_only_what_is_selected_moves(hands):
    hands.document.fill_word(hands.lake)
    hands.view.set_tool(SelectTool("rectangle"))
    hands.drag((0, 0), (20, 20), (100, 300))
    hands.view.set_tool(MoveTool())
    hands.drag((50, 50), (100, 100), (50, 150))
    mask = hands.mask(hands.lake)
    assert mask[:99, :100].max() == 0 and mask[101:, :100].min() == 255 and mask[:, 101:].min() == 255


def test_the_picker_picks(hands):
    hands.document.fill_word(hands.hills)
    hands.view.set_tool(PickTool())
    hands.press(300, 250)
    hands.release(300, 250)
    assert hands.view.selected_word == hands.hills


@pytest.mark.parametrize("tool", [ShapeTool("rectangle"), LineTool(), FillTool(), GradientTool(), MoveTool()])
def test_a_tool_without_a_word_says_what_to_do(hands, tool):
    hands.view.set_selected_word(None)
    hands.view.set_tool(tool)
    hands.drag((50, 50), (100, 100))
    assert hands.messages and "word" in hands.messages[-1]


def test_a_locked_word_is_not_painted(hands):
    from canvas.model import edits

    hands.document.apply(edits.change_word(hands.document.scene, hands.lake, locked=True), "Lock")
    hands.drag((50, 50), (100, 100))
    assert area(hands, hands.lake) == 0 and "locked" in hands.messages[-1]


def test_an_axis_is_dragged_by_its_grip_and_snaps_to_the_middle(hands):
    hands.view.set_brush(Brush(diameter=20, hardness=1.0, mirror_x=True))
    before = hands.mask(hands.lake).copy()
    place = grips(hands.view.brush, hands.view.viewport)[0].toPoint()
    assert list(grips(hands.view.brush, hands.view.viewport)) == [0]
    QTest.mousePress(hands.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    far = hands.view.viewport.to_view(100, 10)
    QTest.mouseMove(hands.view, QPointF(*far).toPoint())
    QTest.mouseRelease(hands.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPointF(*far).toPoint())
    assert hands.view.brush.axis == (pytest.approx(0.25, abs=0.01), 0.5)
    assert np.array_equal(before, hands.mask(hands.lake)), "nothing is painted by it"
    hands.drag((60, 100), (60, 110))
    mask = hands.mask(hands.lake)
    assert mask[105, 60] == 255 and mask[105, 140] == 255
