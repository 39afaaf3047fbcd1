"""The transform tool by mouse and keys: a box about the paint, one undo step, nothing blurred twice."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from canvas.model.colour_layer import COLOURS
from canvas.paint.brush import Brush
from canvas.view.tools.brush_tool import BrushTool
from canvas.view.tools.move_tool import MoveTool
from canvas.view.tools.select_tool import SelectTool
from canvas.view.tools.shape_tool import ShapeTool
from canvas.view.tools.transform_tool import TransformTool
from tests.gui.canvas_hands import MIDDLE, CanvasHands

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def hands(qtbot):
    hands = CanvasHands(qtbot)
    hands.view.set_selected_word(hands.lake)
    hands.view.set_tool(ShapeTool("rectangle"))
    hands.drag((100, 100), (120, 120), (200, 150))
    hands.steps = 0
    hands.document.subscribe(lambda change: setattr(hands, "steps", hands.steps + (change.kinds != {"live"})))
    hands.view.set_tool(TransformTool())
    return hands


def key(hands, which) -> None:
    QTest.keyClick(hands.view, which)
    hands.settle()


def box(hands) -> tuple[int, ...]:
    """Left, top, right and bottom pixel of what is more than half painted."""
    found = np.argwhere(hands.mask(hands.lake) > 127)
    return (*map(int, found.min(axis=0)[::-1]), *map(int, found.max(axis=0)[::-1]))


def test_the_box_shows_at_once_and_enter_applies_in_one_step(hands):
    hands.drag((150, 125), (160, 140), (180, 165))
    hands.drag((230, 190), (240, 200), (330, 240))
    assert hands.steps == 0 and box(hands) == (100, 100, 199, 149), "it waits"
    key(hands, Qt.Key.Key_Return)
    assert hands.steps == 1 and hands.document.undo_label == "Transform “lake”"
    assert box(hands) == (130, 140, 329, 239)
    hands.document.undo()
    assert box(hands) == (100, 100, 199, 149)


def test_escape_gives_it_up_and_another_tool_applies_it(hands):
    before = hands.document.scene
    hands.drag((150, 125), (150, 200))
    key(hands, Qt.Key.Key_Escape)
    assert hands.document.scene is before and hands.document.live is None
    hands.drag((150, 125), (150, 145))
    hands.view.set_tool(BrushTool())
    assert box(hands) == (100, 120, 199, 169) and hands.steps == 1


def test_another_word_applies_it(hands):
    hands.drag((150, 125), (150, 145))
    hands.view.set_selected_word(hands.hills)
    assert box(hands) == (100, 120, 199, 169)


def test_dragging_across_mirrors(hands):
    hands.view.set_tool(ShapeTool("rectangle"))
    hands.drag((100, 150), (105, 160), (120, 180))  # a foot at the left
    hands.view.set_tool(TransformTool())
    hands.drag((200, 140), (150, 140), (0, 140))
    key(hands, Qt.Key.Key_Return)
    mask = hands.mask(hands.lake)
    assert box(hands) == (0, 100, 99, 179)
    assert mask[170, 82:98].min() > 250 and mask[170, :78].max() < 5


def test_shift_keeps_the_proportions_and_control_the_middle(hands):
    hands.drag((200, 150), (220, 150), (300, 150), modifier=NONE)
    key(hands, Qt.Key.Key_Escape)
    hands.press(200, 150)
    _move(hands, 300, 200, SHIFT)
    hands.release(300, 200, modifier=SHIFT)
    key(hands, Qt.Key.Key_Return)
    assert box(hands) == (100, 100, 299, 199)
    hands.view.set_tool(MoveTool())
    hands.view.set_tool(TransformTool())
    hands.press(300, 150)
    _move(hands, 250, 150, CONTROL)
    hands.release(250, 150, modifier=CONTROL)
    key(hands, Qt.Key.Key_Return)
    assert box(hands) == (150, 100, 249, 199)


def test_a_quarter_turn_is_exact_and_four_leave_it_as_it_was(hands):
    rng = np.random.default_rng(3)
    from canvas.model.tiled_mask import TiledMask

    noise = np.zeros((300, 400), np.uint8)
    noise[100:150, 100:200] = rng.integers(1, 256, (50, 100))
    scene = hands.document.scene
    hands.document.apply(scene.with_mask(hands.lake, TiledMask.from_array(noise)), "Noise")
    hands.press(150, 200)  # below the box: a quarter turn brings it to the left
    _move(hands, 40, 125, SHIFT)
    hands.release(40, 125, modifier=SHIFT)
    key(hands, Qt.Key.Key_Return)
    turned = hands.mask(hands.lake)
    assert np.array_equal(turned[75:175, 125:175], np.rot90(noise[100:150, 100:200], -1))


def test_small_and_large_again_within_one_transformation_loses_nothing(hands):
    before = hands.mask(hands.lake)
    hands.drag((200, 150), (150, 130), (110, 105))
    hands.drag((110, 105), (150, 130), (200, 150))
    key(hands, Qt.Key.Key_Return)
    assert np.array_equal(hands.mask(hands.lake), before)


def test_only_what_is_selected_is_transformed_and_the_selection_goes_along(hands):
    hands.view.set_tool(SelectTool("rectangle"))
    hands.drag((90, 90), (100, 100), (150, 200))
    hands.view.set_tool(TransformTool())
    hands.drag((125, 125), (125, 180), (125, 225))
    key(hands, Qt.Key.Key_Return)
    mask = hands.mask(hands.lake)
    assert mask[100:150, 151:199].min() == 255 and mask[200:250, 101:149].min() == 255
    assert mask[100:149, 100:149].max() == 0
    selection = hands.document.scene.selection
    assert selection is not None and selection.bounds()[1] == 200


def test_undo_takes_the_pending_change_only_and_the_box_follows_undone_paint(hands):
    hands.drag((150, 125), (150, 200))
    assert hands.view.undo_pending() and hands.document.live is None
    assert not hands.view.undo_pending()
    hands.document.fill_word(hands.lake)
    hands.document.undo()
    assert hands.view.painting, "the box is there again"
    hands.drag((150, 125), (150, 145))
    key(hands, Qt.Key.Key_Return)
    assert box(hands) == (100, 120, 199, 169)
    hands.view.set_tool(MoveTool())
    hands.view.set_tool(TransformTool())
    hands.document.clear_word(hands.lake)
    assert not hands.view.painting


def test_the_picture_can_be_dragged_and_zoomed_meanwhile(hands):
    hands.drag((150, 125), (150, 145))
    hands.drag((50, 50), (60, 60), button=MIDDLE)
    hands.wheel(150, 140, 1)
    hands.drag((150, 145), (150, 165))
    key(hands, Qt.Key.Key_Return)
    assert box(hands) == (100, 140, 199, 189)


def test_what_has_no_paint_is_said(hands):
    hands.view.set_selected_word(hands.hills)
    hands.press(20, 20)
    hands.release(20, 20)
    assert "no paint" in hands.messages[-1]


NONE = Qt.KeyboardModifier.NoModifier


def _move(hands, x, y, modifiers) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtGui import QMouseEvent

    at = hands.at(x, y)
    event = QMouseEvent(
        QEvent.Type.MouseMove, at, hands.view.mapToGlobal(at), Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton,
        modifiers,
    )  # fmt: skip
    QCoreApplication.sendEvent(hands.view, event)


@pytest.mark.parametrize("chosen", [False, True])
def test_the_colours_are_moved_and_transformed_as_paint_is(hands, chosen):
    view, document = hands.view, hands.document
    view.set_tool(ShapeTool("rectangle"))
    view.set_selected_word(COLOURS)
    view.set_brush(Brush(colour="#c04010", hardness=1.0))
    hands.drag((100, 100), (120, 120), (200, 150))
    before = document.scene
    if chosen:
        view.set_tool(SelectTool("rectangle"))
        hands.drag((150, 90), (170, 120), (260, 200))
    start = 150 if chosen else 100
    view.set_tool(MoveTool())
    hands.drag((160, 125), (170, 130), (180, 145))
    assert document.undo_label == "Move colours"
    layer = document.scene.colours.to_array()
    assert tuple(layer[130, start + 25]) == (0xC0, 0x40, 0x10, 255) and layer[125, 210, 3] == 255
    assert layer[105, start + 5, 3] == 0, "it is away from where it was"
    assert (layer[105, 110, 3] == 255) == chosen, "what is not selected stays"
    document.undo()
    assert document.scene.colours == before.colours
    view.set_tool(TransformTool())
    hands.drag((199, 149), (240, 170), (299, 199))
    key(hands, Qt.Key.Key_Return)
    assert document.undo_label == "Transform colours"
    layer = document.scene.colours.to_array()
    assert tuple(layer[190, 290]) == (0xC0, 0x40, 0x10, 255)
    assert document.scene.masks[hands.lake] == before.masks[hands.lake]
