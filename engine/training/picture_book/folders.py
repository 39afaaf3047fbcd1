"""Writes folders atomically."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path


def put_in_place(folder: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary folder next to `folder`, then replace `folder` with it."""
    new, old = (folder.with_name(f"{folder.name}.{state}") for state in ("new", "old"))
    for left_over in (new, old):
        shutil.rmtree(left_over, ignore_errors=True)
    write(new)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
