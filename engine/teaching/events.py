"""What a lesson says while it runs, and what it may be told; no torch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

GO, WAIT, PAUSE = "go", "wait", "pause"
Wish = Callable[[], str]
"""Asked before each step: GO on, WAIT without working (a picture is being made), or PAUSE: keep all and end."""


@dataclass(frozen=True)
class Preparing:
    """What is prepared before the first step; `fraction` 0..1 of that."""

    what: str
    fraction: float


@dataclass(frozen=True)
class Stepped:
    """A step is done: number `step` of `steps`, with its loss; `seconds_left` of work, None while that is unknown."""

    step: int
    steps: int
    loss: float
    seconds_left: float | None


@dataclass(frozen=True)
class Waiting:
    """It stands still until it may go on."""

    step: int


@dataclass(frozen=True)
class Sampled:
    """A picture of the word as it is known after `step` steps."""

    step: int
    file: Path


@dataclass(frozen=True)
class Paused:
    """It ended before its last step; a checkpoint after `step` steps is kept."""

    step: int


@dataclass(frozen=True)
class Taught:
    """The word can be used; its files, the embedding first."""

    word: str
    files: tuple[Path, ...]


Event = Preparing | Stepped | Waiting | Sampled | Paused | Taught
"""One of them; the last of a lesson is `Paused` or `Taught`."""


def to_json(event: Event) -> dict[str, Any]:
    """An event as a JSON object: `event` is its kind, in small letters; paths are strings."""
    values = {name: _plain(value) for name, value in asdict(event).items()}
    return {"event": type(event).__name__.lower(), **values}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Path) else value
