"""The command `wordbrush teach`: a word from pictures, in the engine's teaching room."""

from __future__ import annotations

import threading
from typing import Any

from app.cli.output import DONE, put, put_json, say
from app.cli.parser import Parser, cancel_on_interrupt


def run(arguments: list[str]) -> int:
    """Run `wordbrush teach`; returns the exit code. Ctrl+C keeps what was learnt so far, and ends."""
    from engine.teaching import command

    parser = Parser(
        prog="wordbrush teach",
        usage="wordbrush teach WORD PICTURES... [--method embedding|custom|lora] [--class-word WORD] ...",
        description="Teach a model a new word from 3 to 20 pictures; then it can be written, and painted.",
        epilog=command.EPILOG,
    )
    command.add_flags(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    options = vars(parser.parse_args(arguments))
    with cancel_on_interrupt() as stopped:
        result = _performed(options, stopped)
    if options["json"]:
        put_json(result)
    elif not options["events"]:
        put(command.ending(result))
    return DONE


def _performed(options: dict[str, Any], stopped: threading.Event) -> dict[str, Any]:
    from engine.teaching import command

    quiet = options["events"] or options["json"]
    return command.perform(options, (lambda _text: None) if quiet else say, stopped)
