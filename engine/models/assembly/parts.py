"""The parts that lie in a file: one, or several in a whole checkpoint, each with what stands before its names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.models.assembly import autoencoders, encoders
from engine.models.assembly.encoders import Encoder
from engine.models.assembly.sizes import PREFIXES, Sizes
from engine.weights.gguf_file import is_gguf, read_gguf_header
from engine.weights.headers import incomplete, read_header, shapes

_ENCODERS = ("text_encoders.", "conditioner.embedders.", "cond_stage_model.")


@dataclass(frozen=True)
class Part:
    """Tensors of one file that belong together.

    Attributes:
        prefix: what stands before their names in the file. sizes: without it.
        architecture: what a GGUF file says that it is.
    """

    file: Path
    prefix: str
    sizes: Sizes
    architecture: str = ""

    def encoder(self) -> Encoder | None:
        """Which text encoder it is; None if none."""
        return encoders.recognise(self.sizes, self.architecture)


def read_sizes(file: Path) -> tuple[Sizes, str]:
    """Return the shapes in a file, and what a GGUF file says that it is; see `read_any_header` for the errors.

    A file that has not changed is not read again: every model beside it asks for the same.
    """
    try:
        found = os.stat(file)
    except OSError as error:
        raise incomplete("weights file", f"{file.name} is missing", details=str(error)) from error
    return _read_sizes(file, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=256)
def _read_sizes(file: Path, _changed: int, _size: int) -> tuple[Sizes, str]:
    if is_gguf(file):
        header = read_gguf_header(file, part="weights file")
        return shapes(header.as_safetensors()), header.architecture
    return shapes(read_header(file, part="weights file")), ""


def parts_of(file: Path) -> Iterator[Part]:
    """Yield what may be a text encoder or an autoencoder in a file; see `read_any_header` for the errors."""
    sizes, architecture = read_sizes(file)
    if not any(name.startswith(PREFIXES[0]) for name in sizes):
        yield Part(file, "", sizes, architecture)
        return
    for prefix in autoencoders.PREFIXES:
        if own := _below(sizes, prefix):
            yield Part(file, prefix, own)
    for outer in _ENCODERS:
        names = {name.split(".")[outer.count(".")] for name in sizes if name.startswith(outer)}
        for name in sorted(names):
            for inner in (f"{outer}{name}.transformer.", f"{outer}{name}.model.", f"{outer}{name}."):
                if own := _below(sizes, inner):
                    yield Part(file, inner, own)
                    break


def _below(sizes: Sizes, prefix: str) -> Sizes:
    return {name.removeprefix(prefix): shape for name, shape in sizes.items() if name.startswith(prefix)}
