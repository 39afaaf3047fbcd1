"""The command line: what is asked for, who does it, and with which exit code it ends."""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib
import re
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from app import folders
from app.condition_options import parse_encoders, parse_style
from app.fidelity_option import parse_fidelity
from app.paint_option import parse_paint
from app.report import DONE, Cancelled, CommandError, debugging, progress, put, put_json, show_error

Report = Callable[[str, float], None]
"""`progress(text, fraction)`, as the bench and the lab call it."""

_SIZE = re.compile(r"(\d{1,6})[xX×](\d{1,6})", re.ASCII)
_COMMANDS = """\
commands:
  render          make pictures without the window
  bench           measure speed (of the engine, of the canvas)
  lab             measure how well the model obeys paint
  doctor          what Wordbrush finds on this machine, for a report of a problem
  wordbrush COMMAND --help explains each.

A file that is named like a command opens as ./NAME.
Exit status: 0 done, 1 failed, 2 bad use. WORDBRUSH_DEBUG=1 adds tracebacks to errors.
"""


class Parser(argparse.ArgumentParser):
    """argparse that raises CommandError instead of leaving, and OutputError where its help cannot be written."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings)

    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message[:1].upper()}{message[1:]}.", hint=f"See {self.prog} --help.")

    def print_help(self, file: Any = None) -> None:
        put(self.format_help().rstrip())


def main(argv: Sequence[str] | None = None) -> int:
    """The entry point `wordbrush`: runs what `argv` (by default the process's own) asks for; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if not debugging() and not sys.warnoptions:
        warnings.simplefilter("ignore")  # what libraries say to their authors
    folders.tell_engine()
    try:
        return _run(arguments)
    except SystemExit as leave:  # --help and --version
        return leave.code if isinstance(leave.code, int) else DONE
    except (Exception, KeyboardInterrupt) as error:
        return show_error(error, as_json="--json" in arguments)


def _run(arguments: list[str]) -> int:
    commands: dict[str, Callable[[list[str]], int]] = {
        "render": _render,
        "bench": _bench,
        "lab": _lab,
        "doctor": _doctor,
    }
    if arguments and arguments[0] in commands:
        return commands[arguments[0]](arguments[1:])
    return _window(arguments, list(commands))


def _window(arguments: list[str], commands: list[str]) -> int:
    parser = Parser(
        prog="wordbrush",
        usage="wordbrush [FILE]\n       wordbrush COMMAND ...",
        description="Paint with words: write a prompt, paint where its words should be, and watch the picture come.",
        epilog=_COMMANDS,
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", type=Path, help="a scene (.ora), or a picture that carries one (.png)"
    )
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    options = parser.parse_args(arguments)
    if options.version:
        put(f"wordbrush {version()}")
        return DONE
    if options.file is not None and not options.file.is_file():
        raise CommandError(
            f'There is no file "{options.file}".',
            hint=f"Name a .ora or .png file, or a command: {', '.join(commands)}.",
        )
    from app import screen

    screen.check()
    from app import main as window

    return window.run(options.file)


def version() -> str:
    """The version of the program, as it is installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("wordbrush")
    except PackageNotFoundError:  # a source tree that was not installed says it in its project file
        import tomllib

        project = Path(__file__).resolve().parents[1] / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


# --- render -------------------------------------------------------------------------------------------------------


def _render(arguments: list[str]) -> int:
    from engine.protocol import SAMPLERS

    parser = Parser(
        prog="wordbrush render",
        usage="wordbrush render FILE|--prompt TEXT --out F.png [options]",
        description="Make pictures from a scene, or from a prompt and masks. A flag goes before what FILE says.",
        epilog=(
            "Of several pictures the first is written to F.png, the next to F-1.png, F-2.png, ...; picture i is made\n"
            "with seed + i. Each carries its scene. A file of that name is replaced once the new one is whole.\n"
        ),
    )
    add = parser.add_argument
    add("file", metavar="FILE", nargs="?", type=Path, help="a scene (.ora), or a picture that carries one (.png)")
    add("--prompt", metavar="TEXT", help="what to paint, instead of FILE")
    add("--out", metavar="F.png", type=Path, required=True, help="where the picture goes")
    add(
        "--paint",
        metavar="PHRASE[#N]=MASK[:STRENGTH]",
        action="append",
        type=parse_paint,
        default=[],
        help="paint the N-th occurrence (default 1) of a phrase where the grey picture MASK is white; split at the last"
        ' "="; strength 1 is normal, 0 none, below 0 pushes it out. Repeatable',
    )
    add("--negative", metavar="TEXT", help="what the picture should not show")
    add("--size", metavar="WxH", type=_size, help="in pixels; by default FILE's, or what the model works best with")
    add("--steps", metavar="N", type=_whole, help="denoising steps")
    add("--guidance", metavar="X", type=_number, help="how closely to follow the prompt; 1 is off")
    add("--paint-weight", metavar="X", type=_number, help="how closely to follow the paint; 0 is off")
    add("--seed", metavar="N", type=_whole, help="same seed, same picture; 0 by default")
    add("--count", metavar="N", type=_whole, help="how many pictures")
    add("--sampler", choices=SAMPLERS, help="the solver")
    add("--law", metavar="NAME", help="the rule that turns masks into bias")
    add(
        "--experts",
        choices=("base", "ensemble"),
        help="base: the model's own denoiser at every noise level; ensemble: the experts that it brings; by default"
        " the ensemble where it brings one",
    )
    add(
        "--encoders",
        metavar="NAME[:WEIGHT],...",
        type=parse_encoders,
        help="the text encoders that read the prompt, of clip and t5, each with a weight from 0 to 1; one that is not"
        " named is off; by default all that the model has",
    )
    add(
        "--style",
        metavar="FILE[:STRENGTH]",
        action="append",
        type=parse_style,
        default=[],
        help="take the look of a picture, not its layout; strength 1 is normal, 0 none, 2 the most. Repeatable;"
        " instead of FILE's own styles",
    )
    add(
        "--fidelity",
        metavar="X",
        type=parse_fidelity,
        help="how strictly words keep to their paint, from 0 (loose) to 1 (exact); or piece by piece:"
        " containment=0.5,separation=1,gradient=4; by default FILE's, or the model's own",
    )
    add(
        "--heatmaps",
        metavar="DIR",
        type=Path,
        help="write where each painted word went: one grey PNG for each word and picture, its peak white",
    )
    add("--model", metavar="NAME|PATH", help="a model on the shelf, or the path of one; see: wordbrush doctor")
    add("--device", metavar="NAME", help="auto, cpu, cuda, cuda:N or mps")
    add("--json", action="store_true", help="one JSON object on stdout; errors as one on stderr")
    options = parser.parse_args(arguments)
    if (options.file is None) == (options.prompt is None):
        fault = "Neither FILE nor --prompt is given." if options.file is None else "FILE and --prompt are both given."
        raise CommandError(fault, hint="Give one of the two: a scene file, or the text of a prompt.")

    from app import heatmap_files, render

    render.check_out(options.out)
    if options.heatmaps is not None:
        heatmap_files.make_folder(options.heatmaps)
    scene = render.scene_of(file=options.file, prompt=options.prompt or "", paint=options.paint, changes=vars(options))
    with _cancel_on_interrupt() as cancel, progress() as news:
        result = render.run(
            scene, out=options.out, cancel=cancel, news=news, experts=options.experts, heatmaps=options.heatmaps
        )
    if options.json:
        put_json(result)
    else:
        put("\n".join(image["path"] for image in result["images"]))
    return DONE


# --- bench, lab, doctor -------------------------------------------------------------------------------------------


def _bench(arguments: list[str]) -> int:
    parser = Parser(prog="wordbrush bench", description="Measure speed.")
    parser.set_defaults(run=None)
    kinds = parser.add_subparsers(title="what", metavar="speed|canvas")  # each flag is an argument of what is run
    speed = kinds.add_parser("speed", help="a painted step of the denoiser against a stock one")
    speed.add_argument(
        "--family", metavar="NAME", default="starter", help="sd15 (random weights), or a model's name or path"
    )
    speed.add_argument(
        "--words", metavar="N", type=_whole, nargs="+", default=[0, 1, 8, 32], help="numbers of painted words"
    )
    speed.add_argument("--pairs", metavar="N", type=_whole, default=12, help="interleaved pairs, 12 or more")
    speed.add_argument("--size", metavar="N", type=_whole, default=256, help="side of the picture in pixels")
    speed.add_argument("--device", metavar="NAME", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    speed.set_defaults(run=_bench_speed)
    canvas = kinds.add_parser("canvas", help="from a stroke of the brush to its paint on the screen")
    canvas.add_argument("--model", metavar="NAME|PATH", default="starter", help="the model that generates meanwhile")
    canvas.set_defaults(run=_bench_canvas)
    for each in (speed, canvas):
        each.add_argument("--json", action="store_true", help="one JSON object on stdout")
    return _measure(parser, arguments, "speed or canvas")


def _bench_speed(**options: Any) -> dict[str, Any]:
    from engine.bench import speed

    return speed.run(**options)


def _bench_canvas(*, progress: Report, cancel: threading.Event, **options: Any) -> dict[str, Any]:
    from app import screen

    screen.check()
    from app import bench_canvas

    def report(text: str, fraction: float) -> None:
        if cancel.is_set():
            raise Cancelled
        progress(text, fraction)

    return bench_canvas.run(progress=report, **options)


def _lab(arguments: list[str]) -> int:
    parser = Parser(prog="wordbrush lab", description="Measure how well a model does what is painted.")
    parser.set_defaults(run=None)
    kinds = parser.add_subparsers(title="what", metavar="layout|experts|style|text-window")
    for name, count, counted, purpose in (
        ("layout", 64, "layouts of the world; half as many free ones", "how much of each word lies where it should"),
        ("experts", 64, "pictures and layouts", "what a model's experts gain over its base, at each level of noise"),
        ("style", 48, "layouts; the looks take turns", "how well a reference's look, never trained on, is taken"),
        ("text-window", 32, "pairs of prompts", "in which part of the steps a picture heeds its prompt"),
    ):
        lab = kinds.add_parser(name, help=purpose)
        lab.add_argument("--n", metavar="N", type=_whole, default=count, help=counted)
        lab.add_argument("--model", metavar="NAME|PATH", default="starter", help="a model on the shelf, or its path")
        if name == "layout":
            _add_layout_flags(lab)
        if name in ("layout", "text-window"):
            lab.add_argument("--plots", metavar="DIR", type=Path, help="writes a page there to read, with its plots")
        lab.add_argument("--device", metavar="NAME", default="auto", help="auto, cpu, cuda, cuda:N or mps")
        lab.add_argument("--work", metavar="DIR", type=Path, help="keeps the pictures, so that a stopped run goes on")
        lab.add_argument("--json", action="store_true", help="one JSON object on stdout")
        lab.set_defaults(run=functools.partial(_run_lab, name))
    return _measure(parser, arguments, "layout, experts, style or text-window")


def _add_layout_flags(lab: argparse.ArgumentParser) -> None:
    add = lab.add_argument
    laws = 'laws to compare; "all" is every law and the dial, "dial" the places of the dial. Repeatable'
    add("--law", metavar="NAME", nargs="+", action="extend", dest="laws", help=laws)
    add("--paint-weight", metavar="X", type=_number, nargs="+", dest="paint_weights", help="paint weights to compare")
    add("--two", metavar="N", type=_whole, default=100, help="layouts with two of a noun in two colours; 0 is none")


def _run_lab(name: str, **options: Any) -> dict[str, Any]:
    # What a flag was not given for is left to the lab.
    asked = {name: value for name, value in options.items() if value is not None or name == "work"}
    return importlib.import_module(f"engine.lab.{name.replace('-', '_')}").run(**asked)


def _measure(parser: Parser, arguments: list[str], kinds: str) -> int:
    """Run what was chosen, and print what it found: as one JSON object, or as a table for people."""
    options = vars(parser.parse_args(arguments))
    run, as_json = options.pop("run"), options.pop("json", False)
    if run is None:
        first = re.split("[ ,]", kinds)[0]
        raise CommandError(f"{parser.prog} needs to know what.", hint=f"Say {kinds}: {parser.prog} {first}.")
    with _cancel_on_interrupt() as cancel, progress() as news:
        result = run(**options, progress=news, cancel=cancel)
    if as_json:
        put_json(result)
    else:
        from engine.lab.report import table

        put(table(result))
    return DONE


def _doctor(arguments: list[str]) -> int:
    parser = Parser(
        prog="wordbrush doctor", description="What Wordbrush finds on this machine; nothing is changed or sent."
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    options = parser.parse_args(arguments)
    from app import doctor

    findings = doctor.examine()
    if options.json:
        put_json(findings)
    else:
        put(doctor.text(findings))
    return DONE


# --- shared -------------------------------------------------------------------------------------------------------


def _size(text: str) -> tuple[int, int]:
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f'"{text}" is no size, write it as 256x256')
    return int(match[1]), int(match[2])


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no whole number') from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no number') from None


@contextlib.contextmanager
def _cancel_on_interrupt() -> Iterator[threading.Event]:
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
