"""Many results written to another folder, under names made from a template, in one of the kinds of pictures."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.storage.results import Result, slug
from canvas.files import deep_png, lossy, png, reading
from canvas.files.opened import Opened
from canvas.model.errors import SaveError, SceneFileError

FIELDS = ("prompt", "seed", "n", "date")
USUAL = "{n}-{prompt}-{seed}"
KINDS = {".png": "PNG", ".webp": "WebP", ".jpg": "JPEG"}
LONGEST = 120  # letters of a name, as some disks take no more with their folder
_FIELD = re.compile(r"\{([^{}]*)\}")
_BAD = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


@dataclass(frozen=True)
class Export:
    """What is wanted.

    Attributes:
        template: a name without its ending; `{prompt}`, `{seed}`, `{n}` (from 001 on) and `{date}` are filled in.
        ending: one of KINDS. metadata: whether the files carry their scene and settings.
    """

    folder: Path
    template: str = USUAL
    ending: str = ".png"
    metadata: bool = True


def check_template(template: str) -> None:
    """Raise SaveError where names cannot be made from it."""
    unknown = [field for field in _FIELD.findall(template) if field not in FIELDS]
    if unknown or "{" in _FIELD.sub("", template) or "}" in _FIELD.sub("", template):
        wrong = f"“{{{unknown[0]}}}”" if unknown else "a single brace"
        raise SaveError(
            f"The name has {wrong}, which is not a known field.",
            hint="The fields are {prompt}, {seed}, {n} and {date}.",
        )
    if not _safe(_FIELD.sub("x", template)):
        raise SaveError("The name is empty.", hint="Write one, as {n}-{prompt}.")


def name_of(template: str, *, prompt: str, seed: int | None, number: int, date: datetime) -> str:
    """The name that a template gives, without its ending; letters that a disk may refuse are left out."""
    values = {
        "prompt": slug(prompt) or "picture",
        "seed": "" if seed is None else str(seed),
        "n": f"{number:03d}",
        "date": f"{date:%Y-%m-%d}",
    }
    return _safe(_FIELD.sub(lambda match: values[match[1]], template)) or f"{number:03d}"


def export(
    results: Sequence[Result], how: Export, *, cancel: threading.Event, tell: Callable[[int], None]
) -> tuple[list[Path], list[Result]]:
    """Write the pictures; files that are there already are not replaced. For any thread.

    Args:
        cancel: stops before the next picture when it is set. tell: takes how many are done.

    Returns:
        The files, and the results that could not be read any more.

    Raises:
        SaveError: the template cannot be, or the disk takes no more; what was written stays.
    """
    check_template(how.template)
    written: list[Path] = []
    lost: list[Result] = []
    for number, result in enumerate(results, 1):
        if cancel.is_set():
            break
        try:
            held = reading.read_all(result.path)
            date = datetime.fromtimestamp(result.path.stat().st_mtime)
        except (SceneFileError, OSError):
            lost.append(result)
            continue
        scene = held.made_by
        name = name_of(
            how.template,
            prompt="" if scene is None else scene.prompt,
            seed=None if scene is None else scene.settings.seed,
            number=number,
            date=date,
        )
        written.append(_write(result.path, held, how, name))
        tell(number)
    return written, lost


def _write(source: Path, held: Opened, how: Export, name: str) -> Path:
    assert held.picture is not None, "a result is a picture"
    picture = held.picture if held.rgba is None else held.rgba
    path = how.folder / f"{name}{how.ending}"
    number = 2
    while path.exists():
        path = how.folder / f"{name}-{number}{how.ending}"
        number += 1
    if how.ending == ".png" and deep_png.copy(source, path, texts=how.metadata):
        return path
    save = png.save if how.ending == ".png" else lossy.save
    if not how.metadata:
        save(path, picture)
        return path
    try:
        save(path, picture, held.made_by, held.parameters, notes=held.notes)
    except png.TooMuchForPNG:  # as where it lies now: the picture counts
        save(path, picture, None, held.parameters, notes=held.notes)
    return path


def _safe(name: str) -> str:
    return _BAD.sub("", name).strip(" .")[:LONGEST].rstrip(" .")
