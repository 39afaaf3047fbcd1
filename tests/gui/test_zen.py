"""Zen mode, docks that float and are remembered, and a window that keys alone can work."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QMenuBar

from app.window.on_screen import no_larger, within_reach
from canvas.model.scene import Scene

F6, F11, ESC = Qt.Key.Key_F6, Qt.Key.Key_F11, Qt.Key.Key_Escape


def around(window) -> list[bool]:
    """What of all that stands around the picture is on the screen."""
    docks = sorted(window.findChildren(QDockWidget), key=lambda dock: dock.objectName())
    places = (window.brush_bar, window.tools, window.timeline, window.status, window.prompt_bar.negative)
    return [part.isVisible() for part in (*docks, *places, window.menuWidget().findChild(QMenuBar))]


def test_zen_leaves_the_picture_and_one_line_and_the_key_brings_all_back(make_window):
    hands = make_window(Scene(prompt="a lake under a red sky"))
    window = hands.window
    window.timeline.setVisible(False)
    before, room, height = around(window), window.view.width(), window.prompt_bar.height()
    hands.key(F11, widget=window.view)
    hands.qtbot.waitUntil(lambda: window.view.width() == window.width())
    assert not any(around(window)) and window.isFullScreen()
    assert window.prompt_bar.prompt.isVisible() and window.prompt_bar.generate.isVisible()
    hands.qtbot.waitUntil(lambda: window.prompt_bar.height() < 0.65 * height)
    assert "Esc" in window.banner.message
    hands.key(Qt.Key.Key_E, widget=window.view)
    assert window.view.brush.erase, "all keys go on acting"
    hands.key(F11, widget=window.view)
    hands.qtbot.waitUntil(lambda: window.view.width() == room)
    assert around(window) == before and not window.isFullScreen() and window.banner.isHidden()
    hands.qtbot.waitUntil(lambda: window.prompt_bar.height() == height)


def test_esc_leaves_zen_but_first_ends_what_is_more_urgent(make_window, monkeypatch):
    hands = make_window(Scene(prompt="a lake under a red sky"), engine=True)
    window = hands.window
    hands.key(F11, widget=window.view)
    generation = window.generation
    with monkeypatch.context() as running:
        running.setattr(type(generation), "running", property(lambda _self: True))
        generation.running_changed.emit(True)  # Cancel has the key now
        hands.key(ESC, widget=window.view)
        assert window.zen.on
    generation.running_changed.emit(False)
    hands.key(ESC, widget=window.view)
    assert not window.zen.on


def test_after_zen_the_window_stands_where_it_stood_wherever_the_window_manager_puts_it(make_window):
    hands = make_window(Scene(prompt="a lake"))
    window = hands.window
    window.setGeometry(60, 50, 1100, 700)
    for _ in range(2):
        hands.key(F11, widget=window.view)
        hands.key(F11, widget=window.view)
        window.move(-1, -20)  # as some do at the end of the full screen
        hands.qtbot.waitUntil(lambda: window.geometry().getRect() == (60, 50, 1100, 700), timeout=2000)


SCREENS = [QRect(0, 0, 1600, 900), QRect(1600, 0, 1280, 720)]


@pytest.mark.parametrize(
    ("place", "corner"),
    [
        ((100, 57, 1400, 800), (100, 57)),
        ((1700, 40, 800, 600), (1700, 40)),  # on the second screen
        ((-900, 100, 1400, 800), (-900, 100)),  # its title bar can be taken still
        ((-1390, 100, 1400, 800), (0, 100)),
        ((100, 0, 1400, 800), (100, 28)),  # the title bar is above the screen
        ((5000, 5000, 1000, 700), (1880, 28)),  # a screen that is gone
        ((-4000, -3000, 2000, 1400), (0, 28)),  # larger than any
    ],
)
def test_a_window_opens_where_its_title_bar_can_be_taken(place, corner):
    assert within_reach(QRect(*place), SCREENS).toTuple() == corner


@pytest.mark.parametrize(
    ("place", "cut"),
    [
        ((100, 57, 1600, 872), (100, 57, 1600, 872)),
        ((0, 0, 1700, 800), (0, 28, 1600, 800)),  # wider than any
        ((-50, -60, 3840, 2100), (0, 28, 1600, 872)),
    ],
)
def test_a_window_is_no_larger_than_its_screen(place, cut):
    assert no_larger(QRect(*place), SCREENS).getRect() == cut
    assert no_larger(QRect(0, 0, 1400, 900), SCREENS[1:]).getRect() == (1600, 28, 1280, 692), "a first start"


def test_a_window_that_was_closed_in_zen_opens_whole(make_window):
    first = make_window(Scene(prompt="a lake"))
    before = around(first.window)
    first.key(F11, widget=first.window.view)
    first.window.close()
    again = make_window(Scene(prompt="a lake")).window
    assert around(again) == before and not again.isFullScreen()


def test_a_dock_that_floats_or_moved_is_where_it_was_left(make_window):
    hands = make_window(Scene(prompt="a lake"))
    window = hands.window
    docks = {dock.objectName(): dock for dock in window.findChildren(QDockWidget)}
    docks["dock.words"].setFloating(True)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, docks["dock.style"])
    docks["dock.results"].close()
    hands.qtbot.wait(20)
    window.close()
    again = make_window(Scene(prompt="a lake")).window
    docks = {dock.objectName(): dock for dock in again.findChildren(QDockWidget)}
    assert docks["dock.words"].isFloating() and docks["dock.words"].isVisible()
    assert again.dockWidgetArea(docks["dock.style"]) == Qt.DockWidgetArea.RightDockWidgetArea
    assert not docks["dock.results"].isVisible()


def test_a_double_click_on_its_title_lets_a_dock_float_and_another_puts_it_back(hands):
    title = hands.window.titles["Words"]
    dock = title.parentWidget()
    for floating in (True, False):
        QTest.mouseDClick(title, Qt.MouseButton.LeftButton)
        hands.qtbot.waitUntil(lambda floating=floating: dock.isFloating() == floating)


def test_f6_goes_round_all_parts_of_the_window_and_back(make_window):
    hands = make_window(Scene(prompt="a lake under a red sky"))
    window = hands.window
    hands.click_word("lake")
    window.prompt_bar.prompt.setFocus()
    window.actions_table["view.timeline"].setChecked(True)
    window.titles["Reference"].parentWidget().show()
    parts = (
        window.view, window.timeline, window.words, window.styles, window.reference, window.settings_panel,
        window.results, window.tools, window.brush_bar, window.prompt_bar,
    )  # fmt: skip
    for part in parts:
        hands.key(F6)
        now = QApplication.focusWidget()
        assert part is now or part.isAncestorOf(now), (part, now)
    for part in parts[-2::-1]:
        hands.key(F6, Qt.KeyboardModifier.ShiftModifier)
        now = QApplication.focusWidget()
        assert part is now or part.isAncestorOf(now), (part, now)


def test_from_writing_to_the_first_picture_no_mouse_is_needed(make_window):
    hands = make_window(Scene(prompt=""), engine=True)
    window = hands.window
    assert window.prompt_bar.prompt.hasFocus()
    hands.type("a lake")
    hands.control(Qt.Key.Key_A)
    hands.key(Qt.Key.Key_Return)
    assert [word.phrase for word in window.document.scene.words] == ["a lake"]
    hands.key(F6)
    if not window.view.hasFocus():
        window.view.setFocus()
    hands.key(Qt.Key.Key_Backspace, Qt.KeyboardModifier.ShiftModifier)
    assert hands.coverage(window.document.scene.words[0].id) == 1
    hands.generate()
    assert window.shown.rgb is not None
