"""The command `wordbrush farm`: many scenes, seeds and settings, on this machine or on a Ray cluster."""

from __future__ import annotations

from pathlib import Path

from app.cli.output import DONE, FAILED, CommandError, progress, put, put_json
from app.cli.parser import Parser, cancel_on_interrupt, whole
from resources import atomic

_HALF_WRITTEN_SECONDS = 3600.0


def run(arguments: list[str]) -> int:
    """Make the pictures that `arguments` ask for; returns the exit code, 1 where any of them failed."""
    from app.cli.farm_plan import parse_axis, parse_seeds

    parser = Parser(
        prog="wordbrush farm",
        usage="wordbrush farm SCENES... --seeds A-B --out DIR [options]",
        description="Make many pictures: every scene with every seed and every value of every --grid.",
        epilog=(
            "Each picture is in DIR as soon as it is finished, under a name of scene, values and seed, and is the one\n"
            "that `wordbrush render` makes. Stopped at any moment, the same command makes the rest: what is there is\n"
            "known by the hash of its request in the PNG, and made again only where the scene has changed.\n"
        ),
    )
    add = parser.add_argument
    add("scenes", metavar="SCENES", nargs="+", type=Path, help="scenes (.ora), or pictures that contain one (.png)")
    add("--seeds", metavar="A-B", type=parse_seeds, required=True, help="seeds, as 0-99 or 1,2,5")
    add(
        "--grid",
        metavar="NAME=V,V",
        action="append",
        type=parse_axis,
        default=[],
        help="values of a setting, such as steps=8,16; strength=0.5,1,2 for the strengths of all words, times that;"
        " strength:PHRASE=0.5,1 or word:PHRASE=cat,dog for one of them. Repeatable",
    )
    add("--model", metavar="NAME|PATH", help="a model for all scenes, in place of their own")
    add("--device", metavar="NAME", help="auto, cpu, cuda, cuda:N or mps, for all scenes")
    add("--out", metavar="DIR", type=Path, required=True, help="where the pictures go; made if it is not there")
    add(
        "--ray",
        metavar="ADDRESS",
        help='a Ray cluster, as HOST:PORT, "auto" for the one that this machine belongs to, or "local" for several'
        " workers on this machine. Needs: pip install wordbrush[ray]",
    )
    add("--workers", metavar="N", type=whole, help="with --ray: how many pictures at a time; by default one a GPU")
    add("--threads", metavar="N", type=whole, help="with --ray: threads of each worker that computes on a CPU")
    add("--json", action="store_true", help="print one JSON object to stdout; errors as one to stderr")
    options = parser.parse_args(arguments)
    for name in ("workers", "threads"):
        given = getattr(options, name)
        if given is not None and (options.ray is None or not 1 <= given <= 4096):
            raise CommandError(
                f"--{name} is for --ray, and a number from 1 to 4096.", hint="With --ray local, several work here."
            )

    from app.cli import farm_plan, farm_run, heatmap_files, scene_files
    from canvas.model import edits
    from engine.farm import farm

    names = _names(options.scenes)
    given = {name: value for name in ("model", "device") if (value := getattr(options, name)) is not None}
    loaded = [edits.set_settings(scene_files.load(path), **given) for path in options.scenes]
    scenes = list(zip(names, loaded, strict=True))
    cells = farm_plan.plan(scenes, options.grid, options.seeds, options.out)
    heatmap_files.make_folder(options.out, flag="--out")
    atomic.sweep(options.out, _HALF_WRITTEN_SECONDS)
    with (
        cancel_on_interrupt() as cancel,
        progress() as news,
        farm(options.ray, workers=options.workers, threads=options.threads) as workers,
    ):
        result = farm_run.run(cells, workers, cancel=cancel, news=news)
    put_json(result) if options.json else put("\n".join(image["path"] for image in result["images"]))
    return FAILED if result["failed"] else DONE


def _names(paths: list[Path]) -> list[str]:
    """What the pictures of each scene are called: its file's name, with a number where two files have the same."""
    taken: dict[str, int] = {}
    names = []
    for path in paths:
        number = taken[path.stem] = taken.get(path.stem, 0) + 1
        names.append(path.stem if number == 1 else f"{path.stem}-{number}")
    return names
