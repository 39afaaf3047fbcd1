"""One of several loadings as a share of the whole, for the progress."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.models.families.base import Family


def share_of(
    loading: Generator[tuple[str, float], None, Family], index: int, count: int
) -> Generator[tuple[str, float], None, Family]:
    """Forward loading number `index` of `count` with its fractions scaled to the whole; its own "ready" is dropped."""
    while True:
        try:
            what, fraction = next(loading)
        except StopIteration as done:
            family: Family = done.value
            return family
        if fraction < 1:
            yield what, (index + fraction) / max(1, count)
