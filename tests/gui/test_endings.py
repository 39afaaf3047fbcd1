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

from canvas.files import ora

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
executor.close = slow
main.LocalExecutor = lambda: executor

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
        # Whatever becomes of threads and libraries on the way out, the work is on disk before.
        assert program.wait(60) != 0
    (file,) = lost(home)
    assert ora.load(file).prompt == "a lake that must not be lost"
