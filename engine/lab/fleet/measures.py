"""When a fleet is enough, how loaded one is, and waits in words."""

from __future__ import annotations

import math

GOOD_SECONDS = 5.0
"""A fleet is enough where 95 of 100 asked pictures begin within this many seconds."""
LOAD = 0.75
"""Of the peak hour, in the table of growth: the share of the fleet's time that the requests alone would take."""


def wait_in_words(seconds: float) -> str:
    """A wait in words: milliseconds, seconds, minutes or hours."""
    if not math.isfinite(seconds):
        return "-"
    for unit, size in (("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s" if seconds >= 0.95 else f"{1000 * seconds:.0f} ms"
