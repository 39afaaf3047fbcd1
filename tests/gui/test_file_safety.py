"""Files of others are safe: changed ones are asked about, open ones are not written over, lost ones are each kept."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QDialog, QLabel, QMessageBox, QPushButton

from app.files.recovery import spoken_time
from app.storage import opened
from app.storage.autosave import Autosave
from app.storage.lock import ProgramLock, SceneLock
from canvas.files import image_io, ora, png
from canvas.model import edits
from canvas.model.document import Document
from canvas.model.scene import Scene

PICTURE = np.full((64, 64, 3), 200, np.uint8)


def painted(prompt: str = "a lake") -> Scene:
    scene, word = edits.add_word(Scene(prompt=prompt, size=(64, 64)), (2, 6))
    return edits.fill_word(scene, word)


def box_of(hands, name: str) -> QMessageBox:
    boxes = [box for box in hands.window.findChildren(QMessageBox, name) if box.isVisible()]
    assert len(boxes) == 1, name
    return boxes[0]


def press(hands, box: QDialog, text: str) -> None:
    hands.click(next(button for button in box.findChildren(QPushButton) if button.text().replace("&", "") == text))


def save(hands) -> None:
    hands.window.actions_table["file.save"].trigger()
    hands.settle()


@pytest.fixture
def scene_file(tmp_path: Path) -> Path:
    ora.save(tmp_path / "mine.ora", painted(), picture=PICTURE, made_by=painted())
    return tmp_path / "mine.ora"


@pytest.mark.parametrize("kind", ["ora", "png"])
def test_a_file_is_opened_once_and_its_picture_decoded_once(tmp_path, scene_file, monkeypatch, kind):
    path = scene_file if kind == "ora" else tmp_path / "mine.png"
    if kind == "png":
        png.save(path, PICTURE, painted())
    opens: list[str] = []
    watching = [True]

    def watch(event: str, given: tuple) -> None:
        if watching[0] and event == "open" and str(given[0]) == str(path):
            opens.append(event)

    sys.addaudithook(watch)  # it stays for good, and hears nothing any more after this test
    pictures: list[tuple[int, int]] = []
    decode = image_io.open_png

    def counted(data: bytes, what: str) -> Image.Image:
        image = decode(data, what)
        if image.mode == "RGB":
            pictures.append(image.size)
        return image

    monkeypatch.setattr(image_io, "open_png", counted)
    held = opened.read(path)
    watching[0] = False
    assert held.scene == painted() and held.image.scene == painted() and np.array_equal(held.image.rgb, PICTURE)
    assert len(opens) == 1 and pictures == [(64, 64)]


def test_the_window_lives_while_a_file_is_read_and_what_is_done_meanwhile_is_asked_about(
    hands, scene_file, monkeypatch
):
    going, read = threading.Event(), opened.read
    threads: list[str] = []

    def slow(path: Path) -> opened.Opened:
        threads.append(threading.current_thread().name)
        going.wait(20)
        return read(path)

    monkeypatch.setattr(opened, "read", slow)
    hands.window.files.open_path(scene_file)
    hands.qtbot.waitUntil(lambda: bool(threads))
    assert threads != ["MainThread"] and hands.window.files.busy
    hands.window.document.set_negative("fog")
    going.set()
    hands.settle()
    box = box_of(hands, "unsavedQuestion")
    hands.click(box.button(QMessageBox.StandardButton.Cancel))
    assert hands.window.document.scene.negative == "fog"


def test_the_window_lives_while_a_scene_is_saved_and_closing_waits_for_it(hands, scene_file, monkeypatch):
    hands.window.files.load(scene_file)
    hands.settle()
    hands.window.document.set_negative("fog")
    going, write = threading.Event(), ora.save

    def slow(*given, **options) -> None:
        going.wait(20)
        write(*given, **options)

    monkeypatch.setattr(ora, "save", slow)
    hands.window.actions_table["file.save"].trigger()
    assert hands.window.files.saving
    hands.window.close()
    assert hands.window.isVisible(), "it is not closed before the scene is on disk"
    going.set()
    hands.qtbot.waitUntil(lambda: not hands.window.isVisible())
    assert ora.load(scene_file).negative == "fog"


def test_what_is_painted_while_a_scene_is_saved_is_unsaved(hands, scene_file, monkeypatch):
    hands.window.files.load(scene_file)
    hands.settle()
    hands.window.document.set_negative("fog")
    going, write = threading.Event(), ora.save
    monkeypatch.setattr(ora, "save", lambda *given, **options: (going.wait(20), write(*given, **options)))
    hands.window.actions_table["file.save"].trigger()
    hands.window.document.set_negative("fog and rain")
    going.set()
    hands.settle()
    assert hands.window.document.dirty and ora.load(scene_file).negative == "fog"


def test_a_file_that_another_program_changed_is_asked_about(hands, scene_file):
    hands.window.files.load(scene_file)
    hands.settle()
    ora.save(scene_file, painted("a hill"))
    hands.window.document.set_negative("fog")
    save(hands)
    box = box_of(hands, "changedQuestion")
    press(hands, box, "Cancel")
    assert ora.load(scene_file).prompt == "a hill" and hands.window.document.dirty
    save(hands)
    press(hands, box_of(hands, "changedQuestion"), "Overwrite")
    assert ora.load(scene_file).negative == "fog" and not hands.window.document.dirty
    hands.window.document.set_negative("rain")
    save(hands)
    assert ora.load(scene_file).negative == "rain", "what we wrote ourselves is asked about no more"


def test_a_file_that_was_only_touched_is_no_other_file(hands, scene_file):
    hands.window.files.load(scene_file)
    hands.settle()
    os.utime(scene_file, ns=(1, 1))
    hands.window.document.set_negative("fog")
    save(hands)
    assert ora.load(scene_file).negative == "fog"


def test_a_scene_that_is_open_in_another_window_opens_as_a_copy(make_window, scene_file):
    first, second = make_window(), make_window()
    first.window.files.load(scene_file)
    first.settle()
    second.window.files.load(scene_file)
    second.settle()
    press(second, box_of(second, "openElsewhereQuestion"), "Open a Copy")
    assert second.window.document.scene == painted() and second.window.document.path is None
    first.window.close()
    second.window.document.mark_saved()
    second.window.files.load(scene_file)
    second.settle()
    assert second.window.document.path == scene_file


def test_a_lock_file_that_was_left_or_copied_holds_nothing(tmp_path):
    (tmp_path / "left.lock").write_text("4711\nwordbrush\nanother-machine\n")
    lock, other = ProgramLock(tmp_path / "left.lock"), ProgramLock(tmp_path / "left.lock")
    assert lock.take() and not other.take()
    lock.release()
    assert other.take() and not lock.take()
    other.release()
    assert not (tmp_path / "left.lock").exists()


def test_a_window_holds_one_scene_at_a_time(tmp_path):
    mine, theirs = SceneLock(tmp_path / "open"), SceneLock(tmp_path / "open")
    assert mine.take(tmp_path / "a.ora") and mine.take(tmp_path / "a.ora")
    assert not theirs.take(tmp_path / "a.ora") and theirs.take(tmp_path / "b.ora")
    assert not mine.take(tmp_path / "b.ora") and not theirs.take(tmp_path / "a.ora")
    mine.release()
    assert theirs.take(tmp_path / "a.ora") and mine.take(tmp_path / "b.ora")
    for lock in (mine, theirs):
        lock.release()


@pytest.fixture
def lost(home: Path) -> list[str]:
    """Two scenes that programs left behind, the newest first."""
    folder = home / "autosave"
    folder.mkdir(parents=True)
    for number, prompt in enumerate(("a hill", "a lake")):
        ora.save(folder / f"lost{number}.ora", painted(prompt), picture=PICTURE)
        os.utime(folder / f"lost{number}.ora", (1000 + number, 1000 + number))
        (folder / f"lost{number}.json").write_text(f'{{"title": "{prompt}", "path": null}}')
    return ["a lake", "a hill"]


def test_all_lost_scenes_are_listed_with_picture_title_and_time_and_each_is_discarded_alone(make_window, home, lost):
    hands = make_window()
    hands.window.offer_recovery()
    assert "2 unsaved scenes" in hands.window.banner.message
    hands.click(hands.button("Show Them…"))
    dialog = hands.window.findChild(QDialog, "recoveryDialog")
    titles = [label.text() for label in dialog.findChildren(QLabel, "bannerTitle")]
    times = [label.text() for label in dialog.findChildren(QLabel) if label.text().startswith("Kept")]
    pictures = [label for label in dialog.findChildren(QLabel) if not label.pixmap().isNull()]
    assert titles == lost and len(times) == 2 and "1 January" in times[0] and len(pictures) == 2
    hands.click(next(b for b in dialog.findChildren(QPushButton) if b.accessibleName() == "Discard a hill"))
    assert [ora.load(file).prompt for file in (home / "autosave").glob("*.ora")] == ["a lake"]
    hands.click(next(b for b in dialog.findChildren(QPushButton) if b.accessibleName() == "Restore a lake"))
    assert hands.window.document.scene.prompt == "a lake" and hands.window.document.dirty
    assert hands.window.recovery._autosave.lost() == []


def test_a_restored_scene_knows_whether_its_file_was_changed_since(make_window, home, scene_file):
    hands = make_window()
    hands.window.files.load(scene_file)
    hands.settle()
    hands.window.document.set_negative("fog")
    hands.window.autosave.save_now()
    for file in (home / "autosave").glob("*.*"):
        if file.suffix != ".lock":
            shutil.copy(file, file.with_name(f"lost{file.suffix}"))  # as a program that died leaves it
    hands.window.document.mark_saved()
    hands.window.close()
    ora.save(scene_file, painted("a hill"))
    later = make_window()
    later.window.offer_recovery()
    later.click(later.button("Restore"))
    assert later.window.document.path == scene_file
    save(later)
    box_of(later, "changedQuestion").close()
    assert ora.load(scene_file).prompt == "a hill"


def test_unsaved_work_is_on_disk_within_seconds_without_being_asked(tmp_path, qtbot):
    document = Document(Scene(prompt="a lake"))
    saver = Autosave(tmp_path / "autosave", document)
    document.set_prompt("a lake at night")
    qtbot.waitUntil(lambda: bool(list((tmp_path / "autosave").glob("*.json"))), timeout=5000)
    file = next((tmp_path / "autosave").glob("*.ora"))
    assert file.stat().st_mode & 0o777 == 0o600 and file.with_suffix(".json").stat().st_mode & 0o777 == 0o600
    saver.close()


def test_the_locks_of_a_window_go_with_it(tmp_path, qapp):
    savers = [Autosave(tmp_path, Document()) for _ in range(2)]
    assert len(list(tmp_path.glob("*.lock"))) == 2
    for saver in savers:
        saver.close()
    assert not list(tmp_path.iterdir())


def test_times_are_said_as_people_say_them():
    from datetime import datetime

    now = datetime.now().replace(hour=9, minute=5)
    assert spoken_time(now) == "today at 9:05"
    assert spoken_time(datetime(2020, 3, 4, 14, 30)) == "on 4 March at 14:30"
