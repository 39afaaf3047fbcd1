"""What the command line's commands share: a parser that raises, kinds of values, Ctrl+C as a wish to stop."""

from __future__ import annotations

import argparse
import contextlib
import re
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any, NoReturn

from app.cli.output import CommandError, put

_SIZE = re.compile(r"(\d{1,6})[xX×](\d{1,6})", re.ASCII)


class Parser(argparse.ArgumentParser):
    """argparse that raises CommandError instead of leaving, and OutputError where its help cannot be written."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings)

    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message[:1].upper()}{message[1:]}.", hint=f"See {self.prog} --help.")

    def print_help(self, file: Any = None) -> None:
        put(self.format_help().rstrip())


def size(text: str) -> tuple[int, int]:
    """WIDTHxHEIGHT as a flag's value; argparse.ArgumentTypeError where it is none."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f'"{text}" is no size, write it as 256x256')
    return int(match[1]), int(match[2])


def whole(text: str) -> int:
    """A whole number as a flag's value; argparse.ArgumentTypeError where it is none."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no whole number') from None


def number(text: str) -> float:
    """A number as a flag's value; argparse.ArgumentTypeError where it is none."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no number') from None


@contextlib.contextmanager
def cancel_on_interrupt() -> Iterator[threading.Event]:
    """An event that Ctrl+C (or a polite kill) sets; a second Ctrl+C stops at once."""
    cancel = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield cancel
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
