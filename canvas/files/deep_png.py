"""PNG of 16 bits for each value, which Pillow neither writes nor reads whole: made with the same texts, and copied."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import PngImagePlugin

from canvas.files import atomic

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KINDS = {3: 2, 4: 6}
"""The colour type of so many channels (PNG, 3rd edition, table 11.1)."""
_UP = 2
_DEPTH = 25
"""Bytes up to the one that says how many bits each value has, which is the last of them (11.2.2)."""
_TEXTS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf")


def deep_bytes(deep: np.ndarray, info: PngImagePlugin.PngInfo, *, compress_level: int = 6) -> bytes:
    """A picture, uint16 RGB `[h, w, 3]` or straight RGBA `[h, w, 4]`, as the bytes of a PNG with the texts of `info`.

    Each row is filtered by “Up”: the difference to the row above (PNG, 3rd edition, 9.2).
    """
    height, width, channels = deep.shape
    rows = np.ascontiguousarray(deep.astype(">u2")).view(np.uint8).reshape(height, width * channels * 2)
    lines = np.empty((height, rows.shape[1] + 1), np.uint8)
    lines[:, 0] = _UP
    lines[0, 1:] = rows[0]
    lines[1:, 1:] = rows[1:] - rows[:-1]  # modulo 256
    header = struct.pack(">IIBBBBB", width, height, 16, _KINDS[channels], 0, 0, 0)
    parts = [_SIGNATURE, _chunk(b"IHDR", header)]
    parts += [_chunk(chunk[0], chunk[1]) for chunk in info.chunks]
    parts += [_chunk(b"IDAT", zlib.compress(lines.tobytes(), compress_level)), _chunk(b"IEND", b"")]
    return b"".join(parts)


def copy(source: Path, path: Path, *, texts: bool) -> bool:
    """Copy a PNG of 16 bits, whole or not at all; False, and nothing is written, where `source` is no such file.

    Args:
        texts: whether what it carries comes along.

    Raises SaveError.
    """
    try:
        with open(source, "rb") as file:
            start = file.read(_DEPTH)
            found = copied(start + file.read(), texts=texts) if start[_DEPTH - 1 :] == b"\x10" else None
    except OSError:
        return False
    if found is None:
        return False
    atomic.write(path, found)
    return True


def copied(data: bytes, *, texts: bool) -> bytes | None:
    """A PNG of 16 bits as it is, or without the texts that it carries; None for any other file, or a damaged one."""
    if not data.startswith(_SIGNATURE) or len(data) < _DEPTH or data[_DEPTH - 1] != 16:
        return None
    if texts:
        return data
    kept, at = [_SIGNATURE], len(_SIGNATURE)
    while at < len(data):
        if at + 12 > len(data):
            return None
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if end > len(data):
            return None
        if data[at + 4 : at + 8] not in _TEXTS:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
