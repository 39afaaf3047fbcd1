"""What a start brings back: an example on the first one, after a crash the scene with its picture."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox

from app.files import controller
from app.image_info.displayed_image import DisplayedImage
from app.storage.autosave import Autosave
from canvas.files import ora
from canvas.model.document import Document
from canvas.model.scene import Scene
from tests.gui.file_scenes import painted, question


def test_the_first_start_opens_an_example_and_later_ones_do_not(make_window, tmp_path, monkeypatch):
    monkeypatch.setattr(controller, "examples", lambda: [tmp_path / "01-a-lake.ora"])
    ora.save(tmp_path / "01-a-lake.ora", painted())
    first = make_window()
    first.window.open_first(None)
    first.settle()
    assert first.window.document.scene == painted() and first.window.document.path is None
    assert not first.window.document.dirty
    first.window.preferences.sync()
    second = make_window()
    second.window.open_first(None)
    second.settle()
    assert second.window.document.scene.prompt == ""


def test_without_examples_the_first_start_is_a_new_scene(make_window, monkeypatch):
    monkeypatch.setattr(controller, "examples", lambda: [])
    hands = make_window()
    hands.window.open_first(None)
    assert hands.window.document.scene.prompt == "" and not hands.window.banner.isVisible()


CRASH = """
import os, sys
from PySide6.QtCore import QCoreApplication
from pathlib import Path
from app.storage.autosave import Autosave
from canvas.model.document import Document
from canvas.model.scene import Scene
app = QCoreApplication([])
document = Document(Scene(prompt="first"))
autosave = Autosave(Path(sys.argv[1]), document)
document.set_prompt("a lake that was lost")
autosave.save_soon()
autosave._pending.result()
os._exit(1)
"""


@pytest.fixture
def crashed(home: Path) -> Path:
    """A home in which another process died with unsaved work."""
    folder = home / "autosave"
    run = subprocess.run([sys.executable, "-c", CRASH, str(folder)], cwd=Path(__file__).parents[2], timeout=60)
    assert run.returncode == 1 and list(folder.glob("*.ora"))
    return folder


def test_after_a_crash_the_scene_is_offered_and_recovered(crashed, make_window):
    hands = make_window()
    hands.window.offer_recovery()
    assert "a lake that was lost" in hands.window.banner.message
    hands.click(hands.button("Restore"))
    assert hands.window.document.scene.prompt == "a lake that was lost" and hands.window.document.dirty
    assert not hands.window.banner.isVisible()
    # It is kept until it is saved, now as the work of this program: another one is not offered it.
    assert [ora.load(file).prompt for file in crashed.glob("*.ora")] == ["a lake that was lost"]
    assert not Autosave(crashed, Document()).lost()


def test_after_a_crash_the_picture_comes_back_with_the_scene_that_made_it(with_picture, home, make_window):
    window = with_picture.window
    made_by = window.document.scene
    window.document.set_negative("fog")
    window.autosave.save_soon()
    window.autosave._pending.result()
    kept = next((home / "autosave").glob("*.ora"))
    shutil.copy(kept, home / "autosave" / "lost.ora")  # as a program that died leaves it: without a lock
    later = make_window()
    later.window.offer_recovery()
    later.click(later.button("Restore"))
    assert later.window.document.scene.negative == "fog"
    assert later.window.shown.rgb[0, 0].tolist() == [200, 0, 0] and later.window.shown.scene == made_by


def test_a_picture_that_came_after_the_scene_was_kept_is_kept_too(with_picture, home):
    window = with_picture.window
    window.document.set_negative("fog")
    window.autosave.save_soon()
    window.autosave._pending.result()
    window.generation.picture.emit(DisplayedImage(np.full((64, 64, 3), 9, np.uint8)))
    window.autosave.save_soon()
    window.autosave._pending.result()
    assert ora.load_picture(next((home / "autosave").glob("*.ora")))[0, 0].tolist() == [9, 9, 9]


def test_recovering_over_unsaved_work_asks_first(crashed, make_window):
    hands = make_window(Scene(prompt="a house"))
    hands.window.offer_recovery()
    hands.click_word("house")
    hands.click(hands.button("Restore"))
    hands.click(question(hands).button(QMessageBox.StandardButton.Cancel))
    assert hands.window.document.scene.prompt == "a house"
    assert [ora.load(file).prompt for file in crashed.glob("*.ora")] == ["a lake that was lost"]


def test_after_a_crash_the_scene_can_be_thrown_away(crashed, make_window):
    hands = make_window()
    hands.window.offer_recovery()
    hands.click(hands.button("Discard"))
    assert not list(crashed.glob("*.ora")) and hands.window.document.scene.prompt == ""


def test_the_work_of_a_running_program_is_not_offered(home, make_window, qtbot):
    document = Document(Scene(prompt="mine"))
    other = Autosave(home / "autosave", document)
    document.set_prompt("still open")
    other.save_soon()
    qtbot.waitUntil(lambda: bool(list((home / "autosave").glob("*.ora"))))
    hands = make_window()
    hands.window.offer_recovery()
    assert not hands.window.banner.isVisible()
    other.close()
    assert not list((home / "autosave").glob("*.ora"))


def test_unsaved_work_is_autosaved_and_the_file_goes_once_it_is_saved(hands, home, tmp_path):
    hands.click_word("lake")
    hands.window.autosave.save_soon()
    folder = home / "autosave"
    hands.qtbot.waitUntil(lambda: bool(list(folder.glob("*.ora"))))
    hands.window.document.mark_saved()
    hands.qtbot.waitUntil(lambda: hands.window.autosave._pending is None)
    hands.window.autosave.save_soon()
    assert not list(folder.glob("*.ora"))
