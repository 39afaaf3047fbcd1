"""The window's look and keys: themes, tooltips, shortcuts that can be changed, banners for what nobody foresaw."""

from __future__ import annotations

import itertools
import logging
import random
import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QKeySequenceEdit, QMenuBar, QToolButton

from app import log
from app.actions import TABLE, default_keys
from app.preferences import Preferences
from app.process import show_uncaught
from app.timeline.colors import BASE, LONE
from app.timeline.colors import CONTRAST as HUES
from app.widgets.theme import CONTRAST, DARK, LIGHT, style_sheet
from app.widgets.value_slider import ValueSlider
from app.window.main_window import MainWindow
from app.window.shortcuts_dialog import ShortcutsDialog
from canvas.model.colors import PALETTE
from canvas.model.errors import SaveError
from canvas.model.scene import Scene
from canvas.paint.brush import Brush
from engine.errors import InternalError
from tests.gui.conftest import Hands


def luminance(colour: str) -> float:
    parts = [value / 255 for value in QColor(colour).getRgb()[:3]]
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_text_can_be_read_on_every_ground(colours):
    pictures = re.findall(r"url\((.*?)\)", style_sheet(colours))
    assert len(pictures) >= 4 and all(Path(each).is_file() for each in pictures)
    for ground in (colours.panel, colours.field, colours.raised, colours.error_panel, colours.info_panel):
        assert contrast(colours.text, ground) >= 7
    for ground in (colours.panel, colours.field, colours.window):
        assert contrast(colours.muted, ground) >= 4.5
    assert contrast(colours.accent_text, colours.accent) >= 4.0


def test_in_high_contrast_every_text_has_a_contrast_of_seven_and_every_line_of_three():
    c = CONTRAST
    grounds = (c.window, c.panel, c.field, c.raised, c.canvas, c.error_panel, c.info_panel)
    for ground in grounds:
        for ink in (c.text, c.muted, c.accent, c.accent_hover, c.error, c.warning, c.good):
            assert contrast(ink, ground) >= 7, (ink, ground)
        assert contrast(c.line, ground) >= 3, ground
    assert min(contrast(c.accent_text, ground) for ground in (c.accent, c.accent_hover)) >= 7
    assert min(contrast(c.text, hue) for hue in (*HUES, BASE[c.name], LONE[c.name])) >= 7


BUTTONS = tuple((text, lambda: None) for text in ("Start from it", "As colours below", "Use its look as style"))


ROLE = QPalette.ColorRole
PAIRS = (
    (ROLE.WindowText, ROLE.Window), (ROLE.Text, ROLE.Base), (ROLE.Text, ROLE.AlternateBase),
    (ROLE.ButtonText, ROLE.Button), (ROLE.ToolTipText, ROLE.ToolTipBase), (ROLE.PlaceholderText, ROLE.Base),
    (ROLE.HighlightedText, ROLE.Highlight), (ROLE.Link, ROLE.Base), (ROLE.BrightText, ROLE.Window),
)  # fmt: skip


def test_in_high_contrast_every_pair_of_the_palette_has_a_contrast_of_seven(hands):
    hands.window.preferences.change(theme="contrast")
    palette = QApplication.palette()
    for ink, ground in PAIRS:
        assert contrast(palette.color(ink).name(), palette.color(ground).name()) >= 7, (ink, ground)
    for slider in hands.window.findChildren(ValueSlider):
        for colour in (palette.color(ROLE.Accent), *map(QColor, PALETTE)):
            for shade in slider.grounds(colour):
                assert contrast(palette.color(ROLE.Text).name(), shade.name()) >= 7, shade.name()


def test_the_theme_menu_switches_and_is_remembered(make_window):
    hands = make_window()
    menu = {
        action.text(): action
        for action in hands.window.menuWidget()
        .findChild(QMenuBar)
        .findChildren(type(hands.window.actions_table["file.new"]))
    }
    menu["Light"].trigger()
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(LIGHT.panel)
    menu["High Contrast"].trigger()
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(CONTRAST.panel)
    hands.window.preferences.change(theme="dark")
    assert menu["Dark"].isChecked() and not menu["High Contrast"].isChecked()
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(DARK.panel)
    hands.window.preferences.sync()
    assert Preferences().values.theme == "dark"


def test_every_action_has_a_tip_that_names_its_keys(hands):
    for spec in TABLE:
        action = hands.window.actions_table[spec.name]
        assert spec.tip
        if action.shortcuts():
            assert action.shortcuts()[0].toString(QKeySequence.SequenceFormat.NativeText) in action.toolTip()


