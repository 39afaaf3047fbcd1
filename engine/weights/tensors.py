"""The tensors of one part, from safetensors or GGUF files, as plain numbers in memory of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.errors import EngineError
from engine.weights import scaled
from engine.weights.gguf_file import is_gguf, read_gguf_header, read_gguf_tensor
from engine.weights.headers import incomplete, metadata, open_regular, read_header


def read_tensors(
    files: Sequence[Path],
    *,
    part: str,
    dtype: torch.dtype,
    beginnings: tuple[str, ...] = ("",),
    look: Callable[[float], None] = lambda fraction: None,
) -> dict[str, Tensor]:
    """Return the tensors whose names begin so, in memory of their own.

    8-bit weights with scales come multiplied by them, and quantised ones dequantised, in `dtype`; all others as they
    are stored. Scales may lie in another file of the part than their weights.

    Args:
        files: all of the part: one, or its shards. look: called with the fraction done after each tensor.

    Raises:
        ModelIncomplete: a file is missing, damaged, or has gone in the middle. UnsupportedModel: the weights are packed
            in a way that is not known.
    """
    try:
        if any(is_gguf(file) for file in files):
            return _from_gguf(files, part, dtype, beginnings, look)
        return _from_safetensors(files, part, dtype, beginnings, look)
    except EngineError:
        raise
    except OSError as error:
        fault = f"{files[0].name} cannot be read to its end"
        raise incomplete(part, fault, details=f"{type(error).__name__}: {error}") from error


def _from_safetensors(
    files: Sequence[Path],
    part: str,
    dtype: torch.dtype,
    beginnings: tuple[str, ...],
    look: Callable[[float], None],
) -> dict[str, Tensor]:
    from safetensors import SafetensorError, safe_open

    headers = [read_header(file, part=part) for file in files]
    with ExitStack() as stack:
        try:
            handles = [stack.enter_context(safe_open(file, framework="pt")) for file in files]
            places: dict[str, Any] = {
                name: handle
                for handle in handles
                for name in handle.keys()  # noqa: SIM118 (no mapping)
                if name.startswith(beginnings)
            }
            marks = {name: handle.get_tensor(name) for name, handle in places.items() if scaled.is_mark(name)}
            notes = {key: text for header in headers for key, text in metadata(header).items()} if marks else {}
            scaled.check_formats(marks, notes, files[0].name)
            weights = [name for name in places if name not in marks]
            found: dict[str, Tensor] = {}
            for done, name in enumerate(weights, 1):
                # Cloned: what lies in the file itself would change, or end the process, when the file is overwritten.
                stored = places[name].get_tensor(name)
                plain = scaled.unscale(name, stored, marks, files[0].name, dtype=dtype)
                found[name] = plain.clone() if plain is stored else plain
                look(done / len(weights))
        except SafetensorError as error:
            raise incomplete(part, f"{files[0].name} cannot be read", details=str(error)) from error
    return found


def _from_gguf(
    files: Sequence[Path],
    part: str,
    dtype: torch.dtype,
    beginnings: tuple[str, ...],
    look: Callable[[float], None],
) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for number, path in enumerate(files):
        header = read_gguf_header(path, part=part)
        weights = {name: tensor for name, tensor in header.tensors.items() if name.startswith(beginnings)}
        with open_regular(path) as file:
            for done, (name, tensor) in enumerate(weights.items(), 1):
                found[name] = read_gguf_tensor(file, tensor, dtype=dtype)
                look((number + done / len(weights)) / len(files))
    return found
