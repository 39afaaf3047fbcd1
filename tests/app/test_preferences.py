"""Settings are remembered, damaged ones are forgiven, and WORDBRUSH_HOME keeps everything under one folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.preferences import RECENT_LIMIT, Paths, Preferences


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path))
    return tmp_path


def test_with_a_home_every_folder_lies_in_it(home):
    folders = Paths.of_user()
    assert folders.private
    for folder in (folders.config, folders.results, folders.autosave, folders.models):
        assert folder.is_relative_to(home)


def test_without_a_home_the_platforms_folders_are_used(monkeypatch):
    monkeypatch.delenv("WORDBRUSH_HOME")
    folders = Paths.of_user()
    assert not folders.private and "Wordbrush" in str(folders.results)


def test_values_survive_a_restart(home):
    settings = Preferences()
    settings.theme = "light"
    settings.set_flag("metadata", False)
    settings.set_number("brush/diameter", 33.0)
    settings.set_shortcut("brush.erase", "J; Ctrl+J")
    settings.sync()
    again = Preferences()
    assert again.theme == "light" and not again.flag("metadata", True)
    assert again.number("brush/diameter", 1.0) == 33.0 and again.shortcut("brush.erase") == "J; Ctrl+J"


def test_a_shortcut_can_go_back_to_the_default(home):
    settings = Preferences()
    settings.set_shortcut("brush.erase", "")
    assert settings.shortcut("brush.erase") == ""
    settings.set_shortcut("brush.erase", None)
    assert settings.shortcut("brush.erase") is None


def test_damaged_values_fall_back_to_the_defaults(home):
    settings = Preferences()
    settings.sync()
    settings.path.write_text("[General]\ntheme=pink\n[numbers]\nsize=much\n[window]\ngeometry=7\n")
    again = Preferences()
    assert again.theme == "system" and again.number("size", 4.0) == 4.0
    assert again.window_layout() == (None, None)


def test_recent_files_are_newest_first_unique_few_and_there(home, tmp_path):
    settings = Preferences()
    files = [tmp_path / f"{index}.ora" for index in range(RECENT_LIMIT + 3)]
    for file in files:
        file.touch()
        settings.add_recent(file)
    settings.add_recent(files[5])
    recent = Preferences().recent if settings.sync() is None else []
    assert recent[0] == files[5] and len(recent) == len(set(recent)) == RECENT_LIMIT
    files[5].unlink()
    assert files[5] not in settings.recent
    settings.clear_recent()
    assert settings.recent == []
