"""Where the user's folders cannot be written the window opens all the same, says so, and saves elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.paths import can_keep
from canvas.files import ora
from canvas.model.scene import Scene, Settings
from tests.gui.dialogs import answer_dialog


@pytest.fixture
def closed(home: Path) -> Path:
    """A home in which no folder can be made: a file is in its place, which stops the superuser too."""
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_text("a file")
    return home


def test_the_window_opens_and_says_where_nothing_can_be_kept(closed, make_window):
    hands = make_window(Scene(prompt="a lake"))
    hands.window.open_first(None)
    hands.window.gallery.refresh()
    hands.window.offer_recovery()
    banner = hands.window.banner
    assert banner.isVisible() and str(closed) in banner.message and "Until then" in banner.hint


def test_it_is_said_once_and_not_again_by_autosave(closed, make_window):
    hands = make_window(Scene(prompt="a lake"))
    hands.window.offer_recovery()
    hands.click(hands.window.banner.close_button)
    hands.click_word("lake")
    for _ in range(2):
        hands.window.autosave.save_soon()
        assert hands.window.autosave._pending.exception() is not None
    assert not hands.window.banner.isVisible()


def test_the_scene_is_saved_to_another_folder(closed, make_window, tmp_path):
    hands = make_window(Scene(prompt="a lake"))
    hands.click_word("lake")
    hands.control(Qt.Key.Key_S, widget=hands.window.view)
    answer_dialog(hands, tmp_path / "mine.ora")
    assert ora.load(tmp_path / "mine.ora").prompt == "a lake" and not hands.window.document.dirty


def test_the_results_folder_that_cannot_be_opened_is_explained(closed, make_window):
    hands = make_window(Scene(prompt="a lake"))
    hands.window.actions_table["results.folder"].trigger()
    assert "results folder" in hands.window.banner.message


def test_a_home_that_can_be_written_is_no_news(home, make_window):
    hands = make_window(Scene(prompt="a lake", settings=Settings()))
    hands.window.offer_recovery()
    assert not hands.window.banner.isVisible() and not (home / "results").exists()


def test_a_folder_without_the_right_to_write_cannot_keep(tmp_path, monkeypatch):
    assert can_keep(tmp_path) and can_keep(tmp_path / "below" / "that")
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != str(tmp_path))
    assert not can_keep(tmp_path) and not can_keep(tmp_path / "below" / "that")
