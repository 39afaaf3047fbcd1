"""What comes to the process from outside and from below: signals, Qt's own messages, exceptions that nobody caught."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QSocketNotifier, QtMsgType, Signal, qInstallMessageHandler

from app import log
from app.environment import debugging
from app.paths import Paths
from engine.errors import InternalError

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name))
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_log = logging.getLogger(__name__)


class SystemSignals(QObject):
    """The system's wish that the program ends, as a signal of Qt's on the window's thread.

    The handler itself does nothing: it may run between any two instructions, in the middle of an edit. Python writes
    the signal's number to a socket, and Qt's event loop reads it when everything before it is done.
    """

    told_to_end = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read_end, self._write_end = socket.socketpair()
        for end in (self._read_end, self._write_end):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._read_end.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._take)
        self._old_wakeup = signal.set_wakeup_fd(self._write_end.fileno(), warn_on_full_buffer=False)
        # SIGHUP that was ignored before we came stays so: nohup means it.
        self._old_handlers = {
            number: signal.signal(number, _do_nothing)
            for number in ENDING
            if number in (signal.SIGTERM, signal.SIGINT) or signal.getsignal(number) is not signal.SIG_IGN
        }

    def close(self) -> None:
        """Leave the signals to whoever had them before."""
        self._notifier.setEnabled(False)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_wakeup)
        self._read_end.close()
        self._write_end.close()

    def _take(self) -> None:
        with contextlib.suppress(BlockingIOError):
            for number in self._read_end.recv(4096):
                if number in self._old_handlers:
                    _log.info("Told to end by %s.", signal.Signals(number).name)
                    self.told_to_end.emit(number)


def _do_nothing(number: int, frame: FrameType | None) -> None:
    """What has to be done is done by `SystemSignals._take`."""


def show_uncaught(show: Callable[[BaseException], object], close: Callable[[], object]) -> None:
    """From now on an exception that nobody caught is handed to `show` and the log, never a dead program."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        text = "".join(traceback.format_exception(kind, error, trace))
        if debugging() and sys.stderr is not None:
            sys.stderr.write(text)
        if issubclass(kind, KeyboardInterrupt):
            close()
            return
        log.error("Nobody caught this", error, trace)
        if not getattr(error, "hint", ""):
            error = InternalError(
                "Something went wrong inside Wordbrush.",
                hint="Your scene is untouched; save it now (Ctrl+S). Copy the log if you want to report it.",
                details=text,
            )
        show(error)

    sys.excepthook = hook


@contextlib.contextmanager
def qt_messages() -> Iterator[None]:
    """Meanwhile what Qt has to say goes to the log, and to stderr only where somebody debugs."""
    qt = logging.getLogger("qt")

    def take(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        qt.log(_QT_LEVELS.get(kind, logging.WARNING), "%s%s", f"{context.category}: " if context.category else "", text)
        if debugging() and sys.stderr is not None:
            sys.stderr.write(f"{text}\n")

    before: Any = qInstallMessageHandler(take)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


@contextlib.contextmanager
def crashes() -> Iterator[None]:
    """Meanwhile a crash below Python, in Qt or torch, leaves in the log where every thread was."""
    try:
        Paths.of_user().log.parent.mkdir(parents=True, exist_ok=True)
        file = open(Paths.of_user().log, "a")  # noqa: SIM115  (a crash needs it open)
    except OSError:
        yield
        return
    with file:
        faulthandler.enable(file)
        try:
            yield
        finally:
            faulthandler.disable()
