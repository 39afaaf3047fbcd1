"""PNG of 16 bits for each value, which Pillow does not write: filtered by rows and packed, with the same texts."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from PIL import PngImagePlugin

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KINDS = {3: 2, 4: 6}
"""The colour type of so many channels (PNG, 3rd edition, table 11.1)."""
_UP = 2


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


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
