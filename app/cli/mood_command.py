"""The command `wordbrush mood`: what pictures have in common, kept under a name, for `wordbrush render --mood`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app import paths
from app.cli.output import DONE, Cancelled, CommandError, progress, put, put_json
from app.cli.parser import Parser, cancel_on_interrupt
from engine.facts import STARTER

_EPILOG = """\
A mood is the mean of the pictures you like, as the model's image encoder reads them, less the mean of others:
  wordbrush mood Evenings evening-*.png
  wordbrush mood "My stars" --starred
  wordbrush render scene.ora --mood Evenings:0.7 --out picture.png
It is one small file. Nothing is taught, and pictures with a mood take no longer than those with a style picture.
"""


def run(arguments: list[str]) -> int:
    """Run `wordbrush mood`; returns the exit code."""
    parser = Parser(
        prog="wordbrush mood",
        usage="wordbrush mood NAME PICTURES... | --starred [--against PICTURES...] [options]\n"
        "       wordbrush mood --list | NAME --remove",
        description="Make a mood from pictures that you like, to use it with wordbrush render --mood.",
        epilog=_EPILOG,
    )
    add = parser.add_argument
    add("name", metavar="NAME", nargs="?", help="what the mood is called")
    add("pictures", metavar="PICTURES", type=Path, nargs="*", help="pictures that you like, or a folder of them")
    add("--starred", action="store_true", help="the results that have a star, compared with those that have none")
    add(
        "--against",
        metavar="PICTURES",
        type=Path,
        nargs="+",
        default=[],
        help="what they are compared with, or a folder; by default pictures that ship with the program",
    )
    add("--model", metavar="NAME|PATH", default=STARTER, help="the model that it is for; by default the starter")
    add("--device", metavar="NAME", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    add("--list", action="store_true", help="name the moods that there are")
    add("--remove", action="store_true", help="remove the mood NAME")
    add("--json", action="store_true", help="one JSON object on stdout")
    options = parser.parse_args(arguments)
    from engine.models.library import Library
    from engine.taste.mood import find_mood, list_moods, moods_folder

    folder = moods_folder(Library().folder)
    if options.list:
        names = list_moods(folder)
        if options.json:
            put_json({"schema": 1, "moods": names, "folder": str(folder)})
        else:
            put("\n".join(names) or "There are no moods yet.")
        return DONE
    if options.name is None:
        raise CommandError(
            "No name is given.", hint="Name the mood, then the pictures: wordbrush mood NAME PICTURES..."
        )
    if options.remove:
        file = find_mood(options.name, folder)
        file.unlink()
        put_json({"schema": 1, "removed": str(file)}) if options.json else put(f"Removed {file}")
        return DONE
    from engine.taste.making import pictures_in

    liked, usual = pictures_in(options.pictures), pictures_in(options.against)
    if options.starred:
        stars, others = starred(paths.Paths.of_user().results)
        liked, usual = [*liked, *stars], usual or others
    file = made(options.name, liked, usual, options.model, options.device)
    if options.json:
        put_json(
            {"schema": 1, "mood": file.stem, "file": str(file), "liked": len(liked), "usual": len(usual)}
            | {"model": options.model}
        )
    else:
        put(str(file))
    return DONE


def starred(results: Path) -> tuple[list[Path], list[Path]]:
    """The results that have a star, and the newest hundred of those that have none.

    Raises:
        CommandError: none has a star.
    """
    from app.storage.result_marks import read_stars
    from engine.taste.mood import USUAL

    names = read_stars(results)
    files = sorted((path for path in results.glob("*.png") if path.is_file()), key=lambda path: path.name, reverse=True)
    stars = [path for path in files if path.name in names]
    if not stars:
        raise CommandError("No result has a star.", hint="Give some a star in the window, or name pictures.")
    return stars, [path for path in files if path.name not in names][:USUAL]


def made(name: str, liked: Sequence[Path], usual: Sequence[Path], model: str, device: str) -> Path:
    """Make a mood and write it among the user's; returns its file. Raises Cancelled, and see `make_mood`."""
    from engine.models.library import Library
    from engine.taste.making import MoodCancelled, make_mood
    from engine.taste.mood import moods_folder, write_mood

    library = Library()
    with cancel_on_interrupt() as cancel, progress() as news:
        try:
            mood = make_mood(
                name, liked, usual, model=model, library=library, device=device, progress=news.step, cancel=cancel
            )
        except MoodCancelled:
            raise Cancelled from None
    return write_mood(mood, moods_folder(library.folder))
