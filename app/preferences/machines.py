"""Other machines as they are remembered; their tokens lie in the preferences' file, which only its user may read."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

MOST_MACHINES = 40
PREVIEWS = ("exact", "jpeg", "webp")
_LONGEST = {"name": 60, "address": 300, "token": 200, "certificate": 4096}


@dataclass(frozen=True)
class RemoteMachine:
    """A machine that was added.

    Attributes:
        name: what the painter calls it. address: as `engine.remote.address.Address` reads it; no two have the same.
        token: what it asks for, "" for nothing. certificate: a file that is trusted for it, "" for none.
        previews: how it sends them, one of `PREVIEWS`.
    """

    name: str
    address: str
    token: str = dataclasses.field(default="", repr=False)
    certificate: str = ""
    previews: str = "jpeg"


def machines_of(value: object) -> tuple[RemoteMachine, ...]:
    """Read what the file has. Raises TypeError or ValueError where it is something else."""
    if not isinstance(value, list):
        raise TypeError(type(value))
    found = {machine.address: machine for machine in map(_machine, value[:MOST_MACHINES])}
    return tuple(found.values())


def _machine(value: object) -> RemoteMachine:
    if not isinstance(value, dict):
        raise TypeError(type(value))
    given = {}
    for name, longest in _LONGEST.items():
        text = value.get(name, "")
        if not isinstance(text, str):
            raise TypeError(name)
        if len(text) > longest or "\0" in text:
            raise ValueError(name)
        given[name] = text
    if not given["address"]:
        raise ValueError("address")
    previews = value.get("previews")
    return RemoteMachine(**given, previews=str(previews) if previews in PREVIEWS else "jpeg")
