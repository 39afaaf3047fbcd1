"""Reads the header of a safetensors file within fixed budgets, and checks it before any library opens the file."""

from __future__ import annotations

import json
import math
import os
import re
import stat
import struct
from collections.abc import Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeGuard

from engine.errors import ModelIncomplete

MAX_HEADER = 32 << 20
"""Bytes of a header; the largest known ones, of LoRA files that carry their training log, have a few million."""
MAX_TENSORS = 200_000
MAX_DEPTH = 8
"""How deeply a header's lists and objects may nest; the format needs three levels."""
MAX_DIMENSIONS = 8
_MAX_DIGITS = 40

ITEM_BITS = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 16),
    **dict.fromkeys(("U32", "I32", "F32"), 32),
    **dict.fromkeys(("U64", "I64", "F64", "C64"), 64),
    **{"F4": 4, "F6_E2M3": 6, "F6_E3M2": 6},
}
"""Bits of one value, by the names that safetensors has for the kinds of values."""


def incomplete(part: str, fault: str, *, details: str = "") -> ModelIncomplete:
    """Return the error for a part that is missing or damaged."""
    return ModelIncomplete(
        f"The model's {part} is incomplete: {fault}.",
        hint="Get the model again, or copy the missing files into its folder.",
        details=details,
    )


def open_regular(path: Path) -> Any:
    """Open a file for reading in binary, if it is an ordinary one.

    A named pipe would block for ever and /dev/zero never ends: both are refused.

    Raises:
        OSError: it does not exist, may not be read, or is not an ordinary file.
    """
    # Without blocking: between checking and opening the path it might become a pipe.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path.name} is not an ordinary file")
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def parse_json(data: bytes, *, depth: int) -> Any:
    """Return the value in UTF-8 JSON that nests at most `depth` levels.

    Raises:
        ValueError: it is not such JSON; the text says why.
    """
    # Before it is parsed: the standard parser recurses, and deep nesting ends in a RecursionError at best.
    brackets = _TEXT.sub(b"", data).translate(None, delete=_NO_BRACKETS)
    steps = (1 if bracket in b"[{" else -1 for bracket in brackets)
    if max(accumulate(steps), default=0) > depth:
        raise ValueError(f"it nests more than {depth} levels deep")
    return json.loads(data.decode("utf-8"), parse_int=_whole)


_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


def _whole(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:  # turning long ones into a number takes time that grows with their square
        raise ValueError(f"it has a number of {len(digits)} digits")
    return int(digits)


def read_header(path: Path, *, part: str) -> Mapping[str, Any]:
    """Return the header of a safetensors file: name -> {"dtype", "shape", "data_offsets"}; no weights are read.

    Every entry is checked: its kind, its shape, and that the tensors lie one after the other and fill the file. What
    the trainer wrote is under `__metadata__`, texts by name, if it is there.

    Raises:
        ModelIncomplete: the file is missing, not a safetensors file, or shorter or longer than its header says.
    """
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            start = file.read(8)
            if len(start) < 8:
                raise ValueError(f"{size} bytes are too few")
            (length,) = struct.unpack("<Q", start)
            if length > min(size - 8, MAX_HEADER):
                raise ValueError(f"a header of {length} bytes in a file of {size}")
            header, end = parse_header(file.read(length))
    except FileNotFoundError:
        raise incomplete(part, f"{path.name} is missing") from None
    except (OSError, ValueError) as error:
        raise incomplete(part, f"{path.name} is not a complete safetensors file", details=str(error)) from error
    if size != 8 + length + end:
        raise incomplete(
            part, f"{path.name} has {size} bytes instead of {8 + length + end}, so it is cut short or damaged"
        )
    return header


def parse_header(data: bytes) -> tuple[Mapping[str, Any], int]:
    """Return the header in these bytes and where its last tensor ends, counted from the header's end.

    Raises:
        ValueError: it is invalid; the text says why.
    """
    header = parse_json(data, depth=MAX_DEPTH)
    return header, _check(header)


def metadata(header: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the metadata in a checked header, texts by name; empty if there are none."""
    found: Mapping[str, str] = header.get("__metadata__", {})
    return found


def shapes(header: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Return the shape of each tensor of a checked header, by name."""
    return {name: tuple(entry["shape"]) for name, entry in header.items() if name != "__metadata__"}


def _check(header: Any) -> int:
    """Return where the last tensor ends; ValueError says what is wrong with the header."""
    if not isinstance(header, dict):
        raise ValueError("its header is not a JSON object")
    if len(header) > MAX_TENSORS:
        raise ValueError(f"it names {len(header)} tensors")
    notes = header.get("__metadata__", {})
    if not isinstance(notes, dict) or not all(isinstance(text, str) for text in notes.values()):
        raise ValueError("its metadata holds something other than text")
    ranges = sorted(_range(name, entry) for name, entry in header.items() if name != "__metadata__")
    end = 0
    for begin, stop in ranges:
        if begin != end:
            raise ValueError(f"a tensor begins at {begin} where the one before ends at {end}")
        end = stop
    return end


def _range(name: str, entry: Any) -> tuple[int, int]:
    """Return the bytes that a tensor takes, from the first to after the last."""
    if not isinstance(entry, dict):
        raise ValueError(f"the entry of {name} is not a JSON object")
    kind, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not isinstance(kind, str) or kind not in ITEM_BITS:
        raise ValueError(f"{name} has the unknown dtype {str(kind)[:40]!r}")
    if not _are_sizes(shape) or len(shape) > MAX_DIMENSIONS:
        raise ValueError(f"the shape of {name} is not a short list of sizes")
    if not _are_sizes(offsets) or len(offsets) != 2:
        raise ValueError(f"the data_offsets of {name} are not two whole numbers")
    begin, end = offsets
    bits = math.prod(shape) * ITEM_BITS[kind]
    if bits % 8 or end - begin != bits // 8:
        raise ValueError(f"{name} takes {end - begin} bytes where its shape needs {bits / 8:g}")
    return begin, end


def _are_sizes(values: Any) -> TypeGuard[list[int]]:
    return isinstance(values, list) and all(type(value) is int and 0 <= value < 1 << 53 for value in values)
