"""The prompt of a picture from the head of its file: nothing is decoded, so that hundreds are searched in a moment."""

from __future__ import annotations

import contextlib
import re
import struct
import zlib
from pathlib import Path

from canvas.files.png import PARAMETERS

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST = 2**20  # bytes of the parameters' text
_END = re.compile(r"\n(?:Negative prompt:|Steps:)")


def prompt_of(path: Path) -> str:
    """What a PNG's parameters (A1111's text) begin with; "" where it has none, or cannot be read."""
    with contextlib.suppress(OSError, ValueError, struct.error, zlib.error):
        text = _parameters(path)
        if text.startswith("Steps:"):
            return ""
        return _END.split(text, maxsplit=1)[0]
    return ""


def _parameters(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(8) != _SIGNATURE:
            return ""
        while len(head := file.read(8)) == 8:
            length, kind = struct.unpack(">I4s", head)
            if kind == b"IDAT":
                return ""
            name_room = len(PARAMETERS) + 1
            start = file.read(min(length, name_room)) if kind in (b"tEXt", b"zTXt", b"iTXt") else b""
            if start == PARAMETERS.encode() + b"\0" and length <= _MOST:
                return _text(kind, file.read(length - name_room))
            file.seek(length - len(start) + 4, 1)
    return ""


def _text(kind: bytes, body: bytes) -> str:
    if kind == b"tEXt":
        return body.decode("latin-1")
    if kind == b"zTXt":
        return _inflated(body[1:]).decode("latin-1")
    packed, rest = body[0], body[2:]
    _language, _name, text = rest.split(b"\0", 2)
    return (_inflated(text) if packed else text).decode("utf-8", "replace")


def _inflated(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, _MOST)
