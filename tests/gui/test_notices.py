"""Notices: what was odd at the start is said in the banner, once, one after another; a click takes it away."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from app import main
from app.preferences import Preferences
from app.storage.autosave import Autosave
from canvas.model.document import Document
from canvas.model.scene import Scene
from engine import LocalExecutor
from engine.errors import ModelNotFound
from tests.fake_executor import FakeExecutor
from tests.tiny import tiny_sd_folder  # noqa: F401


def damage(home: Path, text: str) -> Path:
    file = home / "config" / "preferences.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def odd(home: Path, name: str) -> None:
    """A file of weights whose header says nonsense."""
    folder = home / "models"
    folder.mkdir(parents=True, exist_ok=True)
    header = b'{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 900]}}'
    (folder / name).write_bytes(struct.pack("<Q", len(header)) + header + bytes(8))


@pytest.fixture
def engine():
    """Makes engine threads, and waits for their end."""
    made: list[LocalExecutor] = []

    def make() -> LocalExecutor:
        made.append(LocalExecutor())
        return made[-1]

    yield make
    for each in made:
        each.close()


def opened(make_window, executor=None):
    hands = make_window(executor=executor or FakeExecutor())
    hands.window.start_engine()
    hands.window.offer_recovery()
    hands.qtbot.waitUntil(lambda: not hands.window.library.busy)
    return hands


def test_preferences_that_are_no_json_are_set_aside_and_that_is_said_once(home, make_window):
    file = damage(home, '{"theme": "dark", ')
    hands = opened(make_window)
    banner, aside = hands.window.banner, file.with_name("preferences.damaged.json")
    assert banner.isVisible() and banner.message.startswith("Your preferences were damaged.")
    assert str(aside) in banner.hint and aside.read_text() == '{"theme": "dark", '
    hands.click(banner.close_button)
    assert banner.isHidden()
    hands.window.close()
    assert opened(make_window).window.banner.isHidden()


def test_single_damaged_preferences_are_named_in_words(home):
    damage(home, json.dumps({"theme": "pink", "lock_seed": 7, "rest_paint": False}))
    ((said, hint),) = (preferences := Preferences()).take_notices()
    assert said.startswith("2 preferences") and hint == "Set again what you miss: theme, lock seed."
    assert preferences.take_notices() == []
    damage(home, json.dumps({"theme": "pink"}))
    assert Preferences().take_notices()[0][0] == "A preference was damaged and was reset to its default."


def test_a_layout_that_did_not_open_is_said(home):
    damage(home, json.dumps({"window_state": "AAAA", "layout_on_trial": True}))
    preferences = Preferences()
    preferences.take_layout()
    assert "default places" in preferences.take_notices()[0][0]


def test_a_model_with_an_odd_header_is_named_with_the_reason_once_and_not_at_the_next_start(home, make_window, engine):
    odd(home, "lake.safetensors")
    hands = opened(make_window, engine())
    banner = hands.window.banner
    assert banner.isVisible() and banner.message == "The model “lake” cannot be used."
    assert "lake.safetensors" in banner.hint
    hands.click(banner.close_button)
    hands.window.session.list_models([])
    assert banner.isHidden(), "it was said"
    hands.window.close()
    later = opened(make_window, engine())
    assert later.window.banner.isHidden()
    later.window.close()
    odd(home, "hill.safetensors")
    assert opened(make_window, engine()).window.banner.message == "The model “hill” cannot be used."


def test_a_notice_waits_for_the_scene_that_the_program_begins_with(home, make_window):
    damage(home, "{")
    hands = make_window(executor=FakeExecutor())
    hands.window.files.load_first()
    hands.window.offer_recovery()
    hands.settle()
    hands.qtbot.waitUntil(lambda: bool(hands.window.document.scene.prompt))
    hands.qtbot.wait(50)
    assert hands.window.banner.isVisible() and "damaged" in hands.window.banner.message


def test_several_odd_models_are_one_notice_and_what_is_lost_comes_first(home, make_window, engine):
    damage(home, "{")
    for name in ("a", "b"):
        odd(home, f"{name}.safetensors")
    crashed = Autosave(home / "autosave", document := Document(Scene("a lake")))
    document.set_prompt("a hill")
    crashed.save_now()
    crashed._lock.release()
    hands = opened(make_window, engine())
    banner, said = hands.window.banner, []
    for _ in range(3):
        hands.qtbot.waitUntil(banner.isVisible)
        said.append(banner.message)
        hands.click(banner.close_button)
    hands.qtbot.wait(50)
    assert banner.isHidden() and "closed unexpectedly" in said[0]
    assert any(text.startswith("Your preferences") for text in said)
    assert any(text == "2 models cannot be used: “a” and “b”." for text in said)
    crashed.close()


def test_a_path_that_was_opened_in_this_run_is_known_and_any_other_never_looked_at(
    home,
    qapp,
    tiny_sd_folder,  # noqa: F811
):
    window = main.make_window(qapp)
    try:
        session, path = window.session, Path(tiny_sd_folder)
        executor = session._executor
        with pytest.raises(ModelNotFound):
            executor.facts(str(path))
        session.check_model(path)
        window.preferences.add_model(path)
        assert executor.facts(str(path)).family
        executor.check(str(path))
    finally:
        window.shut_down()
        window.deleteLater()
