"""Numbers of bytes, for people."""

from __future__ import annotations


def size_text(count: int | None) -> str:
    """Return a number of bytes in words, with three digits; "?" where it is not known."""
    if count is None:
        return "?"
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"
