"""Checkpoint files: written atomically, and checked when they are read, so that damage is noticed."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import torch


def write(file: Path, value: Any) -> None:
    """Write tensors and plain values to NAME.half next to `file`, flush them to disk, and rename that to `file`.

    Raises:
        OSError: they cannot be written; the old file stays.
    """
    write_half(file, value).replace(file)


def write_half(file: Path, value: Any) -> Path:
    """The first half of `write`: returns the complete NAME.half next to `file`, not yet renamed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".half")
    torch.save(value, half)
    with half.open("rb+") as opened:
        os.fsync(opened.fileno())
    return half


def read(file: Path) -> Any:
    """Return what was written, or None if the file is missing or damaged."""
    if not file.is_file():
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            # torch writes checksums but does not verify them.
            if archive.testzip() is not None:
                return None
        return torch.load(file, weights_only=True, map_location="cpu")
    except Exception:  # a damaged file can raise almost anything in the readers
        return None
