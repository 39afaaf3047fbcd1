"""The program's one log file, for the report of a problem: what it did and what went wrong, never what was written."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import platform
import re
import sys
import threading
import types
from collections.abc import Iterator
from pathlib import Path

from app.environment import debugging, version
from app.paths import Paths

LARGEST_FILE = 1_000_000  # bytes; then it becomes wordbrush.log.1, and that one .2, which is the last
OLD_FILES = 2
LONGEST_RECORD = 20_000  # characters
TAIL = 200_000  # bytes of a report
OURS = ("app", "canvas", "engine", "resources")

_FORMAT = "%(asctime)s %(levelname)s [%(process)d] %(name)s: %(message)s"
_SECRETS = (
    (re.compile(r"\b(hf|sk|gh[pousr])_[A-Za-z0-9_-]{8,}"), r"\1_(hidden)"),
    (re.compile(r"(?i)\b(bearer|basic) +[A-Za-z0-9._~+/=-]{8,}"), r"\1 (hidden)"),
    (
        re.compile(r"(?i)((?:token|secret|password|api[_-]?key)['\"]? *[:=] *)(['\"]?)[^\s'\",;&]+"),
        r"\1\2(hidden)",
    ),
    (re.compile(r"://[^/\s:@]+:[^/\s@]+@"), "://(hidden)@"),
)


class _Formatter(logging.Formatter):
    """Lines without tokens, passwords and the name of the user's home, and none without end."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)
        home = str(Path.home())
        self._home = home if len(home) > 1 else ""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        if len(text) > LONGEST_RECORD:
            half = LONGEST_RECORD // 2
            text = f"{text[:half]}\n... ({len(text) - 2 * half} characters left out) ...\n{text[-half:]}"
        for pattern, instead in _SECRETS:
            text = pattern.sub(instead, text)
        return text.replace(self._home, "~") if self._home else text


class _File(logging.handlers.RotatingFileHandler):
    """The file, its owner's alone. A disk that takes nothing ends the log and not the program.

    Several processes may write: each appends whole lines. When one turns the file over, another that has it open goes
    on in the old one until it turns over too. Nothing is written, and no file made, before the first record, which
    is preceded by one that says what was started.
    """

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            path, maxBytes=LARGEST_FILE, backupCount=OLD_FILES, encoding="utf-8", errors="backslashreplace", delay=True
        )
        self.setFormatter(_Formatter())
        self.addFilter(_from_us_or_serious)
        self._what, self.used = what, False

    def emit(self, record: logging.LogRecord) -> None:
        if not self.used:
            self.used = True
            text = f"Started {self._what}: {about()}"
            first = logging.LogRecord(__name__, logging.INFO, __file__, 0, text, None, None)
            first.created, first.msecs = record.created, record.msecs  # it is written now, and was then
            super().emit(first)
        super().emit(record)

    def _open(self):  # type: ignore[no-untyped-def]
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self.baseFilename, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        if debugging() and sys.stderr is not None:
            super().handleError(record)


def _from_us_or_serious(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OURS


@contextlib.contextmanager
def to_file(what: str) -> Iterator[None]:
    """Meanwhile all that is logged goes to the file; `what` names the command that was started."""
    handler = _File(Paths.of_user().log, what)
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in OURS}
    root.addHandler(handler)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    try:
        yield
    finally:
        if handler.used:
            logging.getLogger(__name__).info("Ended %s.", what)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        root.removeHandler(handler)
        handler.close()


def about() -> str:
    """Program, Python and system in one line."""
    return f"Wordbrush {version()}, Python {platform.python_version()}, {platform.platform()}"


def tail() -> str:
    """The end of the log, at most about 200 kB, from the start of a line; "" where there is none."""
    try:
        with Paths.of_user().log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            data = file.read(TAIL)
    except OSError:
        return ""
    if size > TAIL:
        data = data.partition(b"\n")[2]
    return data.decode("utf-8", errors="replace")


@contextlib.contextmanager
def uncaught() -> Iterator[None]:
    """Meanwhile an exception on a thread, or in a destructor, that nobody caught goes to the log and not to stderr.

    What nobody caught on the first thread is shown by another part: the window's banner, or the command line.
    """
    log = logging.getLogger(__name__)

    def on_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            name = args.thread.name if args.thread else "?"
            log.error("Nobody caught this on the thread %s", name, exc_info=args.exc_value)

    def unraisable(args: sys.UnraisableHookArgs) -> None:
        log.error("Nobody could catch this in %r", args.object, exc_info=args.exc_value)

    before = threading.excepthook, sys.unraisablehook
    if not debugging():
        threading.excepthook, sys.unraisablehook = on_thread, unraisable
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before


def error(text: str, exception: BaseException, trace: types.TracebackType | None = None) -> None:
    """Put an exception with its traceback into the log."""
    info = (type(exception), exception, trace or exception.__traceback__)
    logging.getLogger(__name__).error(text, exc_info=info)
