"""A word is taught from the window: filled in, run beside it, waiting for pictures, paused, continued and known."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from app.teaching import lesson_process
from canvas.model.scene import Scene, Settings
from engine.catalogue import Catalogue
from engine.models.library import Library
from engine.teaching import lessons
from engine.teaching.lesson import Lesson
from tests.fake_executor import FakeExecutor

TALK = """
import json, sys
print(json.dumps({"event": "arguments", "all": sys.argv[1:]}), flush=True)
if "fails" in sys.argv:
    error = {"type": "BadRequest", "message": "There is no room.", "hint": "Free some."}
    print(json.dumps({"error": error}), file=sys.stderr)
    sys.exit(1)
print(json.dumps({"event": "stepped", "step": 1, "steps": 4, "loss": 1.0, "seconds_left": 3.0}), flush=True)
for line in sys.stdin:
    said = line.strip()
    print(json.dumps({"event": {"wait": "waiting", "go": "stepped", "pause": "paused"}[said], "step": 2, "steps": 4,
                      "loss": 1.0, "seconds_left": 2.0}), flush=True)
    if said == "pause":
        break
    if said == "go":
        print(json.dumps({"event": "taught", "word": "wug", "files": []}), flush=True)
        break
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three pictures and one that is none."""
    found = []
    for number in range(3):
        found.append(tmp_path / f"{number}.png")
        Image.fromarray(np.full((20, 30, 3), 80 * number, np.uint8)).save(found[-1])
    (tmp_path / "broken.png").write_bytes(b"no picture")
    return [*found, tmp_path / "broken.png"]


@pytest.fixture
def hands(make_window, home, tmp_path, monkeypatch):
    """A window with the starter, whose lessons are a few lines of talk."""
    script = tmp_path / "talk.py"
    script.write_text(TALK, encoding="utf-8")
    monkeypatch.setattr(lesson_process, "_program", lambda: (sys.executable, [str(script)]))
    scene = Scene(prompt="a wug by a lake", size=(64, 64), settings=Settings(model="starter", device="cpu"))
    executor = FakeExecutor()
    executor.own_catalogue = Catalogue(Library(home / "models"))
    return make_window(scene, engine=True, executor=executor, size=(1300, 900))


def wait(hands, condition) -> None:
    hands.qtbot.waitUntil(condition, timeout=10_000)
    QApplication.processEvents()


def opened(hands):
    hands.window.actions_table["word.teach"].trigger()
    return hands.window.teaching.dialog


def fill(hands, files: list[Path], word: str = "wug"):
    """The dialog with a word and all pictures."""
    dialog = opened(hands)
    dialog.pictures.dropped.emit(files)
    wait(hands, lambda: len(dialog.pictures.files) == 3)
    dialog.word.setText(word)
    return dialog


def begin(hands, files, news: list, word: str = "wug"):
    dialog = fill(hands, files, word)
    dialog.start.click()
    wait(hands, lambda: hands.window.teaching.running or not dialog.fault.isHidden())
    if hands.window.teaching.running:
        hands.window.teaching._process.news.connect(news.append)
    return dialog


def test_a_lesson_runs_beside_the_window_and_gives_way_to_pictures(hands, files):
    news, said = [], []
    hands.window.teaching.said.connect(said.append)
    executor = hands.executor
    dialog = begin(hands, files, news)
    wait(hands, lambda: "Step 1 of 4" in dialog.state.text())
    assert dialog.running.isVisible() and dialog.bar.value() == 250
    arguments = news[0]["all"]
    assert arguments[:5] == ["teach", "wug", *map(str, files[:3])] and arguments[-2:] == ["--events", "--json"]
    assert arguments[arguments.index("--method") + 1] == "custom" and "--class-word" not in arguments
    known = executor.facts
    executor.facts = lambda model: replace(known(model), taught=("wug",))
    hands.window.actions_table["generate.run"].trigger()
    wait(hands, lambda: not hands.window.teaching.running)
    assert [each["event"] for each in news] == ["arguments", "stepped", "waiting", "stepped", "taught"]
    wait(hands, lambda: hands.window.session.facts.taught == ("wug",))
    assert said and "wug" in said[-1] and hands.window.teaching.dialog is None
    assert "wug" in hands.window.prompt_bar._known()


def test_what_will_not_do_is_said_where_it_was_asked_for(hands, files):
    news = []
    dialog = opened(hands)
    assert not dialog.start.isEnabled()
    dialog.pictures.dropped.emit(files)
    wait(hands, lambda: len(dialog.pictures.files) == 3)
    assert "broken.png" in dialog.fault.text() and dialog.fault.isVisible()
    dialog.word.setText("house")
    dialog.start.click()
    wait(hands, lambda: "the model knows" in dialog.fault.text())
    assert not hands.window.teaching.running
    dialog.word.setText("fails")
    dialog.start.click()
    wait(hands, lambda: "There is no room" in dialog.fault.text())
    assert dialog.form.isVisible() and not hands.window.teaching.running and news == []
    dialog.pictures.item(0).setSelected(True)
    dialog.remove.click()
    assert len(dialog.pictures.files) == 2 and not dialog.start.isEnabled()


def test_a_lesson_that_was_paused_is_offered_again_and_can_be_removed(hands, files, home):
    library = Library(home / "models")
    _, folder = lessons.begin(Lesson(word="rufus", model="starter", steps=9), files[:3], library)
    dialog = opened(hands)
    wait(hands, lambda: dialog.begun.count() == 1)
    news = []
    dialog.continue_asked.emit("rufus")
    hands.window.teaching._process.news.connect(news.append)
    wait(hands, lambda: "Step" in dialog.state.text())
    assert news[0]["all"][:3] == ["teach", "rufus", "--resume"]
    dialog.pause.click()
    wait(hands, lambda: not hands.window.teaching.running)
    wait(hands, lambda: dialog.begun.count() == 1)
    assert dialog.form.isVisible()
    dialog.remove_asked.emit("rufus")
    wait(hands, lambda: dialog.begun.count() == 0)
    assert not folder.exists()


def test_a_window_that_closes_lets_the_lesson_keep_what_it_has(hands, files):
    news = []
    begin(hands, files, news)
    process = hands.window.teaching._process
    wait(hands, lambda: bool(news))
    assert hands.window.shut_down()
    assert not process._process.waitForStarted(0) and process._process.exitCode() == 0
    assert json.dumps(news)
