"""What the command line's commands share: a parser that raises, kinds of values, Ctrl+C as a wish to stop."""

from __future__ import annotations

import argparse
import contextlib
import re
import secrets
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any, NoReturn

from app.cli.output import CommandError, put

# ASCII digits alone, without Python's own "1_000": what a shell's user means by a number.
_SIZE = re.compile(r"(\d{1,6})[xX×](\d{1,6})", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?|nan|inf)", re.ASCII | re.IGNORECASE)
RANDOM_SEEDS = 2**32  # short enough to read out, wide enough never to repeat


ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


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
        raise argparse.ArgumentTypeError(f'"{text}" is not a size, write it as 256x256')
    return int(match[1]), int(match[2])


def whole(text: str) -> int:
    """A whole number as a flag's value; argparse.ArgumentTypeError where it is none."""
    if _WHOLE.fullmatch(text.strip()) is None:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number')
    return int(text)


def seed(text: str) -> int:
    """A seed as a flag's value: a whole number, or a new one each time for "random"."""
    return secrets.randbelow(RANDOM_SEEDS) if text.strip().lower() == "random" else whole(text)


def number(text: str) -> float:
    """A number as a flag's value; argparse.ArgumentTypeError where it is none."""
    if _NUMBER.fullmatch(text.strip()) is None:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number')
    return float(text)


@contextlib.contextmanager
def cancel_on_interrupt() -> Iterator[threading.Event]:
    """An event that Ctrl+C, a polite kill or a closed terminal sets; a second one stops at once.

    SIGHUP that was ignored before stays so: `nohup` means it.
    """
    cancel = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()

    before = {
        number: signal.signal(number, interrupt)
        for number in ENDING
        if number in (signal.SIGINT, signal.SIGTERM) or signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield cancel
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
