"""Checks that plots can be drawn and written; their colours and markers, chosen for colour-blind readers too."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadRequest, EngineError

INK, GREY = "#222222", "#8a8a8a"


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a law is drawn: a colour "#rrggbb", matplotlib's marker and line style, and `above`, its z-order."""

    colour: str
    mark: str
    line: str = "-"
    width: float = 1.4
    above: int = 3


# Okabe and Ito's colours, which people with any colour vision can distinguish; the markers differ as well.
_LOOKS = {
    "none": Look(colour=GREY, mark="x"),
    "default": Look(colour="#d55e00", mark="o", width=2.4, above=6),
    "dial": Look(colour="#d55e00", mark="o", line=":", above=5),
    "ediffi": Look(colour="#0072b2", mark="s", width=2.0, above=4),
    "ediffi-head": Look(colour="#0072b2", mark="^", line="--"),
    "ediffi-std": Look(colour="#0072b2", mark="v", line="-."),
    "cloneofsimo": Look(colour="#56b4e9", mark="D"),
    "densediffusion": Look(colour="#009e73", mark="P"),
    "densediffusion-code": Look(colour="#009e73", mark="d", line=":"),
    "hard": Look(colour="#000000", mark="X"),
    "couple": Look(colour="#cc79a7", mark="p"),
    "multidiffusion": Look(colour="#e69f00", mark="*"),
}


def look_of(law: str) -> Look:
    """The look of a law by its name, or of "dial"; a default for names without one."""
    return _LOOKS.get(law, Look(colour="#7a5195", mark="h", line="--"))


class PlotsUnavailable(EngineError):
    """The library that draws the plots is not installed."""


def check(folder: Path) -> None:
    """Check, before anything is generated, that plots can be drawn and written; creates the folder if it is missing.

    Raises:
        PlotsUnavailable: matplotlib is missing; the hint is the command that installs it. BadRequest: there is a file
        of that name. EngineError: the folder cannot be written.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise PlotsUnavailable(
            "Plots need matplotlib, which is not installed.",
            hint=f'Install it with: "{sys.executable}" -m pip install matplotlib',
        )
    if folder.exists() and not folder.is_dir():
        raise BadRequest(f'The plots cannot go to "{folder}": it is a file.', hint="Choose a folder with --plots.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".wordbrush-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(folder: Path, error: OSError) -> EngineError:
    """The error to raise when a plot cannot be written."""
    return EngineError(
        f'The plots cannot be written to "{folder}".',
        hint="Free some space there, or choose another folder with --plots.",
        details=str(error),
    )
