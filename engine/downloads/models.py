"""Brings a model into the models folder: room first, file by file into a hidden folder, then in its place at once."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from engine.downloads import receipt as receipts
from engine.downloads import transfer
from engine.downloads.offers import GGUF, Offer, endpoint, token
from engine.downloads.receipt import Receipt
from engine.downloads.transfer import PART, Pace, RemoteFile
from engine.errors import DownloadFailed, EngineError
from engine.weights.headers import open_regular, parse_json, read_header
from resources import atomic
from resources.sizes import size_text

STAGING = ".downloads"
"""In the models folder: what is not whole yet."""
RESERVE = 512 << 20
"""Bytes that are left free on the disk."""
_DONE = ".wordbrush-done.json"
_LARGEST_JSON = 64 << 20


@dataclass(frozen=True)
class Progress:
    """How far a download is: `done` of `total` bytes (None where unknown), now at `file`, `rate` bytes a second."""

    file: str
    done: int
    total: int | None
    rate: float


Report = Callable[[Progress], None]


def place_of(offer: Offer, folder: Path) -> Path:
    """Where the model will lie."""
    return (folder.parent / offer.beside if offer.beside else folder) / offer.name


def needed(offer: Offer, folder: Path) -> int | None:
    """Bytes that are still to come; None where the server does not say how much there is."""
    if offer.size is None:
        return None
    staging = _staging(offer, folder)
    return max(0, offer.size - sum(_have(staging / file.name) for file in offer.files))


def check_room(offer: Offer, folder: Path) -> None:
    """Make sure that the rest of the model fits on the disk. Raises DownloadFailed."""
    missing = needed(offer, folder)
    standing = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(standing).free
    if missing is not None and missing + RESERVE > free:
        raise DownloadFailed(
            f'"{offer.name}" takes {size_text(missing)}, and {size_text(free)} are free where models are kept.',
            hint="Free some space, or set WORDBRUSH_MODELS to a folder on another disk.",
            details=str(folder),
        )


def download(
    offer: Offer,
    folder: Path,
    *,
    report: Report = lambda progress: None,
    cancel: threading.Event,
    timeout: float = 30.0,
    pause: float = 1.0,
) -> Path:
    """Bring all files of an offer into the models folder; returns where the model lies.

    Nothing of it is seen there before it is whole. What was brought before a fault or a stop is kept, and gone on with
    the next time the same is asked for.

    Raises:
        DownloadFailed, UnsafeModel, ModelIncomplete: as their names say. Stopped: `cancel` was set.
    """
    target = place_of(offer, folder)
    if target.exists():
        raise DownloadFailed(
            f'There is a model "{offer.name}" already.', hint="Remove it first: wordbrush models remove NAME."
        )
    check_room(offer, folder)
    staging = _staging(offer, folder)
    try:
        staging.mkdir(parents=True, exist_ok=True)
        with FileLock(staging.with_suffix(".lock"), timeout=0):
            files = _bring_all(offer, staging, report, cancel, timeout, pause)
            _put(offer, staging, target, files)
    except Timeout:
        raise DownloadFailed(
            f'"{offer.name}" is being downloaded already.', hint="Wait until it is finished."
        ) from None
    except OSError as error:
        raise DownloadFailed(
            f'"{offer.name}" could not be written: {error.strerror or error}.',
            hint=f"Make sure that there is room and that you may write to {folder}. {transfer.KEPT}",
            details=str(error),
        ) from error
    staging.with_suffix(".lock").unlink(missing_ok=True)
    return target


def unfinished(folder: Path) -> int:
    """Bytes of downloads that were begun and not finished."""
    return sum(file.stat().st_size for file in (folder / STAGING).rglob("*") if file.is_file())


def forget_unfinished(folder: Path) -> None:
    """Delete what came of downloads that were not finished. Raises OSError."""
    if (folder / STAGING).is_dir():
        shutil.rmtree(folder / STAGING)


def _staging(offer: Offer, folder: Path) -> Path:
    mark = sha256(f"{offer.page}\n{offer.revision}\n{offer.name}".encode()).hexdigest()[:16]
    return folder / STAGING / mark


def _have(target: Path) -> int:
    for path in (target, target.with_name(target.name + PART)):
        if path.is_file():
            return path.stat().st_size
    return 0


def _bring_all(
    offer: Offer, staging: Path, report: Report, cancel: threading.Event, timeout: float, pause: float
) -> dict[str, tuple[int, str]]:
    done, pace = _read_done(staging), Pace()
    before = 0
    # The token is the Hub's own: no other host sees it.
    own = token() if urlsplit(offer.page).netloc == urlsplit(endpoint()).netloc else None
    for file in offer.files:
        target = staging / file.name
        if file.name not in done or not target.is_file() or target.stat().st_size != done[file.name][0]:
            target.parent.mkdir(parents=True, exist_ok=True)

            def tell(have: int, file: RemoteFile = file, before: int = before) -> None:
                report(Progress(file.name, before + have, offer.size, pace.rate(before + have)))

            found = transfer.fetch(file, target, report=tell, cancel=cancel, token=own, timeout=timeout, pause=pause)
            _check_content(file, target)
            done[file.name] = found
            atomic.write_text(staging / _DONE, json.dumps(done))
        before += done[file.name][0]
        report(Progress(file.name, before, offer.size, pace.rate(before)))
    return done


def _read_done(staging: Path) -> dict[str, tuple[int, str]]:
    try:
        found = json.loads((staging / _DONE).read_text())
        return {str(name): (int(size), str(digest)) for name, (size, digest) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _check_content(file: RemoteFile, target: Path) -> None:
    """Make sure that a file is what its name says; what is not is deleted."""
    try:
        if file.name.lower().endswith(".json"):
            with open_regular(target) as opened:
                parse_json(opened.read(_LARGEST_JSON), depth=64)
        elif file.name.lower().endswith(GGUF):
            with open_regular(target) as opened:
                if opened.read(4) != b"GGUF":
                    raise ValueError("no GGUF file")
        elif file.name.lower().endswith((".safetensors", ".sft")):
            read_header(target, part="weights file")
    except (EngineError, ValueError) as error:
        target.unlink(missing_ok=True)
        raise DownloadFailed(
            f"{file.name} is not what its name says.",
            hint="The server sent something else, such as a page: open the address in a browser to see what.",
            details=str(error),
        ) from error


def _put(offer: Offer, staging: Path, target: Path, files: dict[str, tuple[int, str]]) -> None:
    """Give the whole model its name at once, with its receipt."""
    kept = {file.name: files[file.name] for file in offer.files}
    receipt = Receipt(offer.source, offer.revision, offer.licence, kept)
    (staging / _DONE).unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if offer.is_folder:
        receipts.write(staging, receipt)
        os.replace(staging, target)
        return
    os.replace(staging / offer.files[0].name, target)
    receipts.write(target, receipt)
    shutil.rmtree(staging, ignore_errors=True)
