"""How the command line speaks: results on stdout, progress and errors on stderr, an exit code for each kind of end."""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import math
import os
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

from app.environment import debugging
from resources.errors import ExplainedError

DONE, FAILED, BAD_USE = 0, 1, 2
_BAD_USE_TYPES = frozenset({"CommandError", "BadRequest", "SceneError", "ModelNotFound", "DeviceUnavailable"})
_NAMES = {  # what a path can be that no program may open, wherever it is named
    errno.ENAMETOOLONG: "This name is too long for the disk",
    errno.ELOOP: "This link leads round in a circle",
    errno.EACCES: "You may not open this",
    errno.ENOTDIR: "A part of this path is not a folder",
}
_log = logging.getLogger(__name__)
_TRY_DEBUG = "Run it again with WORDBRUSH_DEBUG=1 to see where, and include that in a report."


class AppError(ExplainedError):
    """Base of the program's own errors."""


class CommandError(AppError):
    """The command is not understood, or names something that is not there."""


class Cancelled(AppError):
    """The user stopped the command (Ctrl+C); what was finished before is kept."""

    def __init__(self, message: str = "Cancelled.", *, hint: str = "Run it again to start from the beginning.") -> None:
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
    if isinstance(error, OSError) and error.errno in _NAMES:
        return CommandError(
            f"{_NAMES[error.errno]}: {_short(error.filename)}.",
            hint="Check the path, or move the file to another place.",
            details=repr(error),
        )
    from engine.errors import DeviceOutOfMemory, InternalError

    details = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError):
        return DeviceOutOfMemory(
            "The machine ran out of memory.", hint="Close other programs and try again.", details=details
        )
    return InternalError("Something went wrong inside Wordbrush.", hint=_TRY_DEBUG, details=details)


def _short(name: object) -> str:
    text = os.fsdecode(name) if isinstance(name, bytes | str | os.PathLike) else "the file"
    return f'"{text if len(text) <= 80 else text[:40] + "..." + text[-30:]}"'


def exit_code(error: BaseException) -> int:
    """2 for what was asked wrongly (a value out of range, a thing that is not there), 1 for what went wrong."""
    return BAD_USE if _BAD_USE_TYPES & {kind.__name__ for kind in type(error).__mro__} else FAILED


def show_error(error: BaseException, *, as_json: bool) -> int:
    """Say on stderr what went wrong and what to do next; returns the exit code.

    A traceback comes only under WORDBRUSH_DEBUG=1, before the message.
    """
    known = typed(error)
    name = type(known).__name__
    internal = name == "InternalError"
    hint = _TRY_DEBUG if internal else known.hint
    # What a typed error says may quote the prompt; its name is enough.
    _log.log(logging.ERROR if internal else logging.INFO, "%s%s", name, f"\n{known.details}" if internal else "")
    if debugging():
        traceback.print_exception(error, file=sys.stderr)
        if known.details:
            print(known.details, file=sys.stderr)
    if as_json:
        text = json.dumps({"error": {"type": name, "message": known.message, "hint": hint}})
    else:
        text = f"wordbrush: {known.message}\n  {hint}"
    tell(text + "\n")
    return exit_code(known)


def hold_streams() -> None:
    """Makes sure that stdin, stdout and stderr are open, so that no file of ours or a library's gets their numbers.

    A closed stderr swallows messages; a closed stdout stays `sys.stdout = None`, and `put` says so.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  (for as long as the process lives)


def tell(text: str) -> None:
    """Write to stderr what somebody may read; that nobody can must not stop the work, nor change how it ends."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    """Lets go what is still in a stream's buffer: at exit it would fail once more and spoil the exit status."""
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def say(text: str) -> None:
    """A line on stderr that a person should read; nothing where there is nobody to read it."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(text, file=sys.stderr, flush=True)


def put(text: str) -> None:
    """Write results to stdout, to the end.

    Raises:
        OutputError: the disk is full, or the reader of a pipe has gone.
    """
    if sys.stdout is None:
        raise OutputError(OSError(errno.EBADF, os.strerror(errno.EBADF)))
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError as error:
        _drop(sys.stdout)
        raise OutputError(error) from error


def put_json(value: Mapping[str, Any]) -> None:
    """Write one JSON object to stdout, in ASCII, so that any terminal's encoding will do. Raises OutputError.

    JSON has no NaN and no infinity: a number that is not finite is null, which says the same, that it is not known.
    """
    put(json.dumps(_finite(value), allow_nan=False))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(each) for key, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, list | tuple) else value


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
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # progress that nobody can read must not stop the work
            _drop(self._stream)


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
