"""Models as they are listed to another machine: names, sizes and faults, but no places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.facts import ModelInfo
from engine.remote.messages import not_understood
from engine.remote.names import Names


def write_line(info: ModelInfo, names: Names) -> dict[str, Any]:
    """A model as clients list it: without its place."""
    return {
        "name": names.shown(info.name), "family": info.family, "size_bytes": info.size_bytes,
        "problem": names.scrubbed(info.problem), "names": list(info.names), "hint": names.scrubbed(info.hint),
    }  # fmt: skip


def read_line(line: Any) -> ModelInfo:
    """Return the model of such a line. Raises BadMessage."""
    try:
        return ModelInfo(
            str(line["name"]), Path(str(line["name"])), str(line["family"]), int(line["size_bytes"]),
            str(line["problem"]), tuple(map(str, line["names"])), str(line["hint"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise not_understood(repr(error)) from error
