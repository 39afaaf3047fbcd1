"""The two files of a model whose denoisers share the noise levels: one for much noise, one for little."""

from __future__ import annotations

import os
import re
from pathlib import Path

_MARK = re.compile(r"(high|low)(?=[-_ ]?noise)", re.IGNORECASE)
_OTHER = {"high": "low", "low": "high"}
_PRECISION = re.compile(r"[-_. ]?(fp8|fp16|bf16|e4m3fn|e5m2|scaled|q\d+|k|m|s|\d)(?=$|[-_. ])", re.IGNORECASE)


def of(name: str) -> str:
    """Return which half a file of that name is, "high" or "low"; "" if it is a whole."""
    found = _MARK.search(name)
    return found[1].lower() if found else ""


def partner(model: Path) -> Path | None:
    """Return the file of the other half, which lies in the same folder and is called alike; None if it is not there.

    The number formats of both may differ, but one of the same goes first.
    """

    def swapped(found: re.Match[str]) -> str:
        other = _OTHER[found[1].lower()]
        return other.capitalize() if found[1][0].isupper() else other

    name = _MARK.sub(swapped, model.name)
    if name != model.name and (model.parent / name).is_file():
        return model.parent / name
    wanted = _plain(Path(name).stem)
    try:
        there = sorted(os.listdir(model.parent))
    except OSError:
        return None
    found = (each for each in there if each.lower().endswith((".safetensors", ".gguf")))
    return next((model.parent / each for each in found if _plain(Path(each).stem) == wanted), None)


def _plain(stem: str) -> str:
    return _PRECISION.sub("", stem).lower()
