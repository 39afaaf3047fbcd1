"""What training wrote, read for a comparison."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from pathlib import Path
from typing import Any


def digests(folder: Path) -> dict[str, str]:
    """Every file's digest, by its path in the folder."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def finish(steps: Generator[Any, None, Any]) -> Any:
    """What a loading gives at its end."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value
