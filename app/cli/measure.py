"""The commands `wordbrush bench` and `wordbrush lab`: their flags, and what comes of them."""

from __future__ import annotations

import argparse
import functools
import importlib
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.cli.output import DONE, Cancelled, CommandError, progress, put, put_json
from app.cli.parser import Parser, cancel_on_interrupt, number, whole

Report = Callable[[str, float], None]
"""`progress(text, fraction)`, as the bench and the lab call it."""


def bench(arguments: list[str]) -> int:
    """Run `wordbrush bench`; returns the exit code."""
    parser = Parser(prog="wordbrush bench", description="Measure speed.")
    parser.set_defaults(run=None)
    kinds = parser.add_subparsers(
        title="what", metavar="speed|canvas|live|remote|farm"
    )  # each flag is an argument of what is run
    speed = kinds.add_parser("speed", help="time a painted step of the denoiser against a stock one")
    speed.add_argument(
        "--family", metavar="NAME", default="starter", help="sd15 (random weights), or a model's name or path"
    )
    speed.add_argument(
        "--words", metavar="N", type=whole, nargs="+", default=[0, 1, 8, 32], help="how many words are painted"
    )
    speed.add_argument(
        "--pairs", metavar="N", type=whole, default=12, help="how many interleaved pairs to time, 12 or more"
    )
    speed.add_argument("--size", metavar="N", type=whole, default=256, help="side of the picture in pixels")
    speed.add_argument("--device", metavar="NAME", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    speed.add_argument("--compile", action="store_true", help="also time compiled steps, stock and painted")
    speed.set_defaults(run=_bench_speed)
    canvas = kinds.add_parser("canvas", help="from a stroke of the brush to its paint on the screen")
    canvas.add_argument(
        "--model", metavar="NAME|PATH", default="starter", help="the model that generates in the meantime"
    )
    canvas.add_argument(
        "--sizes",
        metavar="PX",
        type=int,
        nargs="*",
        default=(1024, 2048, 4096),
        choices=(256, 512, 1024, 2048, 4096),
        help="also measure square canvases with sides of this many pixels",
    )
    canvas.add_argument("--strokes", metavar="FILE", help="also replay the strokes recorded in a JSON file")
    canvas.set_defaults(run=functools.partial(_bench_window, "bench_canvas"))
    live = kinds.add_parser(
        "live", help="live pictures per second while the brush moves, and how long the window stalls"
    )
    live.add_argument("--model", metavar="NAME|PATH", default="starter", help="the model that makes the pictures")
    live.add_argument("--seconds", metavar="N", type=number, default=20.0, help="for how many seconds the brush moves")
    live.add_argument("--size", metavar="PX", type=whole, default=256, help="side of the canvas in pixels")
    live.set_defaults(run=functools.partial(_bench_window, "bench_live"))
    remote = kinds.add_parser("remote", help="how much later a live preview comes from a server than from this program")
    remote.add_argument("--model", metavar="NAME", default="starter", help="the model that makes the pictures")
    remote.add_argument("--pairs", metavar="N", type=whole, default=24, help="how many pairs of pictures to time")
    remote.add_argument("--size", metavar="PX", type=whole, default=256, help="side of the picture in pixels")
    remote.add_argument("--steps", metavar="N", type=whole, default=4, help="of each picture; live mode takes few")
    remote.add_argument(
        "--previews", choices=("exact", "jpeg", "webp"), default="jpeg", help="how the server sends previews"
    )
    remote.set_defaults(run=_bench_remote)
    farm = kinds.add_parser("farm", help="what a picture takes on a farm of Ray workers, against a plain loop")
    farm.add_argument("--model", metavar="NAME|PATH", default="starter", help="the model that makes the pictures")
    farm.add_argument("--pairs", metavar="N", type=whole, default=6, help="how often each way is timed, in turns")
    farm.add_argument("--pictures", metavar="N", type=whole, default=4, help="pictures of each worker, each time")
    farm.add_argument("--steps", metavar="N", type=whole, help="of each picture; by default what the model likes")
    farm.set_defaults(run=functools.partial(_bench_app, "bench_farm"))
    for each in (speed, canvas, live, remote, farm):
        each.add_argument("--json", action="store_true", help="print one JSON object to stdout")
    return _measure(parser, arguments, "speed, canvas, live, remote or farm")


def _bench_speed(**options: Any) -> dict[str, Any]:
    from engine.bench import speed

    return speed.run(**options)


def _bench_remote(**options: Any) -> dict[str, Any]:
    from app.cli import bench_remote

    return bench_remote.run(**options)


def _bench_window(module: str, *, progress: Report, cancel: threading.Event, **options: Any) -> dict[str, Any]:
    from app.cli import display_check

    display_check.check()
    return _bench_app(module, progress=progress, cancel=cancel, **options)


def _bench_app(module: str, *, progress: Report, cancel: threading.Event, **options: Any) -> dict[str, Any]:
    def report(text: str, fraction: float) -> None:
        if cancel.is_set():
            raise Cancelled
        progress(text, fraction)

    result: dict[str, Any] = importlib.import_module(f"app.cli.{module}").run(progress=report, **options)
    return result


def lab(arguments: list[str]) -> int:
    """Run `wordbrush lab`; returns the exit code."""
    parser = Parser(prog="wordbrush lab", description="Measure how well a model does what is painted.")
    parser.set_defaults(run=None)
    kinds = parser.add_subparsers(title="what")
    for name, count, counted, purpose in (
        ("layout", 64, "how many layouts, and half as many free ones", "how much of each word lies where it should"),
        ("few-steps", 64, "how many layouts, and half as many free ones", "what few steps keep of a whole picture"),
        (
            "book",
            40,
            "layouts of each kind",
            "whether things come where they were painted, in colour and number",
        ),
        ("experts", 64, "pictures and layouts", "what a model's experts gain over its base, at each level of noise"),
        (
            "style",
            48,
            "how many layouts; the looks take turns",
            "how well a look that was never trained on is taken from a reference",
        ),
        ("repaint", 12, "drawn scenes", "how well paint is obeyed where a picture is repainted"),
        ("extend", 12, "drawn scenes", "how well paint is obeyed in the new part of a larger canvas"),
        ("colours", 12, "drawn scenes", "how close pictures stay to the colours that they start from"),
        ("shape", 24, "drawn scenes", "how exactly a thing fills the shape of another"),
        ("edit", 24, "layouts", "what stays of a picture when a word of its prompt is edited"),
        ("instruct", 30, "pictures", "whether pictures become what instructions say, and what else of them changes"),
        ("word", 24, "layouts", "what its own fidelity does to one word, and to the other words"),
        ("masks", 48, "drawn scenes", "how well words are found in pictures that are there already"),
        ("caption", 40, "drawn scenes", "how well pictures are described, and whether the words make them again"),
        (
            "attributes",
            100,
            "scenes with the same noun twice",
            "whether two colours stay with their things (--structured)",
        ),
        ("find", 200, "held-out pictures", "how fast pictures are found, and whether they show what was asked for"),
        ("pictures", 12, "layouts", "whether two reference pictures, each painted on a half, keep to their halves"),
        (
            "taste",
            18,
            "layouts",
            "whether a mood of liked pictures leads new ones to their look, and paint still holds",
        ),
        (
            "teach",
            12,
            "layouts",
            "whether a word that was taught is seen where it is painted, and what becomes of others",
        ),
        (
            "attention",
            8,
            "pictures of each kind",
            "where paint acts in joint attention, and two kinds of heatmaps",
        ),
        ("text-window", 32, "pairs of prompts", "in which part of the steps a picture follows its prompt"),
    ):
        lab = kinds.add_parser(name, help=purpose)
        lab.add_argument("--n", metavar="N", type=whole, default=count, help=counted)
        model = None if name == "attention" else "starter"
        lab.add_argument("--model", metavar="NAME|PATH", help="a model in the library, or its path", default=model)
        if name == "layout":
            _add_layout_flags(lab)
        if name == "few-steps":
            lora = "a distilled LoRA, by name or path; the model's own by default"
            lab.add_argument("--lora", metavar="NAME|FILE", help=lora)
        if name == "teach":
            lab.add_argument("--steps", metavar="N", type=whole, help="of each method's training; 300 by default")
        if name in ("layout", "text-window"):
            lab.add_argument("--plots", metavar="DIR", type=Path, help="write a page with plots into this folder")
        lab.add_argument("--device", metavar="NAME", default="auto", help="auto, cpu, cuda, cuda:N or mps")
        if name != "attention":  # whose pictures take four steps each
            work = "keep the pictures here, so that a stopped run can continue"
            lab.add_argument("--work", metavar="DIR", type=Path, help=work)
        lab.add_argument("--json", action="store_true", help="print one JSON object to stdout")
        lab.set_defaults(run=functools.partial(_run_lab, name))
        if name == "attention":
            _add_plots_of_words(lab)
            lab.set_defaults(run=_run_attention)
    _add_scale(kinds)
    *names, last = kinds.choices
    kinds.metavar = "|".join(kinds.choices)
    return _measure(parser, arguments, f"{', '.join(names)} or {last}")


def _add_layout_flags(lab: argparse.ArgumentParser) -> None:
    add = lab.add_argument
    laws = 'laws to compare; "all" is every law and the fidelity dial, "dial" only the places of the dial. Repeatable'
    add("--law", metavar="NAME", nargs="+", action="extend", dest="laws", help=laws)
    add("--paint-weight", metavar="X", type=number, nargs="+", dest="paint_weights", help="paint weights to compare")
    add("--ray", metavar="ADDRESS", help="a Ray cluster that makes the pictures, as for wordbrush farm")
    add(
        "--two",
        metavar="N",
        type=whole,
        default=100,
        help="layouts with the same noun twice, in two colours; 0 for none",
    )


def _add_scale(kinds: Any) -> None:
    """The lab that makes no picture, so that it has neither model nor device."""
    scale = kinds.add_parser("scale", help="on paper: how many GPUs many painters need, how long they wait, the cost")
    add = scale.add_argument
    add("--n", metavar="N", type=whole, default=10_000, help="painters of a day")
    add("--gpus", metavar="N", type=whole, nargs="+", help="sizes of the fleets; from 1 to 1000 by default")
    add("--live-share", metavar="X", type=number, help="the share of requests that are live ones, 0 to 0.99; or 0.6")
    add("--price", metavar="X", type=number, help="of an hour of a GPU; 1.8 by default")
    add("--plots", metavar="DIR", type=Path, help="write a page with plots into this folder")
    add("--json", action="store_true", help="print one JSON object to stdout")
    scale.set_defaults(run=functools.partial(_run_lab, "scale"))


def _run_lab(name: str, **options: Any) -> dict[str, Any]:
    # What a flag was not given for is left to the lab.
    asked = {option: value for option, value in options.items() if value is not None or option == "work"}
    return importlib.import_module(f"engine.lab.{name.replace('-', '_')}").run(**asked)


def _add_plots_of_words(lab: argparse.ArgumentParser) -> None:
    add = lab.add_argument
    plots = "instead: write PNG files that show the words of one picture by layer, head and step, and how they overlap"
    add("--plots", metavar="DIR", type=Path, help=plots)
    add(
        "--scene", metavar="FILE", type=Path, help="with --plots: a scene (.ora), or a picture that contains one (.png)"
    )
    add("--prompt", metavar="TEXT", help="with --plots: the prompt, instead of FILE's")
    kinds = "with --plots: nouns of one kind, such as cat,dog, in addition to those that the starter knows. Repeatable"
    add("--kind", metavar="WORD,WORD", action="append", dest="kinds", help=kinds)


def _run_attention(
    *,
    plots: Path | None = None,
    scene: Path | None = None,
    prompt: str | None = None,
    kinds: list[str] | None = None,
    **options: Any,
) -> dict[str, Any]:
    if plots is None:
        if scene is not None or prompt is not None or kinds:
            raise CommandError("--scene, --prompt and --kind need --plots.", hint="Add --plots DIR.")
        if options["model"] is None:
            raise CommandError(
                "No model is named.", hint="Add --model NAME, or --plots DIR for the words of one picture."
            )
        return _run_lab("attention", **options)
    from app.cli.render import scene_of
    from app.generation.request_builder import request_from_scene
    from engine.lab import attention_maps

    asked = {name: options[name] for name in ("model", "device") if options[name] is not None}
    request = request_from_scene(scene_of(file=scene, prompt=prompt, paint=(), changes=asked), id="lab")
    apart = [{word.strip().casefold() for word in kind.split(",")} for kind in kinds or ()]
    return attention_maps.run(request, plots=plots, kinds=apart, progress=options["progress"], cancel=options["cancel"])


def _measure(parser: Parser, arguments: list[str], kinds: str) -> int:
    """Run what was chosen, and print what it found: as one JSON object, or as a table for people."""
    options = vars(parser.parse_args(arguments))
    run, as_json = options.pop("run"), options.pop("json", False)
    if run is None:
        first = re.split("[ ,]", kinds)[0]
        raise CommandError(f"{parser.prog} needs to know what to measure.", hint=f"Say {kinds}: {parser.prog} {first}.")
    with cancel_on_interrupt() as cancel, progress() as news:
        result = run(**options, progress=news, cancel=cancel)
    if as_json:
        put_json(result)
    else:
        from engine.lab.tables import table

        put(table(result))
    return DONE
