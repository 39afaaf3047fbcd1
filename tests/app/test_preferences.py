"""Preferences are remembered, damaged ones are forgiven one by one, and an old settings file can run nothing."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import stat
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from app.paths import Paths
from app.preferences import RECENT_LIMIT, Preferences, Preset, Purpose, RemoteMachine, Values, store
from app.preferences.values import from_json, to_json


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def _no_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Saving waits for an event loop where there is one, and an earlier test may have made an application."""

    class NoApplication:
        @staticmethod
        def instance() -> None:
            return None

    monkeypatch.setattr(store, "QCoreApplication", NoApplication)


def saved(home: Path) -> dict:
    return json.loads((home / "config" / "preferences.json").read_text("utf-8"))


def write(home: Path, text: str | bytes, name: str = "preferences.json") -> None:
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / name).write_bytes(text if isinstance(text, bytes) else text.encode())


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
    preferences = Preferences()
    preferences.change(theme="light", export_metadata=False, brush_diameter=33.0)
    preferences.set_shortcut("brush.erase", "J; Ctrl+J")
    preferences.remember_folder(Purpose.STYLE, home)
    preferences.set_layout(b"\x01\xd9\x00", b"\xff\x00")
    preferences.sync()
    again = Preferences()
    assert again.values == preferences.values
    assert again.values.theme == "light" and again.values.brush_diameter == 33.0 and not again.values.export_metadata
    assert again.shortcut("brush.erase") == "J; Ctrl+J" and again.folder_for(Purpose.STYLE) == home
    assert again.values.window_geometry == b"\x01\xd9\x00"


def test_the_file_is_its_owners_alone_and_says_nothing_of_defaults(home):
    Preferences().change(lock_seed=True)
    assert saved(home) == {"version": 1, "lock_seed": True}
    assert stat.S_IMODE((home / "config" / "preferences.json").stat().st_mode) == 0o600


def test_only_fields_that_there_are_take_only_what_they_hold(home):
    preferences = Preferences()
    for wrong in ({"theme": "pink"}, {"theem": "dark"}, {"lock_seed": "yes"}, {"recent": ("a", 3)}):
        with pytest.raises((AttributeError, TypeError, ValueError)):
            preferences.change(**wrong)
    assert preferences.values == Values() and not (home / "config").exists()


def test_news_comes_once_and_only_of_what_changed(home):
    preferences, themes = Preferences(), []
    preferences.theme_changed.connect(themes.append)
    preferences.change(theme="dark")
    preferences.change(theme="dark", lock_seed=True)
    assert themes == ["dark"]


def test_a_shortcut_can_go_back_to_the_default(home):
    preferences = Preferences()
    preferences.set_shortcut("brush.erase", "")
    assert preferences.shortcut("brush.erase") == ""
    preferences.set_shortcut("brush.erase", None)
    assert preferences.shortcut("brush.erase") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"), ("theme", 7), ("started", "yes"), ("lock_seed", 1), ("recent", "a.ora"), ("recent", [1]),
        ("shortcuts", {"a": ["Ctrl+J"]}), ("shortcuts", []), ("window_state", "not base64!"), ("window_state", 7),
        ("window_geometry", "A" * 200_000), ("brush_diameter", "much"), ("brush_diameter", float("nan")),
        ("brush_hardness", True), ("brush_opacity", 10**400), ("folders", {"scene": None}), ("models", None),
    ],
)  # fmt: skip
def test_each_damaged_value_falls_back_alone_and_the_log_says_so(home, caplog, name, value):
    write(home, json.dumps({"version": 1, "rest_paint": False, name: value}))
    with caplog.at_level(logging.WARNING):
        preferences = Preferences()
    assert preferences.values == Values(rest_paint=False)
    assert name in caplog.text


