"""A lesson in a process of its own: started, told to wait, to go on or to pause, and its news read line by line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

import app
from engine.errors import EngineError
from engine.teaching.events import GO, PAUSE, WAIT


class LessonProcess(QObject):
    """`news` brings what happens as `engine.teaching.events.to_json` writes it; `ended` comes once, with the error that
    ended it or None."""

    news = Signal(dict)
    ended = Signal(object)

    def __init__(self, arguments: Sequence[str], parent: QObject | None = None) -> None:
        """`arguments` are those of `wordbrush teach`, without those for the talk."""
        super().__init__(parent)
        self._said, self._over, self._stopping = GO, False, False
        self._begun = b""
        self._process = QProcess(self)
        program, first = _program()
        self._process.setProgram(program)
        self._process.setArguments([*first, "teach", *arguments, "--events", "--json"])
        environment = QProcessEnvironment.systemEnvironment()
        root = str(Path(app.__file__).resolve().parents[1])
        paths = [root, *filter(None, environment.value("PYTHONPATH", "").split(os.pathsep))]
        environment.insert("PYTHONPATH", os.pathsep.join(dict.fromkeys(paths)))
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    def start(self) -> None:
        """Start the process."""
        self._process.start()

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return not self._over

    def wait(self, waits: bool) -> None:
        """Stand still until it may go on, or go on."""
        if not self._stopping:
            self._say(WAIT if waits else GO)

    def pause(self) -> None:
        """Keep what was learnt, and end."""
        self._stopping = True
        self._say(PAUSE)

    def close(self, timeout: float | None = None) -> bool:
        """Pause, and wait for the end; after `timeout` seconds it goes on pausing by itself, and this is False."""
        if self._over:
            return True
        self._over = True  # nobody listens any more
        self._say(PAUSE)
        self._process.closeWriteChannel()
        return bool(self._process.waitForFinished(-1 if timeout is None else max(1, int(1000 * timeout))))

    def kill(self) -> None:
        """End at once; what was learnt since the last checkpoint is lost."""
        self._stopping = True
        self._process.kill()

    def _say(self, word: str) -> None:
        if word != self._said and self._process.state() != QProcess.ProcessState.NotRunning:
            self._said = word
            self._process.write(f"{word}\n".encode())

    def _read(self) -> None:
        self._begun += bytes(self._process.readAllStandardOutput().data())
        *lines, self._begun = self._begun.split(b"\n")
        for line in lines:
            said = _object(line)
            if "event" in said and not self._over:
                self.news.emit(said)

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        if self._over:
            return
        self._read()
        self._over = True
        error: EngineError | None = None
        if not self._stopping and (code or status == QProcess.ExitStatus.CrashExit):
            error = _error(bytes(self._process.readAllStandardError().data()))
        self.ended.emit(error)

    def _fail(self, problem: QProcess.ProcessError) -> None:
        if problem == QProcess.ProcessError.FailedToStart and not self._over:
            self._over = True
            self.ended.emit(_error(self._process.errorString().encode()))


def _program() -> tuple[str, list[str]]:
    """What runs `wordbrush`, and its first arguments: the program itself where it is a bundle."""
    return sys.executable, [] if getattr(sys, "frozen", False) else ["-m", "app"]


def _object(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _error(told: bytes) -> EngineError:
    """The error that a process wrote as its last JSON, or what there is of it."""
    for line in reversed(told.splitlines()):
        said = _object(line).get("error")
        if isinstance(said, dict) and isinstance(said.get("message"), str):
            return EngineError(said["message"], hint=str(said.get("hint", "")))
    details = told.decode(errors="replace").strip()[-2000:]
    return EngineError(
        "The teaching ended by itself.",
        hint="Continue it: what was learnt until the last checkpoint is kept.",
        details=details,
    )
