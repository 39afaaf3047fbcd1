"""What version this is, and whether the environment asks for debugging."""

from __future__ import annotations

import os
from pathlib import Path


def version() -> str:
    """The version of the program, as it is installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("wordbrush")
    except PackageNotFoundError:  # a source tree that was not installed says it in its project file
        import tomllib

        project = Path(__file__).resolve().parents[1] / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


def debugging() -> bool:
    """Whether `WORDBRUSH_DEBUG=1` asks for tracebacks."""
    return os.environ.get("WORDBRUSH_DEBUG") == "1"
