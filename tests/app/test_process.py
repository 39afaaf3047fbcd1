"""Signals reach the window only between two events, and Qt's messages and crashes reach the log."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QtMsgType, qInstallMessageHandler, qWarning

from app import log, process
from app.paths import Paths
from tests.app.conftest import environment


@pytest.fixture
def signals(qtbot):
    # A shell starts what it puts in the background with SIGINT ignored, and nohup with SIGHUP.
    before = {number: signal.signal(number, signal.SIG_DFL) for number in process.ENDING}
    made = process.SystemSignals()
    yield made
    made.close()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", process.ENDING, ids=lambda number: number.name)
def test_a_signal_does_nothing_until_the_event_loop_comes_round(signals, qtbot, number):
    told = []
    signals.told_to_end.connect(told.append)
    os.kill(os.getpid(), number)
    for _ in range(1000):  # an edit in the middle of which it comes
        assert told == []
    with qtbot.waitSignal(signals.told_to_end, timeout=5000):
        pass
    assert told == [number]


def test_signals_go_back_to_whoever_had_them(qtbot):
    before = {number: signal.getsignal(number) for number in process.ENDING}
    made = process.SystemSignals()
    assert signal.getsignal(signal.SIGTERM) != before[signal.SIGTERM]
    made.close()
    assert {number: signal.getsignal(number) for number in process.ENDING} == before


def test_a_signal_that_was_ignored_stays_so(qtbot):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    made = process.SystemSignals()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    made.close()
    assert signal.signal(signal.SIGHUP, before) is signal.SIG_IGN


def test_qts_messages_go_to_the_log_alone(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("WORDBRUSH_HOME", str(tmp_path))
    told = []
    before = qInstallMessageHandler(lambda kind, _context, text: told.append((kind, text)))
    try:
        with log.to_file("a test"), process.qt_messages():
            qWarning("a word of Qt's")
        qWarning("afterwards")
    finally:
        qInstallMessageHandler(before)
    text = Paths.of_user().log.read_text("utf-8")
    assert "WARNING" in text and "a word of Qt's" in text and "afterwards" not in text
    assert told == [(QtMsgType.QtWarningMsg, "afterwards")] and capfd.readouterr().err == ""


def test_a_crash_below_python_leaves_every_thread_in_the_log(tmp_path: Path):
    code = (
        "import faulthandler\nfrom app import log, process\n"
        "def in_the_middle():\n    faulthandler._sigsegv()\n"
        "with log.to_file('a test'), process.crashes():\n    in_the_middle()\n"
    )
    home = {"WORDBRUSH_HOME": str(tmp_path / "crashed")}
    done = subprocess.run([sys.executable, "-c", code], env=environment(**home), capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGSEGV
    text = (tmp_path / "crashed" / "wordbrush.log").read_text("utf-8")
    assert "Segmentation fault" in text and "in in_the_middle" in text
