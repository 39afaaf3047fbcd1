"""The command line: what is asked for, who does it, and with which exit code it ends."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from app import log, paths
from app.cli import (
    describe_command,
    farm_command,
    find_command,
    mask_command,
    measure,
    models_command,
    mood_command,
    render_command,
    scene_command,
    serve_command,
    teach_command,
)
from app.cli.output import DONE, CommandError, hold_streams, put, put_json, show_error
from app.cli.parser import Parser
from app.environment import debugging, version
from engine.surroundings import own_process, still_compiling

_EPILOG = """\
commands:
  render          make pictures without the window
  farm            make many pictures: scenes, seeds and settings, on a Ray cluster too
  find            find pictures in a folder, by words or by a picture
  index           read a folder's pictures in advance, so that they are found
  scene           make a scene file from another file; read and write colour maps
  mask            find words in a picture, and write where they are
  describe        what a picture shows: a prompt whose words are painted
  mood            keep what pictures that you like have in common, to make others like them
  models          list, add, check, download and remove models
  teach           teach a model a new word, from pictures of it
  serve           run the engine here for windows on other machines
  bench           measure speed (of the engine, of the canvas)
  lab             measure how well the model obeys paint
  doctor          what Wordbrush finds on this machine, for problem reports
  wordbrush COMMAND --help explains each.

To open a file that has the name of a command, write ./NAME.
Exit status: 0 done, 1 failed, 2 bad use. WORDBRUSH_DEBUG=1 adds tracebacks to errors.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """The entry point `wordbrush`: runs what `argv` (by default the process's own) asks for; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    hold_streams()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if not debugging() and not sys.warnoptions:
        warnings.simplefilter("ignore")  # what libraries say to their authors
    paths.tell_engine()
    own_process()
    command = arguments[0] if arguments and arguments[0] in _COMMANDS else ""
    with log.to_file(f"wordbrush {command}".rstrip()), log.uncaught():
        code = _code_of(command, arguments)
    if still_compiling():
        from app.window.endings import leave

        leave(code)
    return code


def _code_of(command: str, arguments: list[str]) -> int:
    try:
        return _run(command, arguments)
    except SystemExit as leaving:  # --help and --version
        return leaving.code if isinstance(leaving.code, int) else DONE
    except (Exception, KeyboardInterrupt) as error:
        return show_error(error, as_json="--json" in arguments)


def _run(command: str, arguments: list[str]) -> int:
    return _COMMANDS[command](arguments[1:]) if command else _window(arguments)


def _window(arguments: list[str]) -> int:
    parser = Parser(
        prog="wordbrush",
        usage="wordbrush [FILE]\n       wordbrush COMMAND ...",
        description="Paint with words: write a prompt, paint where its words should be, and watch the picture appear.",
        epilog=_EPILOG,
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", type=Path, help="a scene (.ora), or a picture that contains one (.png)"
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    options = parser.parse_args(arguments)
    if options.version:
        put(f"wordbrush {version()}")
        return DONE
    if options.file is not None and not options.file.is_file():
        raise CommandError(
            f'There is no file "{options.file}".',
            hint=f"Name a .ora or .png file, or a command: {', '.join(_COMMANDS)}.",
        )
    from app.cli import display_check

    display_check.check()
    from app import main as window

    return window.run(options.file)


def _doctor(arguments: list[str]) -> int:
    parser = Parser(
        prog="wordbrush doctor", description="What Wordbrush finds on this machine; nothing is changed or sent."
    )
    parser.add_argument("--families", action="store_true", help="which kinds of models this program can use, and how")
    parser.add_argument("--json", action="store_true", help="print one JSON object to stdout")
    options = parser.parse_args(arguments)
    if options.families:
        from app.cli import families

        known = families.examine()
        put_json(known) if options.json else put(families.text(known))
        return DONE
    from app.cli import doctor

    findings = doctor.examine()
    if options.json:
        put_json(findings)
    else:
        put(doctor.text(findings))
    return DONE


_COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "render": render_command.run,
    "bench": measure.bench,
    "lab": measure.lab,
    "farm": farm_command.run,
    "scene": scene_command.run,
    "find": find_command.run,
    "index": find_command.run_index,
    "mask": mask_command.run,
    "describe": describe_command.run,
    "mood": mood_command.run,
    "models": models_command.run,
    "teach": teach_command.run,
    "serve": serve_command.run,
    "doctor": _doctor,
}
