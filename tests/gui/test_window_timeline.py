"""The noise timeline in the window: dragged, split, replaced and removed by hand and by keys; playhead and errors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolTip

from app.timeline.geometry import Part
from app.timeline.partition import LEAST
from app.widgets.value_slider import ValueSlider
from canvas.files import ora
from canvas.model.experts import Expert, check_experts
from canvas.model.scene import Scene, Settings
from tests.fake_executor import TINY
from tests.gui.dialogs import answer_dialog

# what the offscreen platform says of itself when a menu opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
THREE = (Expert("rough", low=3.0, guidance=6.0), Expert("mid", low=0.9, high=3.0), Expert("fine", high=0.9))


@pytest.fixture
def painter(make_window, tiny: Settings):
    """A window with an engine that is ready, on a tiny model; there is one with experts of its own too."""
    hands = make_window(Scene(prompt="a lake and sky", size=(64, 64), settings=tiny), engine=True)
    hands.qtbot.waitUntil(lambda: bool(hands.window.timeline.strip.stops()), timeout=60_000)
    return hands


def use(hands, *experts: Expert) -> None:
    hands.window.document.set_settings(experts=experts)
    hands.window.document.end_merge()


def experts(hands) -> tuple[Expert, ...]:
    return hands.window.timeline.experts


def names(hands) -> list[str]:
    return [expert.name for expert in experts(hands)]


def kept(hands) -> tuple[Expert, ...] | None:
    return hands.window.document.scene.settings.experts


def middle_of(hands, kind: str, index: int) -> QPoint:
    return hands.window.timeline.strip.shape.rect(Part(kind, index)).center().toPoint()


def return_to_window(hands) -> None:
    """What a menu that closes does by itself, but not offscreen."""
    hands.window.activateWindow()
    hands.qtbot.waitUntil(hands.window.isActiveWindow)


def undo(hands) -> None:
    return_to_window(hands)
    hands.control(Qt.Key.Key_Z, widget=hands.window.view)


def drag(hands, boundary: int, to: int) -> None:
    start = middle_of(hands, "boundary", boundary)
    points = [QPoint(start.x() + (to - start.x()) * part // 4, start.y()) for part in (1, 2, 3, 4)]
    hands.drag(hands.window.timeline.strip, start, *points)


def choose_in(hands, menu: QMenu, text: str) -> QMenu | None:
    """Click an entry of an open menu; returns the menu that it opens, if it does."""
    hands.qtbot.waitUntil(menu.isVisible)
    action = next(action for action in menu.actions() if action.text().replace("&", "") == text)
    inner = action.menu()
    QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(action).center())
    hands.qtbot.wait(50)  # or the end of this menu would close the next one
    return inner


def menu_at(hands, kind: str, index: int) -> QMenu:
    """Ask for the context menu of a part, as the right button does."""
    strip, point = hands.window.timeline.strip, middle_of(hands, kind, index)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(strip, QContextMenuEvent(reason, point, strip.mapToGlobal(point)))
    return open_menu(hands)


def open_menu(hands) -> QMenu:
    hands.qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def focus(hands, tabs: int = 0) -> None:
    """Come to the strip by Tab, and go on that many times."""
    hands.window.timeline.strip.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(tabs):
        hands.key(Qt.Key.Key_Tab)


def generate(hands, until: Callable[[], bool] | None = None) -> list:
    """Press the keys for Generate; the steps that came until the end, or until something is so."""
    steps: list = []
    hands.window.generation.stepped.connect(steps.append)
    hands.control(Qt.Key.Key_Return, widget=hands.window.view)
    done = until or (lambda: bool(steps) and not hands.window.generation.running)
    hands.qtbot.waitUntil(done, timeout=60_000)
    return [step for step in steps if step is not None]


# at rest ---------------------------------------------------------------------------------------------------------
def test_a_lone_denoiser_makes_a_slim_strip_that_says_base(painter):
    assert names(painter) == ["base"] and kept(painter) is None
    slim = painter.window.timeline.height()
    assert slim <= 36
    use(painter, *THREE)
    painter.qtbot.waitUntil(lambda: painter.window.timeline.height() > slim)


def test_it_is_folded_away_from_the_view_menu_and_that_is_remembered(painter, make_window):
    canvas = painter.window.view.height()
    painter.window.actions_table["view.timeline"].trigger()
    assert not painter.window.timeline.isVisible()
    painter.qtbot.waitUntil(lambda: painter.window.view.height() > canvas)
    painter.window.preferences.sync()
    again = make_window()
    assert not again.window.timeline.isVisible()
    again.window.actions_table["view.timeline"].trigger()
    assert again.window.timeline.isVisible()


def test_before_torch_is_there_nothing_is_said_of_steps(make_window, tiny):
    hands = make_window(Scene(prompt="a lake", settings=tiny))
    strip = hands.window.timeline.strip
    assert len(strip.ticks()) == tiny.steps and not strip.stops()
    assert "It has" not in strip.text_of(Part("interval", 0))


@pytest.mark.usefixtures("anywhere")
def test_ticks_are_the_steps_of_the_sampler(painter):
    strip = painter.window.timeline.strip
    assert len(strip.ticks()) == 3
    painter.window.document.set_settings(steps=5, sampler="dpmpp_2m_karras")  # which begins at the highest noise
    assert len(strip.ticks()) == 5 and strip.ticks()[0] == pytest.approx(strip.axis.place(14.61), abs=1e-3)


def test_a_models_own_experts_are_shown_and_the_scene_is_untouched(painter):
    painter.window.document.set_settings(model="trio")
    assert names(painter) == ["high", "base", "low"] and kept(painter) is None


def test_tooltips_name_the_noise_and_the_steps(painter):
    use(painter, *THREE)
    strip = painter.window.timeline.strip
    point = middle_of(painter, "interval", 1)
    QApplication.sendEvent(strip, QHelpEvent(QHelpEvent.Type.ToolTip, point, strip.mapToGlobal(point)))
    assert "mid works from σ 3 (90 % noise) to σ 0.9" in QToolTip.text() and "It has step" in QToolTip.text()
    QToolTip.hideText()


# boundaries ------------------------------------------------------------------------------------------------------
def test_a_boundary_is_dragged_in_one_step_and_lands_between_two_steps(painter):
    painter.window.document.set_settings(steps=12)
    use(painter, *THREE)
    strip = painter.window.timeline.strip
    stop = strip.stops()[6]
    drag(painter, 0, round(strip.shape.x(stop)) + 3)
    assert strip.axis.place(experts(painter)[0].low) == pytest.approx(stop, abs=2e-3)
    assert experts(painter)[1].high == experts(painter)[0].low != 3.0
    undo(painter)
    assert kept(painter) == THREE
    painter.control(Qt.Key.Key_Z, shift=True, widget=painter.window.view)
    assert experts(painter)[0].low != 3.0


@pytest.mark.parametrize("boundary", [0, 1])
@pytest.mark.parametrize("to", [-300, 0, 350, 2000])
def test_an_interval_dragged_to_nothing_keeps_a_little_room(painter, boundary, to):
    use(painter, *THREE)
    strip = painter.window.timeline.strip
    drag(painter, boundary, to)
    check_experts(kept(painter))
    for expert in experts(painter):
        assert strip.axis.place(expert.low) - strip.axis.place(expert.high) >= LEAST - 2e-3
    assert not painter.window.banner.isVisible()
    painter.generate()
    assert painter.window.shown.rgb is not None and not painter.window.banner.isVisible()


def test_keys_go_to_a_boundary_move_it_and_take_it_away(painter):
    painter.window.document.set_settings(steps=12)
    use(painter, *THREE)
    strip = painter.window.timeline.strip
    focus(painter, tabs=1)
    assert strip.part == Part("boundary", 0) and "rough works before" in strip.accessibleDescription()
    painter.key(Qt.Key.Key_Right)
    first = experts(painter)[0].low
    assert first < 3.0 and any(strip.axis.place(first) == pytest.approx(stop, abs=2e-3) for stop in strip.stops())
    painter.key(Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert first < experts(painter)[0].low < 3.0
    painter.key(Qt.Key.Key_Delete)
    assert names(painter) == ["rough", "fine"] and experts(painter)[0].low == 0.9


def test_tab_leaves_the_strip_at_its_ends(painter):
    use(painter, *THREE)
    focus(painter, tabs=4)
    assert painter.window.timeline.strip.part == Part("interval", 2)
    painter.key(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is painter.window.timeline.add
    painter.key(Qt.Key.Key_Backtab)
    assert painter.window.timeline.strip.part == Part("interval", 2) and painter.window.timeline.strip.hasFocus()


# intervals -------------------------------------------------------------------------------------------------------
def test_a_double_click_splits_and_delete_removes(painter):
    strip = painter.window.timeline.strip
    QTest.mouseDClick(strip, LEFT, NONE, QPoint(strip.width() // 2, 8))
    assert names(painter) == ["base", "base"] and len(kept(painter)) == 2
    painter.click(strip, middle_of(painter, "interval", 1))
    painter.key(Qt.Key.Key_Delete, widget=strip)
    assert names(painter) == ["base"] and kept(painter) is None
    undo(painter)
    assert len(kept(painter)) == 2


def test_the_last_expert_stays(painter):
    focus(painter)
    painter.key(Qt.Key.Key_Delete)
    assert kept(painter) is None and not painter.window.document.can_undo


def test_no_more_than_fit_are_split_off(painter):
    for _ in range(30):
        strip = painter.window.timeline.strip
        shape = strip.shape
        widest = max(range(len(experts(painter))), key=lambda index: shape.interval(index).width())
        QTest.mouseDClick(strip, LEFT, NONE, middle_of(painter, "interval", widest))
    check_experts(kept(painter))
    assert 8 <= len(kept(painter)) <= 16 and not painter.window.banner.isVisible()


def test_the_menu_splits_replaces_and_removes(painter):
    choose_in(painter, menu_at(painter, "interval", 0), "Split Here")
    assert names(painter) == ["base", "base"]
    menu = menu_at(painter, "interval", 1)
    choose_in(painter, choose_in(painter, menu, "Replace With"), "Trio")
    assert [(expert.name, expert.model, expert.part) for expert in kept(painter)] == [
        ("base", "", ""), ("Trio", "trio", ""),
    ]  # fmt: skip
    choose_in(painter, menu_at(painter, "interval", 0), "Remove")
    assert names(painter) == ["Trio"] and kept(painter)[0].low == 0.0


def test_models_of_another_kind_cannot_be_chosen(painter, tmp_path):
    menu = menu_at(painter, "interval", 0)
    entries = {action.text(): action for action in choose_in(painter, menu, "Replace With").actions()}
    assert entries["Trio"].isEnabled() and not entries["Starter"].isEnabled()
    assert "latents" in entries["Starter"].toolTip() and entries["tiny – base"].isChecked()
    menu.close()


def test_an_interval_gets_guidance_of_its_own_from_its_menu(painter):
    use(painter, *THREE)
    menu = menu_at(painter, "interval", 1)
    slider = menu.findChild(ValueSlider)
    assert slider.value is None and slider.text() == "the scene's"
    painter.drag(slider, QPoint(20, 14), QPoint(60, 14), QPoint(100, 14))
    guidance = experts(painter)[1].guidance
    assert guidance is not None and 1 < guidance < 15
    menu.close()
    undo(painter)
    assert kept(painter) == THREE


def test_guidance_is_typed_in_the_menu(painter):
    use(painter, *THREE)
    slider = menu_at(painter, "interval", 1).findChild(ValueSlider)
    painter.click(slider, slider.number_rect().center().toPoint())
    editor = slider.findChild(QLineEdit)
    painter.type("9.5", editor)
    painter.key(Qt.Key.Key_Return, widget=editor)
    assert experts(painter)[1].guidance == 9.5 and names(painter) == ["rough", "mid", "fine"]
    painter.qtbot.wait(50)
    if QApplication.activePopupWidget() is not None:
        QApplication.activePopupWidget().close()


def test_enter_opens_the_menu_of_what_has_the_keys(painter):
    use(painter, *THREE)
    focus(painter, tabs=2)
    painter.key(Qt.Key.Key_Return)
    menu = open_menu(painter)
    assert "mid" in menu.actions()[0].text()
    menu.close()


def test_an_expert_is_added_by_the_button(painter):
    painter.click(painter.window.timeline.add)
    choose_in(painter, open_menu(painter), "Trio")
    assert names(painter) == ["base", "Trio"]
    undo(painter)
    assert kept(painter) is None


def test_back_to_the_models_own_experts_and_to_the_base_alone(painter):
    painter.window.document.set_settings(model="trio")
    focus(painter)
    painter.key(Qt.Key.Key_Delete)
    assert names(painter) == ["base", "low"] and len(kept(painter)) == 2
    choose_in(painter, menu_at(painter, "interval", 0), "Reset to the Model's Own")
    assert kept(painter) is None and names(painter) == ["high", "base", "low"]
    choose_in(painter, menu_at(painter, "interval", 0), "Base Alone")
    assert kept(painter) == () and names(painter) == ["base"]


def test_intervals_are_saved_with_the_scene(painter, tmp_path):
    QTest.mouseDClick(painter.window.timeline.strip, LEFT, NONE, middle_of(painter, "interval", 0))
    file = tmp_path / "scene.ora"
    ora.save(file, painter.window.document.scene)
    assert ora.load(file).settings.experts == kept(painter)


def test_an_expert_of_the_users_own_folder_is_offered_and_found_again(painter, tmp_path):
    own = tmp_path / "my models" / "mine"
    own.mkdir(parents=True)
    painter.executor.known[str(own)] = TINY
    window = painter.window
    window.settings_panel.model_folder.trigger()
    answer_dialog(painter, own)
    painter.qtbot.waitUntil(lambda: window.document.scene.settings.model == str(own))
    window.document.set_settings(model="tiny")
    painter.click(window.timeline.add)
    choose_in(painter, open_menu(painter), "mine")
    assert kept(painter)[1].model == str(own) and names(painter) == ["base", "mine"]
    return_to_window(painter)
    painter.generate()
    assert window.shown.rgb is not None and str(tmp_path) not in str(Image.open(window.shown.result).text)
    window.document.load(Scene())
    painter.drop(window.shown.result)
    painter.qtbot.waitUntil(lambda: kept(painter) is not None)
    assert kept(painter)[1].model == str(own)


# running ---------------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("anywhere")
def test_the_playhead_moves_names_who_works_and_rests_at_the_end(painter):
    painter.window.document.set_settings(steps=6)
    use(painter, *THREE)
    strip, texts, heads = painter.window.timeline.strip, [], []
    painter.window.generation.progress.connect(lambda text, _fraction: texts.append(text))
    painter.window.generation.stepped.connect(lambda _step: heads.append(strip.playhead))
    steps = generate(painter)
    heads = [head for head in heads if head is not None]
    places = [head.place for head in heads]
    assert len(steps) == 6 and places == sorted(places) and places[-1] == strip.playhead.place == 1.0
    assert [head.name for head in heads] == [step.expert for step in steps]
    assert {head.name for head in heads} == {"rough", "mid", "fine"}
    assert all(experts(painter)[head.index].name == head.name for head in heads)
    assert any(text.startswith("Step 1 of 6 · rough") for text in texts)
    painter.window.document.set_prompt("something else")
    assert strip.playhead is None


def test_a_lone_denoiser_is_not_named_in_the_line(painter):
    texts: list[str] = []
    painter.window.generation.progress.connect(lambda text, _fraction: texts.append(text))
    generate(painter)
    assert any("Step 3 of 3" in text for text in texts) and not any("base" in text for text in texts)


def test_a_cancelled_run_leaves_no_playhead(painter):
    painter.executor.step_seconds = 0.02
    painter.window.document.set_settings(steps=900)
    strip = painter.window.timeline.strip
    generate(painter, until=lambda: strip.playhead is not None)
    with painter.qtbot.waitSignal(painter.window.generation.ended, timeout=20_000):
        painter.key(Qt.Key.Key_Escape, widget=painter.window.view)
    assert strip.playhead is None


def test_the_timeline_can_be_changed_while_a_picture_is_made(painter):
    painter.executor.step_seconds = 0.05
    painter.window.document.set_settings(steps=300)
    use(painter, *THREE)
    strip = painter.window.timeline.strip
    generate(painter, until=lambda: strip.playhead is not None)
    painter.click(strip, middle_of(painter, "interval", 0))
    painter.key(Qt.Key.Key_Delete, widget=strip)
    assert names(painter) == ["mid", "fine"]
    painter.qtbot.waitUntil(lambda: strip.playhead is not None and strip.playhead.name == "rough", timeout=20_000)
    assert strip.playhead.index is None  # nobody of that name is on the timeline any more
    painter.window.grab()
    with painter.qtbot.waitSignal(painter.window.generation.ended, timeout=20_000):
        painter.key(Qt.Key.Key_Escape, widget=painter.window.view)


@pytest.mark.parametrize(
    ("fault", "word"),
    [({"model": "no-such"}, "no-such"), ({"part": "gone"}, "gone"), ({"model": "starter"}, "latents")],
)
def test_an_expert_that_cannot_work_is_marked_and_the_banner_names_it(painter, fault, word):
    use(painter, Expert("rough", low=1.0), Expert("broken", high=1.0, **fault))
    strip = painter.window.timeline.strip
    assert "cannot" in strip.text_of(Part("interval", 1)) and "cannot" not in strip.text_of(Part("interval", 0))
    painter.generate()
    banner = painter.window.banner
    assert banner.isVisible() and "“broken”" in banner.message.replace('"broken"', "“broken”")
    assert word in banner.message and banner.hint and strip.playhead is None
    painter.click(strip, middle_of(painter, "interval", 1))
    painter.key(Qt.Key.Key_Delete, widget=strip)
    painter.generate()
    assert painter.window.shown.rgb is not None and not banner.isVisible()


def test_clicks_between_and_beyond_the_intervals_do_no_harm(painter):
    use(painter, Expert("beyond", low=500.0), Expert("rest", high=500.0))
    strip = painter.window.timeline.strip
    for x in (0, 1, 3, strip.width() - 1):
        for y in (0, strip.height() - 1):
            painter.click(strip, QPoint(x, y))
            assert strip.shape.part_at(QPointF(x, y)) in (Part("boundary", 0), Part("interval", 1))
    drag(painter, 0, 200)
    check_experts(kept(painter))