def test_no_two_actions_have_the_same_keys():
    taken: dict[str, str] = {}
    for spec in TABLE:
        for keys in default_keys(spec):
            assert keys.toString() not in taken, (spec.name, taken[keys.toString()])
            taken[keys.toString()] = spec.name


def test_every_tool_button_says_what_it_is(hands):
    hands.click_word("lake")
    for button in hands.window.findChildren(QToolButton):
        if button.isVisible() and not button.objectName().startswith("qt_"):
            assert button.toolTip() and button.accessibleName(), button.objectName()


def open_shortcuts(hands) -> ShortcutsDialog:
    hands.window.actions_table["edit.shortcuts"].trigger()
    dialog = hands.window.findChild(ShortcutsDialog)
    hands.qtbot.waitUntil(dialog.isVisible)
    return dialog


def press_into(hands, dialog: ShortcutsDialog, action: str, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    field = dialog.findChild(QKeySequenceEdit, f"keys.{action}")
    field.setFocus()
    QTest.keyClick(field, key, modifier)
    hands.qtbot.waitUntil(lambda: field.keySequence() == hands.window.actions_table[action].shortcut(), timeout=5000)


def test_keys_are_changed_in_the_dialog_act_and_are_remembered(make_window):
    hands = make_window(Scene(prompt="a lake"))
    dialog = open_shortcuts(hands)
    press_into(hands, dialog, "brush.erase", Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier)
    hands.click(hands.button("Done", dialog))
    hands.window.activateWindow()
    hands.qtbot.waitUntil(hands.window.isActiveWindow)
    hands.key(Qt.Key.Key_J, widget=hands.window.view)
    assert hands.window.view.brush.erase
    assert "J" in hands.window.actions_table["brush.erase"].toolTip()
    hands.window.preferences.sync()
    assert Preferences().shortcut("brush.erase") == "J"
    assert make_window().window.actions_table["brush.erase"].shortcut() == QKeySequence("J")


def test_keys_of_another_action_are_refused_with_its_name(hands):
    dialog = open_shortcuts(hands)
    press_into(hands, dialog, "brush.erase", Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier)
    assert hands.window.actions_table["brush.erase"].shortcut() == QKeySequence("E")
    assert "Brush" in dialog._note.text()


@pytest.fixture
def hooked(hands):
    """A window that shows what nobody caught; the old hook comes back."""
    before = sys.excepthook
    show_uncaught(hands.window.banner.show_error, hands.window.close)
    yield hands
    sys.excepthook = before


def test_an_exception_that_nobody_caught_is_shown_and_never_as_a_traceback(hooked):
    try:
        raise ZeroDivisionError("inner works")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    banner = hooked.window.banner
    assert banner.isVisible() and "Traceback" not in banner.message + banner.hint
    hooked.click(banner.copy_button)
    assert "ZeroDivisionError: inner works" in QGuiApplication.clipboard().text()


def test_the_log_can_be_copied_and_an_error_of_our_own_brings_it_along(hooked):
    with log.to_file("a test"):
        logging.getLogger("engine.pipeline").info("Request 7: done in 2.0 s")
        hooked.window.actions_table["help.copy_log"].trigger()
        copied = QGuiApplication.clipboard().text()
        assert "Started a test: Wordbrush" in copied and "Request 7: done" in copied
        hooked.window.banner.show_error(SaveError("“a red house” could not be saved.", hint="Free some space."))
        assert not hooked.window.banner.copy_button.isVisible()
        hooked.window.banner.show_error(InternalError("It broke.", hint="Try again.", details="Traceback: deep inside"))
        hooked.click(hooked.window.banner.copy_button)
    copied = QGuiApplication.clipboard().text()
    assert "deep inside" in copied and "Request 7: done" in copied
    assert "SaveError" in copied and "red house" not in copied, "what is told may quote the prompt"


def test_a_layout_of_noise_does_not_keep_the_window_from_opening(home, make_window):
    noise = random.Random(4)
    Preferences().set_layout(noise.randbytes(300), noise.randbytes(900))
    window = make_window().window
    assert window.isVisible() and window.width() > 300


def test_a_layout_that_crashed_the_last_start_is_not_tried_again(home, make_window, monkeypatch):
    crashed = Preferences()
    crashed.set_layout(b"geometry", b"state")
    crashed.take_layout()  # and that was the last that it did
    crashed.sync()
    tried = []
    monkeypatch.setattr(MainWindow, "restoreGeometry", lambda _window, geometry: tried.append(geometry))
    hands = make_window()
    assert tried == []
    hands.window.close()
    make_window()
    assert len(tried) == 1  # the layout of the start that went well


def test_the_brush_is_remembered_before_the_window_closes(hands):
    hands.window.view.grow_brush()
    hands.window.preferences.sync()
    grown = hands.window.view.brush.diameter
    assert (
        Preferences().values.brush_diameter == grown * 256 / min(hands.window.document.scene.size) != Brush().diameter
    )


def test_the_window_is_where_it_was_left(make_window):
    first = make_window()
    first.window.resize(1111, 777)
    first.window.close()
    again = make_window()
    again.qtbot.wait(10)
    assert Preferences().values.window_geometry


def test_the_window_fits_on_a_small_laptop(hands):
    least = hands.window.minimumSizeHint()
    assert least.width() <= 1280 and least.height() <= 700


def test_a_first_start_gives_every_dock_its_room_and_cuts_no_label(make_window):
    hands = make_window(Scene(prompt="a lake"), size=(1400, 900))
    chip = hands.window.words.chip(hands.click_word("lake"))
    hands.qtbot.waitUntil(chip.isVisible)
    docks = {dock.objectName(): dock for dock in hands.window.findChildren(QDockWidget)}
    assert 250 <= docks["dock.words"].width() <= 275 and 265 <= docks["dock.settings"].width() <= 290
    assert 150 <= docks["dock.results"].height() <= 190
    hands.click(chip.when)
    hands.qtbot.waitUntil(lambda: chip.window_row.end.width() > 60)
    sliders = [slider for slider in hands.window.findChildren(ValueSlider) if slider.isVisible()]
    assert len(sliders) == 14, "CLIP and T5 are blended, fidelity has a dial"
    assert cut(sliders) == []


def cut(sliders: list[ValueSlider]) -> list[str]:
    return [slider.label for slider in sliders if slider.shown_label() != slider.label]


@pytest.mark.parametrize("size", [(1280, 720), (1400, 900)])
def test_the_brushs_labels_are_whole(make_window, size):
    hands = make_window(Scene(prompt="a lake"), size=size)
    bar = hands.window.brush_bar
    hands.qtbot.waitUntil(lambda: cut([bar.diameter, bar.hardness, bar.opacity]) == [])


@pytest.mark.parametrize(("size", "share"), [((1280, 720), 0.19), ((1400, 900), 0.28)])
def test_a_newcomers_window_gives_the_picture_its_room(make_window, size, share):
    prompt = "a red house on grass by a lake, mountains, a tree and the sun in a blue sky"
    hands = make_window(Scene(prompt=prompt), size=size, newcomer=True)
    window = hands.window
    for word in ("house", "grass", "lake", "mountains", "tree", "sun", "sky"):
        hands.click_word(word)
        QApplication.sendEvent(window.prompt_bar.prompt, QEvent(QEvent.Type.Leave))
    hands.qtbot.wait(50)
    left, top = window.view.viewport.corner
    right, bottom = window.view.viewport.to_view(*window.view.viewport.picture)
    assert (right - left) * (bottom - top) > share * size[0] * size[1]
    rows = [window.words.chip(word.id) for word in window.document.scene.words]
    whole = [row for row in rows if row.visibleRegion().boundingRect().height() == row.height()]
    assert len(whole) == 7
    panel = window.settings_panel
    assert not panel.controls["sampler"].isVisible() and not panel.device.isVisible()
    assert not window.timeline.isVisible() and not window.results.isEnabled()


def test_what_was_unfolded_stays_so_at_the_next_start(make_window):
    first = make_window(newcomer=True).window
    hands = Hands(first, None, None)
    hands.click(first.settings_panel.advanced)
    hands.click(first.titles["Results"].caret)
    assert first.settings_panel.device.isVisible() and first.results.height() > 100
    first.close()
    again = make_window(newcomer=True).window
    assert again.settings_panel.device.isVisible() and again.results.isEnabled()
    Hands(again, None, None).click(again.titles["Results"].caret)
    assert again.results.height() == 0
    Hands(again, None, None).click(again.titles["Results"])
    assert again.results.height() > 100, "a click anywhere on the folded bar unfolds it"
    Hands(again, None, None).click(again.titles["Results"])
    assert again.results.height() > 100, "on the open one it does nothing"


def test_messages_and_a_growing_prompt_never_move_the_canvas(hands):
    window = hands.window
    before = window.view.geometry(), window.view.viewport
    window.banner.show_message("Something to say.", "And what to do about it, at some length.", buttons=(("Do", int),))
    hands.window.prompt_bar.prompt.setFocus()
    hands.type("a very long prompt " * 30)
    hands.qtbot.wait(30)
    assert (window.view.geometry(), window.view.viewport) == before
    prompt = window.prompt_bar.prompt
    assert prompt.height() > prompt.sizeHint().height(), "who types sees more lines"
    window.view.setFocus()
    assert prompt.height() == prompt.sizeHint().height()
    assert window.banner.isVisible() and window.view.geometry().contains(window.banner.geometry())


def test_docks_come_back_after_the_window_was_small(make_window):
    hands = make_window(Scene(prompt="a lake"), size=(1400, 900))
    window = hands.window
    panels = (window.words, window.settings_panel, window.styles, window.results)
    hands.qtbot.wait(30)
    before = [panel.size() for panel in panels]
    window.resize(window.minimumSizeHint())
    hands.qtbot.wait(30)
    for panel in panels:
        assert panel.height() >= panel.minimumSizeHint().height(), "what has no room scrolls and is not cut"
    window.resize(1400, 900)
    hands.qtbot.wait(30)
    for panel, size in zip(panels, before, strict=True):
        assert abs(panel.height() - size.height()) < 0.3 * size.height() + 20


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_labels_on_filled_sliders_can_be_read(hands, choice):
    hands.window.preferences.change(theme=choice)
    slider = hands.window.brush_bar.opacity
    colours = [slider.palette().color(QPalette.ColorRole.Accent), *map(QColor, PALETTE)]
    for colour in colours:
        for shade in slider.grounds(colour):
            assert contrast(slider.ink().name(), shade.name()) >= 4.5, f"{slider.ink().name()} on {shade.name()}"


def test_the_name_of_a_word_is_whole_on_its_chip_with_paint_and_without(make_window):
    hands = make_window(Scene(prompt="a red house by the mountains"), size=(1280, 720))
    hands.mark("red house")
    hands.click(hands.window.prompt_bar.paint_this)
    chip = hands.window.words.chip(hands.window.view.selected_word)
    hands.qtbot.waitUntil(chip.isVisible)
    needed = chip.name.fontMetrics().horizontalAdvance("red house")
    assert chip.note.text() == "no paint" and not chip.wipe.isVisible()
    hands.qtbot.waitUntil(lambda: chip.name.width() >= needed)
    hands.click(hands.window.findChild(object, "button.word.fill"))
    hands.qtbot.waitUntil(chip.wipe.isVisible)
    hands.qtbot.waitUntil(lambda: chip.note.text() == "" and chip.name.width() >= needed)


def test_news_never_make_the_window_wider_and_are_whole_in_the_tooltip(hands):
    before, news = hands.window.minimumSizeHint().width(), "A word of news and " * 40
    hands.window.status.say(news)
    QApplication.processEvents()
    assert hands.window.minimumSizeHint().width() == before
    assert hands.window.status.news == hands.window.status._news.toolTip() == news


def test_a_banner_with_many_buttons_has_them_below_its_words_where_it_is_narrow(make_window):
    hands = make_window(Scene(prompt="a lake"), size=(1280, 720))
    banner = hands.window.banner
    banner.show_message("The first of all.")
    assert banner.height() > 30
    for _ in range(2):  # the second time there are buttons of the first
        banner.show_message("“a.jpg” is a picture without a scene. " * 3, "What to do. " * 9, buttons=BUTTONS)
        QApplication.processEvents()
        for label in (banner._title, banner._hint):
            assert label.width() > 360 and label.height() >= label.heightForWidth(label.width())
        assert banner._foot.y() > banner._hint.y()
    banner.show_message("Saved.", buttons=BUTTONS[:1])
    QApplication.processEvents()
    assert banner._foot.x() > banner._title.x()


def test_bars_over_the_canvas_never_lie_over_one_another(make_window):
    window = make_window(Scene(prompt="a lake"), size=(1280, 720)).window
    bars = (window.banner, window.live_bar, window.heatmap_bar)
    alone = window.view.geometry().top()
    window.heatmap_bar.show_note("Where “lake” went was not measured. Generate again to see it.")
    place = window.heatmap_bar.y()
    window.live_bar.say("Live: waiting for the brush · 0.5 pictures a second", paused=False, may_keep=True)
    window.banner.show_message("News.", "What to do. " * 20)
    QApplication.processEvents()
    for over, under in itertools.pairwise(bars):
        assert alone < over.geometry().bottom() < under.geometry().top(), (over, under)
    window.live_bar.hide()
    window.banner.dismiss()
    assert window.heatmap_bar.y() == place, "alone it has the place at the edge again"


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_a_checked_entry_of_a_menu_shows_a_tick_and_no_white_icon(hands, choice):
    hands.window.preferences.change(theme=choice)
    for spec in TABLE:
        assert hands.window.actions_table[spec.name].isIconVisibleInMenu() != spec.checkable
