"""The model that another program's picture was made with, among those that are here: by its name, or by its content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from canvas.files.opened import WantedModel
from engine.downloads import receipt
from engine.facts import ModelInfo

MOST_READ = 8 * 2**30
"""Bytes of all models that are read to compare them, where no name is the same."""
_OLD_AT, _OLD_LENGTH = 0x100000, 0x10000
"""Where A1111 took its eight digits from before it read whole files."""
_DIGITS = {8, 10, 64}


def find(wanted: WantedModel, installed: Iterable[ModelInfo], opened: Iterable[Path]) -> str | None:
    """What a request names for that model; None where it is not here. May read gigabytes: not for the window's thread.

    Args:
        installed: the library's models. opened: the user's own files and folders.
    """
    usable = [model for model in installed if not model.problem]
    places = {model.name: model.path for model in usable} | {str(path): path for path in opened if path.exists()}
    asked = _plain(wanted.name)
    for name, path in places.items():
        if asked in (_plain(path.name), _plain(Path(name).name)):
            return name
    if len(wanted.digest) not in _DIGITS:
        return None
    for name, path in places.items():
        if any(digest.startswith(wanted.digest) for digest in _known(path)):
            return name
    left = MOST_READ
    for name, path in places.items():
        if path.is_file() and (left := left - path.stat().st_size) >= 0 and _is(path, wanted.digest):
            return name
    return None


def _plain(name: str) -> str:
    """A name as it is compared: without ending, case, signs, and the hash that A1111 puts behind it."""
    stem = re.sub(r"\s*\[[0-9a-f]{8,10}\]\Z", "", name.lower())
    stem = re.sub(r"\.(safetensors|ckpt|gguf|sft)\Z", "", stem)
    return re.sub(r"[\W_]", "", stem)


def _known(path: Path) -> list[str]:
    """The SHA-256 of a downloaded model's files."""
    found = receipt.read(path)
    return [] if found is None else [digest.lower() for _size, digest in found.files.values()]


def _is(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as file:
            if len(digest) == 8:
                file.seek(_OLD_AT)
                return hashlib.sha256(file.read(_OLD_LENGTH)).hexdigest().startswith(digest)
            return hashlib.file_digest(file, "sha256").hexdigest().startswith(digest)
    except OSError:
        return False
