"""Keeps the figures of the long checks: in the JSON file that WORDBRUSH_SOAK_FIGURES names, if it names one."""

from __future__ import annotations

import json
import os
import platform
import time
from pathlib import Path
from typing import Any

SHARE = float(os.environ.get("WORDBRUSH_SOAK_SHARE", "1"))
"""The part of the full amount that is run: 1 all of it, 0.1 a tenth. What was run is in the figures."""


UNTIL = time.monotonic() + 60 * float(os.environ.get("WORDBRUSH_SOAK_MINUTES", "inf"))
"""When a check that takes long stops where it is, for machines that have no hours to give."""


def share_of(amount: int) -> int:
    """So many of the full amount are to be run."""
    return max(1, round(amount * SHARE))


def record(check: str, **figures: Any) -> None:
    """Keep the figures of one check, in place of older ones of the same check."""
    name = os.environ.get("WORDBRUSH_SOAK_FIGURES")
    if not name:
        return
    path = Path(name)
    known = json.loads(path.read_text()) if path.is_file() else {"schema": 1, "checks": {}}
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    known["checks"][check] = {"when": time.strftime("%Y-%m-%d"), "machine": machine, **figures}
    path.write_text(json.dumps(known, indent=1) + "\n")
