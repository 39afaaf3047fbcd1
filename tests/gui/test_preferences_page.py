"""The page of preferences: the search leaves what has to do with its words, and every row acts at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QPushButton

from app.preferences import Preferences
from app.widgets.switch import Switch
from app.widgets.theme import CONTRAST
from app.window.preferences_dialog import PreferencesDialog
from app.window.shortcuts_dialog import ShortcutsDialog
from canvas.model.scene import Scene


@pytest.fixture
def page(hands) -> PreferencesDialog:
    return opened(hands)


def opened(hands) -> PreferencesDialog:
    hands.key(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier, widget=hands.window.view)
    dialog = hands.window.findChild(PreferencesDialog)
    hands.qtbot.waitUntil(dialog.isVisible)
    return dialog


def choose(dialog: PreferencesDialog, name: str, value: object) -> None:
    """Take an entry of a list with the keys."""
    box = dialog.findChild(QComboBox, f"prefer.{name}")
    step = Qt.Key.Key_Down if box.findData(value) > box.currentIndex() else Qt.Key.Key_Up
    for _ in range(box.count()):
        if box.currentData() != value:
            QTest.keyClick(box, step)
    assert box.currentData() == value


def test_the_search_leaves_the_rows_that_have_all_its_words(hands, page):
    everything = page.shown()
    assert len(everything) == 16 and page.search.hasFocus()
    for text, rows in (("theme", ["Theme"]), ("heat pointer", ["Heatmap under the pointer", "Keyboard shortcuts"]),
                       ("eraser", ["Keyboard shortcuts"]), ("vram", ["Memory of this scene's model"]),
                       ("deutsch", ["Language"]), ("undo", ["Undo memory", "Keyboard shortcuts"])):  # fmt: skip
        page.search.clear()
        hands.type(text, page.search)
        assert page.shown() == rows
    page.search.clear()
    hands.type("sampler", page.search)
    assert page.shown() == [] and not page.nothing.isVisible()
    assert page.elsewhere.isVisible() and page.elsewhere.text().endswith("“Settings” of the window: Sampler")
    page.search.clear()
    hands.type("undo", page.search)
    hands.type("quark", page.search)
    assert page.shown() == [] and page.nothing.isVisible() and "undoquark" in page.nothing.text()
    hands.key(Qt.Key.Key_Escape, widget=page.search)
    assert page.shown() == everything and page.isVisible() and not page.nothing.isVisible()


def test_enter_goes_to_what_was_found_and_the_keys_turn_it(hands, page):
    hands.type("metadata", page.search)
    hands.key(Qt.Key.Key_Return, widget=page.search)
    switch = page.findChild(Switch, "prefer.file.metadata")
    assert switch.hasFocus() and switch.isChecked()
    hands.key(Qt.Key.Key_Space, widget=switch)
    assert not hands.window.actions_table["file.metadata"].isChecked()
    assert hands.window.preferences.values.export_metadata is False
    hands.window.actions_table["file.metadata"].setChecked(True)
    assert switch.isChecked(), "what is turned elsewhere shows here"


def test_theme_undo_autosave_and_memory_act_at_once_and_are_remembered(hands, page):
    window = hands.window
    choose(page, "theme", "contrast")
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(CONTRAST.panel)
    texts = [label.text() for label in page.findChildren(QLabel)]
    assert any(text.endswith("In use now: 0.0 MB") for text in texts)
    window.document.undo_bytes = lambda: 3 * 2**20
    hands.qtbot.waitUntil(
        lambda: any(label.text().endswith("In use now: 3.0 MB") for label in page.findChildren(QLabel))
    )
    choose(page, "undo", 64)
    assert window.document._limit == 64 * 2**20
    choose(page, "autosave", 30)
    assert window.autosave._delay == 30_000
    choose(page, "memory", "low")
    assert window.document.scene.settings.memory == "low"
    window.preferences.sync()
    kept = Preferences().values
    assert (kept.theme, kept.undo_megabytes, kept.autosave_seconds) == ("contrast", 64, 30)


def test_another_results_folder_takes_the_next_picture_and_shows_what_lies_there(make_window, tmp_path, real_tiny):
    hands = make_window(Scene(prompt="a lake", settings=real_tiny))
    window, page = hands.window, opened(hands)
    folder = tmp_path / "my pictures"
    folder.mkdir()
    button, back = (page.findChild(QPushButton, f"prefer.results{end}") for end in ("", ".default"))
    usual = window.store.folder
    hands.click(button)
    page.findChild(QFileDialog).fileSelected.emit(str(folder))
    assert window.store.folder == folder and button.text() == "my pictures…" and back.isEnabled()
    hands.click(back)
    assert window.store.folder == usual and not back.isEnabled()
    page.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "file"))
    (tmp_path / "file").write_text("")
    page.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "file"))
    assert "Nothing can be saved" in window.banner.message
    page.findChild(QFileDialog).fileSelected.emit(str(folder))
    window.preferences.sync()
    assert make_window(Scene(prompt="a lake")).window.store.folder == folder


def test_the_keys_of_all_actions_are_one_click_away(hands, page):
    hands.click(page.findChild(QPushButton, "prefer.shortcuts"))
    hands.qtbot.waitUntil(lambda: hands.window.findChild(ShortcutsDialog) is not None)
