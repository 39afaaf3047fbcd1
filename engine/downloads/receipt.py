"""What a download left beside a model: where it came from and which files are its own; nothing else may be deleted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.weights.headers import open_regular, parse_json
from resources import atomic

FILE_NAME = "wordbrush-download.json"
FILE_ENDING = ".download.json"
"""Of the receipt of a single file, after the file's own name."""
_LARGEST = 4 << 20
_SCHEMA = 1


@dataclass(frozen=True)
class Receipt:
    """What was downloaded.

    Attributes:
        source: the hub id or the URL that was asked for. revision: the commit of the hub's repository; "" of a URL.
        licence: as the source named it, "" where it named none.
        files: paths in the model's folder -> (bytes, SHA-256 in hexadecimal digits); of a single file just its name.
    """

    source: str
    revision: str = ""
    licence: str = ""
    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)


def place_of(model: Path) -> Path:
    """Where the receipt of a model's folder or file lies."""
    return model / FILE_NAME if model.is_dir() else model.with_name(model.name + FILE_ENDING)


def write(model: Path, receipt: Receipt) -> None:
    """Put the receipt beside a model. Raises OSError."""
    found = {
        "schema": _SCHEMA,
        "source": receipt.source,
        "revision": receipt.revision,
        "licence": receipt.licence,
        "files": {name: {"bytes": size, "sha256": digest} for name, (size, digest) in receipt.files.items()},
    }
    atomic.write_text(place_of(model), json.dumps(found, indent=1))


def read(model: Path) -> Receipt | None:
    """The receipt of a model; None where it was not downloaded by this program, or the receipt makes no sense."""
    try:
        with open_regular(place_of(model)) as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            return None
        return _receipt(parse_json(data, depth=6))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _receipt(found: Any) -> Receipt:
    files = {str(name): (int(entry["bytes"]), str(entry["sha256"])) for name, entry in found["files"].items()}
    for name in files:
        check_name(name)
    return Receipt(str(found["source"]), str(found["revision"]), str(found["licence"]), files)


def check_name(name: str) -> None:
    """Make sure that a path from elsewhere stays inside the folder that it is put into. Raises ValueError."""
    parts = name.split("/")
    bad = any(part in ("", ".", "..") or part.endswith((".", " ")) for part in parts)
    if bad or any(char in name for char in '\\:*?"<>|\0') or any(ord(char) < 32 for char in name) or len(name) > 500:
        raise ValueError(f"{name[:100]!r} is no path inside a folder")
