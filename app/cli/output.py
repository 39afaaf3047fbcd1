"""How the command line speaks: results on stdout, progress and errors on stderr, an exit code for each kind of end."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

from app.environment import debugging

DONE, FAILED, BAD_USE = 0, 1, 2
_BAD_USE_TYPES = frozenset({"CommandError", "BadRequest", "SceneError", "ModelNotFound", "DeviceUnavailable"})
_TRY_DEBUG = "Run it again with WORDBRUSH_DEBUG=1 to see where, and put that into a report."


class AppError(Exception):
    """Base of the program's own errors; `message`, `hint` and `details` as in engine/errors.py."""

    def __init__(self, message: str, *, hint: str, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details


class CommandError(AppError):
    """The command is not understood, or names something that is not there."""


class Cancelled(AppError):
    """The user stopped the command (Ctrl+C); what was finished before is kept."""

    def __init__(self, message: str = "Cancelled.", *, hint: str = "Run it again to start over.") -> None:
        super().__init__(message, hint=hint)


class OutputError(AppError):
    """The results could not be written to stdout."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            "The results could not be written to the output.",
            hint="Check that the disk is not full, or send the output somewhere else.",
            details=repr(error),
        )


def typed(error: BaseException) -> Any:
    """`error`, if it has a hint; otherwise the typed error that stands for it."""
    if hasattr(error, "hint") and hasattr(error, "message"):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Cancelled()
    from engine.errors import DeviceOutOfMemory, InternalError

    details = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError):
        return DeviceOutOfMemory(
            "The machine ran out of memory.", hint="Close other programs and try again.", details=details
        )
    return InternalError("Something went wrong inside Wordbrush.", hint=_TRY_DEBUG, details=details)


def exit_code(error: BaseException) -> int:
    """2 for what was asked wrongly (a value out of range, a thing that is not there), 1 for what went wrong."""
    return BAD_USE if _BAD_USE_TYPES & {kind.__name__ for kind in type(error).__mro__} else FAILED


def show_error(error: BaseException, *, as_json: bool) -> int:
    """Say on stderr what went wrong and what to do next; returns the exit code.

    A traceback comes only under WORDBRUSH_DEBUG=1, before the message.
    """
    known = typed(error)
    name = type(known).__name__
    hint = _TRY_DEBUG if name == "InternalError" else known.hint
    if debugging():
        traceback.print_exception(error, file=sys.stderr)
        if known.details:
            print(known.details, file=sys.stderr)
    if as_json:
        text = json.dumps({"error": {"type": name, "message": known.message, "hint": hint}})
    else:
        text = f"wordbrush: {known.message}\n  {hint}"
    with contextlib.suppress(OSError):  # there is nobody left to tell
        print(text, file=sys.stderr, flush=True)
    return exit_code(known)


def put(text: str) -> None:
    """Write results to stdout, to the end.

    Raises:
        OutputError: the disk is full, or the reader of a pipe has gone.
    """
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError as error:
        # What is still in the buffer would fail once more at exit, with a traceback of the interpreter's own.
        with contextlib.suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        raise OutputError(error) from error


def put_json(value: Mapping[str, Any]) -> None:
    """Write one JSON object to stdout, in ASCII, so that any terminal's encoding will do. Raises OutputError."""
    put(json.dumps(value, allow_nan=False))


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of one kind as aligned columns under their keys; floats with four significant digits."""
    if not rows:
        return ""
    lines = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return " .. ".join(_cell(item) for item in value)
    return str(value)


def size_text(count: int | None) -> str:
    """Bytes for people: "28 MB", "7.6 GB"; "?" where it is not known."""
    if count is None:
        return "?"
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"


class Progress:
    """What is being done, on stderr: on a terminal one line that rewrites itself, elsewhere a line for what matters.

    Args:
        stream: where to; by default stderr.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._first: tuple[float, float] | None = None
        self._last = ""

    def __call__(self, text: str, fraction: float) -> None:
        """News: `text`, and 0..1 of the whole done; after three seconds of it with an estimate of what is left."""
        now = time.monotonic()
        # Counted from the first news on: what came before it, such as loading a model, comes only once.
        began, start = self._first = self._first or (now, fraction)
        passed, done = now - began, fraction - start
        left = f", {_duration(passed * (1 - fraction) / done)} left" if done > 0.01 and passed > 3 else ""
        self._show(f"{text} ({fraction:.0%}{left})")

    def step(self, text: str, fraction: float) -> None:
        """News of a small step, as a call; a log, where it would be one line of hundreds, does without."""
        if self._terminal:
            self(text, fraction)

    def passing(self, text: str) -> None:
        """News without a measure that the next replaces; only a terminal shows it."""
        if self._terminal:
            self._show(text)

    def say(self, text: str) -> None:
        """News without a measure."""
        self._show(text)

    def note(self, text: str) -> None:
        """A line that stays."""
        self._show(text)
        self.end()

    def end(self) -> None:
        """Leave the line, so that what comes next does not run into it."""
        if self._terminal and self._last:
            self._write("\n")
        self._last = ""

    def _show(self, text: str) -> None:
        if text == self._last:
            return
        self._write(f"\r\x1b[K{text}" if self._terminal else f"{text}\n")
        self._last = text

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):  # progress that nobody can read must not stop the work
            self._stream.write(text)
            self._stream.flush()


@contextlib.contextmanager
def progress() -> Iterator[Progress]:
    """A `Progress` that leaves its line however the work ends."""
    news = Progress()
    try:
        yield news
    finally:
        news.end()


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