@pytest.mark.parametrize("text", ["", "{", "[]", "7", b"\xff\xfe\x00", '{"theme": ' + "[" * 100_000, "x" * 2_000_000])
def test_a_file_that_is_no_preferences_at_all_counts_as_none_and_can_be_replaced(home, caplog, text):
    write(home, text)
    preferences = Preferences()
    assert preferences.values == Values() and "damaged" in caplog.text
    preferences.change(theme="dark")
    assert saved(home)["theme"] == "dark"


def test_a_pipe_in_the_files_place_keeps_nobody_waiting(home):
    (home / "config").mkdir()
    os.mkfifo(home / "config" / "preferences.json")
    os.mkfifo(home / "config" / "settings.ini")
    assert Preferences().values == Values()


def test_numbers_out_of_range_come_to_the_nearest_that_the_brush_takes(home):
    write(home, json.dumps({"brush_diameter": 99_999, "brush_opacity": -3}))
    assert Preferences().values.brush_diameter == 1024.0
    assert Preferences().values.brush_opacity == 0.01


def test_what_a_newer_program_keeps_is_no_fault(home, caplog):
    write(home, json.dumps({"version": 9, "holograms": True, "theme": "dark"}))
    assert Preferences().values.theme == "dark" and not caplog.text


def test_every_value_goes_to_json_and_back():
    full = Values(
        theme="dark", started=True, export_metadata=False, lock_seed=True, rest_paint=False, show_timeline=True,
        show_advanced=True, show_results=True,
        show_heatmaps=True, heatmap_pointer=False, brush_diameter=3.5, brush_hardness=0.0, brush_opacity=0.5,
        brush_pressure_size=False, brush_pressure_opacity=True, recent=("/a/\udce9.ora",), models=("/m",),
        folders={"scene": "/s"}, shortcuts={"a": "", "b": "F5"}, window_geometry=bytes(range(256)),
        brush_mirror_x=True, brush_mirror_y=False, brush_turns=5, brush_axis=(0.25, 0.75),
        brush_flow=0.5, brush_smoothing=0.25, brush_pressure_gamma=2.0, brush_pressure_floor=0.125,
        brushes=(Preset("Ink", 3.0, 1.0, 0.5, 0.25, 0.75, 0.5, False, True), Preset("Mist")),
        window_state=b"\0", layout_on_trial=True, loras=("/l",), odd_models=("lake: It is odd.",),
        recent_colours=("#010203",), recent_words=("owl",),
        rework_repaint=0.5, rework_vary=0.25, rework_context="64", refine_scale=3.0, refine_strength=0.5,
        rework_kept=0.5, rework_shapes_kept=0.75, rework_shape="noise", rework_picture_guidance=2.0,
        rework_vary_by="tokens", rework_likeness=0.75,
        deep_results=True, reference="/p.png", snaps=True, grid_step=32.0, brush_gap=0.5,
        upscaler="/u", upscalers=("/u",), show_rework_bar=False, find_unknown=True,
        language="de", results="/r", autosave_seconds=30.0, undo_megabytes=64.0, toured=True,
        machines=(RemoteMachine("far", "10.0.0.2:8765", "token", "/c.pem", "webp"),), machine="10.0.0.2:8765",
    )  # fmt: skip
    left_out = [name for name in vars(full) if getattr(full, name) == getattr(Values(), name)]
    assert left_out == []  # a field added later belongs in here too
    assert from_json(json.loads(json.dumps(to_json(full)))) == (full, [])


def test_two_windows_keep_what_each_of_them_changed(home):
    first, second = Preferences(), Preferences()
    first.change(theme="dark")
    second.change(lock_seed=True)
    assert Preferences().values == Values(theme="dark", lock_seed=True)


def test_a_folder_that_takes_nothing_is_told_to_the_log_and_the_values_hold(home, caplog):
    (home / "config").write_text("a file where the folder should be")
    preferences = Preferences()
    preferences.change(theme="dark")
    assert preferences.values.theme == "dark" and "could not be saved" in caplog.text


