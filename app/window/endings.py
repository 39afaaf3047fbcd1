"""The end that a library makes of the process, as where the display dies: unsaved work is kept first."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable


class LastWord:
    """Calls something where a library ends the process by itself, as Qt does when the X server is gone.

    Python hears nothing of that: only what is registered with the C library runs. Elsewhere than with glibc nothing is
    called.
    """

    def __init__(self, act: Callable[[], object]) -> None:
        self._act: Callable[[], object] | None = act
        self._libc: ctypes.CDLL | None = None
        self._callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self._call)
        self._owner = ctypes.create_string_buffer(1)  # its address names us to the C library
        if sys.platform.startswith("linux"):
            libc = ctypes.CDLL(None)
            if hasattr(libc, "__cxa_atexit") and hasattr(libc, "__cxa_finalize"):
                libc["__cxa_atexit"](self._callback, None, self._owner)
                self._libc = libc

    def close(self) -> None:
        """The process goes on without it; it must be called before Python itself ends."""
        self._act = None
        if self._libc is not None:
            self._libc["__cxa_finalize"](self._owner)  # runs it, which does nothing by now, and forgets it
            self._libc = None

    def _call(self, _argument: object) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()
