"""How long a generation will still take, in words."""

from __future__ import annotations


def time_left(seconds: float) -> str:
    """A rest of time as a painter would say it."""
    if seconds < 1:
        return "under a second left"
    if seconds < 90:
        return f"{round(seconds)} s left"
    return f"{round(seconds / 60)} min left"
