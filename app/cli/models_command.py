"""The command `wordbrush models`: which models there are, using, checking, bringing and removing one."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.output import DONE, Cancelled, CommandError, progress, put, put_json, table
from app.cli.parser import Parser, cancel_on_interrupt
from engine.facts import STARTER
from resources.sizes import size_text

if TYPE_CHECKING:
    from engine.models.library import Library

MORE = (
    "Only the starter is installed. wordbrush models download ORG/NAME gets a larger model; it shows the licence"
    " first.",
    "Already have models? wordbrush models add PATH uses one, or all of ComfyUI, Forge or A1111, without copying.",
)
"""What is said where there is nothing but the starter: two plain lines."""


def run(arguments: list[str]) -> int:
    """Run `wordbrush models`; returns the exit code."""
    parser = Parser(prog="wordbrush models", description="List, add, download, check and remove models.")
    parser.set_defaults(act=None)
    kinds = parser.add_subparsers(title="what", metavar="list|add|check|download|remove|offline")
    kinds.add_parser(
        "list", help="list models: name, family, size, precision, licence, path, and what is missing"
    ).set_defaults(act=_list)
    add = kinds.add_parser(
        "add", help="use models without copying them: a file, a folder, or the folder of ComfyUI, Forge or A1111"
    )
    add.add_argument("path", metavar="PATH", type=Path)
    add.set_defaults(act=_add)
    remove = kinds.add_parser("remove", help="delete a downloaded model, or take an added one off the list")
    remove.add_argument("name", metavar="NAME|PATH")
    remove.add_argument("--yes", action="store_true", help="do not ask")
    remove.add_argument("--delete-files", action="store_true", help="also delete files that Wordbrush did not download")
    remove.set_defaults(act=_remove)
    download = kinds.add_parser(
        "download", help="download a model from the Hub or an address; shows its licence and size first"
    )
    download.add_argument(
        "source", metavar="ORG/NAME|URL", help="ORG/NAME[@REVISION][:FILE], or a file's https address"
    )
    download.add_argument("--yes", action="store_true", help="accept the licence and size without asking")
    download.set_defaults(act=_download)
    check = kinds.add_parser(
        "check", help="measure what paint does to a model and how fast it is on this machine, and calibrate its paint"
    )
    check.add_argument("name", metavar="NAME|PATH")
    check.add_argument("--device", metavar="NAME", default="auto", help="auto, cpu, cuda, cuda:N or mps")
    check.add_argument("--no-calibration", dest="calibrate", action="store_false", help="measure only; change nothing")
    check.set_defaults(act=_check)
    offline = kinds.add_parser("offline", help="switch all use of the network off, or allow downloads again")
    offline.add_argument(
        "switch", metavar="on|off", nargs="?", choices=("on", "off"), help="without it, print the current setting"
    )
    offline.set_defaults(act=_offline)
    for each in kinds.choices.values():
        each.add_argument("--json", action="store_true", help="print one JSON object to stdout")
    options = vars(parser.parse_args(arguments))
    act, as_json = options.pop("act"), options.pop("json", False)
    if act is None:
        names = [*kinds.choices]
        raise CommandError(
            "wordbrush models needs a command.",
            hint=f"Say {', '.join(names[:-1])} or {names[-1]}: wordbrush models list.",
        )
    result, text = act(**options)
    if as_json:
        put_json(result)
    else:
        put(text)
    return DONE


Result = tuple[Mapping[str, Any], str]
"""The object of --json, and the same for people."""


def _list() -> Result:
    from engine.models import collection
    from engine.models.library import Library

    library = Library()
    found = collection.listed(library)
    loras, words = additions(library)
    rows = [
        {
            "model": each.info.name,
            "family": each.info.family or "-",
            "size": size_text(each.info.size_bytes),
            "precision": each.precision or "?",
            "licence": each.licence or "?",
            "place": each.place,
            "state": f"missing: {', '.join(each.missing)}" if each.missing else each.info.problem or "ready",
            "path": str(each.info.path),
        }
        for each in found
    ]
    lines = [table(rows)]
    if [each.info.name for each in found] == [STARTER]:
        lines += ["", *MORE]
    if loras:
        lines += ["", f"LoRA files (--lora NAME): {', '.join(each['name'] for each in loras)}"]
    if words:
        lines += ["", f"Embeddings (write the word): {', '.join(each['name'] for each in words)}"]
    models = [each.to_json() for each in found]
    return {"schema": 1, "models": models, "loras": loras, "embeddings": words}, "\n".join(lines)


def additions(library: Library) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The LoRA files and the embeddings that lie in folders of the library and of programs that were added.

    "problem" is why one cannot be used, null if nothing is known.
    """
    from engine.models.adapters.notes import list_adapters
    from engine.models.embeddings import list_embeddings
    from engine.weights.files import is_pickle

    loras = [
        {"name": each.name, "path": str(each.path), "triggers": [*each.triggers], "problem": each.problem or None}
        for each in list_adapters(library.folders_of("loras"))
    ]
    words = [
        {
            "name": name,
            "path": str(file),
            "problem": "It is a pickle, which is never opened." if is_pickle(file) else None,
        }
        for name, file in sorted(list_embeddings(library.folders_of("embeddings")).items())
    ]
    return loras, words


