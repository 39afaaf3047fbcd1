"""The slider that carries its name and value: keys, wheel, typing, reset, automatic."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from app.widgets.value_slider import ValueSlider

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def slider(qtbot) -> ValueSlider:
    slider = ValueSlider(
        "Guidance", low=1, high=15, typed_high=30, default=None, step=0.5, decimals=1, automatic="auto"
    )
    qtbot.addWidget(slider)
    slider.resize(201, 28)
    slider.show()
    return slider


def test_a_click_sets_and_a_double_click_returns_to_automatic(slider):
    QTest.mouseClick(slider, LEFT, NONE, QPoint(100, 14))
    assert slider.value == 8.0 and slider.text() == "8.0"
    QTest.mouseDClick(slider, LEFT, NONE, QPoint(20, 14))
    assert slider.value is None and slider.text() == "auto"


def test_keys_step_and_reset(slider):
    slider.set_value(5.0)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value == 5.5
    QTest.keyClick(slider, Qt.Key.Key_PageDown)
    assert slider.value == 1.0
    QTest.keyClick(slider, Qt.Key.Key_Delete)
    assert slider.value is None


def turn(slider):
    """One notch of the wheel over it."""
    at = QPointF(10, 10)
    wheel = QWheelEvent(at, slider.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, NONE,
                        Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(slider, wheel)


def test_the_wheel_steps(slider):
    slider.set_value(5.0)
    turn(slider)
    assert slider.value == 5.5


def test_in_a_list_the_wheel_is_the_lists_until_the_slider_has_the_keys(qtbot):
    area = QScrollArea()
    inside = ValueSlider("Strength", low=0, high=2, default=1.0, step=0.1, decimals=2)
    area.setWidget(inside)
    qtbot.addWidget(area)
    area.show()
    turn(inside)
    assert inside.value == 1.0
    inside.setFocus()
    qtbot.waitUntil(inside.hasFocus)
    turn(inside)
    assert inside.value == 1.1


@pytest.mark.parametrize(("typed", "value"), [("22", 22.0), ("99", 30.0), ("3,5", 3.5), ("nan", 5.0), ("much", 5.0)])
def test_typed_numbers_go_beyond_the_bar_but_not_beyond_the_range(slider, typed, value):
    slider.set_value(5.0)
    slider.edit()
    editor = slider._editor
    editor.selectAll()
    QTest.keyClicks(editor, typed)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert slider.value == value


def test_only_the_user_is_announced(slider):
    seen: list[object] = []
    slider.value_changed.connect(seen.append)
    slider.set_value(4.0)
    QTest.keyClick(slider, Qt.Key.Key_Up)
    assert seen == [4.5]


def on_number(slider) -> QPoint:
    return slider.number_rect().center().toPoint()


def test_a_click_on_the_number_lets_one_type_it(slider):
    slider.set_value(5.0)
    QTest.mouseClick(slider, LEFT, NONE, on_number(slider))
    editor = slider._editor
    assert slider.value == 5.0 and editor is not None and editor.selectedText() == "5.0"
    QTest.keyClicks(editor, "12.5")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert slider.value == 12.5


def test_a_drag_that_begins_on_the_number_drags(slider):
    slider.set_value(5.0)
    QTest.mousePress(slider, LEFT, NONE, on_number(slider))
    QTest.mouseMove(slider, QPoint(100, 14))
    QTest.mouseRelease(slider, LEFT, NONE, QPoint(100, 14))
    assert slider.value == 8.0 and slider._editor is None


def test_a_number_that_is_typed_away_is_the_default_again(slider):
    slider.set_value(5.0)
    QTest.mouseClick(slider, LEFT, NONE, on_number(slider))
    assert slider._editor.placeholderText() == "auto"
    QTest.keyClick(slider._editor, Qt.Key.Key_Delete)
    QTest.keyClick(slider._editor, Qt.Key.Key_Return)
    assert slider.value is None


@pytest.mark.parametrize(
    ("key", "value"), [(Qt.Key.Key_Return, 12.5), (Qt.Key.Key_Enter, 12.5), (Qt.Key.Key_Escape, 5.0)]
)
def test_enter_takes_a_typed_number_and_esc_leaves_it_and_the_keys_go_back(qtbot, hands, key, value):
    view, slider = hands.window.view, hands.window.settings_panel.controls["guidance"]
    hands.window.document.set_settings(guidance=5.0)
    view.setFocus()
    hands.click(slider, on_number(slider))
    slider._editor.selectAll()
    hands.type("12.5")
    hands.key(key)
    assert slider._editor is None and view.hasFocus()
    assert hands.window.document.scene.settings.guidance == value
    hands.key(Qt.Key.Key_E)
    assert view.brush.erase, "the next key is the brush's"


def test_over_the_number_the_pointer_says_that_one_can_type(slider):
    QTest.mouseMove(slider, QPoint(60, 14))
    assert slider.cursor().shape() == Qt.CursorShape.SizeHorCursor
    plain = slider.grab().toImage()
    QTest.mouseMove(slider, on_number(slider))
    assert slider.cursor().shape() == Qt.CursorShape.IBeamCursor and slider.grab().toImage() != plain
    QTest.mouseMove(slider, QPoint(60, 14))
    assert slider.cursor().shape() == Qt.CursorShape.SizeHorCursor


def test_every_slider_of_the_window_tells_how_it_is_used(hands):
    hands.click_word("lake")
    sliders = hands.window.findChildren(ValueSlider)
    assert len(sliders) >= 10
    for each in sliders:
        assert "click the number to type" in each.toolTip() and "Double-click resets" in each.toolTip(), each.label
