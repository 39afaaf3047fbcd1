"""Guides and snapping: dragged out of the rulers, moved and dropped, saved with the scene; drawing keeps to them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest

from canvas.files import ora
from canvas.model import edits
from canvas.model.errors import SceneError
from canvas.model.guides import Guide
from canvas.model.scene import Scene
from canvas.view.snapping import Lines
from canvas.view.tools.move_tool import MoveTool
from canvas.view.tools.shape_tool import ShapeTool
from tests.gui.canvas_hands import LEFT, CanvasHands


@pytest.fixture
def hands(qtbot):
    hands = CanvasHands(qtbot)
    hands.view.rulers.set_on(True)
    hands.view.set_selected_word(hands.lake)
    return hands


def pull(hands, ruler, start: QPoint, to: tuple[float, float]) -> None:
    """Press on a ruler and let go over a place of the picture."""
    end = ruler.mapFromParent(QPointF(*hands.view.viewport.to_view(*to))).toPoint()
    QTest.mousePress(ruler, LEFT, pos=start)
    QTest.mouseMove(ruler, (start + end) / 2)
    QTest.mouseMove(ruler, end)
    QTest.mouseRelease(ruler, LEFT, pos=end)
    hands.settle()


def test_guides_are_pulled_out_of_the_rulers_moved_by_their_marks_and_dropped_to_be_gone(hands):
    rulers, document = hands.view.rulers, hands.document
    pull(hands, rulers.top, QPoint(200, 10), (150, 90))
    assert document.scene.guides == (Guide(False, 90),) and document.undo_label == "Guides"
    pull(hands, rulers.left, QPoint(10, 150), (120, 40))
    assert document.scene.guides == (Guide(False, 90), Guide(True, 120))
    mark = rulers.top.mapFromParent(QPointF(*hands.view.viewport.to_view(120, 0))).toPoint()
    pull(hands, rulers.top, QPoint(mark.x(), 10), (200, 100))
    assert document.scene.guides == (Guide(False, 90), Guide(True, 200))
    mark = rulers.top.mapFromParent(QPointF(*hands.view.viewport.to_view(200, 0))).toPoint()
    pull(hands, rulers.top, QPoint(mark.x(), 10), (-20, 100))
    assert document.scene.guides == (Guide(False, 90),)
    document.undo()
    assert document.scene.guides == (Guide(False, 90), Guide(True, 200))


def test_shapes_and_what_is_moved_keep_to_lines_where_that_is_on(hands):
    view, document = hands.view, hands.document
    document.set_guides((Guide(True, 100), Guide(False, 60)))
    view.set_tool(ShapeTool("rectangle"))
    for on, box in ((False, (97, 57, 203, 153)), (True, (100, 60, 200, 150))):
        view.set_snapping(on)
        document.clear_word(hands.lake)
        hands.drag((97, 57), (150, 120), (203, 153))
        found = np.argwhere(hands.mask(hands.lake) > 127)
        low, high = found.min(axis=0), found.max(axis=0) + 1
        assert (*map(int, low[::-1]), *map(int, high[::-1])) == box, "200 and 150 are the middle of the canvas"
    view.set_tool(MoveTool())
    hands.drag((150, 100), (160, 130), (172, 170))
    found = np.argwhere(hands.mask(hands.lake) > 127)
    assert found.min(axis=0).tolist() == [130, 122], "no line is near"
    document.undo()
    hands.drag((150, 100), (160, 130), (265, 247))
    assert np.argwhere(hands.mask(hands.lake) > 127).max(axis=0).tolist() == [299, 314], "on the lower edge"


def test_the_nearest_line_counts_and_the_grid_is_one_of_them():
    lines = Lines((400, 300), (Guide(True, 131),), grid=64)
    assert lines.place((129.2, 66.0), 5) == (128, 64) and lines.place((130, 80), 5) == (131, 80)
    assert lines.shift((10.0, 61.0), (128.5, 90.0), 4) == (-0.5, 3.0)
    assert Lines((400, 300)).place((196.5, 303.0), 4) == (200, 300) and Lines((400, 300)).shift(
        (9, 9), (20, 20), 4
    ) == (0, 0)


def test_guides_are_scaled_and_cropped_with_the_canvas_and_saved_with_the_scene(tmp_path):
    scene = Scene("a lake", size=(400, 300), guides=(Guide(True, 100), Guide(False, 299)))
    assert edits.set_size(scene, (200, 150)).guides == (Guide(True, 50), Guide(False, 150))
    assert edits.set_size(scene, (250, 300), anchor=(1.0, 0.0)).guides == (Guide(False, 299),)
    ora.save(tmp_path / "scene.ora", scene)
    assert ora.load(tmp_path / "scene.ora") == scene
    with pytest.raises(SceneError):
        Guide(True, -1)