def _add(path: Path) -> Result:
    from engine.models import collection, details
    from engine.models.library import Library

    library = Library()
    names = collection.add(library, path.expanduser())
    places = library.places()
    found = [
        details.of(info, places[info.name][1], library.program_of(info.path))
        for info in library.list()
        if info.name in names
    ]
    rows = [each.to_json() for each in found]
    text = (
        f'"{names[0]}" is in the library; its files stay at {found[0].info.path}'
        if len(found) == 1
        else f"{len(found)} models are in the library; their files stay in {path}: {', '.join(names)}"
    )
    return {"schema": 1, "model": rows[0], "models": rows}, text


def _download(source: str, yes: bool) -> Result:
    from engine.downloads import models, offers
    from engine.downloads.connection import Stopped
    from engine.models.library import Library
    from engine.models.places import check_online

    library = Library()
    check_online(library.folder)
    with cancel_on_interrupt() as cancel, progress() as news:
        try:
            news.passing(f"Asking for {source}")
            offer = offers.look_up(source, cancel=cancel)
            models.check_room(offer, library.folder)
            news.note(offers.describe(offer, models.needed(offer, library.folder)))
            if not yes and not _agreed(f'Download "{offer.name}"?'):
                raise CommandError(
                    f'"{offer.name}" was not downloaded.',
                    hint=f"{offers.describe(offer, offer.size)} Say --yes to accept that.",
                )

            def report(now: models.Progress) -> None:
                share = 0.0 if not now.total else now.done / now.total
                rate = f", {size_text(int(now.rate))}/s" if now.rate else ""
                news.step(f"{now.file}: {size_text(now.done)}{rate}", share)

            place = models.download(offer, library.folder, report=report, cancel=cancel)
        except Stopped:
            raise Cancelled(hint="What has arrived is kept; run it again to continue from there.") from None
    name = next((name for name, (path, _) in library.places().items() if path == place), offer.name)
    result = {"schema": 1, "name": name, "path": str(place), "licence": offer.licence or None, "size_bytes": offer.size}
    return result, f'"{name}" is here: {place}'


def _check(name: str, device: str, calibrate: bool) -> Result:
    with cancel_on_interrupt() as cancel, progress() as news:
        news.passing("Loading libraries")
        from engine.checkup import check, report

        try:
            found = check.run(name, device=device, calibrate=calibrate, progress=news.step, cancel=cancel)
        except check.CheckCancelled as error:
            raise Cancelled(hint=error.hint) from None
    return found, f"{table(report.rows(found))}\n\n{report.text(found)}"


def _offline(switch: str | None) -> Result:
    from engine.models import places
    from engine.models.user_folder import user_folder

    folder = user_folder()
    if switch is not None:
        places.set_offline(folder, switch == "on")
    off = places.is_offline(folder)
    return {
        "schema": 1,
        "offline": off,
    }, "Downloads are switched off." if off else "Downloads are allowed, when asked for."


def _remove(name: str, yes: bool, delete_files: bool) -> Result:
    from engine.models import collection
    from engine.models.library import Library

    library = Library()
    what = "delete its files" if delete_files else "delete what was downloaded, or take what was added off the list"
    if not yes and not _agreed(f'Remove "{name}" ({library.resolve(name)}): {what}?'):
        raise CommandError(f'"{name}" was not removed.', hint="Say --yes to remove it.")
    removed = collection.remove(library, name, delete_files=delete_files)
    result = {
        "schema": 1,
        "name": removed.name,
        "path": str(removed.path),
        "deleted": removed.deleted,
        "freed_bytes": removed.freed_bytes,
    }
    done = (
        f"deleted, {size_text(removed.freed_bytes)} freed"
        if removed.deleted
        else "off the list; its files stay where they are"
    )
    return result, f'"{removed.name}" is {done}.'


def _agreed(question: str) -> bool:
    """Ask on the terminal; no where there is nobody to answer."""
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
