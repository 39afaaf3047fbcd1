"""Whether a window can open here, found out before Qt is asked: Qt itself would end the process with no way out."""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from app.cli.output import AppError

_MISSING = re.compile(r"(\S+\.so[.\d]*)\S* => not found|^(\S+\.so[.\d]*): cannot open shared object", re.MULTILINE)
_NO_WINDOW = "Without a window, `wordbrush render` makes pictures too."


class NoWindow(AppError):
    """A window cannot open on this machine, or in this session."""


def check() -> None:
    """Makes sure that a window can open; costs a few milliseconds.

    Raises:
        NoWindow: Qt or a library that it needs is missing, or there is no screen to show the window on.
    """
    if importlib.util.find_spec("PySide6") is None:
        raise NoWindow("Qt is not installed.", hint=f"Reinstall Wordbrush. {_NO_WINDOW}")
    if not sys.platform.startswith("linux"):
        return
    name = platform()
    if not name:
        raise NoWindow(
            "There is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set.",
            hint=f"Start it in a desktop session, or with `ssh -X`. {_NO_WINDOW}",
        )
    for plugin in plugins(name):
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            library = next((match[1] or match[2] for match in _MISSING.finditer(str(error))), str(error))
            raise NoWindow(
                f"Qt needs a library that this system lacks: {library}.",
                hint=f"Install it with the system's package manager; `wordbrush doctor` names all. {_NO_WINDOW}",
                details=str(error),
            ) from error
    if name == "xcb" and not _display_answers():
        raise NoWindow(
            f'The screen "{os.environ.get("DISPLAY", "")}" does not answer.',
            hint=f"Check DISPLAY, and that you may use that screen (xauth, xhost). {_NO_WINDOW}",
        )


def platform() -> str:
    """The Qt platform that a window would use: `QT_QPA_PLATFORM`, else what the session offers; "" for none."""
    named = os.environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if named:
        return named
    if sys.platform == "darwin":
        return "cocoa"
    if sys.platform == "win32":
        return "windows"
    if os.environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if os.environ.get("DISPLAY") else ""


def plugins(name: str) -> list[Path]:
    """The libraries of the Qt platform plugin of that name, as they lie in PySide6."""
    spec = importlib.util.find_spec("PySide6")
    places = spec.submodule_search_locations if spec else None
    return [
        plugin for place in places or () for plugin in Path(place, "Qt", "plugins", "platforms").glob(f"libq{name}*.so")
    ]


def missing_libraries(name: str) -> list[str] | None:
    """Every system library that Qt's platform plugin lacks, by file name; None where that cannot be told (no ldd)."""
    ldd = shutil.which("ldd")
    if ldd is None or not sys.platform.startswith("linux"):
        return None
    found: set[str] = set()
    for plugin in plugins(name):
        listed = subprocess.run([ldd, plugin], capture_output=True, text=True, timeout=30, check=False)
        found.update(match[1] or match[2] for match in _MISSING.finditer(listed.stdout))
    return sorted(found)


def try_qt() -> str:
    """Start Qt in a process of its own, without a window; returns what kept it from starting, "" where nothing did."""
    code = "from PySide6.QtGui import QGuiApplication as A; A(['wordbrush'])"
    # a bundle is no interpreter: its entry script does the same by an option of its own
    command = [sys.executable, "--try-qt"] if getattr(sys, "frozen", False) else [sys.executable, "-c", code]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return "" if done.returncode == 0 else (lines[-1] if lines else f"it ended with status {done.returncode}")


def _display_answers() -> bool:
    """Whether the X server named by DISPLAY takes a connection; True where that cannot be told."""
    try:
        xcb = ctypes.CDLL(ctypes.util.find_library("xcb") or "libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return answers
