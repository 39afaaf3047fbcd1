"""The files that ship with the program (starter model, examples, model configs, icons, licences) and where they are."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Where a shipped file or folder lies, in the source tree and in an installed copy alike.

    `path("icons", "wordbrush.svg")`; without parts, the folder of everything that ships. Nothing is opened: a caller
    that cannot do without the file says so in its own words.
    """
    return _ROOT.joinpath(*parts)
