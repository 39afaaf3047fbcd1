"""What is told of loading: one of several as a share of the whole, and its progress as events."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import TYPE_CHECKING, TypeVar

from engine.protocol import Event, Loading

if TYPE_CHECKING:
    from engine.models.families.base import Family

T = TypeVar("T")


class Stopped(Exception):
    """The cancel event was set."""


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


def announced(
    loading: Generator[tuple[str, float], None, T], request_id: str, cancel: threading.Event
) -> Generator[Event, None, T]:
    """Turn a loader's progress into events; stops between two of them once `cancel` is set."""
    while True:
        try:
            what, fraction = next(loading)
        except StopIteration as done:
            result: T = done.value
            return result
        yield Loading(request_id=request_id, what=what, fraction=fraction)
        if cancel.is_set():
            raise Stopped