def test_recent_files_are_newest_first_unique_few_and_there(home, tmp_path):
    preferences = Preferences()
    files = [tmp_path / f"{index}.ora" for index in range(RECENT_LIMIT + 3)]
    for file in files:
        file.touch()
        preferences.add_recent(file)
    preferences.add_recent(files[5])
    recent = Preferences().recent
    assert recent[0] == files[5] and len(recent) == len(set(recent)) == RECENT_LIMIT
    files[5].unlink()
    assert files[5] not in preferences.recent
    preferences.clear_recent()
    assert preferences.recent == []


# --- a layout that crashes the window --------------------------------------------------------------------------------


def test_a_layout_is_on_trial_until_the_window_stands(home, caplog):
    Preferences().set_layout(b"geometry", b"state")
    good = Preferences()
    assert good.take_layout() == (b"geometry", b"state")
    good.layout_held()
    good.sync()
    assert Preferences().take_layout() == (b"geometry", b"state")  # and nothing is written after it: it crashed
    assert "layout" not in caplog.text
    after = Preferences()
    assert after.take_layout() == (b"", b"")
    assert "did not open with the layout" in caplog.text
    after.set_layout(b"new", b"new")
    assert Preferences().take_layout() == (b"new", b"new")


# --- the settings file of older versions -----------------------------------------------------------------------------

OLD = r"""
[General]
theme=light
recent=/home/ann/red house.ora, "/home/ann/a, b.ora", /home/ann/caf\xe9.ora
models=/models/one

[flags]
metadata=false
lock_seed=true
pressure_size=false
heatmaps=perhaps
unheard=true

[folders]
scenes=/home/ann/scenes
style=@@home

[numbers]
brush\diameter=33
brush\hardness=hard

[shortcuts]
brush.erase=J; Ctrl+J
edit.undo=
view.zoom%20in="Ctrl++, Ctrl+="

[window]
geometry=@ByteArray(\x1\xd9\xd0\xcb)
"""


def test_the_plain_values_of_an_old_file_are_taken_over_once(home):
    write(home, OLD, "settings.ini")
    values = Preferences().values
    assert values == Values(
        theme="light", export_metadata=False, lock_seed=True, brush_pressure_size=False, brush_diameter=33.0,
        recent=("/home/ann/red house.ora", "/home/ann/a, b.ora", "/home/ann/café.ora"), models=("/models/one",),
        folders={"scene": "/home/ann/scenes", "style": "@home"},
        shortcuts={"brush.erase": "J; Ctrl+J", "edit.undo": "", "view.zoom in": "Ctrl++, Ctrl+="},
    )  # fmt: skip
    preferences = Preferences()
    preferences.sync()
    (home / "config" / "settings.ini").write_text("[General]\ntheme=dark\n")
    assert Preferences().values == values


class Trap:
    """What makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def test_an_old_file_with_pickled_objects_runs_nothing(home):
    sprung = home / "sprung"
    old = home / "config" / "settings.ini"
    old.parent.mkdir()
    names = ("theme", "recent", "models", "window/geometry", "window/state", "flags/started", "numbers/brush/diameter")
    store = QSettings(str(old), QSettings.Format.IniFormat)
    for name in names:
        store.setValue(name, Trap(sprung))
    store.setValue("flags/lock_seed", True)
    store.sync()
    assert b"PyObjectWrapper" in old.read_bytes()
    same = Path(shutil.copy(old, home / "same.ini"))  # what Qt has written itself it does not read again
    with contextlib.suppress(SystemError):  # what comes of it is no value; by then it has run
        QSettings(str(same), QSettings.Format.IniFormat).value("theme")
    assert sprung.exists(), "this trap would catch nobody"
    sprung.rmdir()
    preferences = Preferences()
    preferences.take_layout()
    preferences.sync()
    assert not sprung.exists()
    assert preferences.values == Values(lock_seed=True)
