"""Ends from outside: unsaved work is on disk before anything else, and the program's files are its owner's alone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.storage import autosave
from app.storage.autosave import Autosave
from app.window import main_window
from canvas.files import ora
from canvas.model.document import Document
from canvas.model.scene import Scene

ROOT = Path(__file__).parents[2]

PROGRAM = """
import ctypes, os, signal, sys, threading, time
# Whoever started the tests may ignore them (nohup, a shell's background), which a child inherits.
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_DFL)
from PySide6.QtCore import QTimer
from app import main
from app.window.main_window import MainWindow
from tests.fake_executor import FakeExecutor

executor = FakeExecutor()
close = executor.close
def slow(timeout=None):
    time.sleep(3)
    return close(timeout)
def never(timeout=None):
    threading.Event().wait(timeout)
    return False
executor.close = never if sys.argv[1] == "close" else slow
main.LocalExecutor = lambda **_given: executor

def work():
    window = next(w for w in main.QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    window.document.set_prompt("a lake that must not be lost")
    print("ready", flush=True)
    if sys.argv[1] == "exit":
        ctypes.CDLL(None).exit(1)  # as Qt does where the display is gone

app = main.make_application()
QTimer.singleShot(600, work)
sys.exit(main.run())
"""


@contextlib.contextmanager
def start(home: Path, how: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "WORDBRUSH_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PROGRAM, how]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as program:
        try:
            yield program
        finally:
            program.kill()  # one that a failed check leaves behind would be waited for


def lost(home: Path) -> list[Path]:
    return [file for file in (home / "autosave").glob("*.ora")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name)
def test_a_signal_keeps_unsaved_work_before_it_waits_for_the_engine(home, number):
    with start(home, "wait") as program:
        assert program.stdout.readline() == "ready\n"
        program.send_signal(number)
        told = time.monotonic()
        while not lost(home):
            assert time.monotonic() - told < 30
            time.sleep(0.02)
        assert program.poll() is None, "the scene is on disk while the engine is still waited for"
        assert program.wait(60) == 0
    (file,) = lost(home)
    assert ora.load(file).prompt == "a lake that must not be lost"
    assert file.stat().st_mode & 0o777 == 0o600 and file.parent.stat().st_mode & 0o777 == 0o700


def test_a_library_that_ends_the_process_does_not_take_unsaved_work_with_it(home):
    with start(home, "exit") as program:
        assert program.stdout.readline() == "ready\n"
        # The libraries are not torn down while other threads are still in them: that was a crash, one time in four.
        assert program.wait(60) == 1
    (file,) = lost(home)
    assert ora.load(file).prompt == "a lake that must not be lost"


def test_a_window_closes_in_time_although_neither_engine_nor_disk_answers(make_window, monkeypatch):
    hands = make_window(Scene("a lake"))
    window, order = hands.window, []
    waited: list[float] = []

    def no_answer(timeout: float | None = 10.0) -> bool:
        order.append("engine")
        waited.append(timeout)
        time.sleep(timeout)
        return False

    def slow(*args: object, **options: object) -> None:
        order.append("autosave")
        time.sleep(2.5)
        save(*args, **options)

    save = autosave.ora.save
    monkeypatch.setattr(main_window, "CLOSING", 1.0)
    monkeypatch.setattr(window.generation._executor, "close", no_answer)
    monkeypatch.setattr(autosave.ora, "save", slow)
    window.generation.keeper.again = lambda: time.sleep(2.0)
    window.files._worker.run(lambda: time.sleep(2.0), lambda _: None, lambda _: None)
    window.document.set_prompt("a lake that must not be lost")
    began = time.monotonic()
    assert not window.shut_down(keep_unsaved=True), "it says that threads go on"
    took = time.monotonic() - began
    assert took < 1.3 and window.isHidden() and order[0] == "autosave" and 0 < waited[0] <= 0.5
    folder = window.preferences.folders.autosave
    hands.qtbot.waitUntil(lambda: bool(list(folder.glob("*.ora"))), timeout=8000)
    (file,) = folder.glob("*.ora")
    assert ora.load(file).prompt == "a lake that must not be lost", "what was being written is finished behind it"


def test_a_scene_that_nobody_wants_is_not_left_behind_by_a_slow_disk(tmp_path, qtbot, monkeypatch):
    document = Document(Scene("a lake"))
    saver = Autosave(tmp_path, document)
    save = autosave.ora.save
    monkeypatch.setattr(autosave.ora, "save", lambda *args, **named: (time.sleep(0.6), save(*args, **named)))
    document.set_prompt("a hill")
    saver.save_soon()
    assert not saver.close(timeout=0.1) and not list(tmp_path.glob("*.ora"))
    time.sleep(1.2)
    assert not list(tmp_path.glob("*.ora"))


def test_a_program_whose_engine_never_answers_ends_in_time_with_its_own_exit_code(home):
    with start(home, "close") as program:
        assert program.stdout.readline() == "ready\n"
        program.send_signal(signal.SIGTERM)
        told = time.monotonic()
        assert program.wait(60) == 0
        assert time.monotonic() - told < 7  # CLOSING, and a busy machine
    (file,) = lost(home)
    assert ora.load(file).prompt == "a lake that must not be lost"
