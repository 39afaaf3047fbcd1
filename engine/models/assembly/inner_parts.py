"""Parts that lie in a transformer's file beside it, or in files of their own where that one has diffusers' names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.models.assembly.parts import read_sizes
from engine.models.assembly.record import DenoiserFile
from engine.models.assembly.sizes import PREFIXES, Sizes


@dataclass(frozen=True)
class InnerPart:
    """A part that was found: its file, what stands before its tensors' names there, and their shapes.

    `sizes` are by the names that the tensors have in the transformer's own file in the original layout.
    """

    file: Path
    prefix: str
    sizes: Sizes


def find(kind: DenoiserFile, part: str, files: Iterable[Path]) -> InnerPart | None:
    """Return a part of `DenoiserFile.more` from the first of the files that has it; None if none has."""
    for file in files:
        try:
            found = of_file(kind, part, file)
        except EngineError:
            continue
        if found is not None:
            return found
    return None


def of_file(kind: DenoiserFile, part: str, file: Path) -> InnerPart | None:
    """Return the part as it lies in one file, None if it does not; see `read_any_header` for the errors."""
    name, config = kind.more[part]
    sizes, _ = read_sizes(file)
    signs = [sign.removeprefix(name) for sign in kind.signs if sign.startswith(name)]
    for prefix in (*(f"{outer}{name}" for outer in ("", *PREFIXES)), f"{part}.", ""):
        if not all(f"{prefix}{sign}" in sizes for sign in signs):
            continue
        own = {f"{name}{each.removeprefix(prefix)}": size for each, size in sizes.items() if each.startswith(prefix)}
        if _makes_sense(config, own):
            return InnerPart(file, prefix, own)
    return None


def _makes_sense(config: Callable[[Sizes], Mapping[str, Any]], own: Sizes) -> bool:
    try:
        return bool(config(own))
    except (KeyError, IndexError, ValueError, ArithmeticError):
        return False
