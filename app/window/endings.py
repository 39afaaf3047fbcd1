"""How the process ends: in a few seconds whatever hangs, and with unsaved work kept where a library ends it."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

CLOSING = 5.0
"""Seconds in which the window has closed, even where the engine or a disk does not answer."""

WRITING = 120.0
"""Seconds for which the process then still lives, unseen, to finish what is being written."""


class Deadline:
    """The seconds that are left of some that began when it was made."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def __call__(self, most: float = float("inf")) -> float:
        """What is left, at most `most`; never below 0."""
        return min(max(0.0, self._end - time.monotonic()), most)


def leave(code: int, *, wait: float = WRITING) -> NoReturn:
    """End the process although threads still run: once those that write are done, or after `wait` seconds.

    Python's own end would wait for them for ever, or pull the interpreter from under an engine that calculates.
    """
    left = Deadline(wait)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(left())
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(code)


class LastWord:
    """Calls something where a library ends the process by itself, as Qt does when the X server is gone.

    Python hears nothing of that: only what is registered with the C library runs. Elsewhere than with glibc nothing is
    called. The process then ends at once: what the libraries would still tear down, other threads are using.
    """

    def __init__(self, act: Callable[[], object]) -> None:
        self._act: Callable[[], object] | None = act
        self._libc: ctypes.CDLL | None = None
        self._callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self._call)
        self._owner = ctypes.create_string_buffer(1)  # its address names us to the C library
        if sys.platform.startswith("linux"):
            libc = ctypes.CDLL(None)
            if hasattr(libc, "__cxa_atexit") and hasattr(libc, "__cxa_finalize"):
                self._libc = libc
                libc["__cxa_atexit"](self._callback, None, self._owner)

    def renew(self) -> None:
        """Come before the libraries that were loaded since: what was registered last is called first."""
        if self._libc is not None and self._act is not None:
            act, self._act = self._act, None
            self._libc["__cxa_finalize"](self._owner)
            self._act = act
            self._libc["__cxa_atexit"](self._callback, None, self._owner)

    def close(self) -> None:
        """The process goes on without it; it must be called before Python itself ends."""
        self._act = None
        if self._libc is not None:
            self._libc["__cxa_finalize"](self._owner)  # runs it, which does nothing by now, and forgets it
            self._libc = None

    def _call(self, _argument: object) -> None:
        act, self._act = self._act, None
        if act is not None:
            try:
                act()
            finally:
                os._exit(1)
