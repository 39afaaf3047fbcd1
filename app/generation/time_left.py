"""How long a generation will still take, in words."""

from __future__ import annotations

from app.language import tr


def time_left(seconds: float) -> str:
    """A rest of time as a painter would say it."""
    if seconds < 1:
        return tr("under a second left")
    if seconds < 90:
        return tr("{round} s left", round=round(seconds))
    return tr("{round} min left", round=round(seconds / 60))


def time_for(seconds: float) -> str:
    """How long something will take that has not begun."""
    if seconds < 1:
        return tr("under a second")
    if seconds < 90:
        return tr("about {round} s", round=round(seconds))
    return tr("about {round} min", round=round(seconds / 60))
