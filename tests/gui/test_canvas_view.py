"""The canvas as a view: zoom, pan, pictures, overlays, names, the ring, and repaints no larger than needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QNativeGestureEvent, QPalette, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from canvas.model.scene import Scene
from canvas.paint import brush as brush_module
from canvas.paint.brush import Brush
from tests.gui.canvas_hands import MIDDLE, CanvasHands, Paints

ROOT = Path(__file__).parents[2]
RED, GREEN = (np.full((75, 100, 3), color, np.uint8) for color in ((200, 30, 30), (20, 180, 40)))


@pytest.fixture
def hands(qtbot) -> CanvasHands:
    hands = CanvasHands(qtbot)
    hands.view.brush = Brush(diameter=40)
    hands.view.set_selected_word(hands.lake)
    return hands


def test_the_wheel_zooms_about_the_cursor(hands: CanvasHands) -> None:
    zooms: list[float] = []
    hands.view.zoom_changed.connect(zooms.append)
    spot = hands.at(310, 60)
    for notches in (1, 1, 3, -2):
        hands.wheel(310, 60, notches)
        now = hands.at(310, 60)
        assert abs(now.x() - spot.x()) <= 1
        assert abs(now.y() - spot.y()) <= 1
    assert zooms == pytest.approx([1.2, 1.44, 1.2**5, 1.2**3])


def test_small_turns_of_a_touchpad_add_up_to_a_notch(hands: CanvasHands) -> None:
    for _ in range(8):
        hands.wheel(200, 150, 1 / 8)
    assert hands.view.zoom == pytest.approx(1.2)


def test_a_pinch_zooms_about_its_middle(hands: CanvasHands) -> None:
    spot = hands.at(100, 250)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        spot,
        spot,
        hands.view.mapToGlobal(spot),
        0.25,
        QPointF(),
    )
    QCoreApplication.postEvent(hands.view, event)
    hands.settle()
    assert hands.view.zoom == pytest.approx(1.25)
    assert (hands.at(100, 250) - spot).manhattanLength() <= 2


# Qt says so of touches that are made up: it looks for the widget under them on a screen that is not there.
@pytest.mark.qt_log_ignore("could not find the target for gesture", extend=True)
def test_two_fingers_on_a_screen_zoom_and_paint_nothing(hands: CanvasHands) -> None:
    device = QTest.createTouchDevice()
    fingers = [hands.point(180, 150), hands.point(220, 150)]
    touch = QTest.touchEvent(hands.view, device)
    touch.press(0, fingers[0], hands.view).commit()
    QTest.touchEvent(hands.view, device).stationary(0).press(1, fingers[1], hands.view).commit()
    for step in range(1, 16):
        apart = QPoint(8 * step, 0)
        moved = QTest.touchEvent(hands.view, device)
        moved.move(0, fingers[0] - apart, hands.view).move(1, fingers[1] + apart, hands.view).commit()
        hands.settle()
    last = QTest.touchEvent(hands.view, device)
    last.release(0, fingers[0] - apart, hands.view).release(1, fingers[1] + apart, hands.view).commit()
    hands.settle()
    assert hands.view.zoom > 1.5
    assert not hands.mask(hands.lake).any()
    assert hands.document.live is None


@pytest.mark.parametrize("space", [True, False])
def test_space_or_the_middle_button_pans(hands: CanvasHands, space: bool) -> None:
    before = hands.at(0, 0)
    start, end = hands.point(200, 150), hands.point(200, 150) + QPoint(70, -40)
    button = Qt.MouseButton.LeftButton if space else MIDDLE
    if space:
        QTest.keyPress(hands.view, Qt.Key.Key_Space)
        assert hands.view.cursor().shape() == Qt.CursorShape.OpenHandCursor
    QTest.mousePress(hands.view, button, pos=start)
    assert hands.view.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseMove(hands.view, end)
    QTest.mouseRelease(hands.view, button, pos=end)
    if space:
        QTest.keyRelease(hands.view, Qt.Key.Key_Space)
    assert hands.at(0, 0) - before == QPointF(70, -40)
    assert hands.view.cursor().shape() == Qt.CursorShape.BlankCursor
    assert not hands.mask(hands.lake).any()
    hands.drag((100, 100), (150, 100))
    assert hands.mask(hands.lake).any()


def test_fit_follows_the_window_until_one_zooms(hands: CanvasHands) -> None:
    hands.view.fit()
    hands.view.resize(1000, 900)
    hands.settle()
    assert hands.view.zoom == hands.view.viewport.fitted().zoom
    hands.view.actual_size()
    hands.view.resize(700, 500)
    hands.settle()
    assert hands.view.zoom == 1.0


def test_tab_hides_the_overlays_and_keeps_the_focus(qtbot, hands: CanvasHands) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    field = QLineEdit()
    column.addWidget(field)
    column.addWidget(hands.view)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    hands.view.setFocus()
    hands.drag((100, 100), (300, 100))
    painted = hands.pixel(150, 100)
    shown: list[bool] = []
    hands.view.overlays_changed.connect(shown.append)
    QTest.keyClick(hands.view, Qt.Key.Key_Tab)
    assert hands.view.hasFocus()
    assert not hands.view.overlays_visible
    assert hands.pixel(150, 100) != painted
    QTest.keyClick(hands.view, Qt.Key.Key_Tab)
    assert hands.pixel(150, 100) == painted
    assert shown == [False, True]
    QTest.keyClick(hands.view, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert field.hasFocus()
    hands.view.setParent(None)


def test_a_picture_lies_under_the_paint_and_is_scaled_to_the_canvas(hands: CanvasHands) -> None:
    hands.drag((20, 20), (100, 20))
    hands.view.set_picture(RED)
    assert hands.pixel(390, 290) == (200, 30, 30)
    tinted = hands.pixel(60, 25)
    assert tinted != (200, 30, 30)
    hands.view.set_picture(None)
    assert hands.pixel(390, 290) != (200, 30, 30)


def test_a_preview_stands_before_the_result_until_it_is_taken_away(hands: CanvasHands) -> None:
    hands.view.set_picture(RED)
    hands.view.set_preview(GREEN)
    assert hands.pixel(200, 150) == (20, 180, 40)
    hands.view.set_preview(None)
    assert hands.pixel(200, 150) == (200, 30, 30)
    hands.view.set_preview(GREEN)
    hands.view.set_picture(RED)
    assert hands.pixel(200, 150) == (200, 30, 30)
    hands.view.set_preview(None)
    assert hands.pixel(200, 150) == (200, 30, 30)


def test_a_coarse_preview_is_scaled_smoothly(hands: CanvasHands) -> None:
    coarse = np.zeros((3, 4, 3), np.uint8)
    coarse[:, 2:] = 240
    hands.view.set_preview(coarse)
    left = hands.view.viewport.to_view(0, 0)
    row = hands.screen()[hands.point(0, 20).y(), round(left[0]) : round(left[0]) + 400, 0].astype(int)
    assert row[5] == 0
    assert row[-5] == 240
    assert np.abs(np.diff(row)).max() <= 8


def test_a_preview_between_two_results_never_shows_the_paper(hands: CanvasHands) -> None:
    hands.view.set_picture(RED)
    seen = {hands.pixel(200, 150)}
    for picture in (GREEN, RED, GREEN):
        hands.view.set_preview(picture)
        seen.add(hands.pixel(200, 150))
    hands.view.set_picture(RED)
    seen.add(hands.pixel(200, 150))
    assert seen == {(200, 30, 30), (20, 180, 40)}


def test_an_empty_canvas_says_the_next_step(hands: CanvasHands) -> None:
    hinted = hands.screen()
    hands.view.set_selected_word(None)
    assert not np.array_equal(hands.screen(), hinted)
    before = hands.screen()
    hands.view.set_selected_word(hands.lake)
    hands.drag((20, 20), (30, 20))
    middle = (slice(180, 300), slice(150, 500))
    assert before[middle].std() > hands.screen()[middle].std()


def test_the_names_stand_on_their_paint_and_the_selected_one_stands_out(hands: CanvasHands) -> None:
    hands.drag((60, 150), (140, 150))
    hands.view.set_selected_word(hands.hills)
    color = QColor(hands.document.scene.word(hands.lake).color).getRgb()[:3]

    def pill() -> np.ndarray:
        at = hands.point(100, 150)
        return hands.screen()[at.y() - 12 : at.y() + 12, at.x() - 28 : at.x() + 28].reshape(-1, 3)

    plain = (np.abs(pill().astype(int) - color).max(axis=1) <= 2).sum()
    hands.view.set_selected_word(hands.lake)
    filled = (np.abs(pill().astype(int) - color).max(axis=1) <= 2).sum()
    assert plain > 10
    assert filled > 4 * plain


def test_the_ring_follows_the_pointer_shows_the_size_and_goes_with_it(hands: CanvasHands) -> None:
    without = hands.screen()
    hands.move(200, 150)
    ring = np.argwhere((hands.screen() != without).any(axis=2))
    height, width = ring.max(axis=0) - ring.min(axis=0) + 1
    assert 40 <= width <= 48
    assert 40 <= height <= 48
    hands.view.grow_brush(3)
    larger = np.argwhere((hands.screen() != without).any(axis=2))
    assert (larger.max(axis=0) - larger.min(axis=0)).min() > 70
    QApplication.sendEvent(hands.view, QEvent(QEvent.Type.Leave))
    assert np.array_equal(hands.screen(), without)


@pytest.mark.parametrize("zoom_steps", [-4, -1, 0, 1])
def test_partial_repaints_leave_what_a_whole_one_would(hands: CanvasHands, zoom_steps: int) -> None:
    rng = np.random.default_rng(3)
    hands.view.set_picture(rng.integers(0, 255, (300, 400, 3), dtype=np.uint8))
    for _ in range(abs(zoom_steps)):
        hands.view.zoom_in() if zoom_steps > 0 else hands.view.zoom_out()
    for word_id in (hands.lake, hands.hills, hands.lake):
        hands.view.set_selected_word(word_id)
        hands.drag(*(tuple(place) for place in rng.uniform((0, 0), (400, 300), (6, 2))))
    hands.document.undo()
    hands.press(30, 30)
    hands.move(200, 200)
    partial = hands.screen()
    hands.view.update()
    whole = hands.screen()
    assert np.abs(partial.astype(int) - whole).max() <= 2


def test_a_small_stroke_repaints_a_small_part(hands: CanvasHands) -> None:
    hands.drag((20, 20), (30, 20))
    hands.press(300, 200)
    hands.move(304, 200)
    paints = Paints()
    hands.view.installEventFilter(paints)
    hands.move(312, 200)
    hands.view.removeEventFilter(paints)
    assert paints.regions
    for region in paints.regions:
        box = region.boundingRect()
        assert box.width() * box.height() < 0.15 * hands.view.width() * hands.view.height()
    hands.release(312, 200)


def test_moving_a_large_ring_does_not_repaint_its_inside(hands: CanvasHands) -> None:
    hands.view.brush = Brush(diameter=200, hardness=1.0)
    hands.move(200, 150)
    paints = Paints()
    hands.view.installEventFilter(paints)
    hands.move(204, 150)
    hands.view.removeEventFilter(paints)
    middle = hands.point(202, 150)
    assert paints.regions
    assert not any(region.contains(middle) for region in paints.regions)


@pytest.mark.parametrize("notches", [-3, 0, 2])
def test_a_large_ring_leaves_no_trace_on_the_picture_or_around_it(hands: CanvasHands, notches: int) -> None:
    hands.wheel(200, 150, notches)
    hands.view.brush = Brush(diameter=260, hardness=0.6)
    for x, y in ((10.3, 20.7), (200.5, 150.2), (390.9, 290.1), (395.4, 12.6), (-40.2, 140.5)):
        hands.move(x, y)
        partial = hands.screen()
        hands.view.update()
        assert np.array_equal(hands.screen(), partial)


def test_paint_at_the_edge_of_the_picture_leaves_what_is_around_it_alone(hands: CanvasHands) -> None:
    hands.drag((200, 150), (210, 150))
    paints = Paints()
    hands.view.installEventFilter(paints)
    hands.document.fill_word(hands.lake)
    hands.settle()
    hands.view.removeEventFilter(paints)
    picture = QRect(hands.point(0, 0), hands.point(399, 299))
    assert paints.regions[0].boundingRect() == picture
    assert all(picture.contains(region.boundingRect()) for region in paints.regions), "a name that follows, too"


def test_another_canvas_size_is_shown_whole(hands: CanvasHands) -> None:
    hands.drag((100, 100), (200, 200))
    hands.document.set_size((800, 200))
    hands.settle()
    assert hands.view.viewport.picture == (800, 200)
    assert hands.view.zoom == hands.view.viewport.fitted().zoom
    hands.document.undo()
    hands.settle()
    assert hands.view.viewport.picture == (400, 300)


def test_a_canvas_smaller_than_a_tile_and_not_square_paints(qtbot) -> None:
    hands = CanvasHands(qtbot, size=(7, 9))
    hands.view.set_selected_word(hands.lake)
    hands.view.fit()
    hands.view.brush = Brush(diameter=3)
    hands.drag((1, 1), (5, 7))
    assert hands.mask(hands.lake).any()


def test_dark_and_light_themes_have_their_paper(hands: CanvasHands) -> None:
    shades = []
    for window in ("#202226", "#f2f2f2"):
        palette = QPalette(hands.view.palette())
        palette.setColor(QPalette.ColorRole.Window, QColor(window))
        hands.view.setPalette(palette)
        shades.append(sum(hands.pixel(5, 5)))
    assert shades[0] < 300 < shades[1]


def test_screen_readers_find_the_canvas(hands: CanvasHands) -> None:
    assert hands.view.accessibleName() == "Canvas"
    assert "paint" in hands.view.accessibleDescription()


def test_without_a_document_the_canvas_is_quiet(hands: CanvasHands) -> None:
    hands.view.set_document(None)
    hands.drag((100, 100), (200, 100))
    hands.wheel(100, 100, 1)
    assert hands.messages
    hands.document.apply(Scene(prompt="other"), "Other")
    hands.settle()
    assert hands.view.selected_word is None


CLICK = """
import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from canvas.paint.brush import Brush
from canvas.model.document import Document
from canvas.model.scene import Scene
from canvas.view.canvas_view import CanvasView
app = QApplication([])
document = Document(Scene(prompt="lake", size=(256, 256)))
view = CanvasView()
view.resize(400, 300)
view.set_document(document)
view.set_selected_word(document.add_word((0, 4)))
view.brush = Brush(diameter=1)
view.show()
QTest.qWaitForWindowExposed(view)
ratio = view.devicePixelRatioF()
view.actual_size()
view.pan_by(3, 5)
at = QPoint(211, 137)
QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
ys, xs = np.nonzero(document.scene.masks["w1"].to_array() if "w1" in document.scene.masks
                    else next(iter(document.scene.masks.values())).to_array())
corner = view.viewport.corner
print(ratio, list(xs - int((at.x() - corner[0]) * ratio)), list(ys - int((at.y() - corner[1]) * ratio)))
"""


@pytest.mark.parametrize("ratio", ["1.5", "2"])
def test_a_click_maps_to_its_pixel_on_a_screen_of_high_density(ratio: str) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": ratio, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", CLICK], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.split() == [str(float(ratio)), "[np.int64(0)]", "[np.int64(0)]"], done.stderr


def test_a_chosen_brush_is_made_ready_while_nothing_else_is_to_be_done(hands: CanvasHands, qtbot, monkeypatch) -> None:
    made: list[object] = []
    raster = brush_module._raster
    monkeypatch.setattr(brush_module, "_raster", lambda *place: made.append(place) or raster(*place))
    hands.view.brush = Brush(diameter=777)
    qtbot.waitUntil(lambda: len(made) == 4)
    qtbot.wait(30)
    assert len(set(made)) == 4  # and then there is peace
