"""The index of a folder's pictures on disk: a table of files and, memory-mapped, their unit vectors; no torch.

One file holds both, so that it is replaced whole or not at all. It is laid out as safetensors are: the length of a
header (8 bytes, little-endian), the header in JSON, then float16 numbers row by row.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from resources import atomic

VERSION = 1
ENDING = ".pictures"
_LONGEST_HEADER = 256 << 20
_WIDEST = 512 << 20
"""Bytes of vectors in float32 that are kept in memory: 174,000 pictures of 768 numbers each."""
_BLOCK = 8192
"""Rows of a product that are brought to float32 at once: 25 MB at 768 numbers each."""


@dataclass(frozen=True)
class Entry:
    """One file of a folder as it was when it was read.

    Attributes:
        changed, size: the time of its last change in ns, and its bytes: where both are the same, so is the file.
        fault: why it is not a picture that can be used, "" where it is one. A fault has no row.
    """

    changed: int
    size: int
    fault: str = ""


@dataclass
class Index:
    """The pictures of one folder in one space.

    Attributes:
        space: the key of the space; vectors of another model say nothing in this one.
        width: numbers of a vector. files: by path relative to the folder, with "/"; rows: the row of each picture.
        vectors: float16 `[n, width]`, each of length 1, as a read-only map of the file or in memory.
    """

    space: str
    width: int
    files: dict[str, Entry] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    vectors: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float16))
    _wide: np.ndarray | None = None

    def __post_init__(self) -> None:
        if not self.vectors.size:
            self.vectors = np.zeros((0, self.width), np.float16)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def bytes(self) -> int:
        """Bytes of its vectors, in memory and on disk alike."""
        return int(self.vectors.nbytes)

    @property
    def names(self) -> list[str]:
        """The paths of its pictures, row by row."""
        return sorted(self.rows, key=self.rows.__getitem__)

    def updated(self, entries: Mapping[str, Entry], vectors: Mapping[str, np.ndarray]) -> Index:
        """Return the index of the files in `entries`: of those in `vectors` the new vectors, else the ones it has.

        Args:
            vectors: float `[width]` by path; of any length, they are brought to 1.
        """
        kept = [name for name, entry in entries.items() if not entry.fault and (name in vectors or name in self.rows)]
        table = np.empty((len(kept), self.width), np.float16)
        for row, name in enumerate(kept):
            table[row] = unit(vectors[name]) if name in vectors else self.vectors[self.rows[name]]
        return Index(self.space, self.width, dict(entries), {name: row for row, name in enumerate(kept)}, table)

    def scores(self, query: np.ndarray) -> np.ndarray:
        """Return the cosine of each picture with a query: float32 `[n]`, from float `[width]` of any length.

        It is exact. The first query brings the vectors to float32, which stay in memory, as that takes ten
        times as long as their product; of more than 512 MB only a block at a time is there.
        """
        aim = unit(query).astype(np.float32)
        if self._wide is None and self.vectors.size * 4 <= _WIDEST:
            self._wide = self.vectors.astype(np.float32)
        if self._wide is not None:
            return _products(self._wide, aim)
        parts = [
            _products(self.vectors[first : first + _BLOCK].astype(np.float32), aim)
            for first in range(0, len(self.vectors), _BLOCK)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def vector_of(self, name: str) -> np.ndarray | None:
        """The vector of one of its pictures as float32 `[width]`; None for a file that is none."""
        row = self.rows.get(name)
        return None if row is None else np.asarray(self.vectors[row], np.float32)

    def save(self, path: Path) -> None:
        """Write it, whole or not at all; folders are made. Raises OSError."""
        files = [[name, entry.changed, entry.size, self.rows.get(name, -1), entry.fault] for name, entry in
                 self.files.items()]  # fmt: skip
        header = json.dumps(
            {"version": VERSION, "space": self.space, "shape": [*self.vectors.shape], "files": files},
            separators=(",", ":"),
        ).encode(errors="surrogatepass")
        header += b" " * (-len(header) % 8)
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic.replacing(path, private=True) as part, open(part, "wb") as file:
            file.write(struct.pack("<Q", len(header)) + header)
            file.write(np.ascontiguousarray(self.vectors, np.float16).tobytes())


def _products(rows: np.ndarray, aim: np.ndarray) -> np.ndarray:
    """The product of each row `[n, C]` with a vector.

    Row by row, on this thread: a product of matrices starts threads that wait for one another, and where the machine
    makes a picture meanwhile that takes 120 ms instead of 3 (10,000 rows of 768, two cores).
    """
    return np.vecdot(rows, aim) if hasattr(np, "vecdot") else rows @ aim  # numpy 1 has no such product


def unit(vector: np.ndarray) -> np.ndarray:
    """A vector `[C]` brought to length 1 in float32; one that has none, or is not finite, is all zeros."""
    values = np.asarray(vector, np.float32).reshape(-1)
    length = float(np.linalg.norm(values))
    if not math.isfinite(length) or length < 1e-12:
        return np.zeros_like(values)
    return values / length


def units(rows: np.ndarray) -> np.ndarray:
    """Return the vectors `[n, C]` brought to length 1, in float32; see `unit`."""
    return np.stack([unit(row) for row in rows]) if len(rows) else np.asarray(rows, np.float32)


def read(path: Path, *, space: str, width: int) -> Index:
    """Return the index in a file; an empty one where there is none, where it is damaged or of another space."""
    try:
        return _read(path, space, width)
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return Index(space, width)


def _read(path: Path, space: str, width: int) -> Index:
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > _LONGEST_HEADER:
            raise ValueError("no header")
        found: dict[str, Any] = json.loads(file.read(length).decode(errors="surrogatepass"))
    rows, columns = found["shape"]
    if found["version"] != VERSION or found["space"] != space or columns != width:
        raise ValueError("another index")
    if path.stat().st_size != 8 + length + rows * columns * 2:
        raise ValueError("cut off")
    files, places = _table(found["files"], rows)
    vectors = np.zeros((0, width), np.float16)
    if rows:
        vectors = np.memmap(path, np.float16, "r", offset=8 + length, shape=(rows, columns))
    return Index(space, width, files, places, vectors)


def _table(given: Sequence[Sequence[Any]], rows: int) -> tuple[dict[str, Entry], dict[str, int]]:
    files: dict[str, Entry] = {}
    places: dict[str, int] = {}
    for name, changed, size, row, fault in given:
        files[str(name)] = Entry(int(changed), int(size), str(fault))
        if row >= 0:
            places[str(name)] = int(row)
    if sorted(places.values()) != list(range(rows)):
        raise ValueError("rows that do not fit")
    return files, places
