"""What every part stands on: the files that ship, and where they are; and the few rules that canvas and engine share.

Shipped are the starter model, examples, model configs, icons and licences. Shared are limits and settings, how a
phrase is found, how a picture is opened, what a mask in one means, and how a file is written whole.
"""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Where a shipped file or folder lies, in the source tree and in an installed copy alike.

    `path("icons", "wordbrush.svg")`; without parts, the folder of everything that ships. Nothing is opened: a caller
    that cannot do without the file says so in its own words.
    """
    return _ROOT.joinpath(*parts)
