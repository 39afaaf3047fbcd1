"""Files that a training keeps for itself: never half written, and read as damaged rather than wrongly."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import torch


def write(file: Path, value: Any) -> None:
    """Write tensors and plain values beside `file` (NAME.half), make sure of the disk, and put them in its place.

    Raises:
        OSError: they cannot be written; what was in its place stays.
    """
    write_half(file, value).replace(file)


def write_half(file: Path, value: Any) -> Path:
    """The first half of `write`: returns the whole file beside `file`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".half")
    torch.save(value, half)
    with half.open("rb+") as opened:
        os.fsync(opened.fileno())
    return half


def read(file: Path) -> Any:
    """What was written; None where the file is missing or damaged."""
    if not file.is_file():
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            # torch does not look at the sums that it writes.
            if archive.testzip() is not None:
                return None
        return torch.load(file, weights_only=True, map_location="cpu")
    except Exception:  # whatever a damaged file makes the readers trip over
        return None
