"""The commands `wordbrush find`: pictures of a folder, by words or by a picture; and `index`: read them in advance."""

from __future__ import annotations

import argparse
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import paths
from app.cli.output import DONE, Cancelled, CommandError, progress, put, put_json, table
from app.cli.parser import Parser, cancel_on_interrupt, whole
from engine.facts import STARTER
from resources.limits import MAX_PICTURES
from resources.sizes import size_text

if TYPE_CHECKING:
    from app.cli.output import Progress as News
    from engine.retrieval.finder import Finder
    from engine.retrieval.indexing import Report


def run(arguments: list[str]) -> int:
    """Run `wordbrush find`; returns the exit code."""
    parser = Parser(
        prog="wordbrush find",
        usage='wordbrush find "WORDS"|PICTURE --folder DIR [options]',
        description="Find pictures in a folder by words, or by a picture that they are like. The first search reads\n"
        "all of the folder's pictures once; what it notes of them stays on this computer.",
    )
    add = parser.add_argument
    add("query", metavar="WORDS|PICTURE", help="what they show, or a picture file")
    add("--folder", metavar="DIR", type=Path, required=True, help="where they are, and in all folders in it")
    add("--count", metavar="N", type=whole, default=12, help="how many, the nearest first; 12 by default")
    _add_encoder(parser)
    options = parser.parse_args(arguments)
    if not 1 <= options.count <= MAX_PICTURES:
        raise CommandError(f"--count is {options.count}.", hint=f"Ask for 1 to {MAX_PICTURES} pictures.")
    if not options.query.strip():
        raise CommandError("There is nothing to search for.", hint="Write a word, or name a picture.")
    with cancel_on_interrupt() as cancel, progress() as news:
        finder, done = _indexed(options, cancel, news)
        picture = Path(options.query)
        by_picture = _is_picture(picture)
        how: dict[str, Any] = {"folder": options.folder, "model": options.model, "count": options.count}
        began = time.perf_counter()
        found = finder.by_picture(picture, **how) if by_picture else finder.by_text(options.query, **how)
        took = (time.perf_counter() - began) * 1000
    space = finder.space(options.model)
    result = {
        "schema": 1,
        "query": {"picture" if by_picture else "words": str(picture) if by_picture else options.query},
        "folder": str(options.folder),
        "model": options.model,
        "encoder": space.name,
        "words_by": space.words,
        "index": _told(done),
        "query_ms": round(took, 2),
        "found": [{"path": str(each.path), "score": each.score, "named": each.named} for each in found],
    }
    if options.json:
        put_json(result)
    else:
        put(_text(result))
    return DONE


def run_index(arguments: list[str]) -> int:
    """Run `wordbrush index`; returns the exit code."""
    parser = Parser(
        prog="wordbrush index",
        description="Read a folder's pictures in advance, so that wordbrush find has nothing to read.",
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="where they are, and in all folders in it")
    _add_encoder(parser)
    options = parser.parse_args(arguments)
    with cancel_on_interrupt() as cancel, progress() as news:
        finder, done = _indexed(options, cancel, news)
    result = {"schema": 1, "folder": str(options.folder), "model": options.model}
    result |= {"encoder": finder.space(options.model).name, "index": _told(done)}
    if options.json:
        put_json(result)
    else:
        put(_about(result["index"]))
    return DONE


def _add_encoder(parser: Parser) -> None:
    add = parser.add_argument
    add("--model", metavar="NAME|PATH", default=STARTER, help="whose image encoder compares; by default the starter's")
    add("--device", metavar="NAME", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    add("--json", action="store_true", help="one JSON object on stdout")


def _indexed(options: argparse.Namespace, cancel: threading.Event, news: News) -> tuple[Finder, Report]:
    """A finder whose index of the folder is up to date, and what was done for that."""
    news.passing("Loading libraries")
    from engine.models.library import Library
    from engine.retrieval.finder import Finder, Progress
    from engine.retrieval.indexing import Cancelled as Stopped

    def report(now: Progress) -> None:
        news.step(f"Reading pictures: {now.done} of {now.total}", now.done / now.total if now.total else 1.0)

    finder = Finder(Library(), paths.Paths.of_user().picture_index, device=options.device)
    try:
        return finder, finder.refresh(options.folder, options.model, progress=report, cancel=cancel)
    except Stopped:
        raise Cancelled(hint="What was read is kept; run it again to continue.") from None


def _told(done: Report) -> dict[str, Any]:
    return {
        "pictures": done.pictures,
        "read": done.read,
        "dropped": done.dropped,
        "faults": [{"file": name, "why": why} for name, why in done.faults.items()],
        "closed": [*done.closed],
        "cut": done.cut,
        "kept": done.kept,
        "bytes": done.bytes,
        "seconds": round(done.seconds, 3),
    }


def _is_picture(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a text that is too long for a name, or has a null character
        return False


def _text(result: dict[str, Any]) -> str:
    index = result["index"]
    lines = []
    if result["found"]:
        rows = [{"score": f"{each['score']:.3f}", "picture": each["path"]} for each in result["found"]]
        lines.append(table(rows))
    else:
        lines.append("Nothing was found.")
        if not index["pictures"]:
            lines.append("The folder has no pictures.")
        elif result["words_by"] == "seen":
            lines.append("The starter knows a few names only; of other words, those in the names of files are found.")
        elif result["words_by"] == "files":
            lines.append(
                "This model's image encoder reads no words: only the names of files were searched. Put a whole CLIP,"
                " such as openai/clip-vit-base-patch32, into a folder named clip_vision beside the models."
            )
    return "\n".join([*lines, "", _about(index)])


def _about(index: dict[str, Any]) -> str:
    """What there is to say of an index, in a line."""
    about = (
        f"{_counted(index['pictures'], 'picture')}, {index['read']} read just now, index {size_text(index['bytes'])}"
    )
    if index["faults"]:
        about += f"; {_counted(len(index['faults']), 'file')} cannot be read as a picture"
    if index["closed"]:
        about += f"; {_counted(len(index['closed']), 'folder')} cannot be read"
    return about


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
